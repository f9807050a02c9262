"""Tones and sentences go to programs of the system, one after another; where there is none the operator is told."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.alarm import Priority
from widgets.sound import programs
from widgets.sound.player import SoundPlayer
from widgets.sound.programs import Command
from widgets.translation import Language

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Python plays sounds itself on Windows")


@pytest.fixture
def played(tmp_path: Path) -> Path:
    return tmp_path / "played"


@pytest.fixture
def program(tmp_path: Path, played: Path) -> str:
    """A player that notes its last argument and its input, and fails for what is called bad."""
    path = tmp_path / "player"
    path.write_text(
        f'#!/bin/sh\nfor last; do :; done\nprintf "%s|%s\\n" "$(basename "$last")" "$(cat)" >> {played}\n'
        'case "$last" in bad) echo "no sound card" >&2; exit 1;; esac\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def player(qtbot: QtBot, program: str) -> Iterator[SoundPlayer]:
    player = SoundPlayer(
        player=lambda file, _: Command(program, (file,)), speaker=lambda text, _: Command(program, ("speech",), text)
    )
    yield player
    player.close()


def test_that_a_tone_goes_before_sentences_that_wait(qtbot: QtBot, player: SoundPlayer, played: Path) -> None:
    player.speak("one", "en")
    player.speak("two", "en")
    player.play(Priority.CRITICAL)
    qtbot.waitUntil(lambda: not player.is_busy)
    assert played.read_text().splitlines() == ["speech|one", "priority-1.wav|", "speech|two"]
    assert player.problem == ""


def test_that_a_player_that_fails_is_told_with_its_reason(qtbot: QtBot, program: str) -> None:
    player = SoundPlayer(player=lambda *_: Command(program, ("bad",)))
    with qtbot.waitSignal(player.problem_changed) as told:
        player.play(Priority.HIGH)
    assert told.args == ["No sound: no sound card"]


def test_that_nothing_to_play_with_is_told(qtbot: QtBot) -> None:
    player = SoundPlayer(player=lambda *_: None, speaker=lambda *_: None)
    player.play(Priority.HIGH)
    assert player.problem == "No sound: install paplay, pw-play or aplay"
    player.speak("alarm", "en")
    assert player.problem == "No speech: install espeak-ng"


def test_that_another_player_takes_over_from_one_that_fails(qtbot: QtBot, program: str, played: Path) -> None:
    def choose(_: str, without: frozenset[str]) -> Command | None:
        return Command(program, ("tone",)) if "/bin/false" in without else Command("/bin/false", ())

    player = SoundPlayer(player=choose)
    player.play(Priority.HIGH)
    qtbot.waitUntil(lambda: not player.is_busy)
    assert player.problem == "No sound: the program ended with 1"
    player.play(Priority.HIGH)
    qtbot.waitUntil(lambda: not player.is_busy)
    assert player.problem == ""
    assert played.read_text() == "tone|\n"


def test_that_silence_stops_what_is_heard(qtbot: QtBot, tmp_path: Path) -> None:
    sleep = shutil.which("sleep")
    assert sleep is not None
    player = SoundPlayer(player=lambda *_: Command(sleep, ("60",)))
    player.play(Priority.HIGH)
    player.play(Priority.HIGH)
    player.stop()
    qtbot.waitUntil(lambda: not player.is_busy)
    assert player.problem == "", "to be silenced is no fault"


@pytest.mark.parametrize(
    ("platform", "there", "expected"),
    [
        ("linux", {"paplay", "aplay"}, ("paplay", ("a.wav",))),
        ("linux", {"aplay"}, ("aplay", ("-q", "a.wav"))),
        ("darwin", {"afplay"}, ("afplay", ("a.wav",))),
    ],
)
def test_that_each_system_has_its_player(platform: str, there: set[str], expected: tuple[str, tuple[str, ...]]) -> None:
    found = programs.player("a.wav", platform=platform, find=lambda name: name if name in there else None)
    assert found == Command(*expected)
    assert programs.player("a.wav", platform=platform, find=lambda _: None) is None


@pytest.mark.parametrize(("platform", "program"), [("linux", "espeak-ng"), ("darwin", "say"), ("win32", "powershell")])
def test_that_what_is_spoken_is_never_an_option(platform: str, program: str) -> None:
    text = "--version $(rm) 高"
    command = programs.speaker(text, "zh", platform=platform, find=lambda name: name if name == program else None)
    assert command is not None
    assert command.text == text
    assert text not in " ".join(command.arguments)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
@pytest.mark.parametrize(("language", "text"), [("en", "High temperature"), ("zh", "温度高")])
def test_that_espeak_speaks_both_languages(tmp_path: Path, language: Language, text: str) -> None:
    command = programs.speaker(text, language, platform="linux")
    assert command is not None
    file = tmp_path / "speech.wav"
    done = subprocess.run(
        [command.program, *command.arguments, "-w", str(file)],
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert file.stat().st_size > 10_000, "some tenths of a second of speech"
