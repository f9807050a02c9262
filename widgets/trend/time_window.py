"""The stretch of time that all trends of a page show together: live and running on, or held still in the past."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.model import clock
from app.model.clock import NS_PER_S

SPANS_S = (60, 300, 900, 3_600, 28_800, 86_400, 604_800)
SHORTEST_NS = NS_PER_S
SUGGESTED_S = (30, 60, 90, 120, 180, 300, 600, 900, 1_800, 3_600)
LONGEST_SUGGESTED_NS = 3_600 * NS_PER_S
LIVE_SHARE = 0.9
LONGEST_NS = 3_660 * 86_400 * NS_PER_S
"""Ten years, and the days that are lost to leap years."""
MOST_REMEMBERED = 100
GESTURE_NS = NS_PER_S
"""Steps of a wheel or a drag that follow one another this quickly are one change to go back from."""


@dataclass(frozen=True, slots=True)
class TimeView:
    """One state of a window: `span` ns, `end` int64 ns UTC, None while it runs with the clock."""

    span: int
    end: int | None


class TimeWindow(QObject):
    """Which time is shown, and where the shared cursor stands.

    `span`: ns shown left of now (live) or altogether (paused). `cursor`: int64 ns UTC, None while there is none.
    `earlier`: by how many ns the time that is compared with lies before the one shown, 0 for none.
    `marks`: none, or the instants between which statistics are told, in the order of time.
    """

    changed = Signal()
    cursor_moved = Signal(object)  # int | None
    marks_changed = Signal()

    def __init__(self, span: int = 3_600 * NS_PER_S, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.span = span
        self.cursor: int | None = None
        self.marks: tuple[int, ...] = ()
        self.earlier = 0
        self._end: int | None = None
        self._is_chosen = False
        self._former: list[TimeView] = []
        self._later: list[TimeView] = []
        self._moved_at = 0

    @property
    def is_live(self) -> bool:
        """Whether the window runs on with the clock."""
        return self._end is None

    def edges(self, now: int) -> tuple[int, int]:
        """Return start and end, int64 ns UTC."""
        end = now if self._end is None else self._end
        return end - self.span, end

    def set_span(self, span: int) -> None:
        """Show `span` ns, as the operator wants it; live stays live, a paused window keeps its middle."""
        self._remember()
        self._is_chosen = True
        span = min(max(span, SHORTEST_NS), LONGEST_NS)
        if self._end is not None:
            self._end += (span - self.span) // 2
        self.span = span
        self._settle()

    def suggest(self, known: int) -> None:
        """Show what there is of `known` ns of past, up to an hour, until the operator chooses."""
        if self._is_chosen or not self.is_live:
            return
        span = next((s * NS_PER_S for s in SUGGESTED_S if s * NS_PER_S >= known), LONGEST_SUGGESTED_NS)
        if span != self.span:
            self.span = span
            self.changed.emit()

    def go_live(self) -> None:
        """Run on with the clock again."""
        self._remember()
        self._end = None
        self.changed.emit()

    def hold(self) -> None:
        """Stand still where it is now."""
        if self._end is None:
            self._remember()
            self._end = clock.now_ns()
            self.changed.emit()

    def show(self, start: int, end: int) -> None:
        """Hold start .. end (int64 ns UTC) still; a stretch shorter or longer than can be shown keeps its end.

        Raise ValueError where it does not begin before it ends.
        """
        if end <= start:
            raise ValueError(f"a stretch of time from {start} to {end} is empty: let it begin before it ends")
        self._remember()
        self._is_chosen = True
        self.span = min(max(end - start, SHORTEST_NS), LONGEST_NS)
        self._end = end
        self.changed.emit()

    @property
    def can_go_back(self) -> bool:
        """Whether another time was shown before."""
        return bool(self._former)

    @property
    def can_go_forward(self) -> bool:
        """Whether `go_back` was the last that was done."""
        return bool(self._later)

    def go_back(self) -> None:
        """Show again what was shown before the last change."""
        self._step(self._former, self._later)

    def go_forward(self) -> None:
        """Take back the last `go_back`."""
        self._step(self._later, self._former)

    def pan(self, shift: int) -> None:
        """Show what was `shift` ns earlier; the window leaves Live."""
        self._remember(is_gesture=True)
        end = clock.now_ns() if self._end is None else self._end
        self._end = end - shift
        self._settle()

    def place(self, instant: int, *, share: float) -> None:
        """Show `instant` (ns UTC) at `share` (0..1) of the width; the window leaves Live."""
        self._remember(is_gesture=True)
        self._end = instant + round((1 - share) * self.span)
        self._settle()

    def zoom(self, factor: float, *, around: int, share: float) -> None:
        """Show `factor` times as much time, `around` at `share` of the width; near the right end live stays live."""
        self._remember(is_gesture=True)
        start, end = self.edges(clock.now_ns())
        stays_live = self.is_live and (around - start) >= LIVE_SHARE * (end - start)
        self._is_chosen = True
        self.span = min(max(round(self.span * factor), SHORTEST_NS), LONGEST_NS)
        if stays_live:
            self._settle()
        else:
            self.place(around, share=share)

    def move_cursor(self, instant: int | None) -> None:
        """Let every trend of the page show its value at `instant`."""
        if instant != self.cursor:
            self.cursor = instant
            self.cursor_moved.emit(instant)

    def compare(self, earlier: int) -> None:
        """Show with everything what it was `earlier` ns before; 0 ends the comparison."""
        if earlier != self.earlier:
            self.earlier = earlier
            self.changed.emit()

    def mark(self, *instants: int) -> None:
        """Put the marks at one or two instants, int64 ns UTC."""
        marks = tuple(sorted(set(instants)))
        if marks != self.marks:
            self.marks = marks
            self.marks_changed.emit()

    def add_mark(self, instant: int) -> None:
        """Put the first mark, or the second; a third begins anew."""
        self.mark(*(self.marks if len(self.marks) == 1 else ()), instant)

    def clear_marks(self) -> None:
        """Take the marks away."""
        self.mark()

    def _settle(self) -> None:
        if self._end is not None:
            self._end = min(self._end, clock.now_ns())
        self.changed.emit()

    def _remember(self, *, is_gesture: bool = False) -> None:
        """Keep what is shown now, to go back to; the steps of one gesture count as one change."""
        now = clock.monotonic_ns()
        goes_on = is_gesture and self._moved_at and now - self._moved_at < GESTURE_NS
        self._moved_at = now if is_gesture else 0
        view = TimeView(self.span, self._end)
        if not goes_on and (not self._former or self._former[-1] != view):
            self._former = [*self._former, view][-MOST_REMEMBERED:]
        self._later.clear()

    def _step(self, source: list[TimeView], target: list[TimeView]) -> None:
        if source:
            target.append(TimeView(self.span, self._end))
            view = source.pop()
            self.span, self._end, self._is_chosen, self._moved_at = view.span, view.end, True, 0
            self.changed.emit()
