"""What the page of maintenance lists of planned stops, with what is foretold before each, and of spare parts."""

from __future__ import annotations

from collections.abc import Sequence

from app.maintenance.margin import Margin, MarginState, next_stop
from app.model.maintenance import PlannedStop
from widgets import number
from widgets.feed import Feed
from widgets.maintenance.provision_wording import quantity_text, standing_text, stock_text
from widgets.maintenance.stops import margins_to
from widgets.text_table import TextRow
from widgets.translation import local, tr

MOST_NAMES = 2
_DAY_S = 86_400.0


def stop_heads() -> tuple[str, ...]:
    """Return the headings of planned stops."""
    return (tr("Planned stop"), tr("Next begin"), tr("Foretold before it"), tr("Of"), tr("Lasts"), tr("Again"))


def stop_rows(feed: Feed, now: int, *, text: str) -> list[TextRow]:
    """Return the planned stops, the next one first; those that are over stand last."""
    scale = feed.plant.time_scale
    found = []
    for stop in feed.stops:
        next_ = next_stop((stop,), stop.equipment, now, time_scale=scale)
        begin = next_.start if next_ is not None else 0
        cells = (
            local(stop.name),
            number.day_and_time(begin)[:-3] if begin else tr("over since {time}", time=number.day(stop.start)),
            late_text(margins_to(feed, stop, now)),
            ", ".join(_named(feed, each) for each in stop.equipment) or tr("the whole plant"),
            number.duration(stop.hours * 3_600.0),
            tr("every {time}", time=number.duration(stop.every_days * _DAY_S)) if stop.every_days else tr("never"),
        )
        if _holds(cells, text):
            found.append((not begin, begin, TextRow(stop.id, cells, is_strong=cells[2].startswith("▲"))))
    return [row for _, _, row in sorted(found, key=lambda each: each[:2])]


def late_text(margins: Sequence[tuple[str, Margin]]) -> str:
    """Return how many things that are foretold come before a stop, or may, and the first of them."""
    late = [name for name, margin in margins if margin.state is MarginState.TOO_LATE]
    risky = [name for name, margin in margins if margin.state is MarginState.AT_RISK]
    if late:
        return tr("▲ too late for {names}", names=_first(late))
    if risky:
        return tr("may be too late for {names}", names=_first(risky))
    return tr("in time for {n}", n=len(margins)) if margins else tr("nothing")


def _named(feed: Feed, equipment: str) -> str:
    known = feed.equipment.get(equipment)
    return equipment if known is None else local(known.name)


def _first(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    more = len(names) - MOST_NAMES
    shown = ", ".join(names[:MOST_NAMES])
    return tr("{names} and {n} more", names=shown, n=more) if more > 0 else shown


def part_heads() -> tuple[str, ...]:
    """Return the headings of spare parts."""
    return (tr("Part"), tr("On hand"), tr("Name"), tr("Minimum"), tr("Place"), tr("What to do"))


def part_rows(feed: Feed, *, text: str) -> list[TextRow]:
    """Return the spare parts, those that are short first."""
    names = {part.id: local(part.name) for part in feed.plant.spare_parts}
    stock = sorted(feed.stock.values(), key=lambda each: (not each.is_short, each.on_hand is None, each.part))
    rows = []
    for each in stock:
        minimum = quantity_text(each.minimum) if each.minimum else ""
        cells = (each.part, stock_text(each), names.get(each.part, ""), minimum, each.place, standing_text(each))
        if _holds(cells, text):
            rows.append(TextRow(each.part, cells, is_strong=each.is_short))
    return rows


def parts_title(feed: Feed) -> str:
    """Return what the list of parts is called, with how many are short."""
    short = sum(each.is_short for each in feed.stock.values())
    if short:
        return tr("Spare parts: {n} short", n=short)
    return tr("Spare parts: {n}", n=len(feed.stock) or len(feed.plant.spare_parts))


def stop_of(feed: Feed, name: str) -> PlannedStop | None:
    """Return a stop by its id."""
    return next((stop for stop in feed.stops if stop.id == name), None)


def _holds(cells: Sequence[str], text: str) -> bool:
    whole = " ".join(cells).lower()
    return all(word in whole for word in text.lower().split())
