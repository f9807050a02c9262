"""Saved views of trends are a text file that people can read, mend and share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.model import clock
from app.plant.trend_views import TrendView, TrendViewError, read_views, remove_view, save_view

NIGHT = TrendView('Night "run" 夜班', (("VT-201", "TT-201"), ("PT-201",)), 28_800.0)
FAULT = TrendView("Fault", (("VT-201",),), 12.5, clock.instant_of("2026-11-24T08:00:01.250+08:00"))


def test_that_views_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "trends.toml"
    save_view(path, NIGHT)
    assert save_view(path, FAULT) == read_views(path) == (NIGHT, FAULT)


def test_that_a_view_of_the_same_name_is_replaced_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "trends.toml"
    save_view(path, NIGHT)
    save_view(path, FAULT)
    other = TrendView(NIGHT.name, (("PT-201",),), 60.0)
    assert save_view(path, other) == (other, FAULT)
    assert remove_view(path, FAULT.name) == read_views(path) == (other,)


def test_that_a_plant_without_the_file_has_no_views(tmp_path: Path) -> None:
    assert read_views(tmp_path / "trends.toml") == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[view]\n", "line 1"),
        ("view = 3\n", r"\[\[view\]\]"),
        ('[[view]]\npanes = [["A"]]\n', "name"),
        ('[[view]]\nname = "x"\npanes = ["A"]\n', "panes"),
        ('[[view]]\nname = "x"\npanes = [[]]\n', "panes"),
        ('[[view]]\nname = "x"\npanes = [["A"]]\nspan_s = 0\n', "span_s"),
        ('[[view]]\nname = "x"\npanes = [["A"]]\nspan_s = true\n', "span_s"),
        ('[[view]]\nname = "x"\npanes = [["A"]]\nend = "soon"\n', "end"),
        ('[[view]]\nname = "x"\npanes = [["A"]]\ncolour = "red"\n', "colour"),
    ],
)
def test_that_a_file_that_is_not_in_order_is_told_with_its_place_and_left_alone(
    tmp_path: Path, text: str, word: str
) -> None:
    path = tmp_path / "trends.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(TrendViewError, match=word) as caught:
        save_view(path, NIGHT)
    assert str(path) in str(caught.value)
    assert path.read_text("utf-8") == text


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written")
def test_that_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OSError, match="trends"):
            save_view(tmp_path / "trends.toml", NIGHT)
    finally:
        tmp_path.chmod(0o700)
