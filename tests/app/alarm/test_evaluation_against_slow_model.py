import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.alarm.evaluation import AlarmError, AlarmEvaluation
from app.model import status
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState, ConditionKind
from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from tests.app.alarm.plants import START, definition, tags_of
from tests.app.alarm.slow_model import SlowAlarm

Step = tuple[int, float | None]
ACKNOWLEDGE = -1.0

values = st.one_of(st.none(), st.sampled_from([0.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 12.0]))
steps = st.lists(st.tuples(st.integers(0, 4), st.one_of(values, values, st.just(ACKNOWLEDGE))), max_size=40)
definitions = st.builds(
    definition,
    st.sampled_from([ConditionKind.HIGH, ConditionKind.LOW, ConditionKind.DEVIATION]),
    st.sampled_from([3.0, 5.0, 8.0]),
    deadband=st.sampled_from([0.0, 1.0, 2.0]),
    on_delay_s=st.integers(0, 6).map(float),
    off_delay_s=st.integers(0, 6).map(float),
    setpoint=st.just(4.0),
)


def sample(instant: int, value: float | None) -> Block:
    code = status.BAD_TIMEOUT if value is None else status.GOOD
    return block_of(0, [START + instant * NS_PER_S], [math.nan if value is None else value], code)


def instant_of(record: AlarmRecord) -> int:
    match record.state:
        case AlarmState.UNACKNOWLEDGED:
            time = record.raised
        case AlarmState.ACKNOWLEDGED:
            time = record.acknowledged
        case _:
            time = max(record.returned, record.acknowledged)
    return (time - START) // NS_PER_S


def slowly(watched: AlarmDefinition, script: list[Step], end: int) -> SlowAlarm:
    model = SlowAlarm(watched, on_delay=int(watched.on_delay_s), off_delay=int(watched.off_delay_s))
    times = [instant for instant, _ in script]
    for instant in range(end):
        for value in [value for time, value in script if time == instant]:
            if value == ACKNOWLEDGE:
                model.end_of_delay(instant)
                model.acknowledge(instant)
            else:
                model.sample(instant, value)
        if instant not in times:
            model.end_of_delay(instant)
    return model


def quickly(watched: AlarmDefinition, script: list[Step], cuts: set[int], end: int) -> list[AlarmRecord]:
    alarms = AlarmEvaluation(tags_of(1), [watched], lateness_s=0.0)
    changes: list[AlarmRecord] = []
    waiting: list[Block] = []
    for index, (instant, value) in enumerate(script):
        if value == ACKNOWLEDGE or index in cuts:
            changes += alarms.evaluate(concatenate(waiting))
            waiting = []
        if value != ACKNOWLEDGE:
            waiting.append(sample(instant, value))
            continue
        now = START + instant * NS_PER_S
        changes += alarms.tick(now + 1)
        standing = alarms.standing()
        if standing and standing[0].state.needs_acknowledge:
            changes.append(alarms.acknowledge(watched.id, standing[0].raised, "Li", "", now))
    changes += alarms.evaluate(concatenate(waiting))
    return changes + alarms.tick(START + end * NS_PER_S)


@settings(max_examples=400, deadline=None)
@given(definitions, steps, st.sets(st.integers(0, 40)))
def test_that_the_evaluation_agrees_with_a_plain_slow_model(
    watched: AlarmDefinition, gaps: list[Step], cuts: set[int]
) -> None:
    instant = 0
    script: list[Step] = []
    for gap, value in gaps:
        instant += gap
        script.append((instant, value))
    end = instant + 20
    model = slowly(watched, script, end)
    changes = quickly(watched, script, cuts, end)
    assert [(change.state.value, instant_of(change)) for change in changes] == [
        (state, at) for state, at, _ in model.told
    ]
    for change, (_, _, value) in zip(changes, model.told, strict=True):
        assert math.isnan(value) or change.value == value


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), values), max_size=60),
    st.sets(st.integers(0, 60)),
    st.sets(st.integers(0, 60)),
)
def test_that_neither_the_cuts_between_blocks_nor_a_restart_change_what_is_told(
    script: list[tuple[int, int, float | None]], cuts: set[int], restarts: set[int]
) -> None:
    watched = [
        definition(limit=6.0, deadband=1.0, tag="T0"),
        definition(ConditionKind.LOW, 4.0, tag="T0"),
        definition(ConditionKind.DEVIATION, 2.0, tag="T1", setpoint=5.0),
        definition(limit=4.0, deadband=2.0, tag="T2"),
    ]

    def run(cuts: set[int], restarts: set[int]) -> tuple[list[AlarmRecord], list[AlarmRecord]]:
        alarms = AlarmEvaluation(tags_of(3), watched)
        changes: list[AlarmRecord] = []
        bounds = sorted({0, len(script)} | {cut for cut in cuts | restarts if cut < len(script)})
        for begin, end in pairwise(bounds):
            if begin in restarts:
                alarms = AlarmEvaluation(tags_of(3), watched, alarms.standing())
            rows = script[begin:end]
            column = [math.nan if value is None else value for _, _, value in rows]
            codes = [status.BAD_TIMEOUT if value is None else status.GOOD for _, _, value in rows]
            times = [START + (begin + i) * NS_PER_S for i in range(len(rows))]
            changes += alarms.evaluate(block_of([tag for tag, _, _ in rows], times, column, codes))
        return changes, alarms.standing()

    assert run(cuts, restarts) == run(set(), set())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**6), 10**6),
            st.floats(allow_nan=True, allow_infinity=True),
            st.integers(0, 2**32 - 1),
            st.integers(0, 1),
        ),
        max_size=50,
    )
)
def test_that_no_sample_whatever_breaks_the_evaluation(rows: list[tuple[int, float, int, int]]) -> None:
    alarms = AlarmEvaluation(
        tags_of(2),
        [
            definition(limit=6.0, deadband=1.0, on_delay_s=0.1),
            definition(ConditionKind.RATE, -3.0),
            definition(ConditionKind.DEVIATION, 2.0, setpoint="T1", off_delay_s=0.2),
        ],
    )
    time, value, code, handle = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [])
    changes = alarms.evaluate(block_of(handle, [START + ms * 1_000_000 for ms in time], value, code))
    changes += alarms.tick(START + 10**16)
    assert all(math.isfinite(change.value) for change in changes)
    for record in alarms.standing():
        try:
            changes.append(alarms.acknowledge(record.alarm, record.raised, "Li", "", START))
        except AlarmError:
            assert not record.state.needs_acknowledge
