"""Why there is no report; each message says what to do."""

from __future__ import annotations


class ReportError(Exception):
    """The family of all that a report fails by."""


class NothingToReport(ReportError):
    """The period has not begun yet."""


class ExtraMissing(ReportError):
    """What writes a format is not installed."""


class ReportCancelled(ReportError):
    """Whoever asked for the report does not want it any more."""
