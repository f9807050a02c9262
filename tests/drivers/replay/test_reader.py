"""Recordings are read from CSV files of every common layout; what is none is refused with line and remedy."""

import math
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.model.clock import NS_PER_S, from_datetime
from drivers.replay.failure import RecordingError
from drivers.replay.reader import read_recording
from drivers.replay.recording import LeftOut, Recording
from drivers.replay.timestamp import NO_TIME, parse_epoch

FIRST = from_datetime(datetime(2020, 3, 9, 15, 56, 30, tzinfo=UTC))
SECOND = NS_PER_S


def write(folder: Path, content: str | bytes, name: str = "machine.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: str | bytes) -> Recording:
    return read_recording(write(folder, content))


def refusal(folder: Path, content: str | bytes) -> str:
    """Return the one message with which a file is refused."""
    with pytest.raises(RecordingError) as caught:
        read(folder, content)
    return str(caught.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2020-03-09 15:56:30", "2020-03-09 15:56:31"),
        ("2020-03-09T15:56:30", "2020-03-09T15:56:31"),
        ("2020-03-09T15:56:30Z", "2020-03-09T15:56:31Z"),
        ("2020-03-09 15:56:30.000", "2020-03-09 15:56:31.000000000"),
        ("2020-03-09T23:56:30+08:00", "2020-03-09T23:56:31+08:00"),
        ("2020-03-09T23:56:30+0800", "2020-03-09T11:56:31-04"),
        ("2020/3/9 15:56:30", "2020/3/9 15:56:31"),
        ("2020年3月9日 15:56:30", "2020年3月9日15时56分31秒"),
        ("20200309155630", "20200309155631"),
        ("20200309T155630", "20200309T155631"),
        ("09.03.2020 15:56:30", "09.03.2020 15:56:31"),
        ("9.3.2020 15:56:30,0", "9.3.2020 15:56:31,0"),
        ("1583769390", "1583769391"),
        ("1583769390.0", "1583769391"),
        ("1583769390000", "1583769391000"),
        ("1583769390000000", "1583769391000000"),
        ("1583769390000000000", "1583769391000000000"),
        ("1.58376939E9", "1.583769391E9"),
    ],
)
def test_that_each_form_of_time_is_read(tmp_path: Path, first: str, second: str) -> None:
    recording = read(tmp_path, f"when;T\n{first};1,5\n{second};2,5\n")
    assert list(recording.time) == [FIRST, FIRST + SECOND]
    assert list(recording.values[:, 0]) == [1.5, 2.5]


def test_that_fractions_of_a_second_are_read_to_the_nanosecond(tmp_path: Path) -> None:
    recording = read(tmp_path, "t,v\n2020-03-09 15:56:30.123456789,1\n2020-03-09 15:56:30.5,2\n")
    assert list(recording.time - FIRST) == [123_456_789, 500_000_000]


def test_that_a_zone_may_stand_behind_some_times_only(tmp_path: Path) -> None:
    recording = read(tmp_path, "time,a\n2020-03-09 15:56:30,1\n2020-03-09T17:56:31+02:00,2\n")
    assert np.diff(recording.time).tolist() == [1_000_000_000]


def test_that_dates_alone_are_midnights(tmp_path: Path) -> None:
    recording = read(tmp_path, "date,v\n2020-03-09,1\n2020-03-10,2\n")
    assert recording.interval_ns == 86_400 * SECOND
    assert recording.time[0] % (86_400 * SECOND) == 0


def test_that_a_date_and_a_time_of_day_in_two_columns_are_one_instant(tmp_path: Path) -> None:
    recording = read(tmp_path, "Nr;Datum;Uhrzeit;T\n1;09.03.2020;15:56:30;1,5\n2;09.03.2020;15:56:31;2,5\n")
    assert list(recording.time) == [FIRST, FIRST + SECOND]
    assert recording.columns == ("Nr", "T")
    assert recording.reading.time_column == "Datum + Uhrzeit"


def test_that_american_times_are_read(tmp_path: Path) -> None:
    recording = read(tmp_path, "Time,v\n3/9/2020 11:59:59 AM,1\n3/9/2020 12:00:00 PM,2\n3/25/2020 12:00:00 AM,3\n")
    hours = [(time - recording.time[0]) / 3600 / SECOND for time in recording.time]
    assert hours == pytest.approx([0, 1 / 3600, 15 * 24 + 12 + 1 / 3600])


def test_that_the_order_of_the_times_tells_day_from_month(tmp_path: Path) -> None:
    rows = [f"{day:02}/03/2020 12:00,{day}" for day in range(1, 13)]
    by_day = read(tmp_path, "t,v\n" + "\n".join(rows) + "\n01/04/2020 12:00,13\n")
    assert by_day.reading.time_form == "day.month.year"
    rows = [f"03/{day:02}/2020 12:00,{day}" for day in range(1, 13)]
    by_month = read(tmp_path, "t,v\n" + "\n".join(rows) + "\n03/13/2020 12:00,13\n")
    assert by_month.reading.time_form == "month/day/year"
    assert by_day.reading.out_of_order == by_month.reading.out_of_order == 0


def test_that_a_step_of_a_month_at_midnight_tells_day_from_month(tmp_path: Path) -> None:
    rows = [f"0{4 + minute // 1440}/03/2020 {minute // 60 % 24:02}:{minute % 60:02},1" for minute in range(1400, 1500)]
    assert read(tmp_path, "t,v\n" + "\n".join(rows)).reading.time_form == "day.month.year"


def test_that_a_date_that_can_be_read_two_ways_is_refused_until_it_is_said(tmp_path: Path) -> None:
    text = "t,v\n03/04/2020 12:00,1\n03/04/2020 12:01,2\n"
    assert "machine.csv: it cannot be told which number is the day" in refusal(tmp_path, text)
    path = write(tmp_path, text)
    april = read_recording(path, day_first=True)
    march = read_recording(path, day_first=False)
    assert datetime.fromtimestamp(april.time[0] / SECOND, UTC).month == 4
    assert datetime.fromtimestamp(march.time[0] / SECOND, UTC).month == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_that_each_delimiter_and_line_end_is_found(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = [["time", "P", "T"], ["2020-03-09 15:56:30", "1.5", "-2"], ["2020-03-09 15:56:31", "3e2", "+4"]]
    recording = read(tmp_path, line_end.join(delimiter.join(row) for row in rows) + line_end)
    assert recording.columns == ("P", "T")
    assert recording.values.tolist() == [[1.5, -2], [300, 4]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_that_chinese_names_are_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    text = "时间,排气温度,压力\n2020-03-09 15:56:30,1,2\n2020-03-09 15:56:31,3,4\n"
    assert read(tmp_path, text.encode(encoding)).columns == ("排气温度", "压力")


def test_that_western_names_are_read_in_latin_1(tmp_path: Path) -> None:
    text = "Zeit;Öltemperatur °C;µ\n2020-03-09 15:56:30;1;2\n2020-03-09 15:56:31;3;4\n"
    assert read(tmp_path, text.encode("latin-1")).columns == ("Öltemperatur °C", "µ")


def test_that_decimal_commas_and_grouped_thousands_are_read(tmp_path: Path) -> None:
    recording = read(tmp_path, "t;a;b\n09.03.2020 15:56:30;1.234,5;7\n09.03.2020 15:56:31;-0,25;8\n")
    assert recording.values.tolist() == [[1234.5, 7], [-0.25, 8]]
    quoted = read(tmp_path, 't,a\n2020-03-09 15:56:30,"1,234.5"\n2020-03-09 15:56:31,"2,5"\n')
    assert quoted.values.tolist() == [[1234.5], [2.5]]


def test_that_empty_cells_and_words_for_nothing_are_no_values(tmp_path: Path) -> None:
    cells = ["1.5", "0", "", "NaN", "null", "#N/A", "inf", "1.7976931348623157e308", "Bad", " 2.5 "]
    rows = "".join(f"2020-03-09 15:56:{number:02},{cell}\n" for number, cell in enumerate(cells))
    values = read(tmp_path, "t,v\n" + rows).values[:, 0]
    assert [None if math.isnan(value) else value for value in values] == [1.5, 0, *[None] * 7, 2.5]


def test_that_switches_are_zero_and_one(tmp_path: Path) -> None:
    recording = read(tmp_path, "t,run\n2020-03-09 15:56:30,True\n2020-03-09 15:56:31,OFF\n")
    assert recording.values[:, 0].tolist() == [1, 0]


def test_that_columns_without_numbers_are_left_out_and_named(tmp_path: Path) -> None:
    recording = read(tmp_path, "t,v,state,\n2020-03-09 15:56:30,1,warm,\n2020-03-09 15:56:31,2,cold,\n")
    assert recording.columns == ("v",)
    assert recording.reading.left_out == (LeftOut("state", "holds no numbers"), LeftOut("column_4", "is empty"))


def test_that_columns_of_answers_are_left_out(tmp_path: Path) -> None:
    text = "t;v;Anomaly;changepoint;w\n2020-03-09 15:56:30;1;0;0;2\n2020-03-09 15:56:31;2;1;0;3\n"
    recording = read(tmp_path, text)
    assert recording.columns == ("v", "w")
    assert [left.name for left in recording.reading.left_out] == ["Anomaly", "changepoint"]


def test_that_columns_can_be_left_out_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "t,v,w\n2020-03-09 15:56:30,1,0\n2020-03-09 15:56:31,2,1\n")
    assert read_recording(path, leave_out=["w"]).columns == ("v",)
    with pytest.raises(RecordingError, match=r'machine\.csv:1: there is no column "x": it has t, v, w'):
        read_recording(path, leave_out=["x"])


def test_that_a_missing_header_is_made_up(tmp_path: Path) -> None:
    recording = read(tmp_path, "2020-03-09 15:56:30,1,2\n2020-03-09 15:56:31,3,4\n")
    assert recording.columns == ("column_2", "column_3")
    assert len(recording) == 2


def test_that_names_given_twice_are_made_different(tmp_path: Path) -> None:
    recording = read(tmp_path, "t,T,T,,T\n2020-03-09 15:56:30,1,2,3,4\n2020-03-09 15:56:31,3,4,5,6\n")
    assert recording.columns == ("T", "T_2", "column_4", "T_3")


def test_that_titles_units_and_blank_lines_around_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "Export of line 3\n\nTime,P,T\n,bar,degC\n2020-03-09 15:56:30,1,2\n\n2020-03-09 15:56:31,3,4\n"
    recording = read(tmp_path, text)
    assert recording.columns == ("P", "T")
    assert len(recording) == 2


def test_that_a_counter_is_not_taken_for_a_time(tmp_path: Path) -> None:
    recording = read(tmp_path, "E_Wh,when\n1583769390,2020-03-09 15:56:30\n1583769391,2020-03-09 15:56:31\n")
    assert recording.columns == ("E_Wh",)
    assert recording.reading.time_column == "when"


def test_that_the_time_column_can_be_named(tmp_path: Path) -> None:
    text = "made,time,v\n2021-01-01,2020-03-09 15:56:30,1\n2021-01-01,2020-03-09 15:56:31,2\n"
    path = write(tmp_path, text)
    assert read_recording(path).reading.time_column == "time"
    assert read_recording(path, time_column="made").reading.duplicates == 1
    with pytest.raises(RecordingError, match='the column "v" holds no times'):
        read_recording(path, time_column="v")


def test_that_rows_out_of_order_are_sorted_and_counted(tmp_path: Path) -> None:
    text = "t,v\n2020-03-09 15:56:32,3\n2020-03-09 15:56:30,1\n2020-03-09 15:56:32,4\n2020-03-09 15:56:31,2\n"
    recording = read(tmp_path, text)
    assert recording.values[:, 0].tolist() == [1, 2, 3, 4]
    assert (recording.reading.out_of_order, recording.reading.duplicates) == (2, 1)


def test_that_rows_of_another_width_or_without_time_are_counted(tmp_path: Path) -> None:
    rows = [f"2020-03-09 15:56:{second:02},{second},7" for second in range(20)]
    rows[3] = "2020-03-09 15:56:03,3"
    rows[5] = "2020-03-09 15:56:05,5,7,9"
    rows[7] = "later,7,7"
    recording = read(tmp_path, "t,a,b\n" + "\n".join(rows))
    assert (len(recording), recording.reading.ragged, recording.reading.without_time) == (19, 2, 1)
    assert math.isnan(recording.values[3, 1])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "machine.csv: the file is empty"),
        (b" \n\n", "machine.csv: the file is empty"),
        (b"PK\x03\x04 sheet", "machine.csv: this is an Excel workbook or a ZIP archive, no CSV: save the sheet as CSV"),
        (b"PAR1\x15\x04", "machine.csv: this is a Parquet file, no CSV: export it as CSV"),
        (b"a,b\n1,\x002\n", "machine.csv:2: the file holds zero bytes"),
        (b"lorem ipsum\ndolor sit\n", "machine.csv:1: the lines do not fall into columns"),
        (b"t,v\n", "machine.csv:1: the file has a header and no rows"),
        (b"t,v\na,b\nc,d\n", "machine.csv:2: no column holds times: write one as 2020-03-09 15:56:30"),
        (b"a,b\n1,2\n3,4\n", "machine.csv:2: no column holds times"),
        (b"t,v\n2020-03-09 15:56:30,1\n", "machine.csv: it has fewer than two rows with a time"),
        (b"t,v\n2020-03-09 15:56:30,a\n2020-03-09 15:56:31,b\n", "machine.csv:2: no column but the time holds numbers"),
        (b"t,v\n" + b"2020-03-09 15:56:30,1\n" * 200 + b"x,1\n" * 300, 'machine.csv:202: "x" and most other times'),
        (b'a,"' + b"x" * (2 << 20), "machine.csv:1: the line has more than a million characters"),
        (b"t,v\n" + b"2020-03-09 15:56:30,1\n" * 300 + b'2020-03-09,"' + b"5\n" * 90_000, "a row cannot be read"),
    ],
    ids=range(14),
)  # fmt: skip
def test_that_a_file_that_is_no_recording_is_refused_with_one_message(
    tmp_path: Path, content: bytes, message: str
) -> None:
    assert message in refusal(tmp_path, content)


def test_that_a_missing_file_and_a_folder_are_refused_with_one_message(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"absent\.csv: there is no such file: check the path"):
        read_recording(tmp_path / "absent.csv")
    with pytest.raises(RecordingError, match="is a folder: give the path of one CSV file"):
        read_recording(tmp_path)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text("0123456789-:;,.\n\t\"'abT |", max_size=200).map(str.encode))
def test_that_arbitrary_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    try:
        recording = read(tmp_path, content)
    except RecordingError as refused:
        text = str(refused)
    else:
        text = f"machine.csv: {len(recording)}"
        assert np.all(np.diff(recording.time) >= 0)
        assert recording.values.shape == (len(recording), len(recording.columns))
    assert text.startswith("machine.csv:")


@pytest.mark.parametrize("far", ["9223372037", "9223372037.0", "9223372036855", "9223372036854776"])
def test_that_a_number_too_far_for_an_instant_is_no_time(far: str) -> None:
    assert parse_epoch(["0", far]).tolist() == [NO_TIME, NO_TIME]
    assert parse_epoch(["1600000000.5"]).tolist() == [1_600_000_000_500_000_000]


TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.floats(-1e12, 1e12) | st.just(math.nan), min_size=width, max_size=width), min_size=2, max_size=30
    )
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(table=[[0.0], [9223372037.0]], delimiter=",", has_comma=False)
@given(table=TABLES, delimiter=st.sampled_from(",;\t|"), has_comma=st.booleans())
def test_that_every_number_reads_back_as_it_was_written(
    tmp_path: Path, *, table: list[list[float]], delimiter: str, has_comma: bool
) -> None:
    def cell(value: float) -> str:
        text = "" if math.isnan(value) else f"{value!r}"
        return text.replace(".", ",") if has_comma and delimiter != "," else text

    table = [[1.5, *row] for row in table]
    lines = [
        f"2020-03-09 15:{n // 60:02}:{n % 60:02}" + "".join(delimiter + cell(v) for v in row)
        for n, row in enumerate(table)
    ]
    header = delimiter.join(["t", *(f"c{number}" for number in range(len(table[0])))])
    recording = read(tmp_path, "\n".join([header, *lines]))
    expected = np.array(table)
    kept = ~np.all(np.isnan(expected), axis=0)
    np.testing.assert_array_equal(recording.values, expected[:, kept])


def test_that_a_million_cells_are_read_in_bounded_memory(tmp_path: Path) -> None:
    rows, width = 100_000, 10
    row = ",".join(["12.5"] * width)
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("t," + ",".join(f"c{number}" for number in range(width)) + "\n")
        file.writelines(f"2020-03-09 {n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02},{row}\n" for n in range(rows))
    tracemalloc.start()
    recording = read_recording(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(recording) == rows
    assert peak < recording.values.nbytes * 2 + recording.time.nbytes + (48 << 20)


def test_that_the_recorded_machine_temperature_is_read(recorded_data: Path) -> None:
    path = recorded_data / "nab/data/realKnownCause/machine_temperature_system_failure.csv"
    recording = read_recording(path)
    assert recording.columns == ("value",)
    assert len(recording) == 22_695
    assert recording.interval_ns == 300 * SECOND
    assert recording.values[0, 0] == 73.96732207


def test_that_the_recorded_valve_is_read_without_its_answers(recorded_data: Path) -> None:
    recording = read_recording(recorded_data / "skab/data/valve2/0.csv")
    assert len(recording.columns) == 8
    assert recording.reading.delimiter == "semicolon"
    assert not {"anomaly", "changepoint"} & set(recording.columns)
    assert recording.values[0].tolist() == [0.0276077, 0.0392033, 1.29048, 0.054711, 68.6194, 24.367, 241.062, 32.0362]
