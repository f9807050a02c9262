"""Power cuts: a writer's file operations are recorded, then what a cut among them may leave is rebuilt and judged."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.chaos.disk import Disk
from tests.chaos.recording import NoWitness, Operation, acknowledged, compile_witness, record
from tests.chaos.tally import Tally
from tests.chaos.truth import Truth
from tests.chaos.verdict import judge
from tests.chaos.writer import Script

STATES_PER_RECORDING = 100


@dataclass(frozen=True, slots=True)
class Recording:
    """All that one writer did, and how many batches it had acknowledged after each operation."""

    script: Script
    operations: list[Operation]
    acknowledged: list[int]


@dataclass(frozen=True, slots=True)
class PowerCuts:
    """A campaign of one seed. State n belongs to recording n // STATES_PER_RECORDING; both follow from the seed alone.

    `folder`: an empty one to work in. `synchronous` other than FULL and `is_hasty` are sabotage.
    """

    folder: Path
    seed: int
    synchronous: str = "FULL"
    is_hasty: bool = False

    def run(self, states: Iterable[int]) -> Tally:
        """Judge the states of these numbers; raise NoWitness where nothing can be recorded."""
        witness = compile_witness(self.folder)
        option = "" if self.synchronous == "FULL" else f" --synchronous {self.synchronous}"
        tally = Tally("power cuts", f"python -m tests.chaos power --seed {self.seed}{option} --only {{}}")
        by_recording: dict[int, list[int]] = {}
        for state in states:
            by_recording.setdefault(state // STATES_PER_RECORDING, []).append(state)
        for number, wanted in by_recording.items():
            recording = self._record(number, witness)
            truth = Truth(recording.script.seed)
            for state, cut, files in _states(recording, self.seed, wanted):
                path = self._lay_out(files)
                verdict = judge(path, truth, recording.acknowledged[cut - 1] if cut else 0)
                tally.add(
                    verdict,
                    trial=state,
                    circumstances=f"power cut after operation {cut} of {len(recording.operations)}",
                )
        return tally

    def _record(self, number: int, witness: Path) -> Recording:
        rng = np.random.default_rng([self.seed, number])
        watched = self.folder / "watched"
        shutil.rmtree(watched, ignore_errors=True)
        watched.mkdir()
        script = Script(
            path=str(watched / "history.sqlite"),
            seed=int(rng.integers(1 << 31)),
            first=0,
            end=int(rng.integers(60, 240)),
            keep_up_every=int(rng.integers(8, 60)),
            reopen_every=int(rng.integers(20, 200)),
            synchronous=self.synchronous,
            checkpoint_pages=int(rng.choice([0, 20, 100, 400])),
            is_hasty=self.is_hasty,
        )
        operations = record(script, witness, self.folder / "trace")
        _check_complete(operations, watched)
        return Recording(script, operations, acknowledged(operations))

    def _lay_out(self, files: dict[str, bytes]) -> Path:
        """Write the files of a state and return where its history is, or would be."""
        state = self.folder / "state"
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir()
        for path, content in files.items():
            (state / Path(path).name).write_bytes(content)
        return state / "history.sqlite"


def _check_complete(operations: list[Operation], folder: Path) -> None:
    """Raise NoWitness where the record, replayed in full, does not give the very files that are there."""
    disk = Disk(folder)
    for operation in operations:
        disk.apply(operation)
    there = {str(path): path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}
    if disk.contents() != there:
        raise NoWitness(f"what was recorded does not explain the files {sorted(there)}")


def _states(recording: Recording, seed: int, wanted: Iterable[int]) -> Iterator[tuple[int, int, dict[str, bytes]]]:
    """Give each state's number, after how many operations its power cut came, and its files."""
    chance = {state: np.random.default_rng([seed, 1, state]) for state in wanted}
    cuts = {state: int(rng.integers(0, len(recording.operations) + 1)) for state, rng in chance.items()}
    disk, done = Disk(Path(recording.script.path).parent), 0
    for state in sorted(cuts, key=cuts.__getitem__):
        while done < cuts[state]:
            disk.apply(recording.operations[done])
            done += 1
        yield state, done, disk.after_power_cut(chance[state])
