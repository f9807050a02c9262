"""A report in any of its formats, as the bytes of a file."""

from __future__ import annotations

from app.model.handover import Handover, OpenPoint
from app.model.report import ReportFormat
from app.model.shift import ShiftCalendar
from app.report.content import ReportContent
from app.report.page import page
from app.report.record import record_of
from app.report.sections import document_of
from app.report.workbook import workbook


def content_of(
    content: ReportContent,
    calendar: ShiftCalendar,
    kind: ReportFormat,
    language: str,
    *,
    handover: Handover | None = None,
    points: tuple[OpenPoint, ...] = (),
) -> bytes:
    """Return what is written to a file of that kind; raise ExtraMissing where the extra for it is absent.

    `handover`, `points`: as of `document_of`.
    """
    document = document_of(content, calendar, language, handover=handover, points=points)
    match kind:
        case ReportFormat.JSON:
            return record_of(content).encode()
        case ReportFormat.HTML:
            return page(document).encode()
        case ReportFormat.EXCEL:
            return workbook(document)
        case ReportFormat.PDF:
            from widgets.report.printing import begin_without_display, pdf_of  # noqa: PLC0415 - brings Qt in

            qt = begin_without_display()
            printed = pdf_of(document)
            del qt
            return printed
