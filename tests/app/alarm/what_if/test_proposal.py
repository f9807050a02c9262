import numpy as np
import pytest

from app.alarm.what_if.effect import TRUE_AFTER_S, effect_of, events_of, noise_of
from app.alarm.what_if.numbers import Numbers, numbers_of
from app.alarm.what_if.proposal import Proposal, propose
from app.alarm.what_if.replay import Activations, Settings
from app.model.block import ValueArray
from app.model.clock import NS_PER_S
from app.model.series import Series
from tests.app.alarm.plants import START, definition, tags_of

TAGS = {tag.name: tag for tag in tags_of(1)}
SECONDS = 6 * 3_600


def history(value: ValueArray) -> Numbers:
    time = START + np.arange(len(value)) * NS_PER_S
    return numbers_of(
        definition(), TAGS, {"T0": Series(time, value, np.zeros(len(value), np.uint32))}, int(time[-1]) + 1
    )


def noisy(level: ValueArray, sigma: float = 0.3) -> Numbers:
    return history(level + np.random.default_rng(3).normal(0, sigma, len(level)))


def proposed(numbers: Numbers, **settings: float) -> Proposal:
    end = int(numbers.time[-1]) + NS_PER_S
    return propose(definition(**settings), numbers, end)  # type: ignore[arg-type] # floats by name


@pytest.fixture
def hovering() -> Numbers:
    """Far below the limit, but for an hour just at it and two real excursions."""
    level = np.full(SECONDS, 90.0)
    level[4_000:7_600] = 100.0
    level[12_000:12_400] = 104.0
    level[18_000:18_200] = 106.0
    return noisy(level)


def test_that_a_signal_that_hovers_at_its_limit_is_told_once_instead_of_hundreds_of_times(hovering: Numbers) -> None:
    found = proposed(hovering)
    assert found.present.activations > 500
    assert found.events.true_ones == 3
    assert found.best is not None
    assert found.best.activations == 3
    assert found.best.missed == 0
    assert found.best.longest_delay_s <= 30
    assert found.best.settings != Settings()


def test_that_choices_run_from_many_early_alarms_to_few_late_ones(hovering: Numbers) -> None:
    found = proposed(hovering)
    counts = [each.activations for each in found.choices]
    assert counts == sorted(counts, reverse=True)
    for one in found.choices:
        assert not any(
            other is not one
            and other.activations <= one.activations
            and other.missed <= one.missed
            and other.longest_delay_s <= one.longest_delay_s
            for other in found.choices
        )


def test_that_an_alarm_that_is_right_keeps_its_settings() -> None:
    level = np.full(SECONDS, 90.0)
    level[9_000:9_600] = 105.0
    found = proposed(noisy(level), deadband=1.0, on_delay_s=2.0)
    assert found.present.activations == 1
    assert found.best is None


def test_that_nothing_is_proposed_that_would_miss_a_grave_event() -> None:
    level = np.full(SECONDS, 90.0)
    level[3_000:3_004] = 130.0  # four seconds, far beyond the limit
    level[9_000:12_000] = 100.0
    found = proposed(noisy(level))
    assert found.events.true_ones == 2
    assert found.best is not None
    assert found.best.settings.on_delay_s < 4
    assert any(each.missed for each in found.choices) or found.best.missed == 0


def test_that_short_touches_of_the_limit_are_no_events_to_respond_to() -> None:
    level = np.full(SECONDS, 98.0)
    value = level + np.random.default_rng(3).normal(0, 0.3, SECONDS)
    value[1_000::2_000] = 100.1
    found = proposed(history(value))
    assert found.present.activations == 11
    assert found.events.true_ones == 0
    assert found.best is not None
    assert found.best.activations == 0


def test_that_delays_and_misses_are_counted_against_what_happened() -> None:
    second = NS_PER_S
    events = events_of(
        history(np.full(5_000, 90.0)),
        Activations(
            START + np.array([100, 110, 2_000, 4_000]) * second, START + np.array([105, 200, 2_090, 4_010]) * second
        ),
        noise=0.0,
    )
    assert events.start.tolist() == [START + at * second for at in (100, 2_000, 4_000)]
    assert events.is_true.tolist() == [True, True, False]
    would_be = Activations(np.array([START + 112 * second]), np.array([START + 300 * second]))
    found = effect_of(Settings(on_delay_s=12), events, would_be)
    assert (found.activations, found.missed, found.mean_delay_s, found.longest_delay_s) == (1, 1, 12.0, 12.0)
    standing = Activations(np.array([START + 90 * second]), np.array([START + 3_000 * second]))
    assert effect_of(Settings(), events, standing).longest_delay_s == 0.0
    assert TRUE_AFTER_S == 30


def test_that_noise_is_told_from_slow_changes_and_repeated_samples() -> None:
    level = 90 + 5 * np.sin(np.arange(SECONDS) / 2_000)
    assert noise_of(noisy(level)) == pytest.approx(0.3, rel=0.05)
    twice = np.repeat(noisy(level).number, 2)
    assert noise_of(history(twice)) == pytest.approx(0.3, rel=0.05)
