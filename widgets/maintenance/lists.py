"""What the page of maintenance lists: open orders by urgency, recurring work, closed orders, and the register."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from app.maintenance.schedule import Due, DueState, order_of_urgency
from app.model.clock import NS_PER_S
from app.model.equipment import Equipment
from app.model.former_name import FormerNames
from app.model.plant import Plant
from app.model.unit_symbol import unit_symbol
from app.model.work_order import Effect, WorkOrder, WorkState
from widgets import number
from widgets.former_text import former_text
from widgets.maintenance.reading import Agenda
from widgets.maintenance.wording import (
    due_by_text,
    due_text,
    left_text,
    order_name,
    proposal_text,
    recurrence_text,
    source_text,
    state_text,
)
from widgets.text_table import TextRow
from widgets.translation import local, tr

SOON_DAYS = 7.0
_NS_PER_DAY = 86_400 * NS_PER_S


class MaintenanceList(StrEnum):
    """The lists that can be chosen."""

    OPEN = "open"
    TO_JUDGE = "to_judge"
    RECURRING = "recurring"
    CLOSED = "closed"
    REGISTER = "register"
    STOPS = "stops"
    PARTS = "parts"


def is_overdue(order: WorkOrder, now: int) -> bool:
    """Return whether work should have been done by `now` (ns UTC) and is not."""
    return bool(order.due) and order.due < now and not order.completed


def urgency(order: WorkOrder, now: int, time_scale: float) -> tuple[int, float, int, int]:
    """Return a key that sorts open orders: overdue, due soon, to be judged, then by date and priority."""
    date = min((each for each in (order.due, order.planned_start) if each), default=0)
    soon = now + SOON_DAYS * _NS_PER_DAY / time_scale
    is_told = order.proposal is not None and order.proposal.effect is not Effect.WATCHING
    if is_overdue(order, now):
        group = 0
    elif order.state is WorkState.DONE:
        group = 2 if is_told else 4
    elif date and date < soon:
        group = 1
    else:
        group = 3
    return group, date or math.inf, order.priority, order.id


def nothing_text(shown: MaintenanceList) -> str:
    """Return what is said where a list has no row."""
    texts = {
        MaintenanceList.RECURRING: tr("The plant file has no recurring work"),
        MaintenanceList.TO_JUDGE: tr("No completed work waits for an answer"),
        MaintenanceList.CLOSED: tr("No order is closed yet"),
        MaintenanceList.STOPS: tr("No stop is planned"),
        MaintenanceList.PARTS: tr("The plant file names no spare part, or the collector does not answer"),
    }
    return texts.get(shown, tr("No order is open"))


def filtered(
    orders: Iterable[WorkOrder], *, text: str, members: frozenset[str], plant: Plant, former: FormerNames
) -> list[WorkOrder]:
    """Return the orders of some equipment (all where empty) that hold every word of a text.

    What was asked for under a former name of something is found under each of its names.
    """
    names = {each.id: f"{each.id} {each.name.en} {each.name.zh}" for each in plant.equipment}
    words = list(former.words(text.lower()))
    wanted = former.with_former(members)
    found = []
    for order in orders:
        now = former.present(order.equipment) or order.equipment
        parts = (
            order_name(order.id), order.equipment, names.get(now, now), order.title.en, order.title.zh,
            order.reason, order.reference, order.assignee, state_text(order.state),
        )  # fmt: skip
        whole = " ".join(parts).lower()
        is_told = all(word in whole or meant.is_in(parts) for word, meant in words)
        if is_told and (not wanted or order.equipment in wanted):
            found.append(order)
    return found


def order_heads() -> tuple[str, ...]:
    """Return the columns of a list of orders."""
    return (tr("Order"), tr("Equipment"), tr("What is to be done"), tr("State"), tr("When"), tr("Who does it"))


def order_rows(orders: Sequence[WorkOrder], plant: Plant, now: int, former: FormerNames) -> list[TextRow]:
    """Return the rows of a list of orders."""
    return [_order_row(order, plant, now, former) for order in orders]


def _order_row(order: WorkOrder, plant: Plant, now: int, former: FormerNames) -> TextRow:
    state = state_text(order.state)
    tip = source_text(order, plant)
    is_told = False
    if order.state is WorkState.DONE and order.proposal is not None:
        is_told = order.proposal.effect is not Effect.WATCHING
        state = f"{state} · {tr('did it help?')}" if is_told else f"{state} · {tr('watching')}"
        tip = proposal_text(order.proposal)
    late = is_overdue(order, now)
    return TextRow(
        str(order.id),
        (
            order_name(order.id),
            former_text(order.equipment, former.present(order.equipment)),
            local(order.title),
            state,
            _date_text(order, plant.time_scale, now),
            order.assignee,
        ),
        tip=tip,
        is_strong=late or is_told,
    )


def _date_text(order: WorkOrder, time_scale: float, now: int) -> str:
    if order.state.is_final:
        return number.day_and_time(order.changed)[:-3]
    if order.completed:
        return ""
    if order.due:
        seconds = (order.due - now) * time_scale / NS_PER_S
        time = number.duration(abs(seconds))
        return tr("in {time}", time=time) if seconds > 0 else tr("overdue by {time}", time=time)
    if order.planned_start:
        return number.day_and_time(order.planned_start)[:-3]
    return number.NO_VALUE


def due_heads() -> tuple[str, ...]:
    """Return the columns of the list of recurring work."""
    return (
        tr("Due"),
        tr("Equipment"),
        tr("What is to be done"),
        tr("How often"),
        tr("Counted by"),
        tr("Meter"),
        tr("Order"),
    )


def due_rows(
    dues: Iterable[Due], plant: Plant, orders: Iterable[WorkOrder], *, members: frozenset[str], text: str
) -> list[TextRow]:
    """Return recurring work, what is overdue first."""
    open_orders = {order.reference: order for order in orders if order.reference}
    rows = []
    for each in sorted(dues, key=order_of_urgency):
        definition = each.definition
        order = open_orders.get(definition.id)
        cells = (
            due_text(each),
            definition.equipment,
            local(definition.title),
            recurrence_text(definition.id, plant),
            due_by_text(each),
            left_text(each),
            order_name(order.id) if order is not None else "",
        )
        is_wanted = not members or definition.equipment in members
        if is_wanted and all(word in " ".join(cells).lower() for word in text.lower().split()):
            is_strong = each.state in {DueState.OVERDUE, DueState.DUE}
            rows.append(TextRow(definition.id, cells, is_strong=is_strong))
    return rows


def register_heads() -> tuple[str, ...]:
    """Return the columns of the register of equipment."""
    return (
        tr("Equipment"), tr("Name"), tr("Maker and model"), tr("Serial number"), tr("Has run"), tr("In service since"),
        tr("Overhauled"), tr("Open orders"),
    )  # fmt: skip


def register_rows(
    plant: Plant,
    agenda: Agenda,
    orders: Iterable[WorkOrder],
    *,
    members: frozenset[str],
    text: str,
    former: FormerNames,
) -> list[TextRow]:
    """Return the equipment of which the plant file says something, or that has tags."""
    counts: dict[str, int] = {}
    for order in orders:
        now = former.present(order.equipment) or order.equipment
        counts[now] = counts.get(now, 0) + 1
    owners = {tag.equipment for tag in plant.tags}
    rows = []
    for each in plant.equipment:
        if each.id not in owners and not each.nameplate.maker:
            continue
        plate = each.nameplate
        cells = (
            each.id,
            local(each.name),
            " ".join(part for part in (plate.maker, plate.model) if part),
            plate.serial,
            running_text(each, plant, agenda),
            plate.commissioned,
            plate.overhauled,
            number.count(counts[each.id]) if each.id in counts else "",
        )
        is_wanted = not members or each.id in members
        if is_wanted and all(word in " ".join(cells).lower() for word in text.lower().split()):
            rows.append(TextRow(each.id, cells, tip=plate.rating))
    return rows


MUCH = 1_000
"""From so many hours, or strokes, on a tenth of one tells nobody anything."""


def running_text(equipment: Equipment, plant: Plant, agenda: Agenda) -> str:
    """Return how long an equipment has run, "" without a meter."""
    meter = equipment.nameplate.meter
    reading = agenda.readings.get(meter)
    if not meter or reading is None:
        return ""
    units: Mapping[str, str] = {tag.name: tag.unit for tag in plant.tags}
    is_time = units.get(meter, "") in {"", "h", "min", "s", "d", "1"}
    total = number.count(reading.total) if reading.total >= MUCH else number.number(reading.total, decimals=1)
    return f"{total} {'h' if is_time else unit_symbol(units[meter])}"
