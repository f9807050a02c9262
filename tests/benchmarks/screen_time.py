"""What a screen costs: processor time of this process, off screen, with the application that every benchmark shares."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QApplication, QWidget

from tests.benchmarks.turns import Course, alternate
from widgets import theme


def application(*, scale: float = 1.0) -> QApplication:
    """Return the application in the dark theme at that scale; pens are 2 px wide at a scale of 1.25."""
    present = QApplication.instance()
    app = present if isinstance(present, QApplication) else QApplication(["benchmark"])
    theme.apply(app, theme.load("dark", scale=scale))
    return app


def shown(widget: QWidget, width: int, height: int) -> None:
    """Bring a widget into view at that size, and let it be laid out and painted once."""
    widget.resize(width, height)
    widget.show()
    QApplication.processEvents()


def processor_s(work: Callable[[], object]) -> float:
    """Return the processor seconds that this process, all its threads, spends on `work`."""
    began = time.process_time()
    work()
    return time.process_time() - began


def timed(work: Callable[[int], object], *, times: int = 1) -> Callable[[int], float]:
    """Return a contestant whose turn does `work` (which gets the number of the repetition) so many times.

    What comes of a turn is the processor seconds of one repetition.
    """

    def turn(number: int) -> float:
        return processor_s(lambda: [work(number * times + each) for each in range(times)]) / times

    return turn


def costs(contestants: Sequence[Callable[[int], float]], *, turns: int, budget_s: float) -> list[float]:
    """Return the median over its turns of what each contestant's turn tells; the first turn does not count."""
    courses: list[Course[float]] = alternate(contestants, turns=turns, budget_s=budget_s)
    return [statistics.median(course.results[1:]) for course in courses]
