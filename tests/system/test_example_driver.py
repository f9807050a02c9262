"""The driver that the how-to builds: a project of its own, found by its entry point, which keeps the contract."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "how-to" / "line-instrument"
HOW_TO = ROOT / "docs" / "how-to" / "write-a-driver.md"


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """Install the example as pip would, in a folder; return the environment that finds it there."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    place = tmp_path / "installed"
    metadata = place / "foreshift_line_instrument-0.1.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(EXAMPLE / "line_instrument.py", place)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0.1\n", "utf-8")
    points = "\n".join(f"{name} = {value}" for name, value in project["entry-points"]["foreshift.drivers"].items())
    (metadata / "entry_points.txt").write_text(f"[foreshift.drivers]\n{points}\n", "utf-8")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(place), str(ROOT)])}


def test_that_the_example_keeps_the_contract_outside_of_the_repository(
    installed: dict[str, str], tmp_path: Path
) -> None:
    for name in ("test_line_instrument.py", "pyproject.toml"):
        shutil.copy(EXAMPLE / name, tmp_path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt", str(tmp_path)]
    done = subprocess.run(command, env=installed, cwd=tmp_path, capture_output=True, text=True, timeout=55, check=False)
    assert done.returncode == 0, done.stdout[-3_000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 50


async def test_that_the_command_line_reads_the_example_by_the_scheme_of_its_url(installed: dict[str, str]) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(b"= 21.5\n" if line == b"R T.inlet\n" else b"! unknown\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"line://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "read", url, "T.inlet", "nothing"), env=installed, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        printed, _ = await process.communicate()
    server.close()
    rows = [line.split()[1:] for line in printed.decode().splitlines()]
    assert rows == [["T.inlet", "21.5", "Good"], ["nothing", "nan", "BadNodeIdUnknown"]]


def test_that_the_how_to_shows_what_the_example_has() -> None:
    code = _flat("".join(path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.iterdir()) if path.is_file()))
    shown = re.findall(r"```(?:python|toml)\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) >= 6
    assert [block for block in shown if _flat(block) not in code and "[connection." not in block] == []


def _flat(text: str) -> str:
    """Return lines without their indentation, which the formatter of documents takes away."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
