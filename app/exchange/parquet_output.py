"""Writes rows as Apache Parquet, compressed with Zstandard; the one module that writes through pyarrow.

Times are timestamps in ns UTC, numbers doubles, StatusCodes uint32; texts are dictionaries. A missing cell is null. The
unit of a column is in its heading and in its metadata ("unit").
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from app.exchange.output import Style
from app.exchange.table import Cells, Column, Kind, Rows, Texts, value_text
from app.model.exact import DataType

_GROUP_CELLS = 4_000_000
_TYPES = {
    Kind.TIME: pa.timestamp("ns", tz="UTC"),
    Kind.NUMBER: pa.float64(),
    Kind.CODE: pa.uint32(),
    Kind.COUNT: pa.int64(),
    Kind.TEXT: pa.dictionary(pa.int32(), pa.string()),
}
_VALUE_TYPES = {DataType.INT64: pa.int64(), DataType.BOOLEAN: pa.bool_()}


class ParquetOutput:
    """One Parquet file; rows are gathered into groups of a bounded number of cells."""

    def __init__(self, path: Path, columns: Sequence[Column], style: Style) -> None:
        """Open the file at `path`; raise OSError."""
        self._columns = tuple(columns)
        notes = {f"foreshift.{number}": note for number, note in enumerate(style.notes, start=1)}
        self._schema = pa.schema([_field(column) for column in columns], metadata=notes)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Any] = []
        self._cells = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the last group and the footer."""
        if error is None:
            self._write_group()
        self._writer.close()

    def write(self, rows: Rows) -> None:
        """Append rows; raise OSError."""
        arrays = [_array(column, cells) for column, cells in zip(self._columns, rows.cells, strict=True)]
        self._waiting.append(pa.record_batch(arrays, schema=self._schema))
        self._cells += rows.count * len(self._columns)
        if self._cells >= _GROUP_CELLS:
            self._write_group()

    def _write_group(self) -> None:
        if self._cells:
            self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema).unify_dictionaries())
        self._waiting, self._cells = [], 0


def _field(column: Column) -> Any:  # noqa: ANN401 - pyarrow carries no types
    metadata = {"unit": column.unit} if column.unit else None
    return pa.field(column.heading, _type(column), metadata=metadata)


def _type(column: Column) -> Any:  # noqa: ANN401 - pyarrow carries no types
    if column.kind is Kind.VALUE:
        return pa.string() if column.data_type is None else _VALUE_TYPES.get(column.data_type, pa.string())
    return _TYPES[column.kind]


def _array(column: Column, cells: Cells) -> Any:  # noqa: ANN401 - pyarrow carries no types
    if isinstance(cells, Texts):
        words = pa.array(list(cells.words), pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(cells.index, mask=cells.index < 0), words)
    if column.kind is Kind.NUMBER:
        return pa.array(cells, _TYPES[column.kind], mask=np.isnan(cells))
    if column.kind is Kind.VALUE:
        values = cells.tolist()
        if column.data_type is None:
            values = [None if value is None else value_text(value) for value in values]
        return pa.array(values, _type(column))
    return pa.array(cells, _type(column))
