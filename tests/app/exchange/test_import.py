"""What was exported comes back bit by bit; what another program wrote is understood, or refused line by line."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import open_writer
from app.exchange.assignment import assign
from app.exchange.csv_cell import text_cell, text_in
from app.exchange.examination import Examination, examine
from app.exchange.export import ExportRequest, export
from app.exchange.failure import Cancelled, ExchangeError
from app.exchange.late_data import store
from app.exchange.layout import LayoutKind
from app.exchange.merge import ImportReport
from app.exchange.output import Style
from app.exchange.source import Reading, open_source
from app.exchange.time_text import Zone, iso_text
from app.history.gap import Gap, GapReason, record_gaps
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.retention import RetentionRules, retention_steps
from app.model import status
from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from app.model.retention import FOR_EVER, Retention
from drivers.replay.failure import RecordingError
from tests.app.exchange.recorded import BEGIN, CODES, NAMES, TAGS, Stored, all_of, record, some_block, stored

FIRST = "2026-03-08T20:00:00.123456789Z"

sample = st.tuples(
    st.integers(0, len(TAGS) - 1),
    st.one_of(st.integers(BEGIN, BEGIN + 30), st.integers(31_536_000_000_000_000, BEGIN)),
    st.one_of(st.floats(), st.sampled_from([0.0, np.nan, np.inf, -np.inf, 5e-324, 1.7e308, 0.1, 1e22])),
    st.sampled_from(CODES),
)


def imported(
    source: Path, history: Path, wanted: dict[str, str] | None = None, reading: Reading | None = None
) -> ImportReport:
    """Import a file into `history` as the command does once it has found nothing wrong."""
    opened = open_source(source, reading)
    examination = examine(opened, TAGS, wanted or {})
    assert examination.problems == ()
    report = store(opened, examination.assignment, history, TAGS)
    assert report.samples == examination.samples
    return report


def examined(source: Path, text: str = "", wanted: dict[str, str] | None = None) -> Examination:
    """Look through a file, which is written first where its text is given."""
    if text:
        source.write_text(text, encoding="utf-8")
    return examine(open_source(source), TAGS, wanted or {})


def blocks_of(rows: list[tuple[int, int, float, int]]) -> Block:
    return concatenate([block_of(*row) for row in rows])


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return tmp_path / "fresh.sqlite"


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(sample, min_size=1, max_size=40),
    layout=st.sampled_from(LayoutKind),
    zone=st.sampled_from([UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/St_Johns")]),
    has_mark=st.booleans(),
)
def test_that_a_csv_brings_every_bit_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, int, float, int]],
    layout: LayoutKind,
    zone: Zone,
    has_mark: bool,  # noqa: FBT001 - drawn by Hypothesis
) -> None:
    folder = tmp_path_factory.mktemp("exchange")
    history = record(folder / "history.sqlite", blocks_of(rows))
    with all_of(history) as (reader, selection):
        request = ExportRequest(selection, layout, style=Style(zone, has_mark=has_mark))
        exported = export(reader, request, folder / "out.csv")
    report = imported(folder / "out.csv", folder / "fresh.sqlite")
    assert report == ImportReport(added=exported.samples)
    assert stored(folder / "fresh.sqlite") == stored(history)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(sample, min_size=1, max_size=40), layout=st.sampled_from(LayoutKind))
def test_that_a_parquet_brings_every_bit_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, float, int]], layout: LayoutKind
) -> None:
    folder = tmp_path_factory.mktemp("exchange")
    history = record(folder / "history.sqlite", blocks_of(rows))
    with all_of(history) as (reader, selection):
        exported = export(reader, ExportRequest(selection, layout), folder / "out.parquet")
    assert imported(folder / "out.parquet", folder / "fresh.sqlite") == ImportReport(added=exported.samples)
    assert stored(folder / "fresh.sqlite") == stored(history)


@given(st.text())
def test_that_a_text_survives_its_cell(text: str) -> None:
    cell = text_cell(text)
    plain = cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
    assert text_in(plain) == text
    assert not plain.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize("layout", LayoutKind)
def test_that_importing_again_changes_nothing(tmp_path: Path, fresh: Path, kind: str, layout: LayoutKind) -> None:
    history = record(tmp_path / "history.sqlite", some_block())
    with all_of(history) as (reader, selection):
        export(reader, ExportRequest(selection, layout), tmp_path / f"out.{kind}")
    count = sum(map(len, stored(history).values()))
    assert imported(tmp_path / f"out.{kind}", fresh) == ImportReport(added=count)
    before = stored(fresh)
    assert imported(tmp_path / f"out.{kind}", fresh) == ImportReport(same=count)
    assert stored(fresh) == before == stored(history)


def test_that_what_is_stored_stays_and_only_what_is_missing_is_added(tmp_path: Path) -> None:
    history = record(tmp_path / "history.sqlite", block_of(0, [BEGIN, BEGIN + 2], [1.0, 3.0]))
    source = tmp_path / "late.csv"
    source.write_text(
        f"time,tag,value,unit,status,status_name\r\n{FIRST},AC01.T,9.0,Cel,0,Good\r\n"
        "2026-03-08T20:00:00.123456790Z,AC01.T,2.0,Cel,0,Good\r\n"
        "2026-03-08T20:00:00.123456791Z,AC01.T,3.0,Cel,0,Good\r\n",
        encoding="utf-8",
    )
    report = imported(source, history)
    assert (report.added, report.same, report.different) == (1, 1, 1)
    assert report.differences == [f"line 2: AC01.T at {FIRST} is stored as 1.0 Good, the file has 9.0 Good"]
    assert [value for _, value, _ in stored(history)["AC01.T"]] == ["1.0", "2.0", "3.0"]


@settings(max_examples=20, deadline=None)
@given(before=st.lists(sample, max_size=30), late=st.lists(sample, min_size=1, max_size=30))
def test_that_late_data_only_fills_what_is_empty(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[int, int, float, int]],
    late: list[tuple[int, int, float, int]],
) -> None:
    folder = tmp_path_factory.mktemp("exchange")
    history = record(folder / "history.sqlite", blocks_of(before))
    other = record(folder / "other.sqlite", blocks_of(late))
    with all_of(other) as (reader, selection):
        export(reader, ExportRequest(selection), folder / "out.csv")
    expected: Stored = {}
    for name, series in stored(history).items():
        merged = {time: (time, *rest) for time, *rest in stored(other)[name]}
        merged |= {time: (time, *rest) for time, *rest in series}
        expected[name] = [merged[time] for time in sorted(merged)]  # type: ignore[misc]
    imported(folder / "out.csv", history)
    assert stored(history) == expected


def test_that_a_dense_past_is_compared_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.exchange.merge._MOST_STORED", 16)
    history = record(tmp_path / "history.sqlite", block_of(0, BEGIN + np.arange(1_000), np.arange(1_000.0)))
    with all_of(history) as (reader, selection):
        export(reader, ExportRequest(selection), tmp_path / "out.csv")
    assert imported(tmp_path / "out.csv", history) == ImportReport(same=1_000)


def test_that_a_dry_run_counts_and_stores_nothing(tmp_path: Path, fresh: Path) -> None:
    history = record(tmp_path / "history.sqlite", some_block())
    with all_of(history) as (reader, selection):
        count = export(reader, ExportRequest(selection), tmp_path / "out.csv").samples
    source = open_source(tmp_path / "out.csv")
    examination = examine(source, TAGS, {})
    assert store(source, examination.assignment, fresh, TAGS, is_dry_run=True) == ImportReport(added=count)
    assert not fresh.exists()


def test_that_a_cancelled_import_says_what_is_stored_and_goes_on(
    tmp_path: Path, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exchange.sample_source._PORTION", 100)
    monkeypatch.setattr("app.exchange.csv_input._FEWEST_ROWS", 50)
    monkeypatch.setattr("app.exchange.csv_input._CELLS", 300)
    history = record(tmp_path / "history.sqlite", some_block())
    with all_of(history) as (reader, selection):
        count = export(reader, ExportRequest(selection), tmp_path / "out.csv").samples

    def cancel(share: float, samples: int) -> None:
        raise Cancelled

    source = open_source(tmp_path / "out.csv")
    assignment = examine(source, TAGS, {}).assignment
    with pytest.raises(Cancelled, match="100 samples were stored"):
        store(source, assignment, fresh, TAGS, on_progress=cancel)
    report = store(source, assignment, fresh, TAGS)
    assert report == ImportReport(added=count - 100, same=100)
    assert stored(fresh) == stored(history)


# --- other programs' files -------------------------------------------------------------------


def test_that_a_table_of_another_program_is_understood(tmp_path: Path, fresh: Path) -> None:
    source = tmp_path / "logger.csv"
    text = "Zeit;Öltemperatur [°C];Bemerkung\r\n08.03.2026 20:00:00;61,5;an\r\n08.03.2026 20:00:01;;\r\n"
    source.write_bytes(text.encode("latin-1"))
    opened = open_source(source)
    examination = examine(opened, TAGS, {"Öltemperatur": "AC01.T"})
    assert (examination.samples, examination.problem_count) == (1, 0)
    assert examination.assignment.unknown == ("Bemerkung",)
    assert examination.assignment.units == ()
    assert not opened.has_offsets
    store(opened, examination.assignment, fresh, TAGS)
    assert stored(fresh)["AC01.T"] == [(1_773_000_000_000_000_000, "61.5", 0)]


def test_that_times_without_an_offset_are_in_the_zone_asked_for(tmp_path: Path, fresh: Path) -> None:
    source = tmp_path / "logger.csv"
    source.write_text("time,AC01.T\n2026-03-09 04:00:00,1.0\n2026-03-08T20:00:01Z,2.0\n", encoding="utf-8")
    imported(source, fresh, reading=Reading(ZoneInfo("Asia/Shanghai")))
    assert [time for time, _, _ in stored(fresh)["AC01.T"]] == [1_773_000_000_000_000_000, 1_773_000_001_000_000_000]


def test_that_day_and_month_are_told_apart_by_the_whole_file(tmp_path: Path, fresh: Path) -> None:
    source = tmp_path / "logger.csv"
    days = [f"{month:02}/{day:02}/2025 00:00:00" for month in range(1, 13) for day in range(1, 29)]
    source.write_text("time,AC01.T\n" + "".join(f"{day},1.0\n" for day in days), encoding="utf-8")
    imported(source, fresh)
    assert len(stored(fresh)["AC01.T"]) == len(days)
    source.write_text("time,AC01.T\n03/04/2025 00:00:00,1.0\n", encoding="utf-8")
    other = tmp_path / "other.sqlite"
    with pytest.raises(RecordingError, match="the day and which the month"):
        open_source(source)
    imported(source, other, reading=Reading(day_first=True))
    assert stored(other)["AC01.T"] == [(1_743_638_400_000_000_000, "1.0", 0)]


def test_that_rows_of_name_value_and_quality_are_understood(tmp_path: Path, fresh: Path) -> None:
    source = tmp_path / "historian.csv"
    source.write_text(
        "TagName,Timestamp,Value,Quality\n"
        "PLC.T1,2026-03-08 20:00:00,1.5,192\n"
        "PLC.T1,2026-03-08 20:00:01,1.6,64\n"
        "PLC.T1,2026-03-08 20:00:02,,0\n"
        "PLC.T1,2026-03-08 20:00:03,1.7,BadSensorFailure\n",
        encoding="utf-8",
    )
    imported(source, fresh, {"PLC.T1": "AC01.T"})
    assert [(value, code) for _, value, code in stored(fresh)["AC01.T"]] == [
        ("1.5", status.GOOD),
        ("1.6", status.UNCERTAIN),
        ("nan", status.BAD),
        ("1.7", status.BAD_SENSOR_FAILURE),
    ]


def test_that_a_parquet_of_another_program_is_understood(tmp_path: Path, fresh: Path) -> None:
    source = tmp_path / "frame.parquet"
    table = pa.table(
        {
            "n": pa.array(["a", "b"]),
            "when": pa.array([1_773_000_000_000, 1_773_000_001_000], pa.timestamp("ms")),
            "AC01.T": pa.array([1, None], pa.int32()),
        }
    )
    pq.write_table(table, source)
    examination = examined(source)
    assert examination.assignment.unknown == ("n",)
    assert examination.samples == 1
    imported(source, fresh)
    assert stored(fresh)["AC01.T"] == [(1_773_000_000_000_000_000, "1.0", 0)]


def test_that_every_wrong_line_is_named_with_its_remedy(tmp_path: Path) -> None:
    text = (
        "time,tag,value,unit,status,status_name\r\n"
        f"{FIRST},AC01.T,1.0,Cel,0,Good\r\n"
        "yesterday,AC01.T,1.0,Cel,0,Good\r\n"
        f"{FIRST},AC01.T,warm,Cel,0,Good\r\n"
        f"{FIRST},AC01.T,1.0,Cel,fine,Good\r\n"
        f"{FIRST},AC01.T,1.0\r\n"
        "2199-03-08T20:00:00Z,AC01.T,1.0,Cel,0,Good\r\n"
    )
    examination = examined(tmp_path / "in.csv", text)
    assert [problem.at("in.csv") for problem in examination.problems] == [
        'in.csv:3: "yesterday" is no time: write it as 2026-03-09T15:56:30Z',
        'in.csv:4: "warm" in column "value" is no number: correct it',
        'in.csv:5: "fine" in column "status" is no StatusCode: correct it',
        "in.csv:6: the row has 3 cells and the header 6: correct it",
        'in.csv:7: "2199-03-08T20:00:00Z" is in the future: check the clock and the zone of what wrote it',
    ]
    assert examination.problem_count == 5
    assert examination.samples == 1


def test_that_of_many_wrong_lines_the_first_are_named_and_all_are_counted(tmp_path: Path) -> None:
    text = "time,AC01.T\n" + f"{FIRST},1\n" * 500 + f"{FIRST},x\n" * 3_000
    examination = examined(tmp_path / "in.csv", text)
    assert [problem.line for problem in examination.problems] == list(range(502, 522))
    assert examination.problem_count == 3_000


def test_that_unknown_tags_and_other_units_are_named(tmp_path: Path) -> None:
    text = f"time,tag,value,unit,status,status_name\r\n{FIRST},AC01.T,1.0,K,0,Good\r\n{FIRST},AC99.T,1.0,Cel,0,Good\r\n"
    assignment = examined(tmp_path / "in.csv", text).assignment
    assert assignment.unknown == ("AC99.T",)
    assert assignment.units == ("AC01.T is in Cel in the plant and in K in the file",)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"A": "AC01.X"}, r'the plant has no tag "AC01.X"; the nearest are "AC01.T"'),
        ({"C": "AC01.T"}, 'the file has no "C"'),
        ({"A": "AC01.T", "B": "AC01.T"}, '"A" and "B" would both be AC01.T'),
    ],
)
def test_that_a_map_that_does_not_fit_is_refused(tmp_path: Path, wanted: dict[str, str], message: str) -> None:
    with pytest.raises(ExchangeError, match=message):
        examined(tmp_path / "in.csv", f"time,A,B\n{FIRST},1,2\n", wanted)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PAR1 and nothing more", "no Parquet file"),
        (b"", "is empty"),
        (b"\x00\x01\x02" * 99, "zero bytes"),
        (b"a,b\n1,2\n", "no column holds times"),
    ],
)
def test_that_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises((ExchangeError, RecordingError), match=message):
        open_source(source)


def test_that_a_workbook_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="save the sheet as CSV"):
        open_source(tmp_path / "out.xlsx")
    with pytest.raises(RecordingError, match="no such file"):
        open_source(tmp_path / "out.csv")


def test_that_a_name_is_its_own_tag(tmp_path: Path) -> None:
    text = f"time,{text_cell(NAMES[2])},{text_cell(NAMES[0])}\n{FIRST},1,2\n"
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    assert assign(open_source(tmp_path / "in.csv").series, TAGS, {}).handles == (2, 0)


def test_that_a_gap_that_a_file_fills_is_one_no_more(tmp_path: Path, fresh: Path) -> None:
    end = BEGIN + 600 * NS_PER_S
    record(fresh, block_of(0, [BEGIN - 1, end], [1.0, 2.0]))
    with closing(open_writer(fresh)) as connection:
        record_gaps(
            connection, [Gap(BEGIN, end, GapReason.OVERLOAD, 100, 1), Gap(BEGIN, end, GapReason.OVERLOAD, 7, 2)]
        )
    times = BEGIN + np.arange(0, 600, 5) * NS_PER_S
    lines = [f"{iso_text(time)},{place}" for place, time in enumerate(times.tolist())]
    source = tmp_path / "part.csv"
    source.write_text("\n".join([f"time,{NAMES[0]}", *lines]), encoding="utf-8")
    assert imported(source, fresh).filled_gaps == 1
    with HistoryReader(fresh) as reader:
        assert [(gap.tag, gap.lost) for gap in reader.gaps(BEGIN, end)] == [(2, 7)]


def test_that_samples_of_hours_that_retention_has_thinned_are_left_out_and_told(tmp_path: Path, fresh: Path) -> None:
    hour = BEGIN // HOUR_NS * HOUR_NS
    times = hour + np.arange(0, 2 * 3_600, 60) * NS_PER_S
    record(fresh, block_of(0, times, np.arange(len(times)) / 7.0), is_settled=True)
    rules = RetentionRules(Retention(raw_days=1.0, minute_days=FOR_EVER, hour_days=FOR_EVER))
    with closing(open_writer(fresh)) as connection, closing(open_writer(fresh)) as reading:
        for step in retention_steps(reading, rules, hour + 25 * HOUR_NS):
            step(connection)
    source = tmp_path / "again.csv"
    extra = [*times.tolist(), hour + NS_PER_S, hour + HOUR_NS + NS_PER_S, hour - NS_PER_S]
    lines = [f"{iso_text(time)},{place / 7.0!r}" for place, time in enumerate(sorted(extra))]
    source.write_text("\n".join([f"time,{NAMES[0]}", *lines]), encoding="utf-8")
    with HistoryReader(fresh) as reader:
        before = reader.envelope([NAMES[0]], hour, hour + HOUR_NS, 60)[NAMES[0]]
        report = imported(source, fresh)
        after = reader.envelope([NAMES[0]], hour, hour + HOUR_NS, 60)[NAMES[0]]
    assert (report.thinned, report.added) == (61, 2)
    assert after.count.tolist() == before.count.tolist() == [1] * 60
