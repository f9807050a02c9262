"""Which findings are worth to be kept: those by which somebody who looks back would see something else."""

from __future__ import annotations

import math
from collections.abc import Iterable

from app.model.forecast import Forecast, Health
from app.model.remaining_life import LifeForecast
from app.prediction.store import Finding

LEAST_HEALTH = 1.0
LEAST_PROGRESS = 0.1
LEAST_SHARE = 0.05
"""A crossing that moved by less than this share of the time that is left to it is told the same way."""


class FindingRecord:
    """Takes findings as they are made and gives back those that tell something new of their equipment or forecast."""

    def __init__(self) -> None:
        """Know nothing: the first of each is kept."""
        self._healths: dict[str, Health] = {}
        self._forecasts: dict[str, Forecast] = {}
        self._lives: dict[str, LifeForecast] = {}

    def take(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return those of `findings` that are worth to be kept."""
        kept: list[Finding] = []
        for finding in findings:
            if isinstance(finding, Health):
                if _is_other_health(finding, self._healths.get(finding.equipment)):
                    self._healths[finding.equipment] = finding
                    kept.append(finding)
            elif isinstance(finding, LifeForecast):
                if _is_other_life(finding, self._lives.get(finding.equipment)):
                    self._lives[finding.equipment] = finding
                    kept.append(finding)
            elif _is_other_forecast(finding, self._forecasts.get(finding.forecast)):
                self._forecasts[finding.forecast] = finding
                kept.append(finding)
        return kept


def _is_other_health(new: Health, former: Health | None) -> bool:
    if former is None or new.state is not former.state:
        return True
    if math.isnan(new.health) != math.isnan(former.health) or new.progress - former.progress >= LEAST_PROGRESS:
        return True
    if abs(new.health - former.health) >= LEAST_HEALTH:
        return True
    return [each.tag for each in new.contributions[:1]] != [each.tag for each in former.contributions[:1]]


def _is_other_life(new: LifeForecast, former: LifeForecast | None) -> bool:
    if former is None or new.state is not former.state or new.version != former.version:
        return True
    if (new.evidence, new.failures, new.reason) != (former.evidence, former.failures, former.reason):
        return True
    pairs = ((new.p10_h, former.p10_h), (new.p50_h, former.p50_h), (new.p90_h, former.p90_h))
    return any(abs(now - before) >= LEAST_SHARE * max(before, 1.0) for now, before in pairs)


def _is_other_forecast(new: Forecast, former: Forecast | None) -> bool:
    if former is None or new.state is not former.state or new.evidence is not former.evidence:
        return True
    for now, before in ((new.p10, former.p10), (new.p50, former.p50), (new.p90, former.p90)):
        if bool(now) != bool(before):
            return True
        if now and abs(now - before) >= LEAST_SHARE * max(1, before - former.made):
            return True
    return False
