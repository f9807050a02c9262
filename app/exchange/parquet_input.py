"""Reads the rows of a Parquet file in chunks; the one module that reads through pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from app.exchange.chunk import NO_CODE, WRONG_CODE, exact_values
from app.exchange.failure import ExchangeError
from app.exchange.status_text import status_of
from app.exchange.time_text import Zone, to_utc
from app.model.block import TimeArray, ValueArray
from app.model.exact import DataType
from app.plant.problem import Problem
from drivers.replay.timestamp import NO_TIME

_MOST_CELLS = 1_000_000
_NS = pa.timestamp("ns")


class ParquetFile:
    """A Parquet file with a column of timestamps; its rows are numbered from 1."""

    def __init__(self, path: Path, *, zone: Zone = UTC, time_column: str = "") -> None:
        """Find the column that says when; timestamps without a zone are in `zone`. Raise ExchangeError."""
        self.path = path
        self._zone = zone
        try:
            with pq.ParquetFile(path) as file:
                schema, self._rows = file.schema_arrow, file.metadata.num_rows
        except pa.ArrowInvalid as reason:
            raise ExchangeError(f"{path.name}: this is no Parquet file ({reason}): give a whole one") from reason
        self.headings = tuple(schema.names)
        place = _time_place(path, schema, time_column)
        self.time: tuple[int, ...] = (place,)
        self.has_offsets = schema.field(place).type.tz is not None

    def chunks(self) -> Iterator[ParquetChunk]:
        """Read the file from its beginning."""
        most = max(1, _MOST_CELLS // len(self.headings))
        first = 1
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=most):
                lines = np.arange(first, first + batch.num_rows)
                first += batch.num_rows
                yield ParquetChunk(batch, lines, self._times(batch.column(self.time[0])), (first - 1) / self._rows)

    def _times(self, column: Any) -> TimeArray:  # noqa: ANN401 - pyarrow carries no types
        utc = column.type if column.type.tz is None else pa.timestamp(column.type.unit)
        instants = pc.cast(pc.cast(column, utc), _NS, safe=False).cast(pa.int64())
        times: TimeArray = _numpy(instants, int(NO_TIME), np.int64)
        if self.has_offsets or self._zone is UTC:
            return times
        is_wall = times != NO_TIME
        return np.where(is_wall, to_utc(np.where(is_wall, times, 0), self._zone), times)


class ParquetChunk:
    """Some rows of a Parquet file."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, batch: Any, line: NDArray[np.int64], times: TimeArray, share: float) -> None:  # noqa: ANN401
        """Hold a record batch of pyarrow."""
        self.line = line
        self.times = times
        self.share = share
        self._batch = batch

    def time_text(self, row: int) -> str:
        """Return what stands there as the time of a row."""
        return "null" if self.times[row] == NO_TIME else str(self.times[row].astype("datetime64[ns]"))

    def numbers(self, column: int) -> tuple[ValueArray, NDArray[np.bool_]]:
        """Return the numbers of a column, NaN for an empty cell, and which cells hold something else."""
        cells = self._batch.column(column)
        kind = cells.type
        if pa.types.is_boolean(kind):
            cells = pc.cast(cells, pa.int8())
        elif not (pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
            return np.full(len(cells), np.nan), _numpy(pc.is_valid(cells), default=False, kind=np.bool_)
        return _numpy(pc.cast(cells, pa.float64(), safe=False), np.nan, np.float64), np.zeros(len(cells), np.bool_)

    def exact(self, column: int, data_type: DataType) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return the values of a column as objects that are int, bool or str, and which cells hold something else."""
        cells = self._batch.column(column)
        if pa.types.is_integer(cells.type) or pa.types.is_boolean(cells.type):
            default = 0 if data_type is DataType.INT64 else False
            found = np.array([default if value is None else value for value in cells.to_pylist()], object)
            return found, np.zeros(len(found), np.bool_)
        return exact_values(self.texts(column), data_type)

    def codes(self, column: int) -> NDArray[np.int64]:
        """Return the StatusCodes of a column, NO_CODE for an empty cell, WRONG_CODE for something else."""
        cells = self._batch.column(column)
        if pa.types.is_integer(cells.type):
            codes = _numpy(pc.cast(cells, pa.int64()), NO_CODE, np.int64)
            return np.where((codes < NO_CODE) | (codes > 0xFFFF_FFFF), WRONG_CODE, codes)
        words, index = _words(cells)
        return np.array([*map(_code, words)], np.int64)[index]

    def texts(self, column: int) -> Sequence[str]:
        """Return the texts of a column."""
        words, index = _words(self._batch.column(column))
        texts: list[str] = np.array(["" if word is None else str(word) for word in words], object)[index].tolist()
        return texts

    def text(self, column: int, row: int) -> str:
        """Return what stands in one cell."""
        return str(self._batch.column(column)[row].as_py())


def _time_place(path: Path, schema: Any, wanted: str) -> int:  # noqa: ANN401 - pyarrow carries no types
    names = list(schema.names)
    if wanted and wanted not in names:
        raise ExchangeError(f'{path.name}: there is no column "{wanted}": it has {", ".join(names)}')
    for place, field in enumerate(schema):
        if pa.types.is_timestamp(field.type) and wanted in {"", field.name}:
            return place
    what = f'the column "{wanted}" holds no timestamps' if wanted else "no column holds timestamps"
    raise ExchangeError(f"{path.name}: {what}: write them as timestamp[ns, UTC]")


def _numpy(array: Any, default: Any, kind: Any) -> Any:  # noqa: ANN401 - pyarrow carries no types
    """Return an array of numpy with `default` where there is nothing."""
    filled = pc.fill_null(array, default) if array.null_count else array
    return filled.to_numpy(zero_copy_only=False).astype(kind, copy=False)


def _words(cells: Any) -> tuple[list[Any], NDArray[np.int64]]:  # noqa: ANN401 - pyarrow carries no types
    """Return the different cells of a column, and which of them each is; the last one stands for an empty cell."""
    encoded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    index: NDArray[np.int64] = _numpy(encoded.indices, len(words), np.int64)
    return [*words, None], index


def _code(text: object) -> int:
    if text is None or not str(text).strip():
        return NO_CODE
    code = status_of(str(text))
    return WRONG_CODE if code is None else code
