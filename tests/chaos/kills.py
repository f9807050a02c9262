"""Kills: a writer dies at a random instant or in a random file operation, and its file is judged and written on."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.history.reader import HistoryReader
from tests.chaos.recording import environment
from tests.chaos.store import read_content
from tests.chaos.tally import Tally
from tests.chaos.truth import Truth, batches_until
from tests.chaos.verdict import Outcome, Verdict, describe_difference, judge
from tests.chaos.writer import BEGINS, KEEPING_UP, Script, acknowledged, moment

KILLS_PER_FILE = 15
_ENDLESS = 1_000_000
_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class _Blow:
    """How a writer dies: in a file operation, or some time after its start or after it began its upkeep.

    `is_visited`: until then readers come and go.
    """

    operation: int = 0
    in_upkeep: bool = False
    delay_s: float = 0.0
    is_visited: bool = False

    def __str__(self) -> str:
        if self.operation:
            return f"killed in operation {self.operation}"
        begin = "upkeep began" if self.in_upkeep else "the start"
        return f"killed {self.delay_s * 1e3:.2f} ms after {begin}{', with readers' if self.is_visited else ''}"


@dataclass(frozen=True, slots=True)
class _Death:
    """What a writer had said when it died, its exit code, and what readers saw of its file that cannot be."""

    said: list[str]
    end: int
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Kills:
    """A campaign of one seed: every file takes KILLS_PER_FILE kills one after the other.

    `folder`: an empty one to work in. `witness`: see tests.chaos.recording; without it nobody dies in a chosen
    operation, only at a chosen instant, which the seed repeats but not what the writer is doing then. `kept`: a folder
    that takes the files of a kill that was not clean, as the writer left them.
    """

    folder: Path
    seed: int
    witness: Path | None = None
    synchronous: str = "FULL"
    is_hasty: bool = False
    kept: Path | None = None

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
        sabotage = f" --synchronous {self.synchronous}" + " --hasty" * self.is_hasty
        return Tally("kills", f"python -m tests.chaos kills --seed {self.seed}{sabotage} --only {{}}")

    def _wear_out(self, file: int, kills: int, tally: Tally) -> None:
        """Kill the writers of one file until it has had its kills, or is not clean any more."""
        rng = np.random.default_rng([self.seed, file])
        truth = Truth(int(rng.integers(1 << 31)))
        (self.folder / str(file)).mkdir()
        path = self.folder / str(file) / "history.sqlite"
        first = 0
        for kill in range(kills):
            script = Script(
                path=str(path),
                seed=truth.seed,
                first=first,
                end=_ENDLESS,
                keep_up_every=int(rng.integers(4, 40)),
                reopen_every=int(rng.integers(10, 200)),
                synchronous=self.synchronous,
                checkpoint_pages=int(rng.choice([0, 20, 100, 400])),
                reserve_pages=int(rng.choice([0, 200])),
                writes_in_upkeep=bool(rng.random() < 0.7),
                is_hasty=self.is_hasty,
            )
            blow = self._blow(rng)
            as_reader = bool(first and rng.random() < 0.3)
            with HistoryReader(path) as watcher:
                is_watched = bool(rng.random() < 0.5) and watcher.extent() is not None
                death = self._kill(script, blow, truth)
                verdict = _judge(script, truth, death, as_reader=as_reader)
                if is_watched and verdict.outcome is Outcome.CLEAN:
                    verdict = _look_through(watcher, truth, verdict)
            where = f"file {file}, kill {kill}: {blow}"
            tally.add(verdict, trial=file, circumstances=where, moment=moment(death.said))
            if verdict.outcome is not Outcome.CLEAN:
                self._keep(file, kill)
                return
            first = verdict.journalled

    def _keep(self, file: int, kill: int) -> None:
        if self.kept is not None:
            shutil.copytree(self.folder / "killed", self.kept / f"kill-{self.seed}-{file}-{kill}")

    def _blow(self, rng: np.random.Generator) -> _Blow:
        if self.witness is not None and rng.random() < 0.5:
            return _Blow(operation=int(np.exp(rng.uniform(0.0, np.log(1_500)))))
        in_upkeep, is_visited = bool(rng.random() < 0.5), bool(rng.random() < 0.3)
        delay_s = 10.0 ** rng.uniform(-4.0, -1.5) if in_upkeep else rng.uniform(0.0, 0.1)
        return _Blow(in_upkeep=in_upkeep, delay_s=float(delay_s), is_visited=is_visited)

    def _kill(self, script: Script, blow: _Blow, truth: Truth) -> _Death:
        """Let a writer die."""
        folder = Path(script.path).parent
        settings = {"CHAOS_FOLDER": str(folder.resolve()), "CHAOS_KILL_AT": str(blow.operation)}
        watched = environment(self.witness if blow.operation else None, **settings)
        with subprocess.Popen(script.command(), stdout=subprocess.PIPE, text=True, env=watched) as writer:
            assert writer.stdout is not None
            said, seen = [], ""
            if not blow.operation:
                said = _read_until(writer.stdout, KEEPING_UP if blow.in_upkeep else BEGINS)
                seen = _wait(blow, Path(script.path), truth)
                writer.kill()
            said += writer.stdout.readlines()
            end = writer.wait(_LONGEST_S)
        if self.kept is not None:
            shutil.rmtree(self.folder / "killed", ignore_errors=True)
            _copy_apart(folder, self.folder / "killed")
        return _Death([line.rstrip("\n") for line in said if line.endswith("\n")], end, seen)


def _judge(script: Script, truth: Truth, death: _Death, *, as_reader: bool) -> Verdict:
    if death.end != -getattr(signal, "SIGKILL", -1):
        return Verdict(Outcome.UNREADABLE, f"the writer ended by itself with {death.end}")
    if death.seen:
        return Verdict(Outcome.CHANGED, f"a reader that came and went saw: {death.seen}")
    given = acknowledged(death.said, script.first)
    return judge(Path(script.path), truth, given, as_reader=as_reader, goes_on=False)


def _wait(blow: _Blow, path: Path, truth: Truth) -> str:
    """Let the time pass; return what was wrong with what readers saw meanwhile, "" where nothing was.

    Whenever a reader comes, it must see some number of batches as a whole.
    """
    end = time.monotonic() + blow.delay_s
    while blow.is_visited and time.monotonic() < end:
        tag = truth.tags[time.monotonic_ns() % len(truth.tags)]
        with HistoryReader(path) as reader:
            found = read_content(reader, [tag])
        whole = truth.content(batches_until(int(found.time.max())) if len(found) else 0)
        if difference := describe_difference(found, whole.select(whole.handle == tag.handle)):
            return difference
    time.sleep(max(0.0, end - time.monotonic()))
    return ""


def _look_through(watcher: HistoryReader, truth: Truth, verdict: Verdict) -> Verdict:
    """Compare what a reader sees that was open before the kill."""
    seen = describe_difference(read_content(watcher, truth.tags), truth.content(verdict.stored))
    return Verdict(Outcome.CHANGED, f"a reader that stayed open sees: {seen}") if seen else verdict


def _copy_apart(folder: Path, target: Path) -> None:
    """Copy in another process: closing a copied file would end the locks of this one's open reader on it."""
    program = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"
    subprocess.run([sys.executable, "-c", program, str(folder), str(target)], check=True)


def _read_until(lines: Iterable[str], awaited: str) -> list[str]:
    """Return the lines up to the first that holds what is awaited."""
    said = []
    for line in lines:
        said.append(line)
        if awaited in line:
            break
    return said
