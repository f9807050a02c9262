"""The journal's samples in memory, in few runs: what a reader merges with the chunks, and what a seal is made of."""

from __future__ import annotations

from dataclasses import dataclass

from app.database import PlantConnection
from app.history.journal import JournalRow, rows_after
from app.history.samples import Samples, merged

_FAN_IN = 16
"""So many runs of one level become one of the next: a tag is then found in a few dozen places, not in a thousand."""


@dataclass(slots=True)
class _Run:
    """Samples of one kind from neighbouring commits."""

    first_seq: int
    last_seq: int
    level: int
    samples: Samples
    start: int
    end: int


class Tail:
    """The commits behind the last seal; `follow` brings it up to date within the reader's transaction."""

    def __init__(self) -> None:
        """Begin empty."""
        self.last_seq = 0
        self.damaged: list[JournalRow] = []
        self._sealed_through = 0
        self._runs: dict[str, list[_Run]] = {}

    def __bool__(self) -> bool:
        """Whether it holds any samples."""
        return bool(self._runs)

    def follow(self, connection: PlantConnection, sealed_through: int) -> None:
        """Forget what is sealed and read the commits that are new."""
        if sealed_through != self._sealed_through:
            self._forget(sealed_through)
            self._sealed_through = sealed_through
        for row in rows_after(connection, max(self.last_seq, sealed_through)):
            self._take(row)
            self.last_seq = row.seq

    def parts(self, tag: int, start: int, end: int) -> list[Samples]:
        """Return the samples of a tag with start <= time <= end (ns UTC), in the order of the commits."""
        found = []
        for run in self._all_runs():
            if run.start > end or run.end < start:
                continue
            of_tag = run.samples.of(tag)
            if of_tag.start == of_tag.stop:
                continue
            time = run.samples.time[of_tag]
            first = of_tag.start + int(time.searchsorted(start))
            last = of_tag.start + int(time.searchsorted(end, side="right"))
            if first < last:
                found.append(run.samples.rows(slice(first, last)))
        return found

    def all_parts(self) -> list[Samples]:
        """Return all samples, in the order of the commits."""
        return [run.samples for run in self._all_runs()]

    def _all_runs(self) -> list[_Run]:
        if len(self._runs) == 1:
            return next(iter(self._runs.values()))
        return sorted((run for runs in self._runs.values() for run in runs), key=lambda run: run.last_seq)

    def _take(self, row: JournalRow) -> None:
        if row.damage:
            self.damaged.append(row)
        for part in row.parts:
            if not len(part):
                continue
            runs = self._runs.setdefault(part.kind, [])
            runs.append(_Run(row.seq, row.seq, 0, part, int(part.time.min()), int(part.time.max())))
            while _merge_newest(runs):
                pass

    def _forget(self, sealed_through: int) -> None:
        """Forget commits up to a number; a run that a seal has cut in two is read anew, with all behind it."""
        self.damaged = [row for row in self.damaged if row.seq > sealed_through]
        runs = [run for runs in self._runs.values() for run in runs]
        if any(run.first_seq <= sealed_through < run.last_seq for run in runs):
            self._runs, self.last_seq = {}, sealed_through
            return
        left = {kind: [run for run in runs if run.last_seq > sealed_through] for kind, runs in self._runs.items()}
        self._runs = {kind: runs for kind, runs in left.items() if runs}
        self.last_seq = max(self.last_seq, sealed_through)


def _merge_newest(runs: list[_Run]) -> bool:
    """Merge the newest runs where there are enough of one level; return whether there were."""
    newest = runs[-_FAN_IN:]
    if len(newest) < _FAN_IN or any(run.level != newest[0].level for run in newest):
        return False
    runs[-_FAN_IN:] = [
        _Run(
            newest[0].first_seq,
            newest[-1].last_seq,
            newest[0].level + 1,
            merged([run.samples for run in newest]),
            min(run.start for run in newest),
            max(run.end for run in newest),
        )
    ]
    return True
