"""Exports what the trends show: the samples as a table (CSV, Excel, Parquet), or the picture as PNG or PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.exchange.export import ExportReport, ExportRequest, export
from app.exchange.failure import Cancelled
from app.exchange.layout import LayoutKind
from app.exchange.output import Style
from app.exchange.selection import ExchangedTag, Selection
from app.exchange.time_text import LOCAL
from app.history.reader import HistoryReader
from app.model.tag import TagDefinition
from widgets.feed import Feed
from widgets.number import count
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.translation import tr
from widgets.trend.sheet import Sheet, write_pdf, write_png

PICTURES = (".pdf", ".png")
FILTERS = "PDF (*.pdf);;PNG (*.png);;CSV (*.csv);;Excel (*.xlsx);;Parquet (*.parquet)"


class TrendExport(QObject):
    """Writes one file at a time; a table is written in the background, and can be cancelled."""

    told = Signal(str)
    ended = Signal()

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._running: Operation[ExportReport] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a table is being written."""
        return self._running is not None

    def write(
        self, target: Path, tags: Sequence[TagDefinition], span: tuple[int, int], sheet: Callable[[], Sheet]
    ) -> None:
        """Write `tags` over start <= t < end (int64 ns UTC), or their picture, as the suffix of `target` says."""
        if target.suffix.lower() in PICTURES:
            write = write_pdf if target.suffix.lower() == ".pdf" else write_png
            try:
                write(sheet(), target)
            except OSError as error:
                self.told.emit(station_text(error))
            else:
                self.told.emit(tr("{file} is written", file=target.name))
            self.ended.emit()
            return
        self.cancel()
        reader = HistoryReader(self._feed.folder.history)
        operation: Operation[ExportReport]

        def heard(share: float, samples: int) -> None:
            del share, samples
            if operation.is_cancelled:
                raise Cancelled(str(target))

        def work() -> ExportReport:
            with reader:
                chosen = tuple(ExchangedTag(tag.name, tag.unit, reader.exact(tag.name, 0, 0).data_type) for tag in tags)
                layout = LayoutKind.WIDE if len(chosen) > 1 else LayoutKind.LONG
                request = ExportRequest(Selection(chosen, *span), layout, style=Style(zone=LOCAL, has_mark=True))
                return export(reader, request, target, may_replace=True, on_progress=heard)

        operation = Operation(self, work, interrupt=reader.interrupt)
        operation.success(lambda report: self._end(_done(report, target))).failure(
            lambda error: self._end(station_text(error))
        )
        self._running = operation
        self.told.emit(tr("{file} is being written…", file=target.name))
        operation.start()

    def cancel(self) -> None:
        """Give up the table that is being written; nothing of it remains."""
        if self._running is not None:
            self._running.cancel()
            self._end(tr("The export was cancelled."))

    def _end(self, text: str) -> None:
        self._running = None
        self.told.emit(text)
        self.ended.emit()


def _done(report: ExportReport, target: Path) -> str:
    return tr("{n} samples written to {file}", n=count(report.samples), file=target.name)
