"""Checks that the numbers of a plant file can be meant: ranges, bands, limits, dead bands, priorities, sizes.

Every comparison is written so that NaN, the mark of a number that is not given or was wrong, passes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.model.alarm import ConditionKind
from app.model.retention import longer
from app.model.tag import TagKind
from app.plant.alarm_check import check_alarms, check_reachable
from app.plant.data_type import check_data_type, check_texts
from app.plant.grammar import ForecastTable, HistoryTable, TagTable
from app.plant.problem import Findings
from app.plant.table import Located
from app.plant.tables import PlantTables

_LEVELS = (ConditionKind.HIGH, ConditionKind.LOW)


def check_numbers(tables: PlantTables, findings: Findings) -> None:
    """Note every number that contradicts another one or the meaning of its key."""
    tags = {tag.table.name: tag.table for tag in tables.tags if tag.table.name}
    if not tables.tags:
        findings.warning((), "the plant has no tags: nothing will be collected: add a [[tag]]")
    _check_history(tables.history, findings)
    for tag in tables.tags:
        _check_tag(tag, findings)
        check_data_type(tag, findings)
    check_texts(tables, findings)
    check_alarms(tables, findings)
    for forecast in tables.forecasts:
        _check_forecast(forecast, tags, findings)


def _check_history(history: Located[HistoryTable], findings: Findings) -> None:
    """Note a limit of a coarser resolution below that of a finer one, which then holds for both."""
    table, default = history.table, HistoryTable()
    for finer, coarser in (("raw_days", "minute_days"), ("minute_days", "hour_days")):
        written, least = getattr(table, coarser), getattr(table, finer)
        if written != getattr(default, coarser) and longer(written, least) != written:
            findings.warning(
                history.key(coarser),
                f"`{coarser}` = {written:g} is shorter than `{finer}` = {least:g}, which is taken: write {least:g}",
            )


def _check_tag(tag: Located[TagTable], findings: Findings) -> None:
    low, high = tag.table.eu_range
    if low >= high:
        findings.error(tag.key("range"), f"the range {low:g} to {high:g} is empty: write the lower number first")
    bottom, top = tag.table.normal
    if bottom >= top:
        findings.error(tag.key("normal"), f"the band {bottom:g} to {top:g} is empty: write the lower number first")
    elif low < high and (bottom < low or top > high):
        findings.warning(
            tag.key("normal"),
            f"the normal band {bottom:g} to {top:g} leaves the range {low:g} to {high:g}: widen the range or narrow it",
        )
    if tag.table.gain == 0:
        findings.error(tag.key("gain"), "a gain of 0 makes every value alike: write another, or remove the key")
    _check_scale(tag, findings)
    if tag.table.width_bits and tag.table.kind is not TagKind.COUNTER:
        findings.error(
            tag.key("width_bits"),
            f'`width_bits` is for counters and this tag is {tag.table.kind}: remove it, or write kind = "counter"',
        )


def _check_scale(tag: Located[TagTable], findings: Findings) -> None:
    """Note ranges of which one is missing or empty, or that stand beside another scale."""
    table, default = tag.table, TagTable()
    for key, other in (("raw", "scaled"), ("scaled", "raw")):
        low, high = getattr(table, key)
        if math.isnan(low):
            continue
        if math.isnan(getattr(table, other)[0]):
            findings.error(tag.key(key), f"`{other}` is missing beside `{key}`: write what the ends of the range mean")
        if low == high:
            findings.error(tag.key(key), f"the range {low:g} to {high:g} is empty: write two different numbers")
        for factor in ("gain", "offset"):
            if getattr(table, factor) != getattr(default, factor):
                findings.error(tag.key(factor), f"`{factor}` and `{key}` both give the scale: remove one of them")


def _check_forecast(forecast: Located[ForecastTable], tags: Mapping[str, TagTable], findings: Findings) -> None:
    if forecast.table.direction not in _LEVELS:
        findings.error(
            forecast.key("direction"),
            f'a trend cannot run towards "{forecast.table.direction}": write direction = "high" or "low"',
        )
    tag = tags.get(forecast.table.tag)
    if tag is not None:
        check_reachable(forecast.key("limit"), forecast.table.limit, tag, findings)
