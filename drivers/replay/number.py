"""Reads the cells of one column as numbers, with a decimal point or a decimal comma.

What does not fit a 32-bit float is no value: loggers mark a missing one with the largest double, and Modbus could not
carry it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.model.block import ValueArray

LARGEST = float(np.finfo(np.float32).max)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,' ]\d{3})+")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
_WORDS = {"true": 1.0, "false": 0.0, "on": 1.0, "off": 0.0}
_NOTHING = {"", "nan", "null", "none", "na", "n/a", "#n/a", "-", "--", "?"}


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """A stretch of a column: `values` float64 (n,), NaN for none; how many cells say anything, and say a number."""

    values: ValueArray
    filled: int
    numeric: int


def parse_column(cells: Sequence[str], *, has_decimal_comma: bool) -> NumberColumn:
    """Return the numbers of a column's cells."""
    plain = [cell.replace(",", ".") for cell in cells] if has_decimal_comma else list(cells)
    values = _quickly(plain)
    if values is None:
        values = _quickly([cell or "nan" for cell in plain])
    if values is None:
        return _cell_by_cell(cells, has_decimal_comma=has_decimal_comma)
    values[np.abs(values) > LARGEST] = np.nan
    filled = sum(1 for cell in cells if cell)
    return NumberColumn(values, filled, filled)


def parse_number(cell: str, *, has_decimal_comma: bool) -> float:
    """Return the number in one cell, NaN where it holds none."""
    text = cell.strip().lower()
    try:
        value = float(_normal(text, has_decimal_comma=has_decimal_comma))
    except ValueError:
        value = _WORDS.get(text, math.nan)
    return value if abs(value) <= LARGEST else math.nan


def is_decimal_comma(cell: str) -> bool:
    """Return whether a cell is a number whose only comma must be a decimal one."""
    return bool(_DECIMAL_COMMA.fullmatch(cell.strip())) and not _GROUPED.fullmatch(cell.strip())


def says_nothing(cell: str) -> bool:
    """Return whether a cell means that there is no value."""
    return cell.strip().lower() in _NOTHING


def _quickly(cells: list[str]) -> ValueArray | None:
    try:
        return np.array(cells, np.float64)
    except ValueError:
        return None


def _cell_by_cell(cells: Sequence[str], *, has_decimal_comma: bool) -> NumberColumn:
    values = np.array([parse_number(cell, has_decimal_comma=has_decimal_comma) for cell in cells], np.float64)
    numeric = int(np.count_nonzero(~np.isnan(values)))
    filled = sum(1 for cell in cells if not says_nothing(cell))
    return NumberColumn(values, max(filled, numeric), numeric)


def _normal(text: str, *, has_decimal_comma: bool) -> str:
    """Return a number with a decimal point and without grouping: of comma and point, the last one is the decimal."""
    if "," not in text:
        return text.replace(".", "") if has_decimal_comma and text.count(".") > 1 else text
    if "." in text:
        thousands, decimal = (",", ".") if text.rindex(".") > text.rindex(",") else (".", ",")
        return text.replace(thousands, "").replace(decimal, ".")
    if not has_decimal_comma and _GROUPED.fullmatch(text):
        return text.replace(",", "")
    return text.replace(",", ".")
