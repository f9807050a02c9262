"""The screens of the page of trends: nothing chosen yet, signals, what can be laid over them, and other pictures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from app.model import clock
from app.model.clock import NS_PER_S
from app.model.tag import TagKind
from widgets.main_window import MainWindow
from widgets.screen import Screen

if TYPE_CHECKING:
    from widgets.trend.page import TrendPage

SPAN_NS = 120 * NS_PER_S
MOST = 5
HISTOGRAM, XY, SPECTRUM = range(3)


def telling_tags(window: MainWindow) -> list[str]:
    """Return the numbers of the equipment in view, those that have alarms first."""
    plant = window.feed.plant
    alarmed = {each.tag for each in plant.alarms}
    tags = [tag for tag in plant.tags_of(window.navigation.equipment) if tag.kind is TagKind.ANALOG]
    return [tag.name for tag in sorted(tags, key=lambda tag: tag.name not in alarmed)]


def trend_screens(window: MainWindow) -> list[Screen]:
    """Return the screens; each shows the equipment in view."""
    show, clear = partial(_show, window), partial(_clear, window)
    laid = {
        "trends-signals": (),
        "trends-statistics": (partial(_mark, window),),
        "trends-compared": (partial(_compare, window),),
        "trends-histogram": (partial(_analyse, window, HISTOGRAM),),
        "trends-xy": (partial(_analyse, window, XY),),
        "trends-spectrum": (partial(_analyse, window, SPECTRUM),),
    }
    return [
        Screen("trends", "trends", (clear,)),
        *(Screen(name, "trends", (show, *steps), clear) for name, steps in laid.items()),
    ]


def _page(window: MainWindow) -> TrendPage:
    return cast("TrendPage", window.page("trends"))


def _clear(window: MainWindow) -> None:
    page = _page(window)
    page.grid.show_panes([])
    page.window_of_time.compare(0)
    page.window_of_time.clear_marks()
    page.window_of_time.go_live()


def _show(window: MainWindow) -> None:
    """Show two signals in one pane, and others in panes of their own."""
    names, page = telling_tags(window)[:MOST], _page(window)
    page.grid.show_panes([names[:2], *([name] for name in names[2:])])
    page.window_of_time.set_span(SPAN_NS)


def _mark(window: MainWindow) -> None:
    time = _page(window).window_of_time
    start, end = time.edges(clock.now_ns())
    time.mark(start + (end - start) // 3, start + 2 * (end - start) // 3)


def _compare(window: MainWindow) -> None:
    time = _page(window).window_of_time
    time.compare(time.span)


def _analyse(window: MainWindow, tab: int) -> None:
    dialog = _page(window).show_analysis()
    if dialog is not None:
        dialog.tabs.setCurrentIndex(tab)
