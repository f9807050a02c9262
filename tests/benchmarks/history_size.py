"""`history-size`: bytes per sample at rest, ours sealed beside peers that hold the same samples.

Peers get the whole hour at once, sorted by tag and time where that packs better.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.model.block import Block
from tests.benchmarks.__main__ import Options
from tests.benchmarks.clustered_rows import ClusteredRows
from tests.benchmarks.duckdb_store import DuckDbStore
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import HistoryStore, opened, say_not_run
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.postgres_store import PostgresStore
from tests.benchmarks.recorded_plant import RecordedPlant, by_tag

MIXED_GOAL, NOISY_GOAL = 2.0, 4.0


def measure(options: Options) -> Iterator[Figure]:
    """Fill every store with an hour of a mixed and of a noisy plant (quick: fewer devices, the same hour)."""
    devices = 10 if options.quick else 50
    yield from _sizes("mixed", RecordedPlant(devices, 3_600), goal=MIXED_GOAL)
    yield from _sizes("noisy", RecordedPlant(devices // 2, 3_600, is_noisy=True), goal=NOISY_GOAL)


def _sizes(name: str, plant: RecordedPlant, *, goal: float) -> Iterator[Figure]:
    samples, tags = plant.samples(), plant.tags
    text = f"{name}, {len(tags):,} tags for 1 h ({len(samples) / 1e6:.2f} M samples): sealed, per sample"
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.closing(OurHistory(Path(folder), tags)) as history:
            ours = _size(history, samples)
        peers = opened(
            [
                lambda: ClusteredRows(Path(folder), tags=len(tags)),
                lambda: DuckDbStore(Path(folder)),
                PostgresStore,
            ]
        )
        limit = f"ours <= {goal}"
        for peer in peers:
            with contextlib.closing(peer):
                yield Figure(text, "B", ours, _size(peer, samples), peer.name, limit)
            limit = ""
        if importlib.util.find_spec("pyarrow") is None:
            say_not_run("Parquet absent: pip install pyarrow")
        else:
            yield Figure(text, "B", ours, _parquet(Path(folder), samples), "Parquet, zstd")


def _size(store: HistoryStore, samples: Block) -> float:
    store.load([samples])
    return store.size() / len(samples)


def _parquet(folder: Path, samples: Block) -> float:
    """Return the bytes per sample of one file sorted by tag and time, which is how it packs best."""
    pyarrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    ordered = by_tag(samples)
    table = pyarrow.table(
        {"tag": ordered.handle, "time": ordered.time, "value": ordered.value, "status": ordered.status}
    )
    path = folder / "samples.parquet"
    parquet.write_table(table, path, compression="zstd")
    return path.stat().st_size / len(samples)
