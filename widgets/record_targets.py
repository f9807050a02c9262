"""How what was recorded, a report and a process picture are found, and what opens each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from app.model import clock
from app.model.case import CaseRecord
from app.model.handover import Handover
from app.model.shift import Period, UnknownPeriod
from app.model.work_order import WorkOrder
from widgets import number
from widgets.dock.kinds import PICTURE
from widgets.record_names import Record, RecordNames
from widgets.target import Target
from widgets.translation import local, tr

if TYPE_CHECKING:
    from widgets.main_window import MainWindow


def record_target(window: MainWindow, names: RecordNames, record: Record) -> Target:
    """Return a case, an order or a handover as it is found."""
    match record:
        case CaseRecord():
            what = local(record.cause) if record.cause.en else next((local(each.cause) for each in record.causes), "")
            kind = tr("Case") if record.is_open else tr("Closed case")
            title = f"{record.number}  {_equipment(window, record.equipment)}  {what}".rstrip()
            when, call = record.opened, partial(window.navigation.open_case, record.number)
        case WorkOrder():
            kind = tr("Closed order") if record.state.is_final else tr("Work order")
            title = f"{_equipment(window, record.equipment)}  {local(record.title)}"
            when, call = record.requested, partial(window.navigation.open_order, record.id)
        case Handover():
            kind, title = tr("Handover"), period_title(window, record.key)
            when, call = record.end, partial(window.navigation.open_shift, record.key)
    return Target(kind, title, number.day_and_time(when)[:-3], names.keys(record), call)


def open_records(window: MainWindow, names: RecordNames) -> list[Target]:
    """Return the cases and orders that are open, the newest first."""
    feed = window.feed
    records: list[Record] = [
        *(feed.cases[each] for each in sorted(feed.cases, reverse=True)),
        *(feed.work_orders[each] for each in sorted(feed.work_orders, reverse=True)),
    ]
    wanted = {page.key for page in window.pages}
    return [record_target(window, names, each) for each in records if page_of(each) in wanted]


def page_of(record: Record) -> str:
    """Return the page on which a record is shown."""
    match record:
        case CaseRecord():
            return "cases"
        case WorkOrder():
            return "maintenance"
        case Handover():
            return "handover"


def reports(window: MainWindow) -> list[Target]:
    """Return the reports that are asked for most often; any other is found by its date."""
    if all(page.key != "handover" for page in window.pages):
        return []
    calendar, now = window.feed.plant.calendar, clock.now_ns()
    today = calendar.on_wall(now).date()
    day = calendar.day(today)
    last = calendar.day(calendar.on_wall(day.start - 1).date())
    told: Iterable[tuple[str, Period | None]] = (
        (tr("Report of this shift"), calendar.at(now)),
        (tr("Report of the last shift"), calendar.last_ended(now)),
        (tr("Report of today"), day),
        (tr("Report of yesterday"), last),
        (tr("Report of this month"), calendar.month(today.year, today.month)),
    )
    return [_report(window, title, period) for title, period in told if period is not None]


def report_named(window: MainWindow, text: str) -> Iterator[Target]:
    """Yield the report of the shift, day or month that a text names, as 2026-11-25/early or 2026-11."""
    if all(page.key != "handover" for page in window.pages):
        return
    try:
        period = window.feed.plant.calendar.named(text)
    except UnknownPeriod:
        return
    yield _report(window, period_title(window, period.key), period)


def pictures(window: MainWindow) -> Iterator[Target]:
    """Yield the process pictures of the plant; each opens in a panel, so that no work is left for it."""
    for picture in window.feed.plant.pictures:
        keys = (f"picture/{picture.id}", picture.id, picture.title.en, picture.title.zh)
        detail = _equipment(window, picture.equipment) if picture.equipment else ""
        yield Target(tr("Picture"), local(picture.title), detail, keys, partial(_open_picture, window, picture.id))


def period_title(window: MainWindow, key: str) -> str:
    """Return a shift as people call it: its day and its name; of a day or a month the date."""
    day, slash, name = key.partition("/")
    shift = window.feed.plant.calendar.shift(name) if slash else None
    return f"{day}  {local(shift.name)}" if shift is not None else key


def _report(window: MainWindow, title: str, period: Period) -> Target:
    call = partial(window.navigation.open_shift, period.key)
    keys = (f"report/{title}", title, period.key)
    return Target(tr("Report"), title, period_title(window, period.key), keys, call)


def _open_picture(window: MainWindow, picture: str) -> None:
    panel = window.docks.open(PICTURE)
    if panel is not None:
        panel.content.restore({"picture": picture})


def _equipment(window: MainWindow, equipment: str) -> str:
    now = window.navigation.former.present(equipment) or equipment
    known = window.feed.equipment.get(now)
    return local(known.name) if known is not None else now
