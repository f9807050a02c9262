"""Opens a file from which samples are to be imported, by its content and its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from app.exchange.csv_input import CsvFile
from app.exchange.failure import ExchangeError, MissingExtra
from app.exchange.sample_source import SampleSource
from app.exchange.time_text import Zone
from app.model import clock
from app.model.clock import NS_PER_S

_AHEAD_NS = 86_400 * NS_PER_S
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Reading:
    """How times are to be understood. `zone`: of those without an offset; `time_column`: "" lets it be found.

    `day_first`: whether 3/4/2020 is in April; None asks the file.
    """

    zone: Zone = UTC
    time_column: str = ""
    day_first: bool | None = None


def open_source(path: Path, reading: Reading | None = None) -> SampleSource:
    """Return the samples in the CSV or Parquet file at `path`.

    Raise RecordingError or ExchangeError (MissingExtra where a package is missing) where it holds none.
    """
    how = reading or Reading()
    latest = clock.now_ns() + _AHEAD_NS
    if not _is_parquet(path):
        table = CsvFile(path, zone=how.zone, time_column=how.time_column, day_first=how.day_first)
        return SampleSource(table, latest=latest)
    try:
        from app.exchange.parquet_input import ParquetFile  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtra(str(path), "parquet") from error
    return SampleSource(ParquetFile(path, zone=how.zone, time_column=how.time_column), latest=latest)


def _is_parquet(path: Path) -> bool:
    if path.suffix.lower() == ".xlsx":
        raise ExchangeError(f"{path.name}: workbooks are not read: save the sheet as CSV")
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET
