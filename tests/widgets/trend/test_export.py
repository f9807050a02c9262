"""What is shown is exported as it is: the samples exactly, the picture with letters that stay sharp."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.history.reader import HistoryReader
from app.model import clock
from app.model.clock import NS_PER_S
from tests.displays import bring
from tests.widgets.trend.air_station import Station
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.theme import theme
from widgets.translation import set_language
from widgets.trend.page import TrendPage


@pytest.fixture
def page(station: Station, qtbot: QtBot) -> Iterator[TrendPage]:
    made = TrendPage(station.feed, Navigation(station.plant))
    qtbot.addWidget(made)
    made.resize(1400, 700)
    made.show()
    made.grid.show_panes([["TT-201-D", "PT-220"], ["XA-201"]])
    made.window_of_time.show(station.now - 3_600 * NS_PER_S, station.now - 600 * NS_PER_S)
    qtbot.waitUntil(lambda: all(not pane.is_loading for pane in made.grid.panes))
    yield made
    made.close()
    wait_for_all()


def test_that_the_table_has_every_sample_in_view_exactly(
    page: TrendPage, station: Station, tmp_path: Path, qtbot: QtBot
) -> None:
    target = tmp_path / "shown.csv"
    with qtbot.waitSignal(page.exporting.ended, timeout=10_000):
        page.write(target)
    start, end = page.window_of_time.edges(0)
    with HistoryReader(station.feed.folder.history) as reader:
        series = reader.raw("TT-201-D", start, end)
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    column = next(name for name in rows[0] if name.startswith("TT-201-D"))
    assert [float(row[column]) for row in rows if row[column]] == series.value.tolist()
    assert len(series) == 300
    assert "written" in page.notice.text()


def test_that_a_pdf_is_drawn_in_lines_and_letters_with_the_chinese_typeface(page: TrendPage, tmp_path: Path) -> None:
    set_language("zh")
    target = tmp_path / "shown.pdf"
    page.write(target)
    content = target.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"NotoSans" in content.replace(b"#20", b"").replace(b" ", b"")
    assert b"/Subtype /Image" not in content
    assert b"/Count 1" in content


def test_that_the_sheet_is_white_with_the_curves_and_the_screen_stays_as_it_was(
    page: TrendPage, station: Station, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.statistics.told, timeout=5_000):
        page.window_of_time.mark(station.now - 1_800 * NS_PER_S, station.now - 900 * NS_PER_S)
    before = page.grid.panes[0].grab().toImage()
    target = tmp_path / "shown.png"
    page.write(target)
    image = QImage(str(target)).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)
    assert (pixels.min(axis=2) > 250).mean() > 0.5
    blue = QColor("#2C6CB0")
    near = np.abs(pixels - [blue.blue(), blue.green(), blue.red()]).max(axis=2) < 12
    assert near.sum() > 1_000
    assert theme().is_dark
    after = page.grid.panes[0].grab().toImage()
    assert after.pixelColor(5, 5) == before.pixelColor(5, 5)
    assert after.pixelColor(700, 120) == before.pixelColor(700, 120)


def test_that_the_sheet_is_the_same_from_whatever_display(
    page: TrendPage, station: Station, tmp_path: Path, qtbot: QtBot
) -> None:
    written: list[tuple[bytes, int]] = []
    page.window_of_time.show(station.now - 12 * 3_600 * NS_PER_S, station.now)  # so many samples that curves have bars
    qtbot.waitUntil(lambda: all(not pane.is_loading for pane in page.grid.panes), timeout=20_000)
    page.write(tmp_path / "shown.png")
    QApplication.processEvents()  # what tells of it has its place from now on
    for ratio in (1.25, 2.0):
        bring(page, ratio)
        qtbot.waitUntil(lambda ratio=ratio: page.devicePixelRatioF() == ratio, timeout=20_000)  # type: ignore[misc]
        with clock.frozen(1_795_530_727_000_000_000):
            page.write(tmp_path / "shown.png")
            page.write(tmp_path / "shown.pdf")
        written.append(((tmp_path / "shown.png").read_bytes(), (tmp_path / "shown.pdf").stat().st_size))
    assert written[0][0] == written[1][0]
    assert written[0][1] == pytest.approx(written[1][1], abs=64), "but for its own number and time"


def test_that_a_file_that_cannot_be_written_is_told(page: TrendPage, tmp_path: Path) -> None:
    page.write(tmp_path / "missing" / "shown.png")
    assert "shown.png" in page.notice.text()
    assert not (tmp_path / "missing").exists()
