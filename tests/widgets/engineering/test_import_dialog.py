"""Taking tags over from a list in the window: the dry run is a table, and one press writes it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.command.tag_taking import take_tags
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.collector.writing import trail
from tests.app.plant.tag_list import lists
from tests.app.plant.tag_list.test_revised_file import PLANT, plant_in
from widgets.engineering.editing import Editing
from widgets.engineering.import_dialog import ImportDialog
from widgets.model.import_table import ImportColumn


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> ImportDialog:
    plant = read_plant(plant_in(tmp_path))
    (tmp_path / "kepware.csv").write_text(lists.KEPWARE, "utf-8", newline="")
    shown = ImportDialog(plant, PlantFolder(tmp_path), editing=Editing(take=take_tags), user="Li Na")
    qtbot.addWidget(shown)
    shown.show()
    return shown


def rows(dialog: ImportDialog) -> list[list[object]]:
    table = dialog.table
    return [[table.data(table.index(row, column)) for column in ImportColumn] for row in range(table.rowCount())]


def test_that_a_list_is_shown_before_anything_is_written(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    assert not dialog.write_button.isEnabled()
    assert "Kepware" in dialog.message.text()
    dialog.file.setText(str(tmp_path / "kepware.csv"))
    dialog.compare()
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 11)
    found = rows(dialog)
    assert [row[0] for row in found] == ["left out"] * 4 + ["changed"] + ["new"] * 6
    assert found[0][1] == "9"
    assert '"HR7:F32" → "HR0:F32:CDAB"' in str(found[4][3])
    assert dialog.write_button.text() == "Write 7 tags to plant.toml"
    assert "Kepware CSV: 6 new, 1 changed, 0 unchanged, 4 lines left out" in dialog.message.text()
    assert (tmp_path / "plant.toml").read_text("utf-8") == PLANT


def test_that_one_press_writes_it_and_keeps_the_former_file(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.file.setText(str(tmp_path / "kepware.csv"))
    dialog.order.setCurrentText("ABCD")
    qtbot.waitUntil(dialog.write_button.isEnabled)
    dialog.write_button.click()
    assert not dialog.write_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.message.text().startswith("Written. The former file is plant-before-"))
    tags = {tag.name: tag for tag in read_plant(tmp_path / "plant.toml").tags}
    assert tags["Boiler.T_STEAM"].address == "HR0:F32:ABCD"
    assert len(list(tmp_path.glob("plant-before-*.toml"))) == 1
    noted = next(record for record in trail(PlantFolder(tmp_path)) if record.user)
    assert (noted.user, noted.window, noted.subject) == ("Li Na", "window", "plant.toml")
    assert noted.digest == sha256((tmp_path / "plant.toml").read_bytes()).hexdigest()
    assert "tags new and 1 changed from kepware.csv" in noted.reason
    assert '-address = "HR7:F32"' in noted.detail


def test_that_what_is_no_list_is_told(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.file.setText(str(tmp_path / "absent.csv"))
    dialog.compare()
    qtbot.waitUntil(lambda: "there is no such file" in dialog.message.text())
    assert not dialog.write_button.isEnabled()
