"""Which programs of the operating system play a sound file and speak; Qt's own player is not in what is installed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from widgets.translation import Language

Find = Callable[[str], str | None]

PLAYERS: Sequence[tuple[str, Sequence[str]]] = (
    ("paplay", ()),
    ("pw-play", ()),
    ("aplay", ("-q",)),
)
_SAPI = (
    "Add-Type -AssemblyName System.Speech;"
    "[Console]::InputEncoding = [System.Text.Encoding]::UTF8;"
    "$s = New-Object System.Speech.Synthesis.SpeechSynthesizer;"
    "$v = $s.GetInstalledVoices() | Where-Object {{ $_.Enabled -and $_.VoiceInfo.Culture.Name -like '{culture}*' }};"
    "if ($v) {{ $s.SelectVoice($v[0].VoiceInfo.Name) }} else {{ exit 3 }};"
    "$s.Speak([Console]::In.ReadToEnd())"
)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments; `text`: what it reads from its standard input, "" for nothing."""

    program: str
    arguments: tuple[str, ...]
    text: str = ""


def player(
    file: str, without: frozenset[str] = frozenset(), *, platform: str = sys.platform, find: Find = shutil.which
) -> Command | None:
    """Return what plays a WAV file, None where there is nothing (on Windows Python plays it itself).

    `without`: programs that have failed.
    """
    players = (("afplay", ()),) if platform == "darwin" else PLAYERS
    for name, options in players:
        path = find(name)
        if path and path not in without:
            return Command(path, (*options, file))
    return None


def speaker(
    text: str, language: Language, *, platform: str = sys.platform, find: Find = shutil.which
) -> Command | None:
    """Return what speaks a text in a language, None where there is nothing.

    The text goes through the standard input wherever that can be: what an alarm is called must never be an option.
    """
    if platform == "win32":
        path = find("powershell")
        script = _SAPI.format(culture="zh" if language == "zh" else "en")
        return Command(path, ("-NoProfile", "-NonInteractive", "-Command", script), text) if path else None
    if platform == "darwin":
        path = find("say")
        voice = "Tingting" if language == "zh" else "Samantha"
        return Command(path, ("-v", voice, "-f", "-"), text) if path else None
    if path := find("espeak-ng"):
        return Command(path, ("-v", "cmn" if language == "zh" else "en", "--stdin"), text)
    if path := find("spd-say"):
        return Command(path, ("-w", "-l", language, "--", text))
    return None
