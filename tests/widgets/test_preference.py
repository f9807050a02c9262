"""The window remembers its operator's choices in one file, and a damaged file costs no more than these."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from widgets.preference import Preferences


def test_that_choices_outlive_the_process(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "deep" / "window.ini")
    first.theme, first.language, first.operator, first.page = "light", "zh", "陈 Chen", "alarms"
    first.geometry = QByteArray(b"\x00\x01geometry")
    first.set_equipment("huangdao", "AC01")
    first.save()
    again = Preferences(tmp_path / "deep" / "window.ini")
    assert (again.theme, again.language, again.operator, again.page) == ("light", "zh", "陈 Chen", "alarms")
    assert again.geometry == QByteArray(b"\x00\x01geometry")
    assert again.equipment("huangdao") == "AC01"
    assert again.equipment("elsewhere") == ""


def test_that_wrong_values_count_as_absent(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    path.write_text("[window]\ntheme=pink\nlanguage=klingon\ngeometry=5\npage=1,2\n", "utf-8")
    preferences = Preferences(path)
    assert preferences.theme == "dark"
    assert preferences.language in {"en", "zh"}
    assert preferences.geometry.isEmpty()
    assert preferences.page == ""


def test_that_a_folder_that_cannot_be_made_is_logged_and_the_window_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    preferences = Preferences(tmp_path / "file" / "window.ini")
    preferences.operator = "L. Chen"
    assert preferences.operator == "L. Chen"
    assert "preferences.unwritable" in caplog.text
