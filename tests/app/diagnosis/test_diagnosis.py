from dataclasses import replace

import numpy as np
import pytest

from app.diagnosis.diagnoser import Diagnoser
from app.diagnosis.fault_model import Diagnosis, DiagnosisError, from_bytes
from app.diagnosis.feature import SETTLING, features, reference_of
from app.diagnosis.training import learn
from app.model.clock import NS_PER_S
from tests.app.diagnosis.faults import TAGS, Array, episodes, faulty, healthy, model_of_faults

CAUSES = ("clogged", "hunting", "loose")


def told(rows: Array, *causes: str) -> Diagnosis:
    diagnoser = Diagnoser(model_of_faults(*causes), period_s=1.0)
    for place, row in enumerate(np.concatenate([healthy(100, seed=7), rows])):
        diagnoser.update(place * NS_PER_S, row)
    found = diagnoser.diagnosis()
    assert found is not None
    return found


@pytest.mark.parametrize("cause", CAUSES)
def test_that_a_fault_that_was_seen_before_stands_first_and_is_not_unknown(cause: str) -> None:
    found = told(faulty(cause, 200, seed=900))
    assert found.causes[0].cause == cause
    assert found.causes[0].probability > 0.9
    assert not found.is_unknown


@pytest.mark.parametrize("stranger", ["leaking", *CAUSES])
def test_that_a_fault_that_was_never_seen_is_told_as_unknown(stranger: str) -> None:
    known = tuple(cause for cause in CAUSES if cause != stranger)
    assert told(faulty(stranger, 200, seed=901), *known).is_unknown


def test_that_probabilities_sum_to_one_and_fall() -> None:
    chances = [each.probability for each in told(faulty("loose", 150, seed=902)).causes]
    assert sum(chances) == pytest.approx(1.0)
    assert chances == sorted(chances, reverse=True)


def test_that_with_each_cause_goes_how_often_it_was_seen() -> None:
    often = learn(healthy(400), {**episodes("clogged", times=5), **episodes("hunting", times=4)}, tags=TAGS).diagnosis(
        np.zeros(12)
    )
    assert {each.cause: each.episodes for each in often.causes} == {"clogged": 5, "hunting": 4}


def test_that_one_signal_may_be_missing() -> None:
    rows = faulty("clogged", 200, seed=903)
    rows[:, 2] = np.nan
    assert told(rows).causes[0].cause == "clogged"


def test_that_nothing_is_told_before_a_fault_could_show() -> None:
    diagnoser = Diagnoser(model_of_faults(), period_s=1.0)
    for place, row in enumerate(healthy(SETTLING)):
        assert diagnoser.diagnosis() is None
        diagnoser.update(place * NS_PER_S, row)
    assert diagnoser.diagnosis() is not None


def test_that_a_model_read_again_tells_the_same_bit_by_bit() -> None:
    model = model_of_faults()
    other = from_bytes(model.to_bytes())
    rows = features(faulty("loose", 100, seed=3), model.reference)
    assert other.diagnosis(rows[-1]) == model.diagnosis(rows[-1])
    assert other.to_bytes() == model.to_bytes()
    assert (other.tags, other.units) == (TAGS, ("", "", ""))


def test_that_a_damaged_or_foreign_model_is_refused() -> None:
    whole = model_of_faults().to_bytes()
    for data in (b"", whole[:-1], whole[:60] + b"\x00" + whole[61:], b"something else"):
        with pytest.raises(DiagnosisError, match="not a whole model of faults"):
            from_bytes(data)
    torn = replace(model_of_faults(), causes=("clogged", "hunting"))
    with pytest.raises(DiagnosisError, match="do not belong together"):
        from_bytes(torn.to_bytes())


def test_that_a_stream_of_another_model_is_refused_and_changes_nothing() -> None:
    diagnoser = Diagnoser(model_of_faults(), period_s=1.0)
    diagnoser.update(NS_PER_S, healthy(1)[0])
    before = diagnoser.save()
    runs = {name: [run[:, :2] for run in each] for name, each in episodes("clogged", "hunting").items()}
    small = Diagnoser(learn(healthy(400)[:, :2], runs, tags=TAGS[:2]), period_s=1.0)
    with pytest.raises(DiagnosisError, match="does not fit"):
        diagnoser.restore(small.save())
    with pytest.raises(DiagnosisError, match="FLOW, P, VIB"):
        diagnoser.update(2 * NS_PER_S, np.zeros(2))
    assert diagnoser.save() == before


@pytest.mark.parametrize(
    ("rows", "causes", "said"),
    [
        (10, {"a": 200, "b": 200}, "10 healthy rows, 60 are needed"),
        (400, {"a": 200}, "one cause cannot be told from others"),
        (400, {"a": 200, "b": 30}, "b: each time that it was there must have 68 rows"),
    ],
)
def test_that_too_little_to_learn_from_is_refused_with_the_remedy(rows: int, causes: dict[str, int], said: str) -> None:
    runs = {name: [faulty("clogged", count, seed=1)] for name, count in causes.items()}
    with pytest.raises(DiagnosisError, match=said):
        learn(healthy(rows), runs, tags=TAGS)


def test_that_a_signal_that_never_moves_is_left_out() -> None:
    rows = healthy(400)
    rows[:, 1] = 7.0
    reference = reference_of(rows)
    changed = healthy(100)
    changed[:, 1] = np.linspace(7.0, 90.0, 100)
    assert np.all(features(changed, reference)[:, 1::3] == 0.0)
