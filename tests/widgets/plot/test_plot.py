"""What all plots have: the looks, both languages, room for every label, files, and nothing left when they are gone."""

from __future__ import annotations

import csv
import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.model.clock import NS_PER_S
from tests.displays import bring
from widgets import theme
from widgets.explain.subject import Subject, of_tag
from widgets.plot.axis import time_marks
from widgets.plot.curve import Curve, Mark
from widgets.plot.files import PlotFiles
from widgets.plot.line_plot import LinePlot
from widgets.plot.plot import Plot
from widgets.plot.xy_plot import XYPlot
from widgets.translation import set_language

CURVE = Curve(np.linspace(0.0, 12_345.0, 500), np.linspace(-0.001234, 0.004321, 500), head="m/s²")


def line_plot(qtbot: QtBot) -> LinePlot:
    plot = LinePlot()
    qtbot.addWidget(plot)
    plot.title = "Velocity, mm/s rms"
    plot.x_head = "Hz"
    plot.resize(420, 220)
    plot.show_curves([CURVE], marks=[Mark(4_000.0, "BPFO")], limits=[Mark(0.003, "B | C")])
    plot.show()
    for _ in range(3):
        QApplication.processEvents()
    return plot


def ground(plot: Plot) -> int:
    image = plot.grab().toImage()
    return image.pixelColor(image.width() - 4, image.height() // 2).lightness()


def test_that_a_plot_changes_its_look_with_the_window(qtbot: QtBot, qapp: QApplication) -> None:
    plot = line_plot(qtbot)
    plot.move_cursor(4_000.0)
    assert ground(plot) < 60
    theme.apply(qapp, theme.load("light", scale=1.5))
    qapp.processEvents()
    assert ground(plot) > 200
    assert plot._items[0].opts["pen"].color() == theme.theme().pen(0)
    assert plot._cursor_lines[0].isVisible()
    assert plot.x_axis.style["tickFont"].pixelSize() == theme.theme().font("tiny").pixelSize()


@pytest.mark.parametrize("size", [(420, 220), (300, 170), (1_600, 500)])
def test_that_no_label_of_an_axis_is_cut(qtbot: QtBot, size: tuple[int, int]) -> None:
    plot = line_plot(qtbot)
    plot.resize(*size)
    for marks in (plot.x_axis.marks, time_marks):
        plot.x_axis.marks = marks
        for _ in range(4):
            QApplication.processEvents()
        for axis in (plot.x_axis, plot.y_axis):
            image = QImage(10, 10, QImage.Format.Format_RGB32)
            with QPainter(image) as painter:
                _, _, texts = axis.generateDrawSpecs(painter)
            assert len(texts) >= (1 if axis is plot.x_axis else 3)
            shown = plot.view.rect()
            for place, _, text in texts:
                assert text
                assert shown.contains(axis.mapRectToScene(place).toAlignedRect().adjusted(1, 1, -1, -1)), text


def test_that_axes_of_plots_over_one_another_can_be_alike(qtbot: QtBot) -> None:
    one, other = line_plot(qtbot), line_plot(qtbot)
    other.show_curves([Curve(CURVE.x, np.full(500, 7.0))])
    for plot in (one, other):
        plot.y_axis.least_room = 90
        plot.show_curves(plot.curves)
        QApplication.processEvents()
    assert one.y_axis.width() == other.y_axis.width() == 90


def test_that_a_plot_has_our_menu_and_none_of_the_library(qtbot: QtBot) -> None:
    plot = line_plot(qtbot)
    plot.subject = of_tag("PT-220")
    menu = plot.menu()
    assert [action.text() for action in menu.actions()][-1].startswith("Explain")
    told: list[Subject] = []
    plot.explanation_asked.connect(told.append)
    menu.actions()[-1].trigger()
    assert told == [plot.subject]
    menu.deleteLater()
    assert plot.box.menu is None
    QTest.mouseClick(plot.view.viewport(), Qt.MouseButton.RightButton)
    assert [each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible()] == []


def test_that_a_plot_without_room_is_painted_all_the_same(qtbot: QtBot) -> None:
    plot = line_plot(qtbot)
    for size in ((1, 1), (30, 30), (60, 40), (2, 300)):
        plot.setMinimumSize(0, 0)
        plot.resize(*size)
        QApplication.processEvents()
        plot.grab()
        plot.move_cursor(100.0)
        plot.zoom(0.5)
        plot.reset()


def test_that_a_table_holds_every_value_with_its_time(qtbot: QtBot, tmp_path: Path) -> None:
    told: list[str] = []
    owner = QWidget()
    qtbot.addWidget(owner)
    files = PlotFiles(owner, told.append)
    files.write(line_plot(qtbot), tmp_path / "line.csv")
    qtbot.waitUntil(lambda: told == ["line.csv is written"], timeout=20_000)
    with (tmp_path / "line.csv").open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads == ["Hz", "m/s²"]
    assert np.array_equal(np.array(rows, float), np.column_stack([CURVE.x, CURVE.y]))
    plot = XYPlot()
    qtbot.addWidget(plot)
    plot.names = ("流量", "Pressure")
    time = 1_700_000_000 * NS_PER_S + np.arange(2, dtype=np.int64) * NS_PER_S // 2
    plot.show_pairs(np.array([1.0, 2.0]), np.array([3.0, 4.0]), time)
    files.write(plot, tmp_path / "xy.csv")
    qtbot.waitUntil(lambda: told[1:] == ["xy.csv is written"], timeout=20_000)
    lines = (tmp_path / "xy.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "Time,流量,Pressure"
    assert lines[2].endswith(".500,2.0,4.0")
    files.write(plot, tmp_path / "no folder" / "xy.csv")
    qtbot.waitUntil(lambda: len(told) == 3, timeout=20_000)
    assert "xy.csv" in told[2]


def test_that_pictures_are_kept_in_the_look_of_paper_and_the_plot_keeps_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    told: list[str] = []
    plot = line_plot(qtbot)
    files = PlotFiles(plot, told.append)
    files.write(plot, tmp_path / "line.png")
    files.write(plot, tmp_path / "line.pdf")
    files.write(plot, tmp_path / "no folder" / "line.png")
    files.write(plot, tmp_path / "no folder" / "line.pdf")
    assert told[:2] == ["line.png is written", "line.pdf is written"]
    assert all("cannot be written" in text for text in told[2:])
    image = QImage(str(tmp_path / "line.png"))
    assert (image.width(), image.height()) == (2 * plot.width(), 2 * plot.height())
    assert image.pixelColor(image.width() - 8, image.height() // 2).lightness() > 200
    assert (tmp_path / "line.pdf").read_bytes().startswith(b"%PDF")
    assert ground(plot) < 60


def test_that_curves_are_as_many_px_thick_on_every_display(qtbot: QtBot) -> None:
    plot = LinePlot()
    qtbot.addWidget(plot)
    plot.resize(420, 220)
    plot.show_curves([Curve(np.array([0.0, 1.0]), np.array([1.0, 1.0]))])
    plot.show()
    thick = {}
    for ratio in (1.0, 2.0):
        bring(plot, ratio)
        qtbot.waitUntil(lambda ratio=ratio: plot.devicePixelRatioF() == ratio, timeout=20_000)  # type: ignore[misc]
        thick[ratio] = plot.stroke(theme.theme().color("text"), 1.5).widthF()
        assert [item.opts["pen"].widthF() for item in plot._items if hasattr(item, "opts")] == [ratio]
    assert thick == {1.0: 1.5, 2.0: 3.0}


def test_that_a_picture_is_the_same_from_whatever_display(qtbot: QtBot, tmp_path: Path) -> None:
    plot = line_plot(qtbot)
    files, taken = PlotFiles(plot, lambda _: None), []
    for ratio in (1.25, 2.0):
        bring(plot, ratio)
        qtbot.waitUntil(lambda ratio=ratio: plot.devicePixelRatioF() == ratio, timeout=20_000)  # type: ignore[misc]
        files.write(plot, tmp_path / "line.png")
        plot.copy()
        taken.append((QImage(str(tmp_path / "line.png")), QApplication.clipboard().image()))
    assert taken[0] == taken[1]
    assert taken[0][1].size() == plot.size() * 2


@pytest.mark.parametrize("kind", [LinePlot, XYPlot])
def test_that_nothing_of_a_plot_is_left_when_it_is_gone(qtbot: QtBot, kind: type[Plot]) -> None:
    def made() -> weakref.ref[Plot]:
        plot = kind()
        if isinstance(plot, LinePlot):
            plot.show_curves([CURVE], marks=[Mark(4_000.0, "BPFO")])
        plot.show()
        QApplication.processEvents()
        plot.close()
        plot.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return weakref.ref(plot)

    left = [made() for _ in range(3)]
    gc.collect()
    assert [each() for each in left] == [None] * 3


def test_that_the_menu_is_in_both_languages(qtbot: QtBot) -> None:
    plot = line_plot(qtbot)
    set_language("zh")
    menu = plot.menu()
    assert all(any(ord(letter) > 0x2E80 for letter in action.text()) for action in menu.actions())
    menu.deleteLater()


def test_that_another_binding_named_by_the_user_does_not_keep_the_plots_away() -> None:
    code = "import os; os.environ['PYQTGRAPH_QT_LIB'] = 'PyQt5'; import PySide6.QtCore, widgets.plot.library"
    assert subprocess.run([sys.executable, "-P", "-c", code], check=False, timeout=50).returncode == 0
