"""A day of engineering: a class of 500 instances is changed in the window of a station that goes on collecting."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.command.services import window_services
from app.database import open_reader
from app.history.gap import read_gaps
from app.history.reader import HistoryReader
from app.history.tag_table import known_tags
from app.model import clock, status
from app.model.role import Role
from app.plant.catalogue import PlantCatalogue
from app.plant.folder import PlantFolder
from app.security.users import Users
from drivers import secret_store
from drivers.modbus.server import ModbusPublisher
from tests.app.collector.bench import collectors, serving, start_collector
from tests.widgets.editor.settled import settle
from widgets.desktop import Desktop
from widgets.editor.page import EditorPage, Writer
from widgets.editor.review_dialog import ReviewDialog
from widgets.feed import Feed
from widgets.main_window import MainWindow

LONG = 60_000
INSTANCES = 500
VALUE = 21.0
FAR = 1 << 62
HEAD = """# kept as it was written
[plant]
id = "mill"
name = "Mill"

[connection.line]
driver = "modbus"
url = "modbus://127.0.0.1:{port}?unit=1"
group = "line" # is not disturbed by what is changed of its neighbours

[connection.field]
driver = "modbus"
url = "modbus://127.0.0.1:{port}?unit=1"

[[equipment_class]]
id = "pump"
name = "Pump"
parameters = ["base"]

[[equipment_class.tag]]
name = "{{id}}.P"
connection = "field"
address = "HR{{base}}:F32"
range = [0, 100]
scan_ms = 500

[[equipment_class.alarm]]
id = "{{id}}.P.H"
tag = "{{id}}.P"
condition = "high"
limit = 90
priority = 3
message = "{{id}}: pressure high"

[[equipment]]
id = "M"
name = "Mill"

[[tag]]
name = "T0"
equipment = "M"
connection = "line"
address = "HR0:F32"
scan_ms = 50

[[alarm]]
id = "fast"
condition = "expression"
expression = "T0 > 95"
priority = 3
message = "Fast"
"""


def text_of(port: int) -> str:
    pump = '\n[[equipment]]\nid = "P{n:03}"\nname = "Pump {n}"\nparent = "M"\nclass = "pump"\n'
    pumps = "".join(f"{pump.format(n=n)}parameters = {{ base = 2 }}\n" for n in range(INSTANCES))
    return HEAD.format(port=port) + pumps


@contextmanager
def device() -> Iterator[ModbusPublisher]:
    """A device that another thread serves, so that the window has this one; its values are those of VALUE."""
    loop = asyncio.new_event_loop()
    found: list[ModbusPublisher] = []
    is_served, ending = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving(lambda _: VALUE) as server:
            found.append(server)
            is_served.set()
            await ending.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="device")
    thread.start()
    assert is_served.wait(20)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(20)
        loop.close()


class Engineer:
    """Somebody at the window, which is another one after each change that was taken over."""

    def __init__(self, qtbot: QtBot, desktop: Desktop) -> None:
        self._qtbot, self._desktop = qtbot, desktop

    @property
    def window(self) -> MainWindow:
        assert self._desktop.window is not None
        return self._desktop.window

    @property
    def page(self) -> EditorPage:
        found = self.window.page("engineering")
        assert isinstance(found, EditorPage)
        return found

    def begin(self) -> None:
        """Sign in once the collector is there, and open the page."""
        session = self.window.writing.session
        self._qtbot.waitUntil(lambda: self.window.feed.is_linked and self.window.feed.report is not None, timeout=LONG)
        session.sign_in("eve", "482915")
        self._qtbot.waitUntil(lambda: session.role is Role.ENGINEER, timeout=LONG)
        self.window.navigation.open_page("engineering")
        self._qtbot.waitUntil(lambda: self.page.table.rowCount() > 0, timeout=LONG)

    def write(self, name: str, column: str, text: str) -> None:
        settle(self.page)
        row = [each.name for each in self.page.table.rows].index(name)
        place = [each.name for each in self.page.table.columns].index(column)
        self.page.table.setData(self.page.table.index(row, place), text)
        settle(self.page)

    def take(self, dialog: ReviewDialog, reason: str) -> None:
        """Agree, and wait for the window that shows the plant as it is then."""
        former = self.window
        dialog.reason.setText(reason)
        self._qtbot.waitUntil(dialog.take.isEnabled, timeout=LONG)
        dialog.take.click()
        self._qtbot.waitUntil(lambda: self._desktop.window not in {None, former}, timeout=LONG)

    def await_values(self, name: str, value: float) -> None:
        """Wait until the window shows a value of every instance, live."""

        def is_shown() -> bool:
            feed = self.window.feed
            handles = [tag.handle for tag in feed.plant.tags if tag.name.endswith(name)]
            latest = feed.latest
            is_good = (latest.status[handles] == status.GOOD).all()
            return (
                feed.is_linked
                and len(handles) == INSTANCES
                and bool(is_good and (latest.value[handles] == value).all())
            )

        self._qtbot.waitUntil(is_shown, timeout=LONG)


@pytest.fixture
def running() -> Iterator[list[subprocess.Popen[str]]]:
    with collectors() as processes:
        yield processes


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantCatalogue:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    return PlantCatalogue(tmp_path / "home")


@contextmanager
def opened(qapp: QApplication, catalogue: PlantCatalogue) -> Iterator[Desktop]:
    qapp.setQuitOnLastWindowClosed(False)
    with window_services(is_kept=True) as services:
        desktop = Desktop(qapp, services, catalogue=catalogue)
        yield desktop
        desktop.close()
    qapp.setQuitOnLastWindowClosed(True)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_that_a_class_is_changed_while_collecting_and_returns_without_a_lost_sample(
    qtbot: QtBot, qapp: QApplication, catalogue: PlantCatalogue, running: list[subprocess.Popen[str]]
) -> None:
    folder = catalogue.new_folder("mill")
    folder.path.mkdir(parents=True)
    with device() as server, opened(qapp, catalogue) as desktop:
        text = text_of(server.port)
        folder.configuration.write_text(text, "utf-8")
        Users(folder.users).add("eve", Role.ENGINEER, "482915")
        running.append(start_collector(folder))
        desktop.open(folder)
        eve = Engineer(qtbot, desktop)
        eve.begin()
        eve.await_values(".P", VALUE)
        began = clock.now_ns()

        _draft(qtbot, eve)
        other, theirs = _second_engineer(qtbot, eve, folder)
        page = eve.page
        page.review()
        dialog = page.change.dialog
        assert dialog is not None
        qtbot.waitUntil(lambda: dialog.review is not None, timeout=LONG)
        told = [" ".join(row.cells) for row in dialog.table.rows]
        assert told[0] == "~ Class pump: Tag {id}.P gain: (1.0) → 2"
        assert told[-3:] == [
            "~ Tag FAST was T0",
            "~ Tag FAST unit: – → bar",
            "~ Alarm fast expression: T0 > 95 → FAST > 95",
        ]
        assert f"{INSTANCES + 1} changed" in dialog.message.text()
        assert folder.configuration.read_text("utf-8") == text, "nothing is written before it is taken over"
        eve.take(dialog, "the sensors were replaced")
        assert folder.configuration.read_text("utf-8").startswith("# kept as it was written")
        eve.await_values(".P", 2 * VALUE)
        theirs.reason.setText("too late")
        qtbot.waitUntil(theirs.take.isEnabled, timeout=LONG)
        theirs.take.click()
        qtbot.waitUntil(lambda: "changed by somebody else" in theirs.told.text(), timeout=LONG)
        theirs.reject()
        other.close()

        eve.begin()
        _return_to_first(qtbot, eve)
        assert folder.configuration.read_text("utf-8") == text
        eve.await_values(".P", VALUE)
        ended = clock.now_ns()
        qtbot.wait(1_000)
        running[0].terminate()
        running[0].wait(20)
        assert not folder.draft.exists()
    _prove_history(folder, began, ended)


def _prove_history(folder: PlantFolder, began: int, ended: int) -> None:
    """Every sample of the tag that went on is there, also of when it had another name; all pumps had both values."""
    with HistoryReader(folder.history) as reader:
        series = reader.raw("T0", began, ended)
        pump = reader.raw("P499.P", began, ended)
    assert not (series.status >= status.BAD).any()
    assert np.diff(series.time).max() < 0.5 * clock.NS_PER_S
    assert len(series.time) > 0.8 * (ended - began) / (50 * clock.NS_PER_MS)
    assert set(pump.value[pump.status == status.GOOD].tolist()) == {VALUE, 2 * VALUE}
    with open_reader(folder.history) as connection:
        gaps = read_gaps(connection, began, ended)
        number = next(number for name, number, _ in known_tags(connection) if name == "T0")
    assert [gap for gap in gaps if gap.tag in {None, number}] == []


def _draft(qtbot: QtBot, eve: Engineer) -> None:
    """Change the class, all instances at once, and a name; err, and mend it."""
    page = eve.page
    draft = page.drafting.draft
    assert draft is not None
    page.tree.choose_class(draft.rows(("equipment_class",))[0].id)
    eve.write("{id}.P", "gain", "2")
    eve.write("{id}.P", "connection", "fjeld")
    qtbot.waitUntil(lambda: bool(page.drafting.problems), timeout=LONG)
    assert 'write "field"' in page.drafting.problems[0].message
    assert not page.bar.review.isEnabled()
    page.bar.undo.click()
    page.bar.kinds["equipment"].click()
    settle(page)
    page.view.selectColumn([each.name for each in page.table.columns].index("parameters.base"))
    dialog = page.fill()
    dialog.fields[0].setText("{2 + 2 * (n % 9)}")
    assert len(dialog.changes) == INSTANCES
    dialog.accept()
    page.tree.choose_plant()
    page.bar.kinds["tag"].click()
    eve.write("T0", "name", "FAST")
    qtbot.waitUntil(page.bar.review.isEnabled, timeout=LONG)


def _second_engineer(qtbot: QtBot, eve: Engineer, folder: PlantFolder) -> tuple[Feed, ReviewDialog]:
    """Let somebody at another window see the draft, and have its review open when the first one takes it over."""
    feed = Feed(eve.window.feed.plant, folder)

    def writer(_: object) -> Writer:
        change = eve.window.engineering.editing.change
        return lambda before, after, reason: change(folder, before, after, reason, "bob")

    page = EditorPage(feed, writer=writer)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.table.rowCount() > 0, timeout=LONG)
    assert "A draft that was left is open again" in page.message.text()
    eve.write("FAST", "unit", "bar")
    page.view.go_to(("tag", 0), "name")
    page.add()
    settle(page)
    assert "another window" in page.message.text()
    qtbot.waitUntil(lambda: page.table.rows[0].table.get("unit") == "bar", timeout=LONG)
    page.review()
    dialog = page.change.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.review is not None, timeout=LONG)
    return feed, dialog


def _return_to_first(qtbot: QtBot, eve: Engineer) -> None:
    page = eve.page
    page.open_panel(1)
    qtbot.waitUntil(lambda: len(page.versions.table.rows) == 2, timeout=LONG)
    page.versions.view.selectRow(1)
    page.versions.back.click()
    dialog = page.change.dialog
    assert dialog is not None
    eve.take(dialog, f"{dialog.reason.text()}the sensors were not")
