"""What an export writes is judged by other programs: Python's csv, pyarrow and openpyxl."""

from __future__ import annotations

import csv
import sys
import tracemalloc
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest

import app.exchange.excel_output as excel
from app.exchange.export import ExportRequest, export
from app.exchange.failure import Cancelled, ExchangeError, MissingExtra
from app.exchange.layout import LayoutKind
from app.exchange.output import Style
from app.exchange.selection import ExchangedTag, Selection, matching
from app.exchange.slices import read_slices
from app.exchange.status_text import status_of, status_text
from app.history.reader import HistoryReader
from app.model import status
from app.model.block import block_of
from tests.app.exchange.recorded import BEGIN, EXCHANGED, NAMES, TAGS, Stored, all_of, record, some_block, stored

SECOND = 1_000_000_000
KINDS = ("csv", "parquet", "xlsx")


def exported(
    history: Path,
    target: Path,
    *,
    layout: LayoutKind = LayoutKind.LONG,
    every: int = 0,
    origin: int = 0,
    style: Style | None = None,
) -> Path:
    """Export everything that `history` holds to `target`."""
    with all_of(history) as (reader, selection):
        export(reader, ExportRequest(selection, layout, every, origin, style or Style()), target)
    return target


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def history(tmp_path: Path) -> Path:
    return record(tmp_path / "history.sqlite", some_block())


def test_that_a_long_csv_holds_every_sample_exactly(history: Path, tmp_path: Path) -> None:
    header, *rows = rows_of(exported(history, tmp_path / "out.csv"))
    assert header == ["time", "tag", "value", "unit", "status", "status_name"]
    found: Stored = {name: [] for name in NAMES}
    for time, tag, value, unit, code, name in rows:
        owner = tag.removeprefix("'")
        moment = int(np.datetime64(time.removesuffix("Z"), "ns").astype(np.int64))
        found[owner].append((moment, repr(float(value or "nan")), int(code)))
        assert unit == EXCHANGED[NAMES.index(owner)].unit
        assert name == status.name(int(code))
    assert found == stored(history)
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_that_a_wide_csv_has_the_unit_in_its_header_and_empty_cells_where_there_is_no_sample(tmp_path: Path) -> None:
    samples = block_of([0, 2, 0], [BEGIN, BEGIN, BEGIN + 1], [1.5, np.nan, 0.1 + 0.2], [0, status.BAD_NO_DATA, 0])
    history = record(tmp_path / "history.sqlite", samples)
    headings = ["AC01.T [Cel]", "AC01.T status", '\'=SUM("A";1)', '\'=SUM("A";1) status', "温度, 油 [m3/h]"]
    assert rows_of(exported(history, tmp_path / "out.csv", layout=LayoutKind.WIDE)) == [
        ["time", *headings, "温度, 油 status"],
        ["2026-03-08T20:00:00.123456789Z", "1.5", "Good", "", "", "", "BadNoData (0x809B0000)"],
        ["2026-03-08T20:00:00.123456790Z", "0.30000000000000004", "Good", "", "", "", ""],
    ]


def test_that_a_csv_follows_rfc_4180(history: Path, tmp_path: Path) -> None:
    raw = exported(history, tmp_path / "out.csv", style=Style(has_mark=True)).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbftime,tag,")
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert b'"\'=SUM(""A"";1)"' in raw
    assert '"温度, 油"'.encode() in raw


def test_that_times_may_be_those_of_a_zone(tmp_path: Path) -> None:
    history = record(tmp_path / "history.sqlite", block_of(0, BEGIN, 1.0))
    style = Style(ZoneInfo("Asia/Shanghai"))
    assert rows_of(exported(history, tmp_path / "out.csv", style=style))[1][0] == "2026-03-09T04:00:00.123456789+08:00"


def test_that_a_long_parquet_holds_every_sample_exactly(history: Path, tmp_path: Path) -> None:
    table = pq.read_table(exported(history, tmp_path / "out.parquet"))
    assert str(table.schema.field("time").type) == "timestamp[ns, tz=UTC]"
    found: Stored = {name: [] for name in NAMES}
    times = table["time"].to_numpy().astype(np.int64).tolist()
    values = table["value"].to_numpy().tolist()
    for moment, tag, value, code, name in zip(
        times,
        table["tag"].to_pylist(),
        values,
        table["status"].to_pylist(),
        table["status_name"].to_pylist(),
        strict=True,
    ):
        found[tag].append((moment, repr(value), code))
        assert name == status.name(code)
    assert found == stored(history)


def test_that_a_wide_parquet_says_the_unit_of_its_columns(history: Path, tmp_path: Path) -> None:
    table = pq.read_table(exported(history, tmp_path / "out.parquet", layout=LayoutKind.WIDE))
    assert table.schema.field("AC01.T [Cel]").metadata == {b"unit": b"Cel"}
    series = stored(history)["AC01.T"]
    codes = [status_of(text) for text in table["AC01.T status"].to_pylist() if text is not None]
    assert codes == [code for _, _, code in series]
    numbers = [value for value in table["AC01.T [Cel]"].to_pylist() if value is not None]
    assert list(map(repr, numbers)) == [value for _, value, _ in series if value != "nan"]


def test_that_a_workbook_holds_dates_exact_times_numbers_and_codes(history: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(history, tmp_path / "out.xlsx", style=Style(notes=("Plant: P",))))
    assert book.sheetnames == ["Samples", "About"]
    assert book["About"]["A1"].value == "Plant: P"
    header, *rows = book["Samples"].iter_rows(values_only=True)
    assert header == ("time", "time_exact", "tag", "value", "unit", "status", "status_name")
    found: Stored = {name: [] for name in NAMES}
    for date, exact, tag, value, unit, code, name in rows:
        moment = int(np.datetime64(str(exact).removesuffix("Z"), "ns").astype(np.int64))
        assert isinstance(date, datetime)
        assert abs(np.datetime64(date, "us") - np.datetime64(moment, "ns")) < np.timedelta64(1, "ms")
        found[str(tag)].append((moment, repr(float("nan" if value is None else str(value))), int(str(code))))
        assert (unit or "") == EXCHANGED[NAMES.index(str(tag))].unit
        assert name == status.name(int(str(code)))
    expected = {
        tag: [(time, repr(float(f"{float(value):.16G}")), code) for time, value, code in series]
        for tag, series in stored(history).items()
    }
    assert found == expected


def test_that_a_long_table_goes_on_in_further_sheets(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = sum(map(len, stored(history).values()))
    monkeypatch.setattr(excel, "MOST_ROWS", 101)
    book = openpyxl.load_workbook(exported(history, tmp_path / "out.xlsx"))
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames[:-1]]
    assert all(len(sheet) <= 101 for sheet in sheets)
    assert [sheet[0] for sheet in sheets] == [sheets[0][0]] * len(sheets)
    assert sum(len(sheet) - 1 for sheet in sheets) == count
    times = [row[1] for sheet in sheets for row in sheet[1:]]
    assert times == sorted(map(str, times))


def test_that_a_workbook_with_too_many_columns_is_refused(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_COLUMNS", 7)
    target = tmp_path / "out" / "out.xlsx"
    target.parent.mkdir()
    with pytest.raises(ExchangeError, match="--layout long"):
        exported(history, target, layout=LayoutKind.WIDE)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_cancelled_export_leaves_nothing_behind(history: Path, tmp_path: Path, kind: str) -> None:
    def cancel(share: float, samples: int) -> None:
        if samples or share:
            raise Cancelled

    for_all = tmp_path / "target"
    for_all.mkdir()
    target = for_all / f"out.{kind}"
    with all_of(history) as (reader, selection), pytest.raises(Cancelled):
        export(reader, ExportRequest(selection), target, on_progress=cancel)
    assert list(for_all.iterdir()) == []
    target.write_text("of yesterday", encoding="utf-8")
    with all_of(history) as (reader, selection), pytest.raises(Cancelled):
        export(reader, ExportRequest(selection), target, may_replace=True, on_progress=cancel)
    assert [path.read_text("utf-8") for path in for_all.iterdir()] == ["of yesterday"]


def test_that_progress_rises_to_its_end(history: Path, tmp_path: Path) -> None:
    told: list[tuple[float, int]] = []
    with all_of(history) as (reader, selection):
        report = export(
            reader,
            ExportRequest(selection),
            tmp_path / "out.csv",
            on_progress=lambda share, samples: told.append((share, samples)),
        )
    assert told == sorted(told)
    assert told[-1] == (1.0, report.samples)
    assert report.samples == sum(map(len, stored(history).values()))


def test_that_an_existing_file_is_kept_unless_asked_otherwise(history: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(ExchangeError, match="exists already"):
        exported(history, target)
    assert target.read_text("utf-8") == "mine"


def test_that_an_unknown_kind_of_file_and_a_missing_folder_are_refused(history: Path, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"\.csv, \.parquet, \.xlsx"):
        exported(history, tmp_path / "out.doc")
    with pytest.raises(ExchangeError, match="no such folder"):
        exported(history, tmp_path / "nowhere" / "out.csv")


@pytest.mark.parametrize("extra", ["excel", "parquet"])
def test_that_a_missing_extra_is_named_with_the_line_that_installs_it(
    history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: str
) -> None:
    kind, package = {"excel": ("xlsx", "xlsxwriter"), "parquet": ("parquet", "pyarrow")}[extra]
    for name in [name for name in sys.modules if name.split(".")[0] == package or name.endswith("_output")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra) as failure:
        exported(history, tmp_path / f"out.{kind}")
    assert str(failure.value).splitlines()[-1] == f'{sys.executable} -m pip install "foreshift[{extra}]"'


def test_that_only_the_tags_of_a_pattern_are_written() -> None:
    tags = [ExchangedTag(name) for name in ("AC01.T", "AC01.P", "AC02.T")]
    assert [tag.name for tag in matching(tags, ["*.T"])] == ["AC01.T", "AC02.T"]
    assert matching(tags, []) == tuple(tags)
    with pytest.raises(ExchangeError, match=r'AC1\.T: .*"AC01\.T"'):
        matching(tags, ["AC01.*", "AC1.T"])


def test_that_intervals_hold_what_their_samples_say(history: Path, tmp_path: Path) -> None:
    width = 7 * SECOND
    header, *rows = rows_of(exported(history, tmp_path / "out.csv", every=width, origin=3))
    assert header == ["time", "tag", "minimum", "maximum", "mean", "samples", "unit", "status", "status_name"]
    with HistoryReader(history) as reader:
        for time, tag, minimum, maximum, average, samples, _, code, _ in rows:
            begin = int(np.datetime64(time.removesuffix("Z"), "ns").astype(np.int64))
            series = reader.raw(tag.removeprefix("'"), begin, begin + width)
            usable = series.value[status.usable_mask(series.status) & ~np.isnan(series.value)]
            assert (begin - 3) % width == 0
            assert int(samples) == len(series)
            assert int(code) == series.status.max()
            if len(usable):
                assert [float(minimum), float(maximum)] == [usable.min(), usable.max()]
                np.testing.assert_allclose(float(average or "nan"), usable.mean(), rtol=1e-12)
            else:
                assert [minimum, maximum, average] == ["", "", ""]
    assert sum(int(row[5]) for row in rows) == sum(map(len, stored(history).values()))


def test_that_wide_intervals_agree_with_long_ones(history: Path, tmp_path: Path) -> None:
    _, *long = rows_of(exported(history, tmp_path / "long.csv", every=5 * SECOND))
    header, *wide = rows_of(exported(history, tmp_path / "wide.csv", every=5 * SECOND, layout=LayoutKind.WIDE))
    assert header[1:5] == ["AC01.T minimum [Cel]", "AC01.T maximum [Cel]", "AC01.T mean [Cel]", "AC01.T status"]
    of_first = [[row[0], *row[2:5], status_text(int(row[7]))] for row in long if row[1] == "AC01.T"]
    assert [row[:5] for row in wide if row[4]] == of_first


def test_that_the_memory_of_an_export_does_not_grow_with_the_stretch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    defaults = read_slices.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "most", 2_000)
    peaks = []
    for count in (20_000, 200_000):
        times = BEGIN + np.arange(count) * SECOND
        history = record(tmp_path / f"{count}.sqlite", block_of(0, times, np.arange(float(count))), is_settled=True)
        tracemalloc.start()
        exported(history, tmp_path / f"{count}.csv")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_that_tags_may_be_written_of_which_nothing_is_stored(tmp_path: Path) -> None:
    history = record(tmp_path / "history.sqlite", block_of(0, BEGIN, 1.0))
    with HistoryReader(history) as reader:
        request = ExportRequest(Selection(EXCHANGED[1:], BEGIN, BEGIN + 1))
        report = export(reader, request, tmp_path / "out.csv")
    assert (report.samples, report.rows, len(rows_of(tmp_path / "out.csv"))) == (0, 0, 1)
    assert len(TAGS) == len(NAMES)
