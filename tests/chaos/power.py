"""Power cuts: a writer's file operations are recorded, then what a cut among them may leave is rebuilt and judged."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tests.chaos.disk import Disk
from tests.chaos.recording import Recording, record
from tests.chaos.tally import Tally
from tests.chaos.verdict import Outcome, judge
from tests.chaos.writer import Script, acknowledged, moment

STATES_PER_RECORDING = 100
_FILE = "history.sqlite"
_MEMORY_BYTES = 32_768


@dataclass(frozen=True, slots=True)
class PowerCuts:
    """A campaign of one seed. State n belongs to recording n // STATES_PER_RECORDING; both follow from the seed.

    Every other recording begins with what a power cut has left of an earlier one, so that recovery is cut short too.
    `folder`: an empty one to work in. `witness`: see tests.chaos.recording. `synchronous` other than FULL and
    `is_hasty` are sabotage. `kept`: a folder that takes the files of every state that was not clean, as the power cut
    left them.
    """

    folder: Path
    seed: int
    witness: Path
    synchronous: str = "FULL"
    is_hasty: bool = False
    kept: Path | None = None

    def run(self, states: Iterable[int]) -> Tally:
        """Judge the states of these numbers, and what recordings began with; raise NoWitness for a wrong record."""
        sabotage = f" --synchronous {self.synchronous}" + " --hasty" * self.is_hasty
        tally = Tally("power cuts", f"python -m tests.chaos power --seed {self.seed}{sabotage} --only {{}}")
        by_recording: dict[int, list[int]] = {}
        for state in states:
            by_recording.setdefault(state // STATES_PER_RECORDING, []).append(state)
        for number, wanted in by_recording.items():
            recording = self._record(number, tally)
            for state, cut, files in _states(recording, self.seed, wanted):
                self._judge(recording, state, cut, files, tally)
        return tally

    def _record(self, number: int, tally: Tally) -> Recording:
        rng = np.random.default_rng([self.seed, number])
        folder = _emptied(self.folder / "watched")
        script = Script(
            path=str(folder / _FILE),
            seed=int(rng.integers(1 << 31)),
            first=0,
            end=int(rng.integers(40, 200)),
            keep_up_every=int(rng.integers(8, 60)),
            reopen_every=int(rng.integers(20, 200)),
            synchronous=self.synchronous,
            checkpoint_pages=int(rng.choice([0, 20, 100, 400])),
            reserve_pages=int(rng.choice([0, 200])),
            writes_in_upkeep=bool(rng.random() < 0.7),
            is_hasty=self.is_hasty,
            is_left_open=True,
        )
        recording = record(script, self.witness, self.folder / "trace")
        if number % 2 == 0:
            return recording
        state = number * STATES_PER_RECORDING
        ((_, cut, files),) = _states(recording, self.seed, [state])
        journalled = self._judge(recording, state, cut, files, tally)
        if journalled is None:
            return recording
        _lay_out(files, folder)
        return record(
            replace(script, first=journalled, end=journalled + script.end), self.witness, self.folder / "trace"
        )

    def _judge(self, recording: Recording, state: int, cut: int, files: dict[str, bytes], tally: Tally) -> int | None:
        """Judge one state; return how many alarm changes it holds, None where it is not clean."""
        folder = _lay_out(files, self.folder / "state", memory=state % 3 == 0)
        said = recording.said(cut)
        given = acknowledged(said, recording.script.first)
        verdict = judge(folder / _FILE, recording.truth, given, goes_on=state % 10 == 0)
        where = f"power cut after operation {cut} of {len(recording.operations)}"
        tally.add(verdict, trial=state, circumstances=where, moment=moment(said))
        if verdict.outcome is Outcome.CLEAN:
            return verdict.journalled
        if self.kept is not None:
            _lay_out(files, self.kept / f"power-{self.seed}-{state}")
        return None


def _states(recording: Recording, seed: int, wanted: Iterable[int]) -> Iterator[tuple[int, int, dict[str, bytes]]]:
    """Give each state's number, after how many operations its power cut came, and its files.

    Starts and upkeep are short beside writing, so a third of the cuts is aimed at them.
    """
    total = len(recording.operations)
    chance = {state: np.random.default_rng([seed, 1, state]) for state in wanted}
    rare = recording.cuts_beside_writing()
    cuts = {
        state: int(rng.choice(rare)) if rare and rng.random() < 0.3 else int(rng.integers(total + 1))
        for state, rng in chance.items()
    }
    disk, done = Disk(recording.folder, recording.before), 0
    for state in sorted(cuts, key=cuts.__getitem__):
        while done < cuts[state]:
            disk.apply(recording.operations[done])
            done += 1
        yield state, done, disk.after_power_cut(chance[state])


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _lay_out(files: dict[str, bytes], folder: Path, *, memory: bool = False) -> Path:
    """Write the files into a folder; with `memory` also the shared memory that SQLite had there, as rubbish."""
    _emptied(folder)
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
    if memory:
        (folder / f"{_FILE}-shm").write_bytes(np.random.default_rng(0).bytes(_MEMORY_BYTES))
    return folder
