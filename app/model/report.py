"""What a plant says about its reports: which values are told, and what is written by itself at the end of a shift."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.shift import PeriodKind


class ReportFormat(StrEnum):
    """How a report is written, by the end of its file's name."""

    PDF = "pdf"
    EXCEL = "xlsx"
    HTML = "html"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ReportRules:
    """`tags`: those whose values are told, () for all analog ones with a normal band or a limit.

    `every`: after which periods a report is written by itself, () for never; `formats`, `language` ("en" or "zh") and
    `folder` ("" for `reports` in the plant's own) say how and where.
    """

    tags: tuple[str, ...] = ()
    every: tuple[PeriodKind, ...] = ()
    formats: tuple[ReportFormat, ...] = (ReportFormat.PDF,)
    language: str = "en"
    folder: str = ""
