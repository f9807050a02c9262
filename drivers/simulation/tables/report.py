"""What is told by itself of each shift and each day of the plant; its shifts are the usual three."""

from __future__ import annotations

from app.model.report import ReportFormat, ReportRules
from app.model.shift import PeriodKind

REPORT = ReportRules(
    tags=("AC01.T_D", "AC01.P_D", "PU01.V_DE", "PU02.V_DE", "PU01.DP_STR", "PU02.DP_STR"),
    every=(PeriodKind.SHIFT, PeriodKind.DAY),
    formats=(ReportFormat.PDF, ReportFormat.HTML),
)
