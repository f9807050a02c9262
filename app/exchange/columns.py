"""What each column of a file with samples is for, found from the headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.exchange.file_samples import SeriesName
from app.exchange.layout import STATUS_SUFFIX
from app.model.exact import DataType
from app.plant.recording.column_name import column_name

NONE = -1
_WITH_UNIT = re.compile(r"(?P<name>.*\S)\s*\[(?P<unit>[^\[\]]*)\]")
_TAG = {
    "tag", "tagname", "tag_name", "tag name", "name", "point", "pointname", "variable", "signal",
    "位号", "点名", "测点",
}  # fmt: skip
_VALUE = {"value", "val", "wert", "值", "数值"}
CLASSIC = {"quality", "质量"}
"""What a column is called that may hold qualities of OPC Classic in place of StatusCodes."""
_STATUS = {"status", "statuscode", "status_code", "状态", *CLASSIC}
_UNIT = {"unit", "units", "uom", "单位"}
_TYPE = {"data_type"}
_EXACT = {"value_exact"}
_WITH_TYPE = re.compile(r"(?P<heading>.*) \{(?P<type>int64|boolean|string)\}")


@dataclass(frozen=True, slots=True)
class LongColumns:
    """Places of the columns of a file with one row per sample; NONE where there is no such column."""

    tag: int
    value: int
    status: int = NONE
    unit: int = NONE
    data_type: int = NONE
    exact: int = NONE


@dataclass(frozen=True, slots=True)
class SeriesColumn:
    """A column that holds the values of one series, and the place of the one that holds their StatusCodes."""

    series: SeriesName
    value: int
    status: int = NONE


@dataclass(frozen=True, slots=True)
class WideColumns:
    """The series of a file with one row per instant."""

    series: tuple[SeriesColumn, ...]


Columns: TypeAlias = LongColumns | WideColumns


def columns_of(headings: Sequence[str], time: Sequence[int]) -> Columns:
    """Return what the columns are for; those at `time` hold the instants."""
    others = [place for place in range(len(headings)) if place not in time]
    words = [heading.strip().lower() for heading in headings]
    tag = _first(words, others, _TAG)
    value = _first(words, others, _VALUE)
    if NONE not in {tag, value}:
        rest = (_first(words, others, wanted) for wanted in (_STATUS, _UNIT, _TYPE, _EXACT))
        return LongColumns(tag, value, *rest)
    return WideColumns(tuple(_series(headings, others)))


def _first(words: Sequence[str], places: Sequence[int], wanted: set[str]) -> int:
    return next((place for place in places if words[place] in wanted), NONE)


def _series(headings: Sequence[str], places: Sequence[int]) -> list[SeriesColumn]:
    """Return the series; a column that is called like the one before it and "status" belongs to that one."""
    found: list[SeriesColumn] = []
    for place in places:
        heading = headings[place]
        owner = heading.removesuffix(STATUS_SUFFIX)
        if heading.endswith(STATUS_SUFFIX) and found and is_headed(headings[found[-1].value], owner):
            value = found.pop().value
            heading, data_type = _without_type(headings[value])
            found.append(SeriesColumn(SeriesName(owner, heading[len(owner) :].strip(" []"), data_type), value, place))
        else:
            found.append(SeriesColumn(_name_and_unit(heading), place))
    return found


def is_headed(heading: str, name: str) -> bool:
    """Return whether a heading names a series, with a unit and a data type or without."""
    plain, _ = _without_type(heading)
    return plain == name or (plain.startswith(f"{name} [") and plain.endswith("]"))


def _without_type(heading: str) -> tuple[str, DataType]:
    match = _WITH_TYPE.fullmatch(heading)
    return (match["heading"], DataType(match["type"])) if match else (heading, DataType.FLOAT64)


def _name_and_unit(heading: str) -> SeriesName:
    match = _WITH_UNIT.fullmatch(heading)
    known = column_name(heading)
    if known.unit:
        return SeriesName(known.title, known.unit)
    return SeriesName(match["name"], match["unit"]) if match else SeriesName(heading.strip())
