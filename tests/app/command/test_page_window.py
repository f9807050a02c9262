"""Windows with a page of their own: one for each page, and those that were killed come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command.failure import UsageFailure
from app.command.page_window import as_page_window, lost_windows, page_lock
from app.plant.folder import PlantFolder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    (tmp_path / "plant").mkdir()
    folder = PlantFolder(tmp_path / "plant")
    folder.configuration.write_text("", encoding="utf-8")
    return folder


def test_that_a_window_that_was_closed_is_not_lost(folder: PlantFolder) -> None:
    with as_page_window(folder, "trends"):
        assert lost_windows() == [], "it is open"
    assert lost_windows() == []


def test_that_a_window_that_was_killed_comes_back(folder: PlantFolder) -> None:
    with pytest.raises(RuntimeError, match="killed"), as_page_window(folder, "trends"):
        raise RuntimeError("killed")
    assert lost_windows() == [(folder, "trends")]
    with as_page_window(folder, "trends"):
        assert lost_windows() == []
    assert lost_windows() == []


def test_that_each_page_has_one_window_of_its_own(folder: PlantFolder) -> None:
    with (
        as_page_window(folder, "trends"),
        as_page_window(folder, "alarms"),
        pytest.raises(UsageFailure, match="already"),
        as_page_window(folder, "trends"),
    ):
        pass


@pytest.mark.parametrize("page", ["../x", "", "Trends", "a/b"])
def test_that_only_the_name_of_a_page_is_taken(folder: PlantFolder, page: str) -> None:
    with pytest.raises(UsageFailure, match="is no page"), as_page_window(folder, page):
        pass


@pytest.mark.parametrize("note", ["", "{", "[]", '{"plant": 7}', '{"plant": "/nowhere"}'])
def test_that_a_damaged_note_is_no_window(folder: PlantFolder, note: str) -> None:
    page_lock("alarms").parent.mkdir(parents=True)
    page_lock("alarms").with_suffix(".json").write_text(note, encoding="utf-8")
    assert lost_windows() == []
