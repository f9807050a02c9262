"""Values of a file as the tag that takes them keeps them, where that loses nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.model.exact import DataType

_DTYPES: dict[DataType, type] = {
    DataType.FLOAT64: np.float64,
    DataType.INT64: np.int64,
    DataType.BOOLEAN: np.bool_,
    DataType.STRING: object,
}
NAMES = {
    DataType.FLOAT64: "number",
    DataType.INT64: "whole number of 64 bits",
    DataType.BOOLEAN: "true, false, 1 or 0",
    DataType.STRING: "text",
}


def fitted(values: NDArray[Any], target: DataType) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return values (float64, or objects that are int, bool or str) as `target` keeps them, and which do not fit.

    What is no number (NaN, which is beside a bad status) becomes 0, False or "", as in the history itself.
    """
    if target is DataType.FLOAT64 and values.dtype.kind == "f":
        return values, np.zeros(len(values), np.bool_)
    found: NDArray[Any] = np.empty(len(values), _DTYPES[target])
    is_wrong = np.zeros(len(values), np.bool_)
    default = found.dtype.type() if target is not DataType.STRING else ""
    for place, value in enumerate(values.tolist()):
        kept = default if _is_nothing(value, target) else _kept(value, target)
        is_wrong[place] = kept is None
        found[place] = default if kept is None else kept
    return found, is_wrong


def plain(values: NDArray[Any]) -> NDArray[Any]:
    """Return objects that are all floats as the array of floats that they are."""
    is_float = values.dtype.kind == "f" or not all(isinstance(value, float) for value in values.tolist())
    return values if is_float else values.astype(np.float64)


def _is_nothing(value: object, target: DataType) -> bool:
    return target is not DataType.FLOAT64 and isinstance(value, float) and value != value  # noqa: PLR0124 - only NaN


def _kept(value: Any, target: DataType) -> Any:  # noqa: ANN401 - of any data type
    """Return one value as `target`, None where that is not the same."""
    if isinstance(value, str) or target is DataType.STRING:
        return value if isinstance(value, str) and target is DataType.STRING else None
    if target is DataType.FLOAT64:
        return float(value) if isinstance(value, float) or int(float(value)) == value else None
    if isinstance(value, float) and not value.is_integer():
        return None
    whole = int(value)
    if target is DataType.BOOLEAN:
        return bool(whole) if whole in {0, 1} else None
    return whole if -(1 << 63) <= whole < 1 << 63 else None
