"""The evidence of a case over time."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.model.case import SIGNALS_INDICATOR
from tests.widgets.case.records import lines, open_case
from widgets.case.evidence_strip import EvidenceStrip

MINUTE = 60_000_000_000


def test_that_what_was_unusual_before_the_case_stands_at_the_left_edge_and_not_beyond_it(qtbot: QtBot) -> None:
    first, *others = lines(open_case(now=1_700_000_000_000_000_000))
    before = replace(others[0], time=first.time - 40 * MINUTE, indicator=SIGNALS_INDICATOR)
    strip = EvidenceStrip()
    qtbot.addWidget(strip)
    strip.resize(600, 180)
    strip.show_evidence([first, before, *others[1:]], {}, end=first.time + 60 * MINUTE)
    assert strip._x(before.time) == strip._ground().left()
    assert strip._x(before.time) < strip._x(first.time) < strip._ground().right()


def test_that_a_narrow_strip_names_each_indicator_whole_in_further_rows(qtbot: QtBot) -> None:
    first, *_ = lines(open_case(now=1_700_000_000_000_000_000))
    names = {f"indicator-{place}": f"Forecast of the strainer {place}" for place in range(5)}
    evidence = [replace(first, indicator=name, time=first.time + place) for place, name in enumerate(names)]
    strip = EvidenceStrip()
    qtbot.addWidget(strip)
    strip.resize(1_400, 180)
    strip.show_evidence(evidence, names, end=first.time + MINUTE)
    wide = strip.sizeHint().height()
    strip.resize(330, 250)
    strip.grab()
    assert [text for row in strip._legend() for _, text, _ in row] == list(names.values())
    assert strip.sizeHint().height() > wide
    assert strip._ground().height() > 100
