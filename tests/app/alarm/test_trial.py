"""A suppression or shelving of one alarm is tried on the past: what is hidden, late, and dangerous to hide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.alarm.refusal import AlarmError
from app.alarm.simulation import SuppressedOccurrence
from app.alarm.trial import SHELVING, Danger, Trial, dangers_of, run_trial, tried
from app.model.alarm import ConditionKind, Priority
from app.model.alarm_sheet import AlarmSheet, Severity
from tests.app.alarm.plants import at, definition, tags_of
from tests.app.alarm.test_simulation import FLOW, PLAIN, cut, past

BARE = replace(FLOW, suppress_when="", suppress_after_s=0.0)


@pytest.mark.parametrize("count", [1, 100])
def test_that_a_rule_that_is_not_in_the_file_hides_what_it_would_have(count: int) -> None:
    trial = Trial("flow", when="T1 == 0", after_s=10.0)
    found = run_trial(tags_of(3), tried([BARE, PLAIN], trial), trial, cut(past(), count))
    (tally,) = found.tallies
    assert (tally.raised, tally.never_shown, tally.shown_late) == (3, 1, 1)
    assert [each.raised for each in found.suppressed] == [at(110), at(310)]
    assert trial.keys() == {"suppress_when": "T1 == 0", "suppress_by_cause": None, "suppress_after_s": 10.0}


def test_that_rules_of_other_alarms_do_not_count_meanwhile() -> None:
    trial = Trial("plain", when="T1 == 0")
    found = run_trial(tags_of(3), tried([FLOW, PLAIN], trial), trial, cut(past(), 100))
    assert [tally.alarm for tally in found.tallies] == ["plain"]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0.5, []),
        (1.5, [(at(110), 0, at(140))]),  # came 60 s after the first one, and stood when the time was up
        (10.0, [(at(110), at(150), 0), (at(310), at(600), 0)]),
    ],
)
def test_that_shelving_hides_what_comes_again_until_its_time_is_up(
    minutes: float, expected: list[tuple[int, int, int]]
) -> None:
    trial = Trial("flow", shelve_min=minutes)
    found = run_trial(tags_of(3), tried([FLOW], trial), trial, cut(past(), 3))
    assert [(each.raised, each.cleared, each.shown) for each in found.suppressed] == expected
    assert {each.by for each in found.suppressed} <= {(SHELVING,)}
    assert found.tallies[0].raised == 3


def test_that_unknown_alarms_are_told_with_the_one_that_was_probably_meant() -> None:
    with pytest.raises(AlarmError, match="flwo: no alarm of the plant: write flow"):
        tried([FLOW, PLAIN], Trial("flwo"))
    with pytest.raises(AlarmError, match="cannot be explained by itself"):
        tried([FLOW], Trial("flow", causes=("flow",)))
    foreseen = replace(definition(tag="T0", name="wear"), condition=ConditionKind.TIME_TO_LIMIT)
    trial = Trial("wear", shelve_min=5.0)
    with pytest.raises(AlarmError, match="not by samples"):
        run_trial(tags_of(1), tried([foreseen], trial), trial, [])


@pytest.mark.parametrize(
    ("occurrence", "sheet", "critical", "expected"),
    [
        ((Priority.CRITICAL, at(10), at(20), 0), AlarmSheet(), [], (Danger.CRITICAL,)),
        ((Priority.MEDIUM, at(10), at(20), 0), AlarmSheet(severity=Severity.SEVERE), [], (Danger.SEVERE,)),
        ((Priority.MEDIUM, at(10), at(80), 0), AlarmSheet(respond_within_min=1.0), [], (Danger.OUTLASTED,)),
        ((Priority.MEDIUM, at(10), at(60), 0), AlarmSheet(respond_within_min=1.0), [], ()),
        ((Priority.MEDIUM, at(10), 0, at(60)), AlarmSheet(), [at(9), at(60)], (Danger.FOLLOWED,)),
        ((Priority.MEDIUM, at(10), 0, 0), AlarmSheet(), [at(99)], (Danger.FOLLOWED,)),
        ((Priority.MEDIUM, at(10), at(60), 0), AlarmSheet(), [at(61)], ()),
    ],
)
def test_that_an_occurrence_tells_why_it_was_dangerous_to_hide(
    occurrence: tuple[Priority, int, int, int],
    sheet: AlarmSheet,
    critical: list[int],
    expected: tuple[Danger, ...],
) -> None:
    priority, raised, cleared, shown = occurrence
    hidden = SuppressedOccurrence("a", priority, ("x",), raised, cleared, shown)
    assert dangers_of(hidden, sheet, at(100), critical) == expected
