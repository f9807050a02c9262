"""A report as a page, a workbook and a record: the same figures in both languages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from app.model.shift import ShiftCalendar
from app.report.cell import Instant, Number, Share, Span, cell_text
from app.report.content import ReportContent
from app.report.document import Document
from app.report.page import page
from app.report.reading import ReportReading
from app.report.record import record_of, report_in
from app.report.sections import document_of
from app.report.workbook import workbook
from tests.app.report.plants import PLANT, SHIFT, hour, write_shift

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> ReportContent:
    history = write_shift(tmp_path_factory.mktemp("plant"))
    return ReportReading(history, PLANT).read(SHIFT, hour(30))


@pytest.fixture(scope="module", params=["en", "zh"])
def document(request: pytest.FixtureRequest, content: ReportContent) -> Document:
    return document_of(content, PLANT.calendar, request.param)


@pytest.fixture(scope="module")
def english(content: ReportContent) -> Document:
    return document_of(content, PLANT.calendar, "en")


class Cells(HTMLParser):
    """The texts of all cells of a page, and the tags that were left open."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.open: list[str] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_cell = tag in {"td", "th"}
        if self._is_cell:
            self.cells.append("")
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.cells[-1] += data


def test_that_each_row_has_a_cell_for_each_column(document: Document) -> None:
    for section in document.sections:
        for table in section.tables:
            assert all(len(row) == len(table.columns) for row in table.rows)


def test_that_every_section_has_something_to_show_or_says_that_there_is_nothing(document: Document) -> None:
    assert len(document.sections) == 11
    assert all(section.empty or not section.is_empty for section in document.sections)


def test_that_a_report_in_english_has_no_chinese_but_names_and_one_in_chinese_has_it_everywhere(
    content: ReportContent,
) -> None:
    english, chinese = (document_of(content, PLANT.calendar, language) for language in ("en", "zh"))

    def texts(document: Document) -> list[str]:
        heads = [column.head for section in document.sections for table in section.tables for column in table.columns]
        titles = [section.title for section in document.sections]
        labels = [label for label, _ in document.facts]
        return [document.title, document.plant, *heads, *titles, *labels, *document.signatures, document.page_of]

    assert not [text for text in texts(english) if CHINESE.search(text)]
    assert not [text for text in texts(chinese) if not CHINESE.search(text)]


def test_that_a_page_tells_the_figures_of_the_shift_in_well_formed_html(english: Document) -> None:
    cells = Cells()
    cells.feed(page(english))
    assert cells.open == []
    row = cells.cells.index("PU01.P")
    assert cells.cells[row : row + 10] == [
        "PU01.P", "Title of PU01.P", "bar", "3.00", "3.27", "5.00", "2.00\xa0..\xa04.00", "0", "1:00 h", "93.8 %",
    ]  # fmt: skip
    assert "2026-11-25 06:00 – 2026-11-25 14:00  (8:00 h, Asia/Shanghai UTC+08:00)" in cells.cells


def test_that_a_day_on_which_clocks_are_set_has_its_hours_and_both_offsets(content: ReportContent) -> None:
    calendar = ShiftCalendar(zone="Europe/Berlin")
    day = calendar.named("2026-10-24")
    told = document_of(
        replace(content, kind=day.kind, key=day.key, start=day.start, end=day.end, reached=day.end, zone=calendar.zone),
        calendar,
        "en",
    )
    assert dict(told.facts)["Time"] == (
        "2026-10-24 06:00 – 2026-10-25 06:00  (25:00 h, Europe/Berlin UTC+02:00 → UTC+01:00)"
    )


def test_that_the_last_part_tells_of_each_reckoned_number_how(english: Document) -> None:
    (section,) = english.appendix
    told = {(row[0], row[1]) for row in section.tables[0].rows}
    assert ("Key values", "Mean") in told
    assert ("Alarms: Most frequent", "Share") in told
    assert told == {
        (f"{part.title}: {table.title}" if table.title else part.title, column.head)
        for part in english.sections
        for table in part.tables
        for column in table.columns
        if column.how and table.rows
    }
    assert "How the numbers are reckoned" in page(english)


def test_that_the_course_of_each_value_is_drawn_with_its_limits_and_extremes(english: Document) -> None:
    (chart,) = english.charts
    assert (chart.title, chart.limits) == ("PU01.P  Title of PU01.P, bar", (2.0, 4.0))
    assert (chart.lowest, chart.highest) == ("3.00", "5.00")
    assert (chart.begins, chart.ends) == ("2026-11-25 06:00", "2026-11-25 14:00")
    assert max(value for value in chart.highs if value is not None) == 5.0
    assert None in chart.lows, "the station did not collect for half an hour"


def test_that_a_column_of_a_workbook_is_wide_enough_for_all_tables_of_its_sheet(english: Document) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(english)))["Alarms"]
    (head,) = [row for row in sheet.iter_rows() if [cell.value for cell in row[:2]] == ["Alarm", "Message"]][:1]
    assert sheet.column_dimensions[head[1].column_letter].width >= 39
    assert sheet.column_dimensions["E"].width >= 20, "a time is not shown as ####"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", '=HYPERLINK("http://a")', "{=1}", "<r>a</r>"])
def test_that_what_people_wrote_is_no_formula(content: ReportContent, text: str) -> None:
    said = replace(content.comments[0], text=text, user=text, subject=text)
    told = workbook(document_of(replace(content, comments=(said,)), PLANT.calendar, "en"))
    sheet = openpyxl.load_workbook(io.BytesIO(told))["Comments"]
    assert [cell.data_type for cell in sheet[2]] == ["d", "s", "s", "s"]
    assert [str(cell.value).strip() for cell in sheet[2][1:]] == [text] * 3


def test_that_what_people_wrote_is_no_markup(content: ReportContent) -> None:
    said = replace(content.comments[0], text='<script>alert("x")</script> & more')
    told = page(document_of(replace(content, comments=(said,)), PLANT.calendar, "en"))
    assert "<script>" not in told
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more" in told


def test_that_a_workbook_has_numbers_times_and_durations_as_such(document: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(document)))
    assert len(book.sheetnames) == 13
    values = book[book.sheetnames[3]]
    row = [cell.value for cell in values[2]]
    assert row[3:6] == [3.0, pytest.approx(3.0 + 2.0 / 7.5), 5.0]
    assert row[8] == timedelta(hours=1)
    assert row[9] == pytest.approx(7.5 / 8)
    deeds = book[book.sheetnames[7]]
    written = next(line for line in deeds.iter_rows(values_only=True) if "PU01.P_SP" in line)
    assert written[0] == datetime(2026, 11, 25, 7)  # noqa: DTZ001 - the clock on the wall
    assert (written[4], written[5]) == (3.0, 3.2)


def test_that_a_record_is_read_again_as_it_was_written_and_is_the_same_each_time(content: ReportContent) -> None:
    record = record_of(content)
    assert report_in(record) == content
    assert record_of(report_in(record)) == record


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Number(-1234567.891, 2), "−1\xa0234\xa0567.89"),
        (Number(-0.001, 2), "0.00"),
        (Number(None), "–"),
        (Number(float("inf")), "–"),
        (Share(1.0), "100.0 %"),
        (Share(0.9999), "> 99.9 %"),
        (Share(0.0001), "< 0.1 %"),
        (Share(0.0), "0.0 %"),
        (Share(None), "–"),
        (Span(0.0), "0"),
        (Span(0.4), "< 1 s"),
        (Span(59.0), "59 s"),
        (Span(3_600 * 100 + 90), "100:02 h"),
        (Instant(0), "–"),
        (Instant(hour(1)), "2026-11-25 07:00"),
        (Instant(hour(1), has_seconds=True), "2026-11-25 07:00:00"),
    ],
)
def test_that_a_cell_is_written_as_people_read_it(cell: Number, text: str) -> None:
    assert cell_text(cell, ShiftCalendar(zone="Asia/Shanghai")) == text


def test_that_a_shift_is_signed_by_both_sides_and_a_month_by_who_made_and_approved_it(content: ReportContent) -> None:
    from dataclasses import replace

    from app.model.shift import PeriodKind

    month = document_of(replace(content, kind=PeriodKind.MONTH, key="2026-11"), PLANT.calendar, "en")
    assert document_of(content, PLANT.calendar, "zh").signatures == ("交班人", "接班人")
    assert (month.title, month.signatures) == ("Monthly report", ("Made by", "Approved by"))


def test_that_without_xlsxwriter_a_workbook_is_refused_with_the_remedy(
    english: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from app.report.failure import ExtraMissing

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ExtraMissing, match=r"pip install .foreshift\[excel\]"):
        workbook(english)


def test_that_the_station_is_named_where_nobody_did_it(tmp_path: Path, content: ReportContent) -> None:
    from dataclasses import replace

    deed = replace(content.deeds[0], user="")
    told = page(document_of(replace(content, deeds=(deed,)), PLANT.calendar, "en"))
    assert "<td>the station</td>" in told
