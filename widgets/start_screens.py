"""The screens that are there before a plant is open: the first start, a device found and named, whom to trust."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from app.model import clock
from app.plant.folder import PlantFolder
from drivers.trust import CertificateFacts, Fault, FoundFault, Identity
from widgets.connection.trust_dialog import TrustDialog
from widgets.main_window import MainWindow
from widgets.screen import Screen
from widgets.start.window import StartWindow

DAY_NS = 86_400 * clock.NS_PER_S


@contextmanager
def start_window(window: MainWindow) -> Iterator[tuple[StartWindow, Sequence[Screen]]]:
    """Hold a start window beside the one on a plant, whose devices are those that are found."""
    start = StartWindow(window.engineering.devices, window.preferences, window.certificates)
    start.show()
    try:
        yield start, _screens(start, window)
    finally:
        start.connect_page.leave()
        start.close()
        start.deleteLater()


def _screens(start: StartWindow, window: MainWindow) -> list[Screen]:
    page = start.connect_page
    url = next((each.url for each in window.feed.plant.connections if each.url.startswith("opc.tcp")), "")

    def first() -> None:
        start.stack.setCurrentWidget(start.page)
        start.page.show_plants([])

    def known() -> None:
        first()
        start.page.show_plants([PlantFolder(Path("plants") / window.feed.folder.path.name)])  # no path of this computer

    def empty() -> None:
        page.leave()
        page.url.clear()
        page.search.setChecked(True)
        page.steps.setCurrentIndex(0)
        start.show_connect()

    def look() -> None:
        page.url.setText(url)
        page.look()

    def tick() -> None:
        page.device.tree.tick_all(is_ticked=True)

    shown = [
        Screen("start", "", (first,)),
        Screen("start-known", "", (known,)),
        Screen("connect", "", (empty,)),
    ]
    if url:
        shown += [
            Screen("connect-signals", "", (empty, look, tick), empty),
            Screen("connect-names", "", (empty, look, tick, page.device.named.emit), empty),
        ]
    return [
        *shown,
        Screen("trust-first", "", (empty, partial(_ask_trust, start, is_changed=False))),
        Screen("trust-changed", "", (empty, partial(_ask_trust, start, is_changed=True))),
    ]


def _ask_trust(start: StartWindow, *, is_changed: bool) -> None:
    """Show an example of a certificate to be judged."""
    offered = _certificate("5f1c9b02", "PLC-7")
    faults = (FoundFault(Fault.CHANGED if is_changed else Fault.UNKNOWN, ""),)
    known = _certificate("a03d77e4", "PLC-7") if is_changed else None
    dialog = TrustDialog(Identity("opc.tcp://192.168.0.10:4840", known, offered, faults), start)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _certificate(seed: str, name: str) -> CertificateFacts:
    now = clock.now_ns()
    return CertificateFacts(
        subject=f"CN={name}, O=Example",
        issuer=f"CN={name}, O=Example",
        not_before=now - 30 * DAY_NS,
        not_after=now + 700 * DAY_NS,
        thumbprint=(seed * 5),
        fingerprint=(seed * 8),
        hosts=("192.168.0.10",),
        uri=f"urn:example:{name}",
        key="RSA 2048",
    )
