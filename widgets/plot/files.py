"""Keeps plots as files: the picture in the light look of paper as PNG or PDF, the numbers as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from itertools import zip_longest
from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, QPoint, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from widgets import number
from widgets.operation import Operation
from widgets.plot.column import Column
from widgets.plot.plot import RATIO, Plot
from widgets.station_text import station_text
from widgets.theme import load, theme, wearing
from widgets.translation import tr

FILTERS = "PNG (*.png);;PDF (*.pdf);;CSV (*.csv)"
DPI = 300
MM_PER_PX = 0.25


class PlotFiles(QObject):
    """Asks for a file's name and writes it; `tell` is given what became of it."""

    def __init__(self, parent: QWidget, tell: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._parent, self._tell = parent, tell

    def serve(self, plot: Plot) -> None:
        """Write this plot whenever somebody asks for it."""
        plot.file_asked.connect(lambda: self._ask(plot))

    def write(self, plot: Plot, target: Path) -> None:
        """Write a plot as the ending of `target` says; a table is written in the background."""
        if target.suffix.lower() == ".csv":
            columns = plot.columns()
            operation = Operation(self, lambda: write_csv(columns, target))
            operation.success(lambda _: self._end(target)).failure(self._fail).start()
            return
        try:
            _refuse_closed(target)
            (write_pdf if target.suffix.lower() == ".pdf" else write_png)(plot, target)
        except OSError as error:
            self._fail(error)
        else:
            self._end(target)

    def _ask(self, plot: Plot) -> None:
        name, kind = QFileDialog.getSaveFileName(
            self._parent, tr("Save as picture or table…"), f"{_file_name(plot.title)}.png", FILTERS
        )
        if name:
            target = Path(name)
            self.write(plot, target if target.suffix else target.with_suffix(f".{kind.split()[0].lower()}"))

    def _end(self, target: Path) -> None:
        self._tell(tr("{file} is written", file=target.name))

    def _fail(self, error: Exception) -> None:
        self._tell(station_text(error))


def write_png(plot: Plot, target: Path) -> None:
    """Write the picture of a plot at twice its size; raise OSError where that cannot be done."""
    image = QImage(plot.size() * RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    with wearing(load("light", scale=theme().scale)), plot.printed_at(RATIO):
        image.fill(theme().color("plot"))
        plot.render(image)
    plot.dress()
    if not image.save(str(target)):
        raise OSError(tr("{file} cannot be written: is the disk full?", file=str(target)))


def write_pdf(plot: Plot, target: Path) -> None:
    """Write the picture of a plot as one page of its size, as lines and letters; raise OSError where that fails."""
    writer = QPdfWriter(str(target))
    writer.setResolution(DPI)
    size = QSizeF(plot.width() * MM_PER_PX, plot.height() * MM_PER_PX)
    page = QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(plot.title)
    writer.setCreator("Foreshift")
    painter = QPainter(writer)
    painter.scale(writer.width() / plot.width(), writer.width() / plot.width())
    with wearing(load("light", scale=theme().scale)), plot.printed_at(writer.width() / plot.width()):
        plot.render(painter, QPoint())
    plot.dress()
    if not painter.end():
        raise OSError(tr("{file} cannot be written: is the disk full?", file=str(target)))


def write_csv(columns: Sequence[Column], target: Path) -> None:
    """Write columns side by side, numbers in full and times as local ISO 8601; raise OSError where that fails."""
    with target.open("w", encoding="utf-8-sig", newline="") as file:  # the mark lets spreadsheets read Chinese heads
        writer = csv.writer(file)
        writer.writerow([column.head for column in columns])
        writer.writerows(zip_longest(*(_texts(column) for column in columns), fillvalue=""))


def _texts(column: Column) -> list[str]:
    if column.is_time:
        return [number.day_and_millisecond(int(time)) for time in column.values]
    return [repr(value) for value in column.values.tolist()]


def _refuse_closed(target: Path) -> None:
    """Raise OSError with a remedy where no file can be written; Qt would only warn."""
    try:
        target.open("ab").close()
    except OSError as error:
        text = tr("{file} cannot be written: is it open elsewhere, or the folder protected?", file=str(target))
        raise OSError(text) from error


def _file_name(title: str) -> str:
    """Return a title without what no file's name may hold."""
    return "".join(letter if letter.isalnum() or letter in " -_()" else "_" for letter in title).strip() or "plot"
