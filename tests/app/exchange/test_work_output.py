"""Work orders as a spreadsheet."""

from __future__ import annotations

import csv
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from app.database import open_writer
from app.exchange.failure import ExchangeError
from app.exchange.work_output import COLUMNS, write_orders
from app.maintenance.desk import STATION, WorkChange
from app.maintenance.store import WorkStore
from app.model.text import LocalText
from app.model.work_order import CheckResult, PartUse
from tests.app.maintenance.plants import FROM_SERVICE, SERVICE, completed, desk, plant


@pytest.fixture
def history(tmp_path: Path) -> Path:
    order = replace(
        completed(desk(), FROM_SERVICE),
        title=LocalText("=1+2"),
        parts=(PartUse("filter", 2.0),),
        checks=(CheckResult(SERVICE.checks[0], is_done=True), CheckResult(SERVICE.checks[1], True, 4.6, "ordered")),
        spent_h=1.5,
    )
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        WorkStore(connection).record([WorkChange(order, STATION, "")])
    return path


def test_that_a_csv_has_a_row_for_each_order_and_no_formula(tmp_path: Path, history: Path) -> None:
    target = tmp_path / "orders.csv"
    assert write_orders(history, plant(), target) == 1
    with target.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == COLUMNS
    assert (row["title"], row["spent_h"], row["parts"]) == ("'=1+2", "1.5", "2 x filter")
    assert row["checks"] == "Oil level - done\nOil pressure - 4.6 bar - ordered"
    assert (row["signed_by"], row["signed_with_pin"], row["state"]) == ("Li", "no", "done")
    assert row["completed"] == "2026-11-24T14:32:07Z"


def test_that_a_workbook_has_numbers_as_numbers(tmp_path: Path, history: Path) -> None:
    target = tmp_path / "orders.xlsx"
    assert write_orders(history, plant(), target) == 1
    book = openpyxl.load_workbook(target)
    heads, cells = ([cell.value for cell in row] for row in book.worksheets[0].iter_rows())
    row = dict(zip(heads, cells, strict=True))
    assert (row["order"], row["title"], row["spent_h"]) == (1, "=1+2", 1.5)
    book.close()


def test_that_another_kind_of_file_is_refused_and_a_plant_without_orders_has_none(
    tmp_path: Path, history: Path
) -> None:
    with pytest.raises(ExchangeError, match="or an"):
        write_orders(history, plant(), tmp_path / "orders.pdf")
    assert write_orders(tmp_path / "nothing.sqlite", plant(), tmp_path / "orders.csv") == 0
