"""Servers' own alarms in the collector: heard from the workers, journaled, shown, and acknowledged at the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app import database
from app.acquisition.acquisition import Acquisition
from app.acquisition.message import Alarmed
from app.alarm.desk import command_refusal
from app.alarm.journal import standing
from app.alarm.refusal import refusal
from app.alarm.server_alarm import ServerAlarms, of_servers
from app.model import clock, status
from app.model.alarm import AlarmRecord
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRefusal, RefusalCode
from app.model.plant import Plant
from drivers.alarm_source import DeviceEvents
from drivers.driver import DriverError

log = logging.getLogger(__name__)

ANSWER_S = 10.0


def restored_server_alarms(history: Path) -> ServerAlarms:
    """Return the alarms of servers that were not normal when the last collector ended."""
    with closing(database.open_reader(history)) as connection:
        return ServerAlarms(of_servers(standing(connection)))


class ServerAlarmDesk:
    """Called from the collector's event loop; `announce` journals changes and tells them to windows."""

    def __init__(
        self,
        plant: Plant,
        alarms: ServerAlarms,
        *,
        acquisition: Acquisition,
        announce: Callable[[Sequence[AlarmRecord]], object],
    ) -> None:
        """Take up what stood before; what stood of a connection that is asked for alarms no more ends with `start`."""
        self.alarms = alarms
        self._acquisition = acquisition
        self._announce = announce
        asked = {definition.id for definition in plant.connections if definition.alarms}
        self._withdrawn = {record.source for record in alarms.standing()} - asked

    def start(self) -> None:
        """Begin to hear what servers tell."""
        for connection in sorted(self._withdrawn):
            self.alarms.begin(connection)
            self._announce(self.alarms.take(connection, DeviceEvents((), is_whole=True), clock.now_ns()))
        self._acquisition.hear_alarms(self.hear)

    def hear(self, told: Alarmed) -> None:
        """Take what a server tells."""
        if told.is_begun:
            self.alarms.begin(told.connection)
        changes = self.alarms.take(told.connection, told.told, clock.now_ns())
        if changes:
            self._announce(changes)

    def standing(self) -> list[AlarmRecord]:
        """Return the alarms of servers that are not normal."""
        return self.alarms.standing()

    def part(self, command: AlarmCommand) -> tuple[AlarmCommand, AlarmCommand]:
        """Return what of a command is about our own alarms, and what about those of servers."""
        rows = list(zip(command.alarms, (*command.raised, *([0] * len(command.alarms))), strict=False))
        theirs = [self.alarms.find(alarm) is not None for alarm, _ in rows]
        return (
            _only(command, [row for row, is_theirs in zip(rows, theirs, strict=True) if not is_theirs]),
            _only(command, [row for row, is_theirs in zip(rows, theirs, strict=True) if is_theirs]),
        )

    async def obey(self, command: AlarmCommand, by: str) -> list[AlarmRefusal]:
        """Ask the servers; return what was refused. The state changes with the servers' next events."""
        whole = command_refusal(command, by) if command.alarms else None
        if whole is not None:
            return [whole]
        if command.alarms and command.action is not AlarmAction.ACKNOWLEDGE:
            text = "the alarm is the server's own: here it can only be acknowledged"
            return [refusal(alarm, RefusalCode.AT_SERVER, text) for alarm in command.alarms]
        shown = dict(zip(command.alarms, command.raised, strict=False))
        answers = await asyncio.gather(
            *(self._acknowledge(alarm, raised, by=by, comment=command.reason) for alarm, raised in shown.items())
        )
        return [answer for answer in answers if answer is not None]

    async def _acknowledge(self, alarm: str, raised: int, *, by: str, comment: str) -> AlarmRefusal | None:
        found = self.alarms.find(alarm)
        if found is None or not found[0].state.needs_acknowledge:
            return refusal(alarm, RefusalCode.ALREADY, "already acknowledged, nothing to do")
        record, shown = found
        if record.raised != raised:
            text = "raised again since it was shown: look at the new occurrence first"
            return refusal(alarm, RefusalCode.RAISED_AGAIN, text)
        if shown is None:
            text = "not acknowledged: its server has not told it since this station started: is it connected?"
            return refusal(alarm, RefusalCode.AT_SERVER, text)
        self.alarms.note_acknowledgement(alarm, by=by, comment=comment)
        try:
            async with asyncio.timeout(ANSWER_S):
                done = await self._acquisition.acknowledge(
                    shown.connection, shown.condition, shown.event_id, f"{comment} ({by})".strip()
                )
        except (DriverError, TimeoutError) as error:
            reason = str(error) or f"no answer within {ANSWER_S:g} s"
            return refusal(alarm, RefusalCode.AT_SERVER, f"whether it was acknowledged is not known: {reason}")
        if done.status >= status.BAD:
            self.alarms.forget_acknowledgement(alarm)
            return refusal(alarm, RefusalCode.AT_SERVER, f"not acknowledged: {done.reason or status.name(done.status)}")
        log.info("alarms.acknowledged_at_server alarm=%s operator=%s", alarm, by)
        return None


def _only(command: AlarmCommand, rows: Sequence[tuple[str, int]]) -> AlarmCommand:
    return replace(command, alarms=tuple(alarm for alarm, _ in rows), raised=tuple(raised for _, raised in rows))
