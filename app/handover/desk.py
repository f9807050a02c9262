"""What stands of handovers, and what may be done next; knows neither disk nor window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from unicodedata import normalize

from app.model.actor import Actor
from app.model.handover import (
    Amendment,
    Handover,
    HandoverAction,
    HandoverCommand,
    HandoverRefusal,
    HandoverRefusalCode,
    OpenPoint,
)
from app.model.shift import Period, ShiftCalendar, UnknownPeriod
from app.model.work_order import Signature

LONGEST_TEXT = 4_000
SIGNED = frozenset({HandoverAction.HAND_OVER, HandoverAction.TAKE_OVER, HandoverAction.AMEND})
_NEEDS_TEXT = frozenset({HandoverAction.NOTE, HandoverAction.CLOSE, HandoverAction.AMEND})


@dataclass(frozen=True, slots=True)
class HandoverStep:
    """A step that was done at `time` (ns UTC) by `who`: the point or the handover after it."""

    number: int
    time: int
    action: HandoverAction
    who: Actor
    point: OpenPoint | None = None
    handover: Handover | None = None


class HandoverDesk:
    """Takes steps one after the other; what is refused changes nothing."""

    def __init__(
        self, calendar: ShiftCalendar, equipment: Iterable[str], steps: Iterable[HandoverStep] = (), *, last: int = 0
    ) -> None:
        """Go on after `steps`, oldest first, and number `last`; `equipment`: the ids that points may be about."""
        self._calendar = calendar
        self._equipment = frozenset(equipment)
        self._last = 0
        self.points: dict[int, OpenPoint] = {}
        self.handovers: dict[int, Handover] = {}
        for step in steps:
            self._take(step)
        self._last = max(self._last, last)

    def open_points(self) -> tuple[OpenPoint, ...]:
        """Return the points that are carried on, the most urgent first, of equal ones the oldest."""
        found = (point for point in self.points.values() if point.is_open)
        return tuple(sorted(found, key=lambda point: (point.priority, point.written, point.number)))

    def do(
        self, command: HandoverCommand, who: Actor, now: int, *, digest: str = "", is_proven: bool = False
    ) -> HandoverStep | HandoverRefusal:
        """Do a step at `now` (ns UTC), or say why not.

        `digest`: of the report that is signed. `is_proven`: whether `who` has just proven with a PIN to be that.
        """
        refusal = self.refusal(command, who, now)
        if refusal is not None:
            return refusal
        signature = Signature(who.name.strip(), who.role or "", now, is_proven)
        step = HandoverStep(self._last + 1, now, command.action, who)
        match command.action:
            case HandoverAction.NOTE:
                step = replace(step, point=self._noted(command, signature))
            case HandoverAction.CLOSE:
                point = self.points[command.number]
                closed = replace(point, closed=now, closed_by=signature.name, answer=command.text.strip())
                step = replace(step, point=closed)
            case HandoverAction.HAND_OVER:
                step = replace(step, handover=self._handed_over(command, signature, digest))
            case HandoverAction.TAKE_OVER:
                taken = replace(self.handovers[command.number], incoming=signature, answer=command.text.strip())
                step = replace(step, handover=taken)
            case HandoverAction.AMEND:
                step = replace(step, handover=self._amended(command, signature))
        return self._take(step)

    def refusal(self, command: HandoverCommand, who: Actor, now: int) -> HandoverRefusal | None:
        """Return why a command cannot be done, None where it can."""
        return _text_refusal(command, who) or self._state_refusal(command, who, now)

    def period(self, key: str) -> Period | None:
        """Return the shift of a key, None where the plant has none of that name."""
        try:
            found = self._calendar.named(key)
        except UnknownPeriod:
            return None
        return found if found.shift else None

    def _state_refusal(self, command: HandoverCommand, who: Actor, now: int) -> HandoverRefusal | None:
        match command.action:
            case HandoverAction.NOTE if command.equipment and command.equipment not in self._equipment:
                text = f'there is no equipment "{command.equipment}": choose one of the plant'
                return HandoverRefusal(HandoverRefusalCode.NO_EQUIPMENT, text, subject=command.equipment)
            case HandoverAction.CLOSE:
                return self._close_refusal(command)
            case HandoverAction.HAND_OVER:
                return self._over_refusal(command, now)
            case HandoverAction.TAKE_OVER:
                return self._taken_refusal(command, who)
            case HandoverAction.AMEND if command.number not in self.handovers:
                return _no_handover(command)
        return None

    def _close_refusal(self, command: HandoverCommand) -> HandoverRefusal | None:
        point = self.points.get(command.number)
        if point is None:
            return HandoverRefusal(HandoverRefusalCode.NO_POINT, f"there is no point {command.number}")
        if not point.is_open:
            text = f"point {point.number} was closed by {point.closed_by} already"
            return HandoverRefusal(HandoverRefusalCode.NO_POINT, text, point.closed_by, point.closed)
        return None

    def _over_refusal(self, command: HandoverCommand, now: int) -> HandoverRefusal | None:
        period = self.period(command.key)
        if period is None:
            text = f'"{command.key}" is no shift of the plant'
            return HandoverRefusal(HandoverRefusalCode.NO_SHIFT, text, subject=command.key)
        if period.start >= now:
            text = f"{command.key} has not begun: nothing is to be handed over yet"
            return HandoverRefusal(HandoverRefusalCode.NOT_BEGUN, text, subject=command.key)
        known = next((each for each in self.handovers.values() if each.key == command.key), None)
        if known is not None:
            text = f"{command.key} was handed over by {known.outgoing.name} already"
            return HandoverRefusal(HandoverRefusalCode.ALREADY_OVER, text, known.outgoing.name, known.outgoing.time)
        return None

    def _taken_refusal(self, command: HandoverCommand, who: Actor) -> HandoverRefusal | None:
        known = self.handovers.get(command.number)
        if known is None:
            return _no_handover(command)
        if known.incoming is not None:
            text = f"{known.key} was taken over by {known.incoming.name} already"
            return HandoverRefusal(HandoverRefusalCode.ALREADY_TAKEN, text, known.incoming.name, known.incoming.time)
        if _same_name(known.outgoing.name, who.name):
            text = f"{known.outgoing.name} has handed {known.key} over: somebody else has to take it"
            return HandoverRefusal(HandoverRefusalCode.SAME_PERSON, text, known.outgoing.name)
        return None

    def _noted(self, command: HandoverCommand, signature: Signature) -> OpenPoint:
        return OpenPoint(
            max(self.points, default=0) + 1,
            command.equipment,
            command.priority,
            command.text.strip(),
            signature.time,
            signature.name,
        )

    def _handed_over(self, command: HandoverCommand, signature: Signature, digest: str) -> Handover:
        period = self.period(command.key)
        assert period is not None  # noqa: S101 - refused before
        return Handover(
            max(self.handovers, default=0) + 1,
            period.key,
            period.start,
            period.end,
            command.text.strip(),
            digest,
            self.open_points(),
            signature,
        )

    def _amended(self, command: HandoverCommand, signature: Signature) -> Handover:
        known = self.handovers[command.number]
        return replace(known, amendments=(*known.amendments, Amendment(command.text.strip(), signature)))

    def _take(self, step: HandoverStep) -> HandoverStep:
        if step.point is not None:
            self.points[step.point.number] = step.point
        if step.handover is not None:
            self.handovers[step.handover.number] = step.handover
        self._last = step.number
        return step


def _no_handover(command: HandoverCommand) -> HandoverRefusal:
    return HandoverRefusal(HandoverRefusalCode.NO_HANDOVER, f"there is no handover {command.number}")


def _same_name(one: str, other: str) -> bool:
    """Return whether two names are those of one person, however they were typed: wide letters, blanks, capitals."""
    return _plain_name(one) == _plain_name(other)


def _plain_name(name: str) -> str:
    return "".join(normalize("NFKC", name).casefold().split())


def _text_refusal(command: HandoverCommand, who: Actor) -> HandoverRefusal | None:
    if not who.name.strip():
        return HandoverRefusal(HandoverRefusalCode.NO_NAME, "not done: say who you are")
    if command.action in _NEEDS_TEXT and not command.text.strip():
        return HandoverRefusal(HandoverRefusalCode.NO_TEXT, "not done: say what it is about")
    if len(command.text) > LONGEST_TEXT:
        text = f"a text has {len(command.text)} characters: keep it within {LONGEST_TEXT}"
        return HandoverRefusal(HandoverRefusalCode.LONG_TEXT, text, subject=str(LONGEST_TEXT))
    return None
