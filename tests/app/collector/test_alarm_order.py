"""What a window asks for first is done first, in whatever order the disk tells of the intents."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from unittest.mock import Mock

from app.collector.alarm_desk import AlarmDesk
from app.model.actor import Actor
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRules
from app.pubsub.frame import ActOnAlarms, CommandDone, Event
from tests.app.collector.bench import until

ORDER = (AlarmAction.SHELVE, AlarmAction.UNSHELVE, AlarmAction.ACKNOWLEDGE)


async def test_that_commands_are_done_in_the_order_in_which_they_came() -> None:
    intents: list[Future[None]] = []
    done: list[AlarmAction] = []

    def note(_: object) -> Future[None]:
        intents.append(Future())
        return intents[-1]

    def obey(command: AlarmCommand, _: str) -> tuple[Future[None], list[object]]:
        done.append(command.action)
        written: Future[None] = Future()
        written.set_result(None)
        return written, []

    async def ask_nobody(_: AlarmCommand, __: str) -> list[object]:
        await asyncio.sleep(0)
        return []

    recorder = Mock(audit=note, problem="")
    people = Mock(has_users=False, actor=lambda _: Actor("", "", None))
    servers = Mock(part=lambda command: (command, AlarmCommand(command.action, (), ())), obey=ask_nobody)
    desk = AlarmDesk(Mock(obey=obey), people, recorder, rules=AlarmRules(), servers=servers)
    answers: list[Event] = []
    for request, action in enumerate(ORDER):
        desk.obey(ActOnAlarms(request, AlarmCommand(action, ("A",), ()), "Li"), answers.append)
    await until(lambda: len(intents) == len(ORDER))
    for intent in reversed(intents):
        intent.set_result(None)
        for _ in range(20):
            await asyncio.sleep(0.001)  # long enough for what must not be done yet
    await until(lambda: len(answers) == len(ORDER))
    assert done == list(ORDER)
    assert all(isinstance(answer, CommandDone) and answer.done for answer in answers)
