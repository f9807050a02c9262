"""Plays tones and speaks sentences one after another, without ever holding up the window; says once why it cannot."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTemporaryDir, Signal

from app.model.alarm import Priority
from widgets.sound import programs
from widgets.sound.programs import Command
from widgets.sound.tone import TONES, wav
from widgets.translation import Language, tr

log = logging.getLogger(__name__)

MOST_WAITING = 8


class SoundPlayer(QObject):
    """`problem_changed` tells why nothing can be heard, "" once something could be.

    `player` and `speaker` give the program for a file and for a sentence, as `programs` does. A player that fails (a
    sound server that does not run, say) is passed over from then on.
    """

    problem_changed = Signal(str)

    def __init__(
        self,
        *,
        player: Callable[[str, frozenset[str]], Command | None] = programs.player,
        speaker: Callable[[str, Language], Command | None] = programs.speaker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._speaker = speaker
        self._folder = QTemporaryDir()
        self._waiting: deque[tuple[Command, bool]] = deque()
        self._process = QProcess(self)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._failed)
        self._is_running = False
        self._is_speech = False
        self._broken: frozenset[str] = frozenset()
        self.problem = ""
        for priority, tone in TONES.items():
            self._file(priority).write_bytes(wav(tone))

    @property
    def is_busy(self) -> bool:
        """Whether something is being played or spoken."""
        return self._is_running or bool(self._waiting)

    def play(self, priority: Priority) -> None:
        """Play the tone of a priority, before anything that waits to be spoken."""
        file = str(self._file(priority))
        if sys.platform == "win32":
            self._play_on_windows(file)
            return
        command = self._player(file, self._broken)
        if command is None:
            self._broken = frozenset()  # whoever plugs a loudspeaker in is heard with the next alarm
            self._tell(self.problem or tr("No sound: install paplay, pw-play or aplay"))
            return
        self._waiting.appendleft((command, False))
        self._go_on()

    def speak(self, text: str, language: Language) -> None:
        """Speak a sentence after those that wait."""
        command = self._speaker(text, language)
        if command is None:
            self._tell(tr("No speech: install espeak-ng"))
            return
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append((command, True))
            self._go_on()

    def stop(self) -> None:
        """Fall silent at once; what waits to be spoken is dropped."""
        self._waiting.clear()
        self._process.kill()
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 - there is none elsewhere

            winsound.PlaySound(None, winsound.SND_PURGE)

    def close(self) -> None:
        """Be silent for good."""
        self.stop()
        if self._is_running:
            self._process.waitForFinished(500)

    def _file(self, priority: Priority) -> Path:
        return Path(self._folder.filePath(f"priority-{int(priority)}.wav"))

    def _play_on_windows(self, file: str) -> None:
        if sys.platform == "win32":
            import winsound  # noqa: PLC0415 - there is none elsewhere

            try:
                winsound.PlaySound(file, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            except RuntimeError as error:
                self._tell(tr("No sound: {reason}", reason=error))
            else:
                self._tell("")

    def _go_on(self) -> None:
        if self._is_running or not self._waiting:
            return
        command, self._is_speech = self._waiting.popleft()
        self._is_running = True
        self._process.setProgram(command.program)
        self._process.setArguments(list(command.arguments))
        self._process.start()
        self._process.write(command.text.encode())
        self._process.closeWriteChannel()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:  # of every other end `finished` tells
            self._end(self._process.errorString())

    def _ended(self, code: int, how: QProcess.ExitStatus) -> None:
        if how is QProcess.ExitStatus.CrashExit:  # silenced by `stop`: no fault, and no proof that it can be heard
            self._end(self.problem, is_told=True)
            return
        said = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
        self._end((said[-1] if said else tr("the program ended with {code}", code=code)) if code else "")

    def _end(self, reason: str, *, is_told: bool = False) -> None:
        self._is_running = False
        if reason and not is_told:
            if not self._is_speech:
                self._broken |= {self._process.program()}
            log.warning("sound.failed program=%s reason=%s", self._process.program(), reason)
            reason = (
                tr("No speech: {reason}", reason=reason) if self._is_speech else tr("No sound: {reason}", reason=reason)
            )
        self._tell(reason)
        self._go_on()

    def _tell(self, problem: str) -> None:
        if problem != self.problem:
            self.problem = problem
            self.problem_changed.emit(problem)
