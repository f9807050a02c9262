"""What is kept of the panels: it comes back as it was, and what is broken in it costs that panel alone."""

from __future__ import annotations

import json

from widgets.dock.arrangement import (
    LEAST_SHARE,
    MOST_SHARE,
    USUAL_SHARE,
    Arrangement,
    Place,
    PlacedPanel,
    arrangement_of,
)


def test_that_an_arrangement_comes_back_from_its_text() -> None:
    panels = [
        PlacedPanel("trend", Place.BESIDE, 300, marks={"panes": [["AC01.T_D"]], "span_s": 900}),
        PlacedPanel("values", Place.WINDOW, geometry="AdnQywAD", marks={"tags": ["油温"]}),
    ]
    arrangement = Arrangement(panels, beside=0.4, below=0.25)
    assert arrangement_of(arrangement.to_text()) == (arrangement, [])


def test_that_nothing_kept_is_a_window_without_panels() -> None:
    assert arrangement_of("") == (Arrangement(), [])


def test_that_a_broken_panel_is_told_and_the_others_stand() -> None:
    rows = [{"kind": "alarms", "place": "below"}, {"kind": "trend", "place": "above"}, {"place": "below"}, 7]
    rows.append({"kind": "trend", "place": "below", "marks": [1]})
    found, problems = arrangement_of(json.dumps({"panels": rows}))
    assert [panel.kind for panel in found.panels] == ["alarms"]
    assert len(problems) == 4
    assert "above" in problems[0]


def test_that_what_is_no_arrangement_at_all_is_told() -> None:
    for text in ("{", "[]", "7"):
        found, problems = arrangement_of(text)
        assert found == Arrangement()
        assert len(problems) == 1, text


def test_that_shares_leave_room_for_the_page() -> None:
    for written, read in ((0.4, 0.4), (0, LEAST_SHARE), (7, MOST_SHARE), ("wide", USUAL_SHARE), (None, USUAL_SHARE)):
        assert arrangement_of(json.dumps({"beside": written}))[0].beside == read
