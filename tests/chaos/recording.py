"""Watches a program's file operations with the witness, which is compiled when it is needed."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.writer import Script

_SOURCE = Path(__file__).with_name("witness.c")
_ROOT = Path(__file__).parents[2]
_HEAD = struct.Struct("<IIQQQ")


class NoWitness(Exception):
    """File operations cannot be watched here; the message says why."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One file operation that has ended.

    `kind`: "C" create, "W" write, "T" truncate, "S" sync, "R" rename, "U" unlink, "A" said on standard output.
    `path` of C, R, U and S, `target` of R, `inode` of the others; `offset` of W; the new size of T in `offset`.
    """

    kind: str
    path: str
    inode: int
    offset: int
    data: bytes

    @property
    def target(self) -> str:
        """The new path of a renamed file."""
        return os.fsdecode(self.data)


def compile_witness(folder: Path) -> Path:
    """Return the compiled witness in the folder; raise NoWitness where there is no Linux, compiler or header."""
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
    return target


def environment(witness: Path | None = None, **settings: str) -> dict[str, str]:
    """Return the environment of a writer, with the witness and its settings where it is watched."""
    ours = os.environ | {"PYTHONPATH": str(_ROOT)}
    return ours if witness is None else ours | {"LD_PRELOAD": str(witness), **settings}


def record(script: Script, witness: Path, trace: Path) -> list[Operation]:
    """Run a writer to its end and return all that it did in its file's folder and said; raise NoWitness.

    The folder must be empty at the beginning.
    """
    folder = Path(script.path).parent
    watched = environment(witness, CHAOS_FOLDER=str(folder.resolve()), CHAOS_TRACE=str(trace))
    subprocess.run(script.command(), check=True, stdout=subprocess.DEVNULL, env=watched)
    operations = read_trace(trace)
    if not operations:
        raise NoWitness("nothing was seen: this Python does not call the C library for its files")
    return operations


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


def acknowledged(operations: Sequence[Operation]) -> list[int]:
    """Return after each operation how many batches had been acknowledged."""
    count, counts = 0, []
    for operation in operations:
        if operation.kind == "A" and operation.data.strip().isdigit():
            count = int(operation.data) + 1
        counts.append(count)
    return counts
