"""Watches a program's file operations with the witness, which is compiled when it is needed."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.disk import Disk, Operation
from tests.chaos.truth import Truth
from tests.chaos.writer import KEEPING_UP, KEPT_UP, Script

_SOURCE = Path(__file__).with_name("witness.c")
_ROOT = Path(__file__).parents[2]
_HEAD = struct.Struct("<IIQQQ")


class NoWitness(Exception):
    """File operations cannot be watched here; the message says why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """All that one writer did and said, and what it was given.

    `before`: inode and content of the files that were there, by their paths.
    """

    script: Script
    truth: Truth
    before: dict[str, tuple[int, bytes]]
    operations: list[Operation]

    @property
    def folder(self) -> Path:
        """The folder that was watched."""
        return Path(self.script.path).parent.resolve()

    def cuts_beside_writing(self) -> list[int]:
        """Return the cuts (how many operations were done) that come while the writer starts, or seals and compacts."""
        cuts, has_written, is_in_upkeep = [], False, False
        for done, operation in enumerate(self.operations, start=1):
            if operation.kind == "A":
                line = operation.data.decode().strip()
                has_written = has_written or line.isdigit()
                is_in_upkeep = line == KEEPING_UP or (is_in_upkeep and line != KEPT_UP)
            if is_in_upkeep or not has_written:
                cuts.append(done)
        return cuts

    def said(self, cut: int) -> list[str]:
        """Return the lines that were said in the operations before a cut."""
        return [operation.data.decode().strip() for operation in self.operations[:cut] if operation.kind == "A"]


def compile_witness(folder: Path) -> Path:
    """Return the compiled witness in the folder.

    Raise NoWitness where there is no Linux, compiler or header, or where it sees nothing of this Python's SQLite.
    """
    if sys.platform != "linux":
        raise NoWitness(f"file operations are watched on Linux only, not on {sys.platform}")
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise NoWitness("no C compiler here (Debian: apt install gcc libc6-dev)")
    target = folder / "witness.so"
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(target), str(_SOURCE), "-ldl", "-lpthread"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NoWitness(f"{compiler} cannot compile {_SOURCE.name}: {done.stderr.strip()}")
    _try_out(target, folder / "tried")
    return target


def _try_out(witness: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    trace = folder.with_suffix(".trace")
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE tried (a)')"
    watched = environment(witness, CHAOS_FOLDER=str(folder.resolve()), CHAOS_TRACE=str(trace))
    subprocess.run([sys.executable, "-c", program, str(folder.resolve() / "tried.sqlite")], check=True, env=watched)
    if not {"C", "W", "S"} <= {operation.kind for operation in read_trace(trace)}:
        raise NoWitness("this Python's SQLite does not reach its files through the C library")


def environment(witness: Path | None = None, **settings: str) -> dict[str, str]:
    """Return the environment of a writer, with the witness and its settings where it is watched."""
    ours = os.environ | {"PYTHONPATH": str(_ROOT)}
    return ours if witness is None else ours | {"LD_PRELOAD": str(witness), **settings}


def record(script: Script, witness: Path, trace: Path) -> Recording:
    """Run a writer to its end and return all that it did in its file's folder and said.

    Raise NoWitness where what was seen does not explain the files that are there in the end.
    """
    folder = Path(script.path).parent.resolve()
    before = {str(path): (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()}
    watched = environment(witness, CHAOS_FOLDER=str(folder), CHAOS_TRACE=str(trace))
    subprocess.run(script.command(), check=True, stdout=subprocess.DEVNULL, env=watched)
    operations = read_trace(trace)
    recording = Recording(script, Truth(script.seed), before, operations)
    check_complete(recording)
    return recording


def check_complete(recording: Recording) -> None:
    """Raise NoWitness where the record, replayed in full, does not give the very files that are in its folder."""
    disk = Disk(recording.folder, recording.before)
    for operation in recording.operations:
        disk.apply(operation)
    there = {str(path): path.read_bytes() for path in recording.folder.iterdir() if path.suffix != ".sqlite-shm"}
    if disk.contents() != there:
        raise NoWitness(f"the {len(recording.operations)} operations seen do not explain the files {sorted(there)}")


def read_trace(trace: Path) -> list[Operation]:
    """Return the operations of a trace in their order."""
    content = memoryview(trace.read_bytes())
    operations, position = [], 0
    while position < len(content):
        kind, path_length, inode, offset, length = _HEAD.unpack_from(content, position)
        path_end = position + _HEAD.size + path_length
        path = os.fsdecode(bytes(content[position + _HEAD.size : path_end]))
        operations.append(Operation(chr(kind), path, inode, offset, bytes(content[path_end : path_end + length])))
        position = path_end + length
    return operations
