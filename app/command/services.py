"""What the window asks of the rest of the program."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.command.certificate_deed import has_certificates, identified, in_folder, refuse, trust
from app.command.device import with_folder
from app.command.device_addition import add_device, plan_device
from app.command.device_line import OpenLine
from app.command.device_look import login_offer, look
from app.command.device_search import search
from app.command.failure import UsageFailure, is_told
from app.command.keeper import is_held, keeper_lock
from app.command.last_setup import last_setup, take_setup
from app.command.login_keeping import kept_plant
from app.command.picture_deed import save_picture
from app.command.tag_taking import take_tags, take_text
from app.model import clock
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.plant.catalogue import home_folder
from app.plant.folder import PlantFolder
from app.supervisor import own_command
from drivers.trust import Identity
from widgets.connection.certificates import Certificates
from widgets.desktop import Services
from widgets.engineering.devices import Devices
from widgets.engineering.editing import Editing
from widgets.start.setups import Setups

PROOF_S = 3.0
"""How long a keeper that cannot work takes to say so, on a slow computer."""

if sys.platform == "win32":
    DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    DETACHED = 0


@contextmanager
def window_services(*, is_kept: bool) -> Iterator[Services]:
    """Yield the services of one window; a demo that it started ends with it.

    `is_kept`: whether somebody else keeps the collector alive.
    """
    demos: list[subprocess.Popen[str]] = []

    def ensure_collector(folder: PlantFolder) -> None:
        if not is_kept and not demos and not is_held(keeper_lock(folder)):
            start_collector(folder)

    def open_demo() -> PlantFolder:
        demos.append(start_demo())
        return PlantFolder(Path(_ready(demos[-1])))

    replays: dict[PlantFolder, subprocess.Popen[bytes]] = {}

    def open_replay(folder: PlantFolder, instant: int, speed: int) -> None:
        former = replays.pop(folder, None)
        if former is not None:  # it holds nothing, and two pasts beside one present would confuse
            former.terminate()
        replays[folder] = start_replay(folder, instant, speed)

    pages: list[subprocess.Popen[bytes]] = []

    def open_page(folder: PlantFolder, page: str) -> None:
        pages[:] = [each for each in pages if each.poll() is None]
        pages.append(start_window(["open", str(folder.path), "--kept", f"--page={page}"]))

    try:
        yield Services(
            ensure_collector=ensure_collector,
            open_demo=open_demo,
            devices=Devices(
                look=look, search=search, line=OpenLine, login_offer=login_offer, own_certificate=_own_certificate
            ),
            is_told=is_told,
            certificates=Certificates(identity=_identity, trust=_trust, refuse=_refuse),
            adopt=_adopt,
            editing=Editing(plan=plan_device, add=add_device, take=take_tags, change=take_text, draw=save_picture),
            open_replay=open_replay,
            open_page=open_page,
            setups=Setups(last_setup, take_setup),
        )
    finally:
        for demo in demos:
            demo.communicate()


def start_collector(folder: PlantFolder) -> None:
    """Start the collector's keeper apart from this process, so that it outlives the window.

    Raise UsageFailure, with what it said, where it ends at once: in a folder that is read-only, on a disk that is full.
    """
    with tempfile.TemporaryFile() as errors:
        keeper = subprocess.Popen(
            own_command(["collect", str(folder.path)]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=sys.platform != "win32",
            creationflags=DETACHED,
        )
        try:
            code = keeper.wait(PROOF_S)
        except subprocess.TimeoutExpired:
            return
        if code == 0:
            return
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").removeprefix("foreshift: ").strip()
    raise UsageFailure(said or f"{folder.path}: its collector ended at once, with the code {code}")


def start_replay(folder: PlantFolder, instant: int, speed: int) -> subprocess.Popen[bytes]:
    """Start the window on a plant's past, from `instant` (ns UTC) on; raise UsageFailure where it ends at once."""
    when = clock.to_datetime(instant).isoformat()
    return start_window(["open", str(folder.path), "--kept", f"--at={when}", f"--speed={speed}"])


def launch_window(arguments: list[str]) -> None:
    """Start a further window without waiting for what becomes of it: the first one is to be seen soon."""
    subprocess.Popen(
        own_command(arguments), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def start_window(arguments: list[str]) -> subprocess.Popen[bytes]:
    """Start a further window, which goes on when this one is closed; raise UsageFailure where it ends at once."""
    with tempfile.TemporaryFile() as errors:
        window = subprocess.Popen(
            own_command(arguments), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors
        )
        try:
            code = window.wait(PROOF_S)
        except subprocess.TimeoutExpired:
            return window
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").removeprefix("foreshift: ").strip()
    if code:
        raise UsageFailure(said or f"the window ended at once, with the code {code}")
    return window


def start_demo() -> subprocess.Popen[str]:
    """Start the simulated plant and its collector, which end with this process."""
    return subprocess.Popen(
        own_command(["demo", "--without-window", "--ends-with-parent"]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _ready(demo: subprocess.Popen[str]) -> str:
    lines = []
    for line in demo.stdout or ():
        if line.startswith("{"):
            return str(json.loads(line)["folder"])
        lines.append(line.strip())
    raise UsageFailure("the demo plant did not start: " + " ".join(lines[-3:]))


def _identity(definition: ConnectionDefinition) -> Identity | None:
    known = with_folder(definition)
    return identified(known).known_identity(known) if has_certificates(known) else None


def _trust(definition: ConnectionDefinition, thumbprint: str, user: str) -> None:
    trust(with_folder(definition), thumbprint, window="window", user=user)


def _refuse(definition: ConnectionDefinition, thumbprint: str, user: str) -> None:
    refuse(with_folder(definition), thumbprint, window="window", user=user)


def _own_certificate(definition: ConnectionDefinition) -> Path | None:
    known = with_folder(definition)
    return identified(known).own(known)[0] if has_certificates(known) else None


def _adopt(folder: PlantFolder, plant: Plant) -> Plant:
    for definition in plant.connections:
        if has_certificates(definition):
            known = in_folder(definition, home_folder())
            identified(known).hand_over(known, folder.path)
    return kept_plant(plant, folder.path)
