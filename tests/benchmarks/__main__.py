"""`python -m tests.benchmarks NAME [--json] [--data DIR] [--quick]`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.figure import Figure

BENCHMARKS = {
    "alarm-statistics": "figures of alarm performance over a journal of 10 million lines",
    "anomaly": "what detectors find and what they tell in vain: SKAB, TEP, NAB",
    "alarms": "processor time of the evaluation of alarms, per sample",
    "foresight-demo": "seeded runs of the demo plant: warned before the trip, true cause first, false cases, cost",
    "audit": "processor time of a record in the log, beside a plain table and a chain of hashes; verification",
    "modbus": "requests a second, processor time and delay of Modbus TCP; decoding",
    "history-backup": "how long commits wait while the history is copied",
    "foresight-cost": "processor time and memory of the detectors, per tag and sample",
    "diagnosis": "which fault it is, and whether an unknown one is told so: TEP",
    "device-to-disk": "from a Modbus device to durable SQLite, values a second and processor time of each",
    "device-to-screen": "from a value's change in the server to its paint, and to the disk",
    "history-ingest": "durable samples a second, bytes handed to the disk, commits while sealing",
    "history-query": "what a screen asks of the past: raw, pixels, the plant at an instant",
    "history-size": "bytes per sample at rest",
    "reconnect": "the first good value once a server is back, and healthy units beside a silent one",
    "trend": "a frame of many points, a wall of panes",
    "tables": "a list of 100,000 rows: a thousand changes a second, sorting, filtering",
    "picture": "a process picture of 2,000 live elements, opening and closing one",
    "startup": "from the command to the first live value, and what imports cost",
    "rul": "remaining life of machines that run to failure: error, coverage of the band",
    "opcua": "processor time of a client per notified and per read value",
    "alarm-search": "the first page of a search in a long alarm journal, by a window that has just been opened",
    "alarm-window": "a flood of alarms in the real window: delay to the row, losses, the longest hold-up",
    "report": "a month of values at 1 s in a report, from hours that are kept and from samples",
    "replay": "a recorded day at 1 to 100 times its speed, beside the live window with the same samples",
    "event-loop": "how late the window comes to what is due while a plant talks much",
    "finding": "a letter more in the search (Ctrl+K) of a plant of 20,000 tags",
    "history-start": "from a kill to the first heartbeat with a large file",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How a benchmark shall run: `quick` ends within 50 s on two cores; `data` holds recorded data, if any."""

    quick: bool
    data: Path | None


def main() -> int:
    """Run one benchmark and print its figures; exit code 1 when a goal was missed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    names = "\n".join(f"  {name:20} {text}" for name, text in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=f"Benchmarks, ours and the peer in turn in one run:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", choices=sorted(BENCHMARKS), help="one of the above")
    parser.add_argument("--json", action="store_true", help="one line of JSON per figure")
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="folder of recorded data")
    parser.add_argument("--quick", action="store_true", help="end within 50 s")
    arguments = parser.parse_args()
    module = importlib.import_module(f"tests.benchmarks.{arguments.name.replace('-', '_')}")
    measure: Callable[[Options], Iterable[Figure]] = module.measure
    missed = False
    for figure in measure(Options(quick=arguments.quick, data=arguments.data)):
        print(figure.as_json() if arguments.json else figure.as_text(), flush=True)
        missed = missed or figure.holds is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
