"""Cases, orders, handovers, reports and pictures are found by name, records under every name of their equipment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import Priority
from app.model.former_name import FormerNames
from app.model.handover import Handover, OpenPoint
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.work_order import Signature, WorkOrder, WorkSource, WorkState, WorkStep
from app.plant.folder import PlantFolder
from tests.widgets import plant as small
from tests.widgets.case.records import closed_case, write_cases
from widgets.case.page import CLOSED, CasePage
from widgets.feed import Feed
from widgets.handover.lists import shift_rows
from widgets.handover.page import HandoverPage
from widgets.main_window import MainWindow
from widgets.maintenance.lists import filtered, order_rows
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.record_names import Record, keys_of, records_of
from widgets.target import MOST_HITS

pytestmark = pytest.mark.qt_log_ignore("does not support")
ORDER = WorkOrder(
    7, 3, "P-101", LocalText("Change the seal", "更换密封"), WorkState.FIXED, WorkSource.HAND, "", "it drips",
    Priority.HIGH, small.NOW, "Chen", small.NOW, "Chen", WorkStep.CONFIRM_FIXED,
)  # fmt: skip
POINT = OpenPoint(1, "P-101", Priority.HIGH, "look every two hours", small.NOW, "Li")
HANDOVER = Handover(3, "2026-11-25/early", 0, 1, "quiet", "d", (POINT,), Signature("Li", "", small.NOW, is_proven=True))


@pytest.fixture
def plant() -> Plant:
    """Return a plant whose pump P01 was called P-101 once."""
    whole = small.plant()
    equipment = tuple(replace(each, former=("P-101",)) if each.id == "P01" else each for each in whole.equipment)
    return replace(whole, equipment=equipment)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, plant: Plant) -> Iterator[MainWindow]:
    write_cases(tmp_path, clock.now_ns())
    folder = PlantFolder(tmp_path)
    preferences = Preferences(tmp_path / "window.ini")
    preferences.language = "en"
    window = MainWindow(Feed(plant, folder), preferences=preferences, pages=lambda deeds: pages_of(folder, deeds))
    qtbot.addWidget(window)
    yield window
    window.feed.close()


@pytest.mark.parametrize("typed", ["p01", "p-101", "cooling pump", "冷却泵", "lqb"])
def test_that_records_are_found_under_every_name_of_their_equipment(plant: Plant, typed: str) -> None:
    former = FormerNames(plant)
    records: list[Record] = [replace(closed_case(small.NOW), equipment="P-101"), ORDER, HANDOVER]
    found = records_of(records, plant, former)
    hits = found.index.best([*typed.split()], most=MOST_HITS, newest={})
    assert sorted(number for *_, number in hits) == [0, 1, 2]


def test_that_each_kind_is_found_by_its_number_and_its_texts(plant: Plant) -> None:
    former = FormerNames(plant)
    case = closed_case(small.NOW)
    assert {"case/1", "Loose belt", "皮带松弛", "found at inspection"} <= {*keys_of(case, plant, former)}
    assert {"order/7", "WO-00007", "Change the seal", "更换密封", "it drips"} <= {*keys_of(ORDER, plant, former)}
    assert {"2026-11-25/early", "早班", "Li", "look every two hours"} <= {*keys_of(HANDOVER, plant, former)}


@pytest.mark.parametrize("text", ["P01", "P-101", "cooling pump"])
def test_that_orders_and_handovers_are_filtered_by_every_name_of_their_equipment(plant: Plant, text: str) -> None:
    former = FormerNames(plant)
    present = replace(ORDER, id=8, equipment="P01")
    other = replace(ORDER, id=9, equipment="P02", title=LocalText("Other"))
    orders = filtered([ORDER, present, other], text=text, members=frozenset(), plant=plant, former=former)
    assert [order.id for order in orders if order.equipment != "P02"] == [7, 8]
    assert "P02" in {order.equipment for order in orders} or text != "cooling pump", "P02 is a cooling pump too"
    of_pump = filtered([ORDER, present, other], text="", members=frozenset({"P01"}), plant=plant, former=former)
    assert [order.id for order in of_pump] == [7, 8]
    assert order_rows([ORDER], plant, small.NOW, former)[0].cells[1] == "P-101, now P01"
    rows = shift_rows((), (HANDOVER,), plant, now=small.NOW, operator="", text=text, former=former)
    assert [row.key for row in rows] == [HANDOVER.key]
    assert shift_rows((), (HANDOVER,), plant, now=small.NOW, operator="", text="P02", former=former) == []


def test_that_a_closed_case_is_found_and_opened(window: MainWindow, qtbot: QtBot) -> None:
    findable = window.findable
    findable.prepare(lambda: None)
    qtbot.waitUntil(lambda: any(each.kind == "Closed case" for each in findable.search("belt")), timeout=20_000)
    hit = next(each for each in findable.search("loose belt") if each.kind == "Closed case")
    assert hit.keys[0] == "case/1"
    hit.open()
    page = window.page("cases")
    assert isinstance(page, CasePage)
    qtbot.waitUntil(lambda: page.view.chosen() == "1", timeout=20_000)
    assert (window.navigation.page, page.tabs[CLOSED].isChecked()) == ("cases", True)
    assert page.detail.record is not None
    assert page.detail.record.number == 1


def test_that_reports_of_now_and_of_any_day_are_found(window: MainWindow) -> None:
    findable = window.findable
    findable.prepare(lambda: None)
    assert [each.title for each in findable.search("report yest")] == ["Report of yesterday"]
    hit = findable.search("2026-11-03/late")[0]
    assert (hit.kind, hit.title) == ("Report", "2026-11-03  Late shift")
    hit.open()
    page = window.page("handover")
    assert isinstance(page, HandoverPage)
    assert (window.navigation.page, page._chosen) == ("handover", "2026-11-03/late")


def test_that_something_that_was_renamed_is_found_under_its_former_name(window: MainWindow) -> None:
    window.findable.prepare(lambda: None)
    assert window.findable.search("p-101")[0].title == "Cooling pump P01"
    window.navigation.open_equipment("P-101")
    assert window.navigation.equipment == "P01"
