"""What every predictor of the plant must do, whatever it predicts; subclass and give it a `predictor` fixture.

A predictor takes samples of one tag in rising time and says something of them that can be compared: the same samples
give the same answer, wild input is survived, memory does not grow, and the past read from history counts as much as the
past that was streamed.
"""

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np

from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from app.model.series import Series
from app.model.status import BAD_NO_COMMUNICATION, GOOD, UNCERTAIN_LAST_USABLE_VALUE
from app.prediction.state import PredictionState

START = 1_700_000_000 * NS_PER_S
RATE_HZ = 4


class Predictor(Protocol):
    """The part of a predictor that the collector uses."""

    def update(self, block: Block) -> None:
        """Take samples."""

    def results(self, now: int) -> list[object]:
        """Return what changed up to `now`, ns UTC."""

    def warm(self, series: dict[str, Series]) -> None:
        """Learn from the past."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What has a state of its own."""

    def state_of(self, subject: str) -> PredictionState:
        """Return all that is known of a subject."""

    def restore(self, states: dict[str, PredictionState]) -> None:
        """Go on where states were taken."""


Maker = Callable[[], Predictor]


def stream_of(count: int, *, tags: int, seed: int = 1) -> list[Block]:
    """Return `count` blocks of one sample of every tag, four a second: noise, and a slow rise of the first tag."""
    random = np.random.default_rng(seed)
    values = 50.0 + random.normal(size=(count, tags))
    values[:, 0] += np.linspace(0.0, 30.0, count)
    return [block_of(np.arange(tags), START + place * NS_PER_S // RATE_HZ, row) for place, row in enumerate(values)]


def run(predictor: Predictor, blocks: list[Block]) -> list[object]:
    """Feed blocks as a collector does and return all that was told, asked for once a second."""
    told: list[object] = []
    for place, block in enumerate(blocks):
        predictor.update(block)
        if place % RATE_HZ == RATE_HZ - 1:
            told += predictor.results(int(block.time[-1]))
    return told


def final(predictor: Predictor, blocks: list[Block]) -> str:
    """Return what is told in the two seconds after `blocks`, as text, so that NaN equals NaN."""
    now = int(blocks[-1].time[-1])
    return repr([predictor.results(now + step * NS_PER_S // 4) for step in range(8)])


class PredictorConformance:
    """The checks; `make`, `names` and `tags` come from the subclass's fixtures."""

    def test_that_the_same_samples_give_the_same_answers(self, make: Maker, tags: int) -> None:
        blocks = stream_of(400, tags=tags)
        first, second = make(), make()
        assert repr(run(first, blocks)) == repr(run(second, blocks))
        assert len(run(make(), blocks)) > 0

    def test_that_samples_are_not_altered(self, make: Maker, tags: int) -> None:
        blocks = stream_of(100, tags=tags)
        before = pickle.dumps(blocks)
        run(make(), blocks)
        assert pickle.dumps(blocks) == before

    def test_that_the_cuts_between_blocks_change_nothing(self, make: Maker, tags: int) -> None:
        blocks = stream_of(400, tags=tags)
        coarse = [concatenate(blocks[begin : begin + RATE_HZ]) for begin in range(0, 400, RATE_HZ)]
        fine, rough = make(), make()
        told: list[object] = []
        for block in coarse:
            rough.update(block)
            told += rough.results(int(block.time[-1]))
        assert repr(run(fine, blocks)) == repr(told)

    def test_that_wild_samples_are_survived(self, make: Maker, tags: int) -> None:
        random = np.random.default_rng(3)
        blocks = stream_of(300, tags=tags)
        codes = [GOOD, BAD_NO_COMMUNICATION, UNCERTAIN_LAST_USABLE_VALUE, 0xFFFF_FFFF]
        values = [np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 0.0]
        for place in range(0, 300, 3):
            block = blocks[place]
            count = len(block)
            blocks[place] = block_of(
                block.handle,
                block.time + random.integers(-(10**11), 10**11, count),
                random.choice(values, count),
                random.choice(codes, count),
                received=block.time,
            )
        predictor = make()
        run(predictor, blocks)
        run(predictor, [block_of([], [], []), *stream_of(40, tags=tags)])

    def test_that_repeated_and_late_samples_are_survived(self, make: Maker, tags: int) -> None:
        blocks = stream_of(200, tags=tags)
        shuffled = [blocks[place] for place in np.random.default_rng(4).permutation(200).tolist()]
        run(make(), [block for block in blocks for _ in range(2)])
        run(make(), shuffled)

    def test_that_memory_does_not_grow_with_time(self, make: Maker, tags: int) -> None:
        predictor = make()
        sizes = []
        for part in range(5):
            blocks = stream_of(1_000, tags=tags, seed=part)
            shift = part * 250 * NS_PER_S
            run(predictor, [block_of(b.handle, b.time + shift, b.value) for b in blocks])
            sizes.append(len(pickle.dumps(predictor)))
        assert sizes[-1] < 1.3 * max(sizes[2:4])

    def test_that_memory_does_not_grow_when_nobody_asks(self, make: Maker, tags: int) -> None:
        predictor = make()
        for block in stream_of(30_000 // tags, tags=tags):
            predictor.update(block)
        assert len(pickle.dumps(predictor)) < 5e6

    def test_that_the_past_from_history_counts_as_much_as_a_streamed_one(
        self, make: Maker, tags: int, names: list[str]
    ) -> None:
        blocks = stream_of(240, tags=tags)
        whole = concatenate(blocks)
        series = {
            name: Series(*(column[whole.handle == handle] for column in (whole.time, whole.value, whole.status)))
            for handle, name in enumerate(names)
        }
        streamed, warmed = make(), make()
        for block in blocks:
            streamed.update(block)
        warmed.warm(series)
        assert final(warmed, blocks) == final(streamed, blocks)

    def test_that_a_restored_predictor_goes_on_as_if_nothing_had_happened(self, make: Maker, tags: int) -> None:
        blocks = stream_of(480, tags=tags)
        going_on, resumed = make(), make()
        run(going_on, blocks[:300])
        resumed.restore({subject: going_on.state_of(subject) for subject in going_on.subjects})
        resumed.warm({})
        for predictor in (going_on, resumed):
            for block in blocks[300:]:
                predictor.update(block)
        # All that is known tells more than the news: what was told last is not told again by the one that went on.
        for subject in going_on.subjects:
            assert resumed.state_of(subject) == going_on.state_of(subject)

    def test_that_a_damaged_state_is_left_out_and_another_one_of_it_too(self, make: Maker, tags: int) -> None:
        blocks = stream_of(200, tags=tags)
        known, fresh, other = make(), make(), make()
        run(known, blocks)
        states = {subject: known.state_of(subject) for subject in known.subjects}
        fresh.restore({s: replace(state, body=state.body[:-1] + b"x") for s, state in states.items()})
        other.restore({s: replace(state, basis="of other tags") for s, state in states.items()})
        unlearned = make()
        for subject in known.subjects:
            assert fresh.state_of(subject) == other.state_of(subject) == unlearned.state_of(subject)
            assert fresh.state_of(subject) != states[subject]

    def test_that_an_empty_past_is_no_error(self, make: Maker, tags: int) -> None:
        predictor = make()
        predictor.warm({})
        assert len(run(predictor, stream_of(100, tags=tags))) > 0
