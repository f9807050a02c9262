"""PostgreSQL as a store of samples: a server of its own in a temporary folder, reached over a Unix socket."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from app.model.block import Block
from tests.benchmarks.history_store import Absent

_START_SECONDS = 20.0
_SETTINGS = [
    f"--{setting}"
    for setting in (
        "listen_addresses=",
        "fsync=on",
        "synchronous_commit=on",
        "shared_buffers=512MB",
        "max_wal_size=2GB",
    )
]
_COPY = "COPY sample (tag, time, value, status) FROM STDIN (FORMAT binary)"
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_TAIL = b"\xff\xff"
_COPY_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("tag_bytes", ">i4"),
        ("tag", ">i4"),
        ("time_bytes", ">i4"),
        ("time", ">i8"),
        ("value_bytes", ">i4"),
        ("value", ">f8"),
        ("status_bytes", ">i4"),
        ("status", ">i8"),
    ]
)


class PostgresStore:
    """One table with an index on (tag, time), filled by binary COPY; fsync and synchronous_commit are on."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        """Start a server and make the table; raise Absent where the server or its client is not installed."""
        programs = _programs()
        if importlib.util.find_spec("psycopg") is None:
            raise Absent("PostgreSQL absent: pip install 'psycopg[binary]'")
        self._psycopg = importlib.import_module("psycopg")
        self._account = _account()
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._server: subprocess.Popen[bytes] | None = None
        try:
            if self._account:
                shutil.chown(self._folder, self._account)
            self._server = self._started(programs)
            self._connection: Any = self._connected(self._server)
        except BaseException:
            self._stop()
            raise
        self._connection.execute(
            "CREATE TABLE sample (tag integer NOT NULL, time bigint NOT NULL, value double precision NOT NULL, "
            "status bigint NOT NULL)"
        )
        self._connection.execute("CREATE INDEX sample_of_tag ON sample (tag, time)")

    def load(self, blocks: Iterable[Block]) -> None:
        """Fill the table, a block a transaction."""
        for block in blocks:
            self.commit(block)
        self.settle()

    def commit(self, block: Block) -> None:
        """Store samples durably."""
        with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.write(_COPY_HEAD + _copied(block) + _COPY_TAIL)

    def begin_upkeep(self) -> None:
        """Nothing is done beside commits."""

    def upkeep(self) -> None:
        """Do nothing: it sees to its log by itself."""

    def settle(self) -> None:
        """Write every changed page to its file."""
        self._connection.execute("CHECKPOINT")

    def size(self) -> int:
        """Return the bytes of the table and its index."""
        return int(self._connection.execute("SELECT pg_total_relation_size('sample')").fetchone()[0])

    def written(self) -> int:
        """Return the bytes that the server's processes have handed to the disk."""
        if self._server is None:
            return 0
        server = psutil.Process(self._server.pid)
        total = 0
        for process in [server, *server.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.io_counters().write_bytes
        return total

    def close(self) -> None:
        """Stop the server and remove its files."""
        self._connection.close()
        self._stop()

    def _started(self, programs: Path) -> subprocess.Popen[bytes]:
        data = self._folder / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C", "--no-sync"],
            user=self._account or None,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), "-k", str(self._folder), *_SETTINGS],
            user=self._account or None,
            cwd=self._folder,
            stderr=subprocess.DEVNULL,
        )

    def _connected(self, server: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 - psycopg is not always there
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self._psycopg.connect(
                    host=str(self._folder), user="bench", dbname="postgres", autocommit=True, connect_timeout=5
                )
            except self._psycopg.OperationalError as error:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise Absent(f"PostgreSQL absent: its server did not start ({error})") from error
                time.sleep(0.1)

    def _stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(_START_SECONDS)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            self._server = None
        shutil.rmtree(self._folder, ignore_errors=True)


def _programs() -> Path:
    """Return the folder of the server's programs; Debian keeps them off the path."""
    places = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise Absent("PostgreSQL absent: apt-get install postgresql")


def _account() -> str:
    """Return the account under which the server runs, "" for this one: it refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return ""
    import pwd  # not on Windows

    known = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _copied(block: Block) -> bytes:
    """Return samples as rows of COPY's binary format: each field with its length before it, big-endian."""
    rows = np.empty(len(block), _COPY_ROW)
    rows["fields"] = 4
    rows["tag_bytes"], rows["tag"] = 4, block.handle
    rows["time_bytes"], rows["time"] = 8, block.time
    rows["value_bytes"], rows["value"] = 8, block.value
    rows["status_bytes"], rows["status"] = 8, block.status
    return rows.tobytes()
