"""What a prediction knows outlives the station: whole, and refused where it is not its own."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.model.tag import TagKind
from app.prediction.health import HealthModel
from app.prediction.row_store import RowStore
from app.prediction.state import StateMisfit, pack, unpack
from tests.app.prediction.plants import Array, at, healthy_pump, tag

SIGNALS = 4
TAGS = [tag(place, kind=TagKind.ANALOG) for place in range(SIGNALS)] + [tag(SIGNALS, kind=TagKind.DISCRETE)]


def model() -> HealthModel:
    return HealthModel("PU02", TAGS, time_scale=300.0)


def feed(health: HealthModel, rows: Array, *, begin: int) -> None:
    count, width = rows.shape
    times = np.repeat([at((begin + place) / 4) for place in range(count)], width)
    usable = np.ones(count * width, np.bool_)
    health.add(np.tile(np.arange(width), count), times, rows.ravel(), usable=usable)


def two_modes(count: int) -> Array:
    """Rows of a pump that goes at another load in a second mode, and departs from it once."""
    rows = np.column_stack([healthy_pump(count, signals=SIGNALS), np.arange(count) // 120 % 2])
    rows[:, 0] += 20.0 * rows[:, SIGNALS]
    rows[count - 10 :, 1] += 15.0
    return rows


def known_of(health: HealthModel) -> dict[str, bytes]:
    """All attributes of a model as bytes; of its stores without the room that is not filled yet."""
    known: dict[str, Any] = dict(vars(health))
    return {
        name: pack(value.state) if isinstance(value, RowStore) else pickle.dumps(value, protocol=5)
        for name, value in known.items()
        if name not in {"_tags", "_baselines", "_present", "_modes", "_grid", "_limits", "_limit_watch"}
    }


def test_that_all_that_a_health_knows_is_restored() -> None:
    known, resumed = model(), model()
    rows = two_modes(600)
    feed(known, rows, begin=0)
    assert len(known._baselines) == 2
    assert len(known._excursion) > 0
    resumed.restore(known.save())
    assert known_of(resumed) == known_of(known)
    assert resumed.save() == known.save()


def test_that_a_restored_health_tells_the_same_of_all_that_follows() -> None:
    known, resumed = model(), model()
    rows = two_modes(600)
    feed(known, rows[:570], begin=0)
    resumed.restore(known.save())
    for place in range(570, 600):
        for each in (known, resumed):
            feed(each, rows[place : place + 1], begin=place)
        assert repr(resumed.health(at(place / 4))) == repr(known.health(at(place / 4)))


def test_that_a_state_of_other_signals_is_refused_and_changes_nothing() -> None:
    other, fresh = HealthModel("PU02", TAGS[1:], time_scale=300.0), model()
    feed(other, two_modes(200)[:, 1:], begin=0)
    assert other.basis != fresh.basis
    with pytest.raises(StateMisfit, match="other signals"):
        fresh.restore(other.save())
    assert fresh.save() == model().save()


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), id="a byte is wrong"),
        pytest.param(lambda data: data[:-9], id="its end is missing"),
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: pack({"grid": 1}), id="something else"),
        pytest.param(lambda data: data.replace(b"prediction 1", b"prediction 9"), id="another format"),
    ],
)
def test_that_a_spoilt_state_is_refused(spoilt: Callable[[bytes], bytes]) -> None:
    with pytest.raises(StateMisfit):
        model().restore(spoilt(model().save()))


def test_that_arrays_of_other_kinds_are_no_state() -> None:
    with pytest.raises(StateMisfit, match="kind"):
        unpack(np.ndarray, pack(np.zeros(2, np.int64)))
