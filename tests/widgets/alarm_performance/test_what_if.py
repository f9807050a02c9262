from hashlib import sha256
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.plant.alarm_revision import revised_alarms
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.replacement import plant_text
from tests.app.command.test_alarms_what_if import plant as hovering
from widgets.alarm_performance.history import seen_of, what_if_of
from widgets.alarm_performance.what_if import WhatIfDialog

__all__ = ["hovering"]


def opened(qtbot: QtBot, folder: Path, alarm: str) -> WhatIfDialog:
    ask = what_if_of(PlantFolder(folder), read_plant(folder / "plant.toml"))
    dialog = WhatIfDialog(alarm, "Discharge temperature high", ask)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_that_choices_stand_beside_the_settings_as_they_are(qtbot: QtBot, hovering: Path) -> None:
    before = (hovering / "plant.toml").read_bytes()
    dialog = opened(qtbot, hovering, "AC01.T_D.H")
    qtbot.waitUntil(lambda: bool(dialog.choices.rows), timeout=20_000)
    marks = {row.cells[0]: row for row in dialog.choices.rows}
    assert int(marks["As it is"].cells[4]) > 300
    assert marks["Proposed"].cells[4:6] == ("1", "0")
    assert marks["Proposed"].is_strong
    assert "+++ plant.toml (changed)" in dialog.difference.toPlainText()
    assert "AC01.T_D.H --apply" in dialog.note.text()
    assert (hovering / "plant.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("alarm", "told"), [("AC01.T_D.BAD", "cannot be told"), ("station/disk", "about the station itself")]
)
def test_that_an_alarm_that_cannot_be_evaluated_says_why(qtbot: QtBot, hovering: Path, alarm: str, told: str) -> None:
    dialog = opened(qtbot, hovering, alarm)
    qtbot.waitUntil(lambda: told in dialog.summary.text())
    assert not dialog.view.isVisible()


def test_that_what_is_proposed_can_be_taken_over_with_the_way_back(hovering: Path) -> None:
    """The former values are those that the file itself says, so that it is byte for byte the same afterwards."""
    folder = PlantFolder(hovering)
    answer = what_if_of(folder, read_plant(hovering / "plant.toml"))("AC01.T_D.H")
    assert answer.change is not None
    text = plant_text(folder.configuration)
    assert answer.change.seen == seen_of(folder) == sha256(text.encode()).hexdigest()
    after = revised_alarms(text, {answer.change.alarm: answer.change.keys})
    assert after != text
    assert revised_alarms(after, {answer.change.alarm: answer.change.former}) == text
