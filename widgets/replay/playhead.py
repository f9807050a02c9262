"""Where a replay is, how fast it runs, and where it is to go."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.model import clock

SPEEDS = (1, 2, 5, 10, 20, 50, 100)
STEP_NS = clock.NS_PER_S


class Playhead(QObject):
    """Instants are int64 ns UTC.

    `shown`: the instant that every screen shows; `wanted`: the one that is to be shown next. They differ while it is
    read. `extent`: the first and the last instant that are stored; nothing outside it can be wanted.
    """

    changed = Signal()  # anything but `shown`
    moved = Signal()  # `shown`

    def __init__(self, at: int, *, speed: int = 1, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown = self.wanted = at
        self.speed = speed
        self.is_playing = False
        self.extent: tuple[int, int] | None = None
        self._moved_at = clock.monotonic_ns()

    def play(self) -> None:
        """Run on from here."""
        self._run(is_playing=True)

    def pause(self) -> None:
        """Stand still."""
        self._run(is_playing=False)

    def toggle(self) -> None:
        """Run, or stand still."""
        self._run(is_playing=not self.is_playing)

    def set_speed(self, speed: int) -> None:
        """Run so many times as fast as it was; raise ValueError where that is no speed."""
        if speed <= 0:
            raise ValueError(f"a replay cannot run at {speed} times its speed: give at least 1")
        self.advance()
        self.speed = speed
        self.changed.emit()

    def change_speed(self, places: int) -> None:
        """Take the next speed, or the one before."""
        place = max((number for number, speed in enumerate(SPEEDS) if speed <= self.speed), default=0)
        self.set_speed(SPEEDS[min(max(place + places, 0), len(SPEEDS) - 1)])

    def jump(self, instant: int) -> None:
        """Go to another instant, or as near to it as something is stored; whether it runs stays as it is."""
        self.wanted = self._within(instant)
        self._moved_at = clock.monotonic_ns()
        self.changed.emit()

    def step(self, span: int) -> None:
        """Go `span` ns on, or back, and stand still there."""
        self.is_playing = False
        self.jump(self.wanted + span)

    def advance(self) -> None:
        """Move on with the steady clock while it runs; at the end of what is stored it stands still."""
        now = clock.monotonic_ns()
        passed, self._moved_at = now - self._moved_at, now
        if not self.is_playing:
            return
        self.wanted = self._within(self.wanted + passed * self.speed)
        if self.extent is not None and self.wanted >= self.extent[1]:
            self.pause()

    def arrive(self, instant: int, extent: tuple[int, int]) -> None:
        """Note that `instant` is what is shown now, and what is stored by now."""
        is_longer, self.extent = extent != self.extent, extent
        if instant != self.shown:
            self.shown = instant
            self.moved.emit()
        if is_longer:
            self.changed.emit()

    def _run(self, *, is_playing: bool) -> None:
        if is_playing != self.is_playing:
            self._moved_at = clock.monotonic_ns()
            self.is_playing = is_playing
            self.changed.emit()

    def _within(self, instant: int) -> int:
        return instant if self.extent is None else min(max(instant, self.extent[0]), self.extent[1])
