"""The limits of a value are written as four numbers, shown as what they change, and written into the plant file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model.alarm import Priority
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.tag_limits import Level
from tests.app.plant.test_tag_limits import FILE
from tests.widgets import plant
from widgets.editor.file_change import FileChange
from widgets.engineering.limits_dialog import LimitsDialog
from widgets.feed import Feed
from widgets.operation import wait_for_all


@dataclass
class Desk:
    """One dialog, the file that it changes, and the reasons that were given."""

    dialog: LimitsDialog
    file: Path
    changes: list[FileChange] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    folder = PlantFolder(tmp_path / "works")
    folder.path.mkdir()
    folder.configuration.write_text(FILE)
    feed: Feed = plant.feed(tmp_path)
    changes: list[FileChange] = []
    reasons: list[str] = []

    def write(before: str, after: str, reason: str) -> Path:
        assert folder.configuration.read_text() == before
        reasons.append(reason)
        folder.configuration.write_text(after)
        return folder.configuration

    def change(parent: QWidget) -> FileChange:
        changes.append(FileChange(feed, lambda _: write, parent))
        return changes[-1]

    known = read_plant(folder.configuration)
    dialog = LimitsDialog(known.tag("P"), known, folder, change)
    qtbot.addWidget(dialog)
    dialog.show()
    yield Desk(dialog, folder.configuration, changes, reasons)
    wait_for_all()
    feed.close()


def test_that_limits_are_written_after_they_were_looked_at(qtbot: QtBot, desk: Desk) -> None:
    dialog = desk.dialog
    assert dialog.values[Level.H].text() == "10"
    dialog.values[Level.HH].setText("12,5")
    choice = dialog.priorities[Level.HH]
    choice.setCurrentIndex(choice.findData(int(Priority.CRITICAL)))
    dialog.show_button.click()
    review = desk.changes[0].dialog
    assert review is not None
    qtbot.waitUntil(review.take.isEnabled, timeout=20_000)
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        review.take.click()
    alarms = {alarm.id: alarm for alarm in read_plant(desk.file).alarms}
    assert (alarms["P.HH"].limit, alarms["P.HH"].priority) == (12.5, Priority.CRITICAL)
    assert alarms["P.H"].limit == 10.0
    assert desk.reasons == ["Limits of P: HH 12.5, H 10"]


@pytest.mark.parametrize(
    ("level", "text", "told"),
    [
        (Level.H, "ten", "ten is not a number"),
        (Level.H, "1e999", "is not a number"),
        (Level.HH, "9", "H has to lie below HH"),
        (Level.H, "", "Write at least one limit"),
    ],
    ids=["word", "infinite", "crossed", "empty"],
)
def test_that_what_cannot_be_a_limit_is_told_before_anything_is_shown(
    desk: Desk, level: Level, text: str, told: str
) -> None:
    desk.dialog.values[level].setText(text)
    desk.dialog.show_button.click()
    assert told in desk.dialog.told.text()
    assert desk.changes[0].dialog is None
    assert desk.file.read_text() == FILE


def test_that_the_value_of_now_stands_beside_its_limits(desk: Desk) -> None:
    desk.dialog.show_value(7.25)
    assert "7.2" in desk.dialog.now.text()
    assert "bar" in desk.dialog.now.text()
