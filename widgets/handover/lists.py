"""What the page of handovers lists: the points that are open, and shifts from the present one backwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.model.former_name import FormerNames, Meant
from app.model.handover import Handover, OpenPoint
from app.model.plant import Plant
from app.model.shift import Period
from widgets.handover.wording import draft_text, equipment_text, shift_text, wall_text
from widgets.text_table import TextRow
from widgets.translation import tr


def drafts(plant: Plant, handovers: Sequence[Handover], now: int) -> list[Period]:
    """Return the shifts that could be handed over: the one that runs, and the one before it, where they were not."""
    known = {handover.key for handover in handovers}
    found = [period for period in (plant.calendar.at(now), plant.calendar.last_ended(now)) if period is not None]
    return [period for period in found if period.key not in known]


def unread(handovers: Iterable[Handover], operator: str) -> set[int]:
    """Return the numbers of what waits, and of what others handed over since `operator` signed last."""
    me = operator.strip().casefold()
    told = list(handovers)
    mine = [
        signature.time
        for handover in told
        for signature in (handover.outgoing, handover.incoming)
        if signature is not None and signature.name.casefold() == me
    ]
    last = max(mine, default=0)
    return {
        handover.number
        for handover in told
        if handover.outgoing.name.casefold() != me
        and (handover.incoming is None or (bool(mine) and handover.outgoing.time > last))
    }


def point_heads() -> tuple[str, ...]:
    """Return the columns of the list of points."""
    return (tr("Priority"), tr("Equipment"), tr("Open point"), tr("Since"))


def point_rows(points: Iterable[OpenPoint], plant: Plant, former: FormerNames) -> list[TextRow]:
    """Return the rows of a list of points; urgent ones ask for attention."""
    return [
        TextRow(
            str(point.number),
            (
                str(int(point.priority)),
                equipment_text(former.present(point.equipment) or point.equipment, plant),
                " ".join(point.text.split()),
                wall_text(point.written, plant)[5:],
            ),
            tip=f"{point.text}\n{point.by}",
            is_strong=point.priority <= 2,
        )
        for point in points
    ]


def shift_heads() -> tuple[str, ...]:
    """Return the columns of the list of shifts."""
    return (tr("Shift"), tr("Handed over by"), tr("Taken over by"), tr("Points"))


def shift_rows(
    periods: Sequence[Period],
    handovers: Iterable[Handover],
    plant: Plant,
    *,
    now: int,
    operator: str,
    text: str,
    former: FormerNames,
) -> list[TextRow]:
    """Return drafts first, then handovers that hold every word of a text; what is unread asks for attention.

    What was noted under a former name of something is found under each of its names.
    """
    words = list(former.words(text.lower()))
    told = list(handovers)
    new = unread(told, operator)
    rows = [
        TextRow(period.key, (shift_text(period.key, plant), draft_text(period, now), "", ""))
        for period in periods
        if not text.strip()
    ]
    return rows + [
        TextRow(
            handover.key,
            (
                shift_text(handover.key, plant),
                handover.outgoing.name,
                handover.incoming.name if handover.incoming is not None else tr("waits"),
                str(len(handover.points)),
            ),
            tip=handover.remark,
            is_strong=handover.number in new,
        )
        for handover in told
        if _holds(told_of(handover, plant, former), words)
    ]


def told_of(handover: Handover, plant: Plant, former: FormerNames) -> tuple[str, ...]:
    """Return all texts of a handover under which it is found."""
    names = {each.id: (each.name.en, each.name.zh) for each in plant.equipment}
    about = {point.equipment: former.present(point.equipment) or point.equipment for point in handover.points}
    return (
        shift_text(handover.key, plant), handover.key, handover.remark, handover.answer, handover.outgoing.name,
        "" if handover.incoming is None else handover.incoming.name,
        *about, *(name for now in about.values() for name in names.get(now, ())),
        *(text for point in handover.points for text in (point.text, point.by)),
        *(text for each in handover.amendments for text in (each.text, each.signature.name)),
    )  # fmt: skip


def _holds(parts: Sequence[str], words: Sequence[tuple[str, Meant]]) -> bool:
    whole = " ".join(parts).lower()
    return all(word in whole or meant.is_in(parts) for word, meant in words)
