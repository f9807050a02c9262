"""The time shown in other pictures: how often each value was there, one signal over another, and what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.history.even_values import EvenValues, read_even_values
from app.history.reader import HistoryReader
from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.tag import TagDefinition, TagKind
from app.model.unit_symbol import unit_symbol
from app.vibration.spectrum import Spectrum, spectrum
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.help.button import HelpButton
from widgets.number import MINUS, day_and_time, duration, number, spacing
from widgets.operation import Operation
from widgets.plot.curve import Curve, Mark, Numbers
from widgets.plot.files import PlotFiles
from widgets.plot.line_plot import LinePlot
from widgets.plot.xy_plot import Colouring, XYPlot
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.limit_line import limit_lines, line_name

BINS = 60
STRETCH = 2_048
FEWEST = 16


class AnalysisDialog(QDialog):
    """Histogram, XY and spectrum of the signals in view from `span[0]` to before `span[1]`, int64 ns UTC."""

    def __init__(
        self, feed: Feed, tags: Sequence[TagDefinition], span: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._feed, self._span = feed, span
        self._tags = {tag.name: tag for tag in tags}
        self._running: Operation[tuple[EvenValues, EvenValues]] | None = None
        self.first, self.second = ChoiceBox(), ChoiceBox()
        self.tabs = QTabWidget()
        self.histogram, self.xy, self.spectrum = LinePlot(), XYPlot(), LinePlot()
        self.colouring = ChoiceBox()
        self.save = QPushButton(tr("Save as picture or table…"))
        self.note = QLabel()
        self._lay_out()
        for box, place in ((self.first, 0), (self.second, min(1, len(tags) - 1))):
            for tag in tags:
                box.addItem(f"{local(tag.title)} ({tag.name})", tag.name)
            box.setCurrentIndex(place)
            box.currentIndexChanged.connect(lambda _: self.read())
        for text, colouring in ((tr("Older is paler"), Colouring.AGE), (tr("More is stronger"), Colouring.DENSITY)):
            self.colouring.addItem(text, colouring)
        self.colouring.currentIndexChanged.connect(lambda _: self.xy.colour_by(self.colouring.currentData()))
        self.tabs.currentChanged.connect(lambda _: self._show_colouring())
        self.save.clicked.connect(self._save)
        self.files = PlotFiles(self, self.note.setText)
        for plot in (self.histogram, self.xy, self.spectrum):
            self.files.serve(plot)
        self._show_colouring()
        self.read()

    def read(self) -> None:
        """Read the chosen signals."""
        self._cancel()
        first, second = self._tags[self.first.currentData()], self._tags[self.second.currentData()]
        names = list(dict.fromkeys((first.name, second.name)))
        stepped = {tag.name for tag in (first, second) if tag.kind is TagKind.DISCRETE}
        reader = HistoryReader(self._feed.folder.history)
        start, end = self._span
        scan = max(first.scan_ms, 1) * NS_PER_MS

        def work() -> tuple[EvenValues, EvenValues]:
            with reader:
                whole = read_even_values(reader, names, start, end, least_step=scan, stepped=stepped)
                fine = read_even_values(
                    reader, names[:1], start, end, least_step=scan, keeps_step=True, stepped=stepped
                )
                return whole, fine

        self.note.setText(tr("reading…"))
        operation = Operation(self, work, interrupt=reader.interrupt)
        self._running = (
            operation.success(self._show).failure(lambda error: self.note.setText(station_text(error))).start()
        )

    def done(self, result: int) -> None:
        """Close; what is still being read is given up."""
        self._cancel()
        super().done(result)

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _lay_out(self) -> None:
        look = theme()
        start, end = self._span
        self.setWindowTitle(tr("Analyse {start} – {end}", start=day_and_time(start), end=day_and_time(end)))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.note.setProperty("tone", "dim")
        self.note.setWordWrap(True)
        row = QHBoxLayout()
        for text, box in ((tr("Signal"), self.first), (tr("over"), self.second)):
            row.addWidget(QLabel(text))
            row.addWidget(box, 1)
            box.setAccessibleName(text)
        row.addWidget(self.colouring)
        row.addWidget(self.save)
        row.addWidget(HelpButton())
        self.colouring.setAccessibleName(tr("Colour of the points"))
        self.spectrum.has_harmonics = True
        self.spectrum.x_text = lambda x: f"{x:g} Hz"
        for plot, text in (
            (self.histogram, tr("Histogram")),
            (self.xy, tr("XY")),
            (self.spectrum, tr("Spectrum")),
        ):
            self.tabs.addTab(plot, text)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.note)
        self.resize(look.px(820), look.px(560))

    def _show(self, found: tuple[EvenValues, EvenValues]) -> None:
        self._running = None
        whole, fine = found
        first, second = self._tags[self.first.currentData()], self._tags[self.second.currentData()]
        values = whole.values[first.name]
        self._show_histogram(values[np.isfinite(values)], first)
        self._show_xy(whole, first, second)
        used = self._show_spectrum(fine, first)
        self.note.setText(
            tr(
                "{n} instants, {step} apart; spectrum of {used} without a break",
                n=len(values),
                step=spacing(whole.step / NS_PER_S),
                used=duration(used),
            )
        )

    def _shown_plot(self) -> LinePlot | XYPlot:
        return (self.histogram, self.xy, self.spectrum)[self.tabs.currentIndex()]

    def _save(self) -> None:
        self._shown_plot().file_asked.emit()

    def _show_colouring(self) -> None:
        self.colouring.setVisible(self._shown_plot() is self.xy)

    def _limits_of(self, tag: TagDefinition) -> list[tuple[float, str]]:
        return [(line.value, line_name(line)) for line in limit_lines(self._feed.plant, tag.name)]

    def _show_xy(self, found: EvenValues, first: TagDefinition, second: TagDefinition) -> None:
        self.xy.title, self.xy.foot = _named(first), _named(second)
        self.xy.nothing = tr("Nothing with a value in this time")
        self.xy.names = (_named(second), _named(first))
        self.xy.show_pairs(
            found.values[second.name],
            found.values[first.name],
            found.time,
            limits_x=self._limits_of(second),
            limits_y=self._limits_of(first),
        )

    def _show_histogram(self, values: Numbers, tag: TagDefinition) -> None:
        self.histogram.title = tr("Share of the time, % · {tag}", tag=_named(tag))
        if not len(values):
            self.histogram.nothing = tr("Nothing with a value in this time")
            self.histogram.show_curves([])
            return
        counts, edges = np.histogram(values, bins=BINS)
        share = 100.0 * counts / len(values)
        # up, along and down again at each edge
        x = np.repeat(edges, 2)
        y = np.concatenate(([0.0], np.repeat(share, 2), [0.0]))
        unit = unit_symbol(tag.unit)
        self.histogram.x_head, head = _named(tag), tr("Share of the time, %")
        self.histogram.foot = unit
        self.histogram.readout = partial(_share_text, edges, share, unit)
        near = [Mark(value, name) for value, name in self._limits_of(tag) if edges[0] <= value <= edges[-1]]
        self.histogram.show_curves([Curve(x, y, is_filled=True, head=head)], marks=near)

    def _show_spectrum(self, fine: EvenValues, tag: TagDefinition) -> float:
        """Show what repeats in the longest unbroken part of the values; return how many seconds of them that is."""
        values = fine.values[tag.name]
        broken = np.flatnonzero(~np.isfinite(values))
        values = max((part[np.isfinite(part)] for part in np.split(values, broken)), key=len)
        self.spectrum.title = tr("Amplitude over frequency, Hz · {tag}", tag=_named(tag))
        if len(values) < FEWEST:
            self.spectrum.nothing = tr("Nothing with a value in this time")
            self.spectrum.show_curves([])
            return 0.0
        found = spectrum(values, NS_PER_S / fine.step, size=STRETCH)
        self.spectrum.x_head = tr("Frequency, Hz")
        self.spectrum.readout = partial(_tone_text, found, unit_symbol(tag.unit))
        self.spectrum.show_curves([Curve(found.hz, found.peak(), head=_named(tag))])
        return len(values) * fine.step / NS_PER_S


def _share_text(edges: Numbers, share: Numbers, unit: str, x: float) -> str:
    """Return for which share of the time the value was in the bin around x."""
    place = min(max(int(np.searchsorted(edges, x, side="right")) - 1, 0), len(share) - 1)
    low, high = (f"{float(edge):.4g}".replace("-", MINUS) for edge in edges[place : place + 2])
    part = number(float(share[place]), decimals=2)
    return tr("{low} to {high} {unit}: {share} %", low=low, high=high, unit=unit, share=part)


def _tone_text(found: Spectrum, unit: str, hz: float) -> str:
    """Return the frequency of a line, how long it takes to come again, and its amplitude."""
    tone = found.tone(hz)
    hz = tone.hz if tone.rms > 0.0 else hz  # a line stands between the bins
    again = tr("every {time}", time=f"{1.0 / hz:.4g} s") if hz > 0.0 else ""
    return f"{hz:.4g} Hz   {again}   {tone.peak:.4g} {unit}"


def _named(tag: TagDefinition) -> str:
    unit = unit_symbol(tag.unit)
    return f"{local(tag.title)} ({tag.name}), {unit}" if unit else f"{local(tag.title)} ({tag.name})"
