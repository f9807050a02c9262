"""Random lives of alarms, with restarts from what the journal keeps, against a plain model of the standard."""

import random
from dataclasses import replace

import pytest
from msgspec import structs

from app.alarm.evaluation import AlarmEvaluation
from app.alarm.facts import facts_of, facts_text
from app.model.alarm import AlarmDefinition, AlarmRecord
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRules
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.alarm.plain_alarm import PlainAlarm
from tests.app.alarm.plants import START, definition, tags_of

ALARMS = 8
RULES = AlarmRules(longest_shelf_min=1.0, longest_suppression_h=1 / 60, longest_out_of_service_d=1 / 24 / 60)
HIDING = {
    AlarmAction.SHELVE: "shelf_until",
    AlarmAction.SUPPRESS: "suppressed_until",
    AlarmAction.REMOVE_FROM_SERVICE: "service_until",
}
SHOWING = {
    AlarmAction.UNSHELVE: "shelf_until",
    AlarmAction.UNSUPPRESS: "suppressed_until",
    AlarmAction.RETURN_TO_SERVICE: "service_until",
}
DEEDS = ["come", "come", "go", "go", "bad", "wait", "acknowledge", "acknowledge", "stale", "reset", "design", "restart"]


STATE, CAUSE = ALARMS, ALARMS + 1
WHEN = f"T{STATE} == 1"


def watched() -> list[AlarmDefinition]:
    """Return alarms that a state of the plant and another alarm suppress, and that alarm."""
    own = [
        replace(
            definition(tag=f"T{n}"), latch=n % 2 == 1, suppress_when=WHEN, causes=("cause",), suppress_by_cause=True
        )
        for n in range(ALARMS)
    ]
    return [*own, definition(tag=f"T{CAUSE}", name="cause")]


def kept(record: AlarmRecord) -> AlarmRecord:
    """Return a record as its line in the journal brings it back."""
    return structs.replace(record, **facts_of(facts_text(record)))


class Bench:
    """The evaluation of some alarms beside their plain models, one instant after the other."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = START
        self.alarms = AlarmEvaluation(tags_of(ALARMS + 2), watched(), rules=RULES, lateness_s=0.0)
        self.models = [PlainAlarm(latches=entry.latch) for entry in watched()[:ALARMS]]
        self.design: dict[int, str] = {}

    def step(self) -> None:
        self.now += self.chance.choice([1, NS_PER_S, 7 * NS_PER_S])
        self.alarms.tick(self.now)
        for model in self.models:
            model.pass_time(self.now)
        number = self.chance.randrange(ALARMS)
        deed = self.chance.choice([*DEEDS, *AlarmAction])
        self.do(deed, number)
        record, model = self.record(number), self.models[number]
        assert record.state.value == model.state, (deed, record, model)
        assert record.course.value == model.course, (deed, record, model)
        assert record.hidden_raises == model.raised_hidden, (deed, record, model)
        assert (record.raised == model.raised) or not model.raised

    def do(self, deed: str, number: int) -> None:  # noqa: C901 - one case per kind of event
        model, name = self.models[number], f"T{number}.high"
        match deed:
            case "come" | "go" | "bad":
                value = {"come": 101.0, "go": 99.0, "bad": 500.0}[deed]
                self.alarms.evaluate(block_of(number, [self.now], [value], 0x80000000 if deed == "bad" else 0))
                if deed == "come":
                    model.come(self.now)
                elif deed == "go":
                    model.go()
            case "design":
                self.suppress(self.chance.choice([STATE, CAUSE]), self.chance.choice([None, 0.0, 1.0, 1.0]))
            case "restart":
                standing = [kept(record) for record in self.alarms.standing()]
                latest = [self.record(n).raised for n in range(ALARMS)]
                self.alarms = AlarmEvaluation(tags_of(ALARMS + 2), watched(), standing, rules=RULES, lateness_s=0.0)
                for n, raised in enumerate(latest):
                    if self.record(n).state == "normal":
                        self.models[n].raised = self.models[n].raised_hidden = 0
                    else:
                        assert self.record(n).raised == raised
            case "acknowledge" | "stale":
                shown = model.raised - (deed == "stale")
                assert self.order(AlarmAction.ACKNOWLEDGE, name, raised=shown) == model.acknowledge(shown)
            case "reset":
                assert self.order(AlarmAction.RESET, name) == model.reset()
            case _ if deed in HIDING:
                action = AlarmAction(deed)
                until = self.now + self.chance.choice([1, 10, 60]) * NS_PER_S
                one_shot = action is AlarmAction.SHELVE and self.chance.random() < 0.3
                done = self.order(action, name, until=until, one_shot=one_shot)
                assert done == model.hide(HIDING[action], until, one_shot=one_shot)
            case _ if deed in SHOWING:
                action = AlarmAction(deed)
                assert self.order(action, name) == model.show(SHOWING[action])

    def suppress(self, handle: int, value: float | None) -> None:
        """Let a state of the plant, or the cause of all alarms, come or go."""
        present = 0.0 if value is None else value if handle == STATE else 200.0 * value
        self.alarms.evaluate(block_of(handle, [self.now], [present], 0x80000000 if value is None else 0))
        if value:
            self.design[handle] = WHEN if handle == STATE else "cause"
        elif value is not None or handle == STATE:
            self.design.pop(handle, None)
        reasons = tuple(self.design[each] for each in sorted(self.design))
        for number, model in enumerate(self.models):
            if model.design != reasons:
                model.by_design(reasons)
            assert self.record(number).suppressed_by == reasons

    def order(self, action: AlarmAction, name: str, *, raised: int = 0, until: int = 0, one_shot: bool = False) -> bool:
        command = AlarmCommand(action, (name,), (raised,), "because", until, one_shot)
        changes, refusals = self.alarms.obey(command, "Li", self.now)
        assert len(changes) + len(refusals) == 1
        return bool(changes)

    def record(self, number: int) -> AlarmRecord:
        return self.alarms._watches[f"T{number}.high"].record


@pytest.mark.parametrize("seed", range(8))
def test_that_random_lives_agree_with_the_plain_alarm(seed: int) -> None:
    bench = Bench(seed)
    for _ in range(4_000):
        bench.step()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_that_a_million_random_events_agree_with_the_plain_alarm() -> None:
    for seed in range(100, 150):
        bench = Bench(seed)
        for _ in range(20_000):
            bench.step()
