"""Checks that the numbers of a plant file can be meant: ranges, bands, limits, dead bands, priorities, sizes.

Every comparison is written so that NaN, the mark of a number that is not given or was wrong, passes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.model.alarm import ConditionKind
from app.model.retention import longer
from app.model.tag import TagKind
from app.plant.data_type import check_data_type, check_texts
from app.plant.grammar import CONDITIONS, AlarmTable, ForecastTable, HistoryTable, TagTable
from app.plant.problem import Findings, KeyPath
from app.plant.table import Located
from app.plant.tables import LocatedPicture, PlantTables

SYMBOLS = ("compressor", "pump", "tank", "tower", "furnace", "filter", "meter", "valve")
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
    for alarm in tables.alarms:
        _check_alarm(alarm, tags, findings)
    _check_order(tables.alarms, findings)
    for forecast in tables.forecasts:
        _check_forecast(forecast, tags, findings)
    for picture in tables.pictures:
        _check_picture(picture, findings)


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


def _check_alarm(alarm: Located[AlarmTable], tags: Mapping[str, TagTable], findings: Findings) -> None:
    table = alarm.table
    if table.condition not in CONDITIONS:
        findings.error(
            alarm.key("condition"),
            f'"{table.condition}" is told by the station itself: write one of {", ".join(CONDITIONS)}',
        )
    if table.condition is ConditionKind.DEVIATION:
        if table.setpoint == "":
            findings.error(
                alarm.path, "`setpoint` is missing: a deviation is measured from a tag or a number: add setpoint = 75.0"
            )
        if table.limit <= 0:
            findings.error(alarm.key("limit"), f"a deviation of {table.limit:g} is always exceeded: write one above 0")
    elif table.setpoint != "":
        findings.error(
            alarm.key("setpoint"),
            f"`setpoint` belongs to deviations and this condition is {table.condition}: remove it",
        )
    if table.condition is ConditionKind.RATE and table.limit == 0:
        findings.error(
            alarm.key("limit"),
            "a rate of 0 is always exceeded: write the change per minute, above 0 for a rise and below 0 for a fall",
        )
    tag = tags.get(table.tag)
    if tag is not None:
        _check_span(alarm, tag, findings)


def _check_span(alarm: Located[AlarmTable], tag: TagTable, findings: Findings) -> None:
    """Compare an alarm with the range of its tag."""
    table = alarm.table
    low, high = tag.eu_range
    if table.condition in _LEVELS:
        _check_reachable(alarm.key("limit"), table.limit, tag, findings)
        widest = high - low
        what = f"the range of {table.tag}"
    else:
        widest = abs(table.limit)
        what = "the limit"
    if table.deadband > 0 and table.deadband >= widest > 0:
        findings.error(
            alarm.key("deadband"),
            f"a dead band of {table.deadband:g} is not below {what} ({widest:g}): write a smaller one, else the alarm "
            "never ends",
        )


def _check_reachable(path: KeyPath, limit: float, tag: TagTable, findings: Findings) -> None:
    low, high = tag.eu_range
    if low < high and not math.isnan(limit) and not low <= limit <= high:
        findings.warning(
            path,
            f"the limit {limit:g} is outside of the range {low:g} to {high:g} of {tag.name}: correct one of the two",
        )


def _check_order(alarms: list[Located[AlarmTable]], findings: Findings) -> None:
    """Note a low limit at or above a high limit of the same tag: one of them would always stand."""
    highs: dict[str, Located[AlarmTable]] = {}
    for alarm in alarms:
        if alarm.table.condition is ConditionKind.HIGH:
            lowest = highs.setdefault(alarm.table.tag, alarm)
            if alarm.table.limit < lowest.table.limit:
                highs[alarm.table.tag] = alarm
    for alarm in alarms:
        high = highs.get(alarm.table.tag)
        if high is not None and alarm.table.condition is ConditionKind.LOW and alarm.table.limit >= high.table.limit:
            findings.error(
                alarm.key("limit"),
                f"the low limit {alarm.table.limit:g} is not below the high limit {high.table.limit:g} "
                "of line {other}: correct one, else one of the two alarms always stands",
                other=high.key("limit"),
            )


def _check_forecast(forecast: Located[ForecastTable], tags: Mapping[str, TagTable], findings: Findings) -> None:
    if forecast.table.direction not in _LEVELS:
        findings.error(
            forecast.key("direction"),
            f'a trend cannot run towards "{forecast.table.direction}": write direction = "high" or "low"',
        )
    tag = tags.get(forecast.table.tag)
    if tag is not None:
        _check_reachable(forecast.key("limit"), forecast.table.limit, tag, findings)


def _check_picture(picture: LocatedPicture, findings: Findings) -> None:
    _check_size(picture.located.key("size"), picture.located.table.size, findings)
    for symbol in picture.symbols:
        _check_size(symbol.key("size"), symbol.table.size, findings)
        if symbol.table.kind and symbol.table.kind not in SYMBOLS:
            findings.warning(
                symbol.key("kind"),
                f'there is no drawing of a "{symbol.table.kind}": write one of {", ".join(SYMBOLS)}',
            )


def _check_size(path: KeyPath, size: tuple[float, float], findings: Findings) -> None:
    if min(size) <= 0:
        findings.error(path, f"a size of {size[0]:g} by {size[1]:g} cannot be drawn: write two numbers above 0")
