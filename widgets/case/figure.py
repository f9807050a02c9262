"""What a case tells in numbers, explained: how like a cause it is, and what part a tag has in it."""

from __future__ import annotations

from app.model import clock
from app.model.case import CaseRecord, RankedCause
from app.model.forecast import Contribution
from widgets.case.wording import share_text
from widgets.explain.figure import Derivation, Figure
from widgets.translation import local, tr


def cause_figure(record: CaseRecord, cause: RankedCause, source: str) -> Figure:
    """Return how the likeness of a cause came about; `source`: where the cause is known from, in words."""
    formula = tr("cosine of the pattern of this case (which tag moved, how far and which way) and that of the cause")
    numbers = [Derivation(tr("Likeness"), share_text(cause.likeness), formula)] if cause.likeness else []
    return Figure(
        local(cause.cause),
        tuple(numbers),
        tags=tuple(each.tag for each in record.contributions),
        inputs=(source,) if source else (),
        start=record.opened,
        end=record.closed or clock.now_ns(),
    )


def contribution_figure(record: CaseRecord, part: Contribution, change: str) -> Figure:
    """Return how a tag's part in a case came about; `change`: how far it has moved, as it is shown."""
    numbers = (
        Derivation(
            tr("Part in the distance"),
            share_text(part.share),
            tr("its share of the squared distance of all tags from the healthy past"),
        ),
        Derivation(tr("Departure"), change, tr("its smoothed level now − that of its healthy past at such a load")),
    )
    return Figure(
        tr("{tag} in case {n}", tag=part.tag, n=record.number),
        numbers,
        tags=(part.tag,),
        start=record.opened,
        end=record.closed or clock.now_ns(),
    )
