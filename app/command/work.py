"""`foreshift work list|show|due|add|step|export PLANT`: work orders of maintenance in the terminal."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.number_argument import number, whole_number
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.time_argument import instant
from app.model import clock
from app.model.alarm import Priority
from app.model.work_order import WorkStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.database import PlantConnection
    from app.maintenance.schedule import Due
    from app.model.work_order import CheckEntry, PartUse, WorkOrder
    from app.plant.folder import PlantFolder

STEPS = tuple(step.value for step in WorkStep if step not in {WorkStep.REQUEST, WorkStep.OBSERVE})
_PLANT = "a plant's folder, its plant.toml, or a known plant's name"
_MOST = 1 << 31


def add_to(commands: Commands) -> None:
    """Add the commands to the command line."""
    command = commands.add_parser(
        "work",
        help="work orders of maintenance",
        description="List work orders, ask for work, do a step of an order, tell what is due, and export. What changes "
        "something goes through the collector where one runs, with its checks and its audit trail; in a plant with "
        "users give --user, whose PIN is asked for and signs completed work.",
    )
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_readers(deeds)
    add = deeds.add_parser("add", help="ask for work")
    add.add_argument("plant", metavar="PLANT", help=_PLANT)
    add.add_argument("equipment", metavar="EQUIPMENT", help="id of the equipment, such as PU01")
    add.add_argument("--reason", required=True, metavar="TEXT", help="why")
    add.add_argument("--title", default="", metavar="TEXT", help="what is to be done (default: the reason)")
    add.add_argument("--priority", type=int, choices=[1, 2, 3, 4], default=3, help="1 is the most urgent (3)")
    add.add_argument("--user", default="", metavar="NAME", help="who asks; the PIN is asked for")
    add.set_defaults(run=_add)
    _add_step(deeds)


def _add_readers(deeds: Commands) -> None:
    listing = deeds.add_parser("list", help="list open orders, or all of them")
    listing.add_argument("--all", action="store_true", help="closed ones too")
    listing.add_argument("--equipment", default="", metavar="ID", help="only of this equipment")
    listing.set_defaults(run=_list)
    show = deeds.add_parser("show", help="show an order with its steps")
    show.set_defaults(run=_show)
    due = deeds.add_parser("due", help="tell what recurring work is due when")
    due.set_defaults(run=_due)
    export = deeds.add_parser("export", help="write all orders as .csv or .xlsx")
    export.set_defaults(run=_export)
    for deed in (listing, show, due, export):
        deed.add_argument("plant", metavar="PLANT", help=_PLANT)
    show.add_argument("order", metavar="N", type=whole_number(1, _MOST), help="number of the order")
    export.add_argument("file", metavar="FILE", help="such as orders.csv")


def _add_step(deeds: Commands) -> None:
    step = deeds.add_parser(
        "step",
        help="do a step of an order",
        description=f"Do a step of an order: {', '.join(STEPS)}.",
    )
    step.add_argument("plant", metavar="PLANT", help=_PLANT)
    step.add_argument("order", metavar="N", type=whole_number(1, _MOST), help="number of the order")
    step.add_argument("step", metavar="STEP", choices=STEPS, help="what is done")
    step.add_argument("--reason", default="", metavar="TEXT", help="why, or a remark")
    step.add_argument("--start", default="", metavar="T", help="of plan: when it begins, in UTC where T names no zone")
    step.add_argument("--estimate", type=number(0.0, 1e4), default=0.0, metavar="H", help="of plan: hours of work")
    step.add_argument("--assignee", default="", metavar="NAME", help="of plan: who does it")
    step.add_argument("--hours", type=number(0.0, 1e4), default=0.0, metavar="H", help="hours of work, in addition")
    step.add_argument("--part", action="append", default=[], metavar="ID[=N]", help="a part that was used, N of them")
    step.add_argument(
        "--check", action="append", default=[], metavar="LINE[=VALUE][:REMARK]",
        help="line of the checklist (from 1) that is done, with what was measured",
    )  # fmt: skip
    step.add_argument("--renews", action="store_true", help="of complete: the equipment is as new")
    step.add_argument("--user", default="", metavar="NAME", help="who does it; the PIN is asked for")
    step.set_defaults(run=_step)


def _list(options: argparse.Namespace) -> int:
    from app.maintenance import store

    folder = plant_folder(options.plant)
    with closing(_opened(folder)) as connection:
        orders = list(store.all_orders(connection) if options.all else store.open_orders(connection))
    _print_orders(order for order in orders if options.equipment in {"", order.equipment})
    return 0


def _show(options: argparse.Namespace) -> int:
    from app.command.failure import UsageFailure
    from app.maintenance import store

    folder = plant_folder(options.plant)
    with closing(_opened(folder)) as connection:
        lines = store.steps_of(connection, options.order)
    if not lines:
        raise UsageFailure(f"{options.plant}: there is no order {options.order}")
    order = lines[-1].order
    _print_orders([order])
    for place, check in enumerate(order.checks, 1):
        value = "" if check.value is None else f"  {check.value:g} {check.item.unit}".rstrip()
        mark, remark = "x" if check.is_done else " ", f"  ({check.remark})" if check.remark else ""
        print(f"  {place} [{mark}] {check.item.text.en}{value}{remark}")
    for line in lines:
        print(f"  {_time(line.order.changed)}  {line.order.step}  {line.by or 'station'}  {line.reason}".rstrip())
    return 0


def _due(options: argparse.Namespace) -> int:
    from app.maintenance.agenda import dues_of
    from app.maintenance.schedule import order_of_urgency

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    with closing(_opened(folder)) as connection:
        dues = sorted(dues_of(plant, connection, clock.now_ns()), key=order_of_urgency)
    for each in dues:
        print(f"{each.state.value:9}  {_days(each):>10}  {each.definition.equipment}  {each.definition.title.en}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from app.exchange.work_output import write_orders

    folder = plant_folder(options.plant)
    count = write_orders(folder.history, plant_in(folder), Path(options.file))
    print(f"{options.file}: {count} orders")
    return 0


def _add(options: argparse.Namespace) -> int:
    from app.command.work_deed import request
    from app.maintenance.desk import request_work
    from app.model.text import LocalText
    from app.model.work_order import WorkSource

    folder = plant_folder(options.plant)
    asked = request_work(
        options.equipment,
        WorkSource.HAND,
        options.reason,
        title=LocalText(options.title),
        priority=Priority(options.priority),
    )
    print(f"order {request(folder, asked, user=options.user)} is requested")
    return 0


def _step(options: argparse.Namespace) -> int:
    from app.command.work_deed import step
    from app.model.work_order import WorkCommand

    folder = plant_folder(options.plant)
    command = WorkCommand(
        options.order,
        0,
        WorkStep(options.step),
        reason=options.reason,
        planned_start=instant(options.start) if options.start else 0,
        estimated_h=options.estimate,
        assignee=options.assignee,
        spent_h=options.hours,
        parts=tuple(map(_part, options.part)),
        checks=tuple(map(_check, options.check)),
        renews=True if options.renews else None,
    )
    order = step(folder, command, user=options.user)
    print(f"order {options.order}: {command.step}" + (f"; order {order} follows" if order != options.order else ""))
    return 0


def _part(text: str) -> PartUse:
    from app.model.work_order import PartUse

    part, sign, quantity = text.rpartition("=")
    return PartUse(part, _value(quantity, text)) if sign else PartUse(text)


def _check(text: str) -> CheckEntry:
    from app.command.failure import UsageFailure
    from app.model.work_order import CheckEntry

    head, _, remark = text.partition(":")
    line, sign, value = head.partition("=")
    if not line.isdigit() or int(line) < 1:
        raise UsageFailure(f"--check {text}: begin with the number of the line, such as 2=3.1")
    return CheckEntry(int(line) - 1, value=_value(value, text) if sign else None, remark=remark)


def _value(number_text: str, whole: str) -> float:
    from app.command.failure import UsageFailure

    try:
        return float(number_text)
    except ValueError:
        raise UsageFailure(f"{whole}: {number_text} is no number") from None


def _opened(folder: PlantFolder) -> PlantConnection:
    from app.database import open_reader

    return open_reader(folder.history)


def _print_orders(orders: Iterable[WorkOrder]) -> None:
    for order in orders:
        when = f"due {_time(order.due)}" if order.due else ""
        when = when or (f"begins {_time(order.planned_start)}" if order.planned_start else "")
        parts = (f"{order.id:5}", f"{order.state.value:9}", order.equipment, order.title.en, when, order.assignee)
        print("  ".join(part for part in parts if part))


def _time(time: int) -> str:
    return clock.to_datetime(time).strftime("%Y-%m-%d %H:%M")


def _days(each: Due) -> str:
    return "-" if each.remaining != each.remaining else f"{each.remaining:.1f} d"
