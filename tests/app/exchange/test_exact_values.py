"""Whole numbers beyond 2^53, states and texts leave in a file and come back as what they were."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import open_writer
from app.exchange.assignment import stored_types
from app.exchange.examination import Examination, examine
from app.exchange.export import ExportRequest, export
from app.exchange.late_data import store
from app.exchange.layout import LayoutKind
from app.exchange.merge import ImportReport
from app.exchange.selection import ExchangedTag, Selection
from app.exchange.source import open_source
from app.exchange.value_fit import fitted
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of, empty
from app.model.exact import DataType, ExactBlock
from tests.app.exchange.recorded import BEGIN, CODES, EVER
from tests.app.history.plant import tag

TYPES = {"F": DataType.FLOAT64, "I": DataType.INT64, "B": DataType.BOOLEAN, "S": DataType.STRING}
TAGS = [tag(handle, name, "1") for handle, name in enumerate(TYPES)]
EXCHANGED = tuple(ExchangedTag(name, "1", data_type) for name, data_type in TYPES.items())
WHOLE = st.integers(-(1 << 63), (1 << 63) - 1) | st.sampled_from([(1 << 53) + 1, -((1 << 53) + 1)])
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
TRICKY = st.sampled_from(["", "1", "-1", "true", "nan", "=1+1", "'", "a,b", 'say "no"', "on\r\noff", " blank ", "温度"])

Content = dict[str, list[tuple[int, Any, int]]]


def column(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[int, Any, int]]]:
    rows = st.tuples(st.integers(BEGIN, BEGIN + 20), values, st.sampled_from(CODES))
    return st.lists(rows, max_size=8, unique_by=lambda row: row[0])


contents = st.fixed_dictionaries(
    {
        "F": column(st.floats(allow_nan=False)),
        "I": column(WHOLE),
        "B": column(st.booleans()),
        "S": column(TEXT | TRICKY),
    }
)


def record(path: Path, content: Content) -> Path:
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, TAGS)
        for handle, (name, data_type) in enumerate(TYPES.items()):
            rows = content[name]
            time = np.array([row[0] for row in rows], np.int64)
            code = np.array([row[2] for row in rows], np.uint32)
            if data_type is DataType.FLOAT64:
                writer.write(block_of(handle, time, [row[1] for row in rows], code))
                continue
            value = np.array([*(row[1] for row in rows), None], object)[:-1]
            if data_type is not DataType.STRING:
                value = value.astype({DataType.INT64: np.int64, DataType.BOOLEAN: np.bool_}[data_type])
            handles = np.full(len(rows), handle, np.uint32)
            writer.write(empty(), [ExactBlock(handles, time, value, code, data_type)])
    return path


def stored(path: Path) -> Content:
    with HistoryReader(path) as reader:
        found = {name: reader.exact(name, *EVER) for name in TYPES}
    return {
        name: list(zip(series.time.tolist(), series.value.tolist(), series.status.tolist(), strict=True))
        for name, series in found.items()
    }


def exported(history: Path, target: Path, layout: LayoutKind = LayoutKind.LONG) -> Path:
    with HistoryReader(history) as reader:
        export(reader, ExportRequest(Selection(EXCHANGED, BEGIN, BEGIN + 100), layout), target)
    return target


def examined(source: Path, history: Path) -> Examination:
    return examine(open_source(source), TAGS, {}, stored=stored_types(history, TAGS))


def imported(source: Path, history: Path) -> ImportReport:
    opened = open_source(source)
    examination = examine(opened, TAGS, {}, stored=stored_types(history, TAGS))
    assert examination.problems == ()
    return store(opened, examination.assignment, history, TAGS)


@settings(max_examples=25, deadline=None)
@given(content=contents, kind=st.sampled_from(["csv", "parquet"]), layout=st.sampled_from(LayoutKind))
def test_that_every_type_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, content: Content, kind: str, layout: LayoutKind
) -> None:
    folder = tmp_path_factory.mktemp("exact")
    history = record(folder / "history.sqlite", content)
    before = stored(history)
    count = sum(map(len, before.values()))
    file = exported(history, folder / f"out.{kind}", layout)
    if not count and kind == "csv":
        return  # a header alone is refused
    assert imported(file, folder / "fresh.sqlite") == ImportReport(added=count)
    assert stored(folder / "fresh.sqlite") == before
    assert imported(file, folder / "fresh.sqlite") == ImportReport(same=count)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    content: Content = {
        "F": [(BEGIN, 0.5, 0)],
        "I": [(BEGIN, (1 << 53) + 1, 0), (BEGIN + 1, 7, status.BAD_NO_COMMUNICATION)],
        "B": [(BEGIN, True, 0)],
        "S": [(BEGIN, "=batch", 0)],
    }
    return record(tmp_path / "history.sqlite", content)


def test_that_a_long_csv_gives_the_number_and_the_exact_value(history: Path, tmp_path: Path) -> None:
    with exported(history, tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header[2:] == ["value", "unit", "status", "status_name", "data_type", "value_exact"]
    assert [(row[1], row[2], row[6], row[7]) for row in rows] == [
        ("F", "0.5", "float64", ""),
        ("I", "9007199254740992.0", "int64", "9007199254740993"),
        ("B", "1.0", "boolean", "true"),
        ("S", "", "string", "'=batch"),
        ("I", "7.0", "int64", "7"),
    ]


def test_that_a_wide_parquet_has_columns_of_each_type(history: Path, tmp_path: Path) -> None:
    table = pq.read_table(exported(history, tmp_path / "out.parquet", LayoutKind.WIDE))
    types = {name: str(table.schema.field(name).type) for name in table.column_names if "{" in name}
    assert types == {"I [1] {int64}": "int64", "B [1] {boolean}": "bool", "S [1] {string}": "string"}
    assert table["I [1] {int64}"].to_pylist() == [(1 << 53) + 1, 7]


def test_that_a_workbook_has_cells_of_each_type(history: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(history, tmp_path / "out.xlsx", LayoutKind.WIDE))
    header, first, second = book["Samples"].iter_rows(values_only=True)
    assert dict(zip(header, first, strict=True))["I [1] {int64}"] == "9007199254740993"
    assert dict(zip(header, second, strict=True))["I [1] {int64}"] == 7
    assert dict(zip(header, first, strict=True))["B [1] {boolean}"] is True
    assert dict(zip(header, first, strict=True))["S [1] {string}"] == "=batch"


def test_that_intervals_are_those_of_the_numbers(history: Path, tmp_path: Path) -> None:
    with HistoryReader(history) as reader:
        request = ExportRequest(Selection(EXCHANGED, BEGIN, BEGIN + 100), every=1_000)
        export(reader, request, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {row[1]: row[2] for row in rows[1:]} == {"F": "0.5", "I": "9007199254740992.0", "B": "1.0", "S": ""}


def test_that_a_value_that_the_tag_cannot_keep_is_named(history: Path, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text(
        "time,I,B,F\n2026-03-08T10:00:00Z,5,1,1\n2026-03-08T10:00:01Z,5.5,2,1\n2026-03-08T10:00:02Z,,0,1\n",
        encoding="utf-8",
    )
    examination = examined(file, history)
    assert [problem.at("in.csv") for problem in examination.problems] == [
        'in.csv:3: "5.5" is no whole number of 64 bits, as the history of I keeps it: correct it',
        'in.csv:3: "2.0" is no true, false, 1 or 0, as the history of B keeps it: correct it',
    ]
    store(open_source(file), examination.assignment, history, TAGS)
    found = stored(history)
    assert [value for _, value, _ in found["I"]] == [5, (1 << 53) + 1, 7]
    assert [value for _, value, _ in found["B"]] == [True, False, True]


@pytest.mark.parametrize(
    ("value", "target", "kept"),
    [
        (1, DataType.FLOAT64, 1.0),
        ((1 << 53) + 1, DataType.FLOAT64, None),
        (True, DataType.INT64, 1),
        (1.0, DataType.BOOLEAN, True),
        (1e300, DataType.INT64, None),
        ("1", DataType.INT64, None),
        (1, DataType.STRING, None),
        ("a", DataType.STRING, "a"),
    ],
)
def test_that_a_value_is_kept_only_where_that_loses_nothing(value: object, target: DataType, kept: object) -> None:
    found, is_wrong = fitted(np.array([value, None], object)[:1], target)
    assert bool(is_wrong[0]) == (kept is None)
    if kept is not None:
        assert found.tolist() == [kept]
        assert type(found.tolist()[0]) is type(kept)
