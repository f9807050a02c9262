"""Kills: a writer dies at a random instant or in a random file operation, and its file is judged and written on."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.history.reader import HistoryReader
from tests.chaos.recording import environment
from tests.chaos.store import read_content
from tests.chaos.tally import Tally
from tests.chaos.truth import Truth
from tests.chaos.verdict import Outcome, Verdict, describe_difference, judge
from tests.chaos.writer import KEEPING_UP, Script

KILLS_PER_FILE = 15
_ENDLESS = 1_000_000
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class _Blow:
    """How a writer dies: in a file operation, or some time after its first batch or after it began its upkeep."""

    operation: int = 0
    in_upkeep: bool = False
    delay_s: float = 0.0

    def __str__(self) -> str:
        if self.operation:
            return f"killed in operation {self.operation}"
        return f"killed {self.delay_s * 1e3:.2f} ms after {'upkeep began' if self.in_upkeep else 'the first batch'}"


@dataclass(frozen=True, slots=True)
class Kills:
    """A campaign of one seed: every file takes KILLS_PER_FILE kills one after the other.

    `folder`: an empty one to work in. `witness`: see tests.chaos.recording; without it nobody dies in a chosen
    operation, only at a chosen instant, which the seed repeats but not what the writer is doing then.
    """

    folder: Path
    seed: int
    witness: Path | None = None
    synchronous: str = "FULL"
    is_hasty: bool = False

    def run(self, count: int) -> Tally:
        """Judge so many kills."""
        tally = self._tally()
        file = 0
        while tally.trials < count:
            self._wear_out(file, min(KILLS_PER_FILE, count - tally.trials), tally)
            file += 1
        return tally

    def run_file(self, file: int) -> Tally:
        """Judge the kills of one file."""
        tally = self._tally()
        self._wear_out(file, KILLS_PER_FILE, tally)
        return tally

    def _tally(self) -> Tally:
        option = "" if self.synchronous == "FULL" else f" --synchronous {self.synchronous}"
        return Tally("kills", f"python -m tests.chaos kills --seed {self.seed}{option} --only {{}}")

    def _wear_out(self, file: int, kills: int, tally: Tally) -> None:
        """Kill the writers of one file until it has had its kills, or is not clean any more."""
        rng = np.random.default_rng([self.seed, file])
        truth = Truth(int(rng.integers(1 << 31)))
        (self.folder / str(file)).mkdir()
        path = self.folder / str(file) / "history.sqlite"
        acknowledged = 0
        for kill in range(kills):
            script = Script(
                path=str(path),
                seed=truth.seed,
                first=acknowledged,
                end=_ENDLESS,
                keep_up_every=int(rng.integers(4, 40)),
                reopen_every=int(rng.integers(10, 200)),
                synchronous=self.synchronous,
                checkpoint_pages=int(rng.choice([0, 20, 100, 400])),
                is_hasty=self.is_hasty,
            )
            blow = self._blow(rng)
            with HistoryReader(path) as watcher:
                is_watched = bool(rng.random() < 0.5) and watcher.extent() is not None
                verdict = self._kill(script, blow, rng, truth, watcher if is_watched else None)
            tally.add(verdict, trial=file, circumstances=f"file {file}, kill {kill}: {blow}")
            if verdict.outcome is not Outcome.CLEAN:
                return
            acknowledged = verdict.journalled

    def _blow(self, rng: np.random.Generator) -> _Blow:
        if self.witness is not None and rng.random() < 0.5:
            return _Blow(operation=int(np.exp(rng.uniform(0.0, np.log(1_500)))))
        if rng.random() < 0.5:
            return _Blow(in_upkeep=True, delay_s=float(rng.uniform(0.0, 0.02)))
        return _Blow(delay_s=float(rng.uniform(0.0, 0.1)))

    def _kill(
        self, script: Script, blow: _Blow, rng: np.random.Generator, truth: Truth, watcher: HistoryReader | None
    ) -> Verdict:
        """Let a writer die and judge the file, as the next collector or only as a reader finds it."""
        path = Path(script.path)
        said, end = self._run(script, blow)
        if end != -getattr(signal, "SIGKILL", -1):
            return Verdict(Outcome.UNREADABLE, f"the writer ended by itself with {end}")
        acknowledged = max([script.first, *(int(line) + 1 for line in said if line.isdigit())])
        as_reader = bool(script.first and rng.random() < 0.3)
        verdict = judge(path, truth, acknowledged, as_reader=as_reader, goes_on=False)
        if watcher is not None and verdict.outcome is Outcome.CLEAN:
            seen = describe_difference(read_content(watcher, truth.tags), truth.content(verdict.stored))
            return Verdict(Outcome.CHANGED, f"a reader that stayed open sees: {seen}") if seen else verdict
        return verdict

    def _run(self, script: Script, blow: _Blow) -> tuple[list[str], int]:
        """Return the lines that a writer said before it died, and its exit code."""
        settings = {"CHAOS_FOLDER": str(Path(script.path).parent.resolve()), "CHAOS_KILL_AT": str(blow.operation)}
        watched = environment(self.witness if blow.operation else None, **settings)
        with subprocess.Popen(script.command(), stdout=subprocess.PIPE, text=True, env=watched) as writer:
            assert writer.stdout is not None
            said = []
            if not blow.operation:
                said = _read_until(writer.stdout, KEEPING_UP if blow.in_upkeep else "")
                time.sleep(blow.delay_s)
                writer.kill()
            said += writer.stdout.readlines()
            end = writer.wait(_LONGEST_S)
        return [line.rstrip("\n") for line in said if line.endswith("\n")], end


def _read_until(lines: Iterable[str], awaited: str) -> list[str]:
    """Return the lines up to the first that holds what is awaited."""
    said = []
    for line in lines:
        said.append(line)
        if awaited in line:
            break
    return said
