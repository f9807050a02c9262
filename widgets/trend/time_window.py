"""The stretch of time that all trends of a page show together: live and running on, or held still in the past."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.model import clock
from app.model.clock import NS_PER_S

SPANS_S = (60, 300, 900, 3_600, 28_800, 86_400, 604_800)
SHORTEST_NS = 5 * NS_PER_S
SUGGESTED_S = (30, 60, 90, 120, 180, 300, 600, 900, 1_800, 3_600)
LONGEST_SUGGESTED_NS = 3_600 * NS_PER_S
LIVE_SHARE = 0.9
LONGEST_NS = 400 * 86_400 * NS_PER_S


class TimeWindow(QObject):
    """Which time is shown, and where the shared cursor stands.

    `span`: ns shown left of now (live) or altogether (paused). `cursor`: int64 ns UTC, None while there is none.
    """

    changed = Signal()
    cursor_moved = Signal(object)  # int | None

    def __init__(self, span: int = 3_600 * NS_PER_S, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.span = span
        self.cursor: int | None = None
        self._end: int | None = None
        self._is_chosen = False

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
        self._end = None
        self.changed.emit()

    def hold(self) -> None:
        """Stand still where it is now."""
        if self._end is None:
            self._end = clock.now_ns()
            self.changed.emit()

    def pan(self, shift: int) -> None:
        """Show what was `shift` ns earlier; the window leaves Live."""
        end = clock.now_ns() if self._end is None else self._end
        self._end = end - shift
        self._settle()

    def place(self, instant: int, *, share: float) -> None:
        """Show `instant` (ns UTC) at `share` (0..1) of the width; the window leaves Live."""
        self._end = instant + round((1 - share) * self.span)
        self._settle()

    def zoom(self, factor: float, *, around: int, share: float) -> None:
        """Show `factor` times as much time, `around` at `share` of the width; near the right end live stays live."""
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

    def _settle(self) -> None:
        if self._end is not None:
            self._end = min(self._end, clock.now_ns())
        self.changed.emit()
