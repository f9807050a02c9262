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
