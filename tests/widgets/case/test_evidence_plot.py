"""The evidence of a case over time."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.case import SIGNALS_INDICATOR, CaseEvidence
from tests.widgets.case.records import lines, open_case
from widgets import theme
from widgets.case.evidence_plot import EvidencePlot
from widgets.plot.library import PlotDataItem

START, MINUTE = 1_700_000_000_000_000_000, 60_000_000_000


def plot_of(qtbot: QtBot, evidence: list[CaseEvidence], names: dict[str, str] | None = None) -> EvidencePlot:
    plot = EvidencePlot()
    qtbot.addWidget(plot)
    plot.resize(600, 220)
    plot.show_evidence(evidence, names or {}, end=START + 60 * MINUTE)
    plot.show()
    return plot


def test_that_what_was_unusual_before_the_case_is_in_view_too(qtbot: QtBot) -> None:
    first, *others = lines(open_case(now=START))
    before = replace(others[0], time=first.time - 40 * MINUTE, indicator=SIGNALS_INDICATOR)
    plot = plot_of(qtbot, [first, before, *others[1:]])
    left, right = plot.span
    assert left < before.time / 1e9 < first.time / 1e9 < right
    assert right - left < 1.1 * (START + 60 * MINUTE - before.time) / 1e9


def test_that_each_indicator_has_a_colour_of_its_own_and_is_named_behind_it(qtbot: QtBot, qapp: QApplication) -> None:
    first, *_ = lines(open_case(now=START))
    names = {f"indicator-{place}": f"Forecast <of> strainer {place}" for place in range(5)}
    evidence = [replace(first, indicator=name, time=first.time + place) for place, name in enumerate(names)]
    plot = plot_of(qtbot, evidence, names)
    colors = [item.opts["symbolBrush"].name() for item in plot._items if isinstance(item, PlotDataItem)]
    assert colors == [theme.theme().pen(place).name() for place in range(5)]
    assert all(color in plot.legend.text() for color in colors)
    assert plot.legend.text().count("&lt;of&gt;") == 5
    wide, narrow = plot.legend.heightForWidth(1_400), plot.legend.heightForWidth(330)
    assert narrow > wide, "whole names in further rows"
    plot.resize(330, 300)
    assert plot.minimumSizeHint().height() >= narrow + plot.view.height() > 130, "and nothing is cut for them"
    theme.apply(qapp, theme.load("light"))
    assert all(theme.theme().pen(place).name() in plot.legend.text() for place in range(5))


def test_that_a_score_stands_at_its_ratio_to_the_limit_and_one_beyond_the_scale_at_its_end(qtbot: QtBot) -> None:
    first, *_ = lines(open_case(now=START))
    scores = (3.0, 1e6)
    evidence = [replace(first, time=first.time + k * MINUTE, score=s * first.limit) for k, s in enumerate(scores)]
    plot = plot_of(qtbot, evidence)
    (item,) = (item for item in plot._items if isinstance(item, PlotDataItem))
    assert item.yData.tolist() == [math.log10(3.0), 2.0]
    (ratios,) = (column.values.tolist() for column in plot.columns() if not column.is_time)
    assert ratios == [3.0, 1e6], "a table has what it was"
    assert [text for _, text in plot.y_axis.marks(-0.3, 2.0, 3)] == ["×1", "×3", "×10", "×30", "×100"]


def test_that_a_pointer_is_told_the_line_that_is_near(qtbot: QtBot) -> None:
    first, *_ = lines(open_case(now=START))
    line = replace(first, score=10.0 * first.limit)
    plot = plot_of(qtbot, [line])
    qtbot.waitUntil(lambda: plot.box.width() > 100)
    assert plot.told_at(QPointF(line.time / 1e9, 1.0)) == plot.text_of(line)
    assert plot.told_at(QPointF(line.time / 1e9, 1.9)) == ""


def test_that_a_case_without_evidence_draws_nothing(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, [])
    assert (plot.indicators, plot.columns(), plot.legend.text()) == ([], [], "")
