"""What is wrong is told in one clear message on standard error, with an exit code that is not 0."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from app.command.line import EXIT_PIPE
from app.plant.catalogue import PlantCatalogue
from app.plant.writer import write_plant
from app.supervisor import own_command
from tests.app.collector.bench import serving, small_plant
from tests.warm_start import run, run_anew

ROOT = Path(__file__).parents[2]


DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def foreshift(
    *arguments: str, home: Path, platform: str = "offscreen", anew: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, where Qt has this platform; "" is a computer without a display.

    `anew`: in a Python begun for it, as a user does it, which takes a second of the processor.
    """
    kept = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    environment = kept | {"FORESHIFT_HOME": str(home)} | ({"QT_QPA_PLATFORM": platform} if platform else {})
    return (run_anew if anew else run)(arguments, environment)


def assert_refused(run: subprocess.CompletedProcess[str], *words: str) -> None:
    assert run.returncode not in {0, 1}, run
    assert "Traceback" not in run.stderr
    assert 0 < len(run.stderr.strip().splitlines()) <= 3, run.stderr
    for word in words:
        assert word in run.stderr


COMMANDS = (
    "open",
    "demo",
    "replay",
    "collect",
    "stop",
    "check",
    "export",
    "import",
    "backup",
    "restore",
    "browse",
    "read",
    "watch",
    "integrity",
    "aggregate",
    "doctor",
    "history",
    "simulate",
    "trust",
    "secret",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_that_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    run = foreshift(command, "--help", home=tmp_path)
    assert run.returncode == 0
    assert f"usage: foreshift {command}" in run.stdout


def test_that_the_overview_names_every_command(tmp_path: Path) -> None:
    text = foreshift("--help", home=tmp_path, anew=True).stdout
    assert all(f"    {command} " in text for command in COMMANDS)


def test_that_a_reader_who_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as output:
        run = subprocess.run(
            own_command(["doctor"]),
            cwd=ROOT,
            env={**os.environ, "FORESHIFT_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.PIPE,
            text=True,
            timeout=45,
            check=False,
        )
    assert (run.returncode, run.stderr) == (EXIT_PIPE, "")


@pytest.mark.parametrize("scheme", ["modbus", "opc.tcp"])
@pytest.mark.parametrize("command", ["browse", "read"])
def test_that_an_unreachable_address_is_named(command: str, scheme: str, tmp_path: Path) -> None:
    addresses = ["HR0:F32"] if command == "read" else []
    run = foreshift(command, f"{scheme}://127.0.0.1:1", *addresses, home=tmp_path)
    assert_refused(run, "127.0.0.1:1")


def test_that_an_unknown_scheme_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    assert_refused(foreshift("read", "http://127.0.0.1:1", "x", home=tmp_path), "opc.tcp://", "modbus://")


def test_that_a_wrong_plant_file_is_refused_line_by_line(tmp_path: Path) -> None:
    plant = tmp_path / "plant.toml"
    plant.write_text('[plant]\nid = "p"\nname = { en = "P" }\n\n[[tag]]\nname = "a"\nlimit = 3\n', encoding="utf-8")
    run = foreshift("check", str(plant), home=tmp_path, anew=True)
    assert run.returncode == 2
    assert "plant.toml:7:" in run.stderr
    collected = foreshift("collect", str(plant), home=tmp_path, anew=True)
    assert collected.returncode == 2
    assert collected.stderr.removeprefix("foreshift: ").splitlines() == [
        line.replace(f"{plant}:", "plant.toml:") for line in run.stderr.splitlines()
    ]


def test_that_a_known_plant_is_checked_by_its_name_and_in_the_words_of_its_drivers(tmp_path: Path) -> None:
    folder = PlantCatalogue(tmp_path).new_folder("line 2")
    write_plant(folder.configuration, small_plant(1))
    assert foreshift("check", "line 2", home=tmp_path).stdout.startswith(f"{folder.configuration}: usable.")
    text = folder.configuration.read_text(encoding="utf-8")
    folder.configuration.write_text(text.replace('address = "HR0:F32"', 'address = "HR"'), encoding="utf-8")
    assert_refused(foreshift("check", "line 2", home=tmp_path), "plant.toml:", '"HR" is not a Modbus address')


def test_that_a_url_that_is_none_is_refused(tmp_path: Path) -> None:
    assert_refused(foreshift("browse", "modbus://[::bad", home=tmp_path), "write modbus://host")


async def test_that_an_address_outside_of_the_grammar_is_explained_beside_the_others(tmp_path: Path) -> None:
    async with serving(float) as server:
        url = f"modbus://127.0.0.1:{server.port}"
        read = await asyncio.to_thread(foreshift, "read", url, "HR0:F32", "nonsense", home=tmp_path)
        watched = await asyncio.to_thread(
            foreshift, "watch", url, "HR0:F32", "nonsense", "--seconds=0.5", home=tmp_path
        )
    for told in (read, watched):
        assert told.returncode == 1
        assert "HR0:F32" in told.stdout
        assert "Good" in told.stdout
        assert told.stderr.count("nonsense") == 1
        assert "write [<unit>/]<HR|IR|CO|DI>" in told.stderr


def test_that_a_plant_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert_refused(foreshift("collect", str(tmp_path / "nowhere"), home=tmp_path), "nowhere")
    assert_refused(foreshift("open", str(tmp_path / "nowhere"), home=tmp_path), "nowhere")


@pytest.mark.parametrize(
    ("arguments", "range_"),
    [
        (["demo", "--modbus-port=99999"], "from 0 to 65535"),
        (["simulate", "--opcua-port=-1"], "from 0 to 65535"),
        (["demo", "--time-factor=1000"], "from 1 to 600"),
        (["demo", "--seconds=-5"], "from 0"),
        (["open", "p", "--summary=0"], "from 0.1"),
        (["open", "p", "--seconds=inf"], "from 0"),
        (["watch", "modbus://h", "HR0", "--scan-ms=0"], "from 10 to 3600000"),
        (["watch", "modbus://h", "HR0", "--scan-ms=1.5"], "from 10 to 3600000"),
        (["browse", "modbus://h", "--depth=0"], "from 1 to 100"),
    ],
)
def test_that_a_number_out_of_range_is_refused_with_its_range(
    arguments: list[str], range_: str, tmp_path: Path
) -> None:
    run = foreshift(*arguments, home=tmp_path)
    assert run.returncode == 2
    assert run.stderr.rstrip().endswith(range_)
    assert not list(tmp_path.iterdir())


def test_that_a_refused_demo_leaves_the_history_of_the_last_one(tmp_path: Path) -> None:
    folder = PlantCatalogue(tmp_path).new_folder("demo")
    folder.path.mkdir(parents=True)
    folder.history.write_bytes(b"of the last demo")
    assert_refused(foreshift("demo", "--faults", "nonsense", home=tmp_path), "nonsense", "3@0.5h")
    assert folder.history.read_bytes() == b"of the last demo"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there always is a display")
def test_that_no_window_is_opened_without_a_display_unless_it_is_asked_for(tmp_path: Path) -> None:
    write_plant(tmp_path / "plant.toml", small_plant(1))
    for arguments in ([], ["open", str(tmp_path)]):
        assert_refused(foreshift(*arguments, home=tmp_path, platform=""), "There is no display", "--off-screen")
    options = ("--off-screen", "--seconds=0.5", "--kept")
    asked = foreshift("open", str(tmp_path), *options, home=tmp_path, platform="", anew=True)
    assert asked.returncode == 0, asked


def test_that_a_window_off_screen_tells_what_is_wrong_in_its_plant_file(tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_text("[plant]\nid = 5\n", encoding="utf-8")
    assert_refused(foreshift("open", str(tmp_path), "--off-screen", home=tmp_path), "plant.toml:2:")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02\xff" * 500, b"the quick brown fox\njumps\n", b"time,value\n"], ids=range(4)
)
def test_that_a_csv_of_nonsense_is_refused(content: bytes, tmp_path: Path) -> None:
    recording = tmp_path / "recording.csv"
    recording.write_bytes(content)
    assert_refused(foreshift("replay", str(recording), home=tmp_path), "recording.csv")


@pytest.mark.parametrize("option", ["--modbus-port", "--opcua-port"])
@pytest.mark.parametrize("command", ["demo", "simulate"])
def test_that_a_port_in_use_is_named(command: str, option: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_refused(foreshift(command, option, str(port), home=tmp_path), str(port))


def test_that_a_read_only_folder_is_named(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("a file stands where the folder should be", encoding="utf-8")
    assert_refused(foreshift("demo", "--off-screen", home=home), str(home))


def test_that_a_disk_that_is_too_small_is_named_and_nothing_half_is_left_on_it(small_disk: Path) -> None:
    run = foreshift("demo", "--without-window", home=small_disk)
    assert_refused(run, str(small_disk), "space")
    left = [path.name for path in small_disk.rglob("*") if path.is_file()]
    assert not [name for name in left if name.startswith(".")]
    (small_disk / "ballast").write_bytes(bytes(1 << 19))
    with suppress(OSError), (small_disk / "more").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    full = foreshift("demo", "--without-window", home=small_disk)
    assert_refused(full, str(small_disk / "plants" / "demo" / "plant.toml"), "the disk is full: free some space")
    assert "Errno" not in full.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("buffering", ["", "1"])
def test_that_output_onto_a_full_disk_is_told(buffering: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        run = started("doctor", stdout=full.fileno(), buffering=buffering)
        assert run.communicate(timeout=45)[1] == "foreshift: the disk is full: free some space\n"
    assert run.returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
@pytest.mark.parametrize("buffering", ["", "1"])
def test_that_a_reader_that_has_enough_ends_a_command_silently(buffering: str) -> None:
    run = started("doctor", stdout=subprocess.PIPE, buffering=buffering)
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    with run.stderr:
        assert run.stderr.read() == ""
    assert run.wait(45) == 141


def started(command: str, *, stdout: int, buffering: str) -> subprocess.Popen[str]:
    """Start a command with errors to be read; `buffering`: what PYTHONUNBUFFERED is, "" lets Python buffer."""
    environment = os.environ | {"PYTHONUNBUFFERED": buffering}
    return subprocess.Popen(
        own_command([command]), stdout=stdout, stderr=subprocess.PIPE, cwd=ROOT, env=environment, text=True
    )
