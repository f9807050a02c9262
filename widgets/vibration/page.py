"""The page "Vibration": measuring points with their levels, and one record closely, beside a former one if wanted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.model.vibration import MeasuringPoint
from app.vibration.analysis import Analysis
from app.vibration.hint import Fault
from app.vibration.store import StoredRecord
from widgets import number
from widgets.explain.subject import Subject, of_tag
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.plot.axis import time_marks
from widgets.plot.files import PlotFiles
from widgets.plot.line_plot import LinePlot
from widgets.renewed_page import RenewedPage
from widgets.station_text import station_text
from widgets.text_table import ROW, TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.vibration import panels
from widgets.vibration.reading import VibrationReading
from widgets.vibration.wording import evidence_text, fault_text, hint_text, trigger_text, zone_advice, zone_text

LIST_WIDTH = 470
RENEW_MS = 5_000
POINT_ROWS = 6
CAUSE_ROWS = 4
HEAD = 38
"""How high the head of a list is, px at scale 1."""


class VibrationPage(RenewedPage):
    """Points come with the plant file; records are read from the file, anew every few seconds while it is in view."""

    def __init__(
        self, feed: Feed, navigation: Navigation, *, reading: VibrationReading, parent: QWidget | None = None
    ) -> None:
        super().__init__(RENEW_MS, parent)
        self.setProperty("surface", "panel")
        self._feed, self._navigation, self._reading = feed, navigation, reading
        self._records: tuple[StoredRecord, ...] = ()
        self._shown: Analysis | None = None
        self._former: Analysis | None = None
        self._is_first = True
        self.points = TextTable(right=())
        self.point_view = TextTableView(self.points, elastic=1)
        self.table = TextTable(right=(1,))
        self.view = TextTableView(self.table, elastic=3)
        self.state = QLabel()
        self.hints = QLabel()
        self.source = QLabel()
        self.compare, self.orders = QPushButton(), QPushButton()
        self.causes = TextTable(right=(1,))
        self.cause_view = TextTableView(self.causes, elastic=2)
        self.note = QLabel()
        self.level, self.wave, self.velocity, self.envelope = (LinePlot() for _ in range(4))
        self.files = PlotFiles(self, self.note.setText)
        self.nothing = QLabel()
        HelpLink(self.nothing, "vibration#empty", navigation)
        self._body = QWidget()
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def point(self) -> MeasuringPoint | None:
        """Return the measuring point in view."""
        return panels.point_of(self._feed.plant, self.point_view.chosen())

    def renew(self) -> None:
        """Read the records of the point in view anew."""
        point = self.point
        if point is not None:
            Operation(self, lambda: self._reading.records(point.id)).success(self._take).failure(self._tell).start()

    def rewind(self) -> None:
        self._forget()

    def show_equipment(self, equipment: str) -> None:
        """Show the first measuring point of an equipment, where it has one."""
        for row, point in enumerate(self._feed.plant.measuring_points):
            if point.equipment == equipment:
                self.point_view.selectRow(row)
                return

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.point_view.setAccessibleName(tr("Measuring points"))
        self.view.setAccessibleName(tr("Records"))
        self.orders.setText(tr("Orders"))
        self.orders.setToolTip(
            tr("Spectra over multiples of the shaft's speed: records of other speeds lie line on line")
        )
        self.cause_view.setAccessibleName(tr("Likely causes"))
        self.compare.setToolTip(tr("Keeps the record in view behind those that are chosen next"))
        self.nothing.setText(
            tr("The plant has no measuring point. The sheet Measuring points of Engineering (Ctrl+F2) takes them.")
        )
        self.level.title = tr("Velocity, mm/s rms")
        self.level.x_head, self.wave.x_head = tr("Time"), tr("Time, s")
        for plot, title in (
            (self.level, self.level.title),
            (self.wave, tr("Waveform")),
            (self.velocity, tr("Spectrum of the velocity, mm/s")),
            (self.envelope, tr("Spectrum of the envelope, m/s²")),
        ):
            plot.setAccessibleName(title)
        for plot in (self.level, self.wave, self.velocity, self.envelope):
            plot.nothing = tr("Nothing is recorded yet")
        self._show_points()
        self._show_records()
        self._show_analysis()

    def _lay_out(self) -> None:
        look = theme()
        lists = QVBoxLayout()
        lists.setSpacing(look.px(8))
        rows = min(POINT_ROWS, len(self._feed.plant.measuring_points))
        self.point_view.setFixedHeight(look.hit(ROW) * rows + look.px(HEAD))
        lists.addWidget(self.point_view)
        lists.addWidget(self.view, 1)
        lists.addWidget(self.cause_view)
        buttons = QHBoxLayout()
        buttons.addWidget(self.compare, 1)
        buttons.addWidget(self.orders)
        lists.addLayout(buttons)
        self.cause_view.setFixedHeight(look.hit(ROW) * (CAUSE_ROWS + 1) + look.px(4))
        self.orders.setCheckable(True)
        side = QWidget()
        side.setLayout(lists)
        side.setFixedWidth(look.px(LIST_WIDTH))
        lists.setContentsMargins(0, 0, 0, 0)
        self.state.setProperty("lettering", "title")
        self.source.setProperty("tone", "dim")
        self.note.setProperty("tone", "dim")
        for label in (self.hints, self.source, self.note):
            label.setWordWrap(True)
        plots = QGridLayout()
        plots.setSpacing(look.px(8))
        for place, plot in enumerate((self.level, self.wave, self.velocity, self.envelope)):
            plots.addWidget(plot, place // 2, place % 2)
        detail = QVBoxLayout()
        detail.setSpacing(look.px(6))
        for label in (self.state, self.hints, self.source):
            detail.addWidget(label)
        detail.addLayout(plots, 1)
        detail.addWidget(self.note)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(12))
        row.addWidget(side)
        row.addLayout(detail, 1)
        self.compare.setCheckable(True)
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column.addWidget(self._body, 1)
        column.addWidget(self.nothing, 1)

    def _connect(self) -> None:
        for plot in (self.level, self.wave, self.velocity, self.envelope):
            self.files.serve(plot)
        self.point_view.explains = lambda key: self._level_of(panels.point_of(self._feed.plant, key))
        self.view.explains = lambda _: self._level_of(self.point)
        self.point_view.selectionModel().selectionChanged.connect(lambda *_: self._choose_point())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.compare.toggled.connect(self._keep_former)
        self.orders.toggled.connect(lambda _: self._change_axis())
        self.cause_view.selectionModel().selectionChanged.connect(lambda *_: self._show_plots())
        self._navigation.equipment_changed.connect(self.show_equipment)
        self.velocity.has_harmonics = self.envelope.has_harmonics = True
        self.level.x_axis.marks, self.level.has_times = time_marks, True
        self.level.explanation_asked.connect(self._navigation.explanation_asked)
        self.level.readout = self._level_text
        self.wave.x_text = lambda x: f"{x:g} s"
        self.wave.readout = lambda x: tr("{time} s", time=number.number(x, decimals=4))
        self.velocity.x_text = self.envelope.x_text = lambda x: f"{x:g}×" if self.is_order else f"{x:g} Hz"
        self.velocity.readout = lambda x: panels.cursor_text(
            None if self._shown is None else self._shown.velocity, x * self._unit_hz, self._shaft_hz, "mm/s"
        )
        self.envelope.readout = lambda x: panels.cursor_text(
            None if self._shown is None else self._shown.envelope_spectrum, x * self._unit_hz, self._shaft_hz, "m/s²"
        )

    @property
    def is_order(self) -> bool:
        """Return whether spectra stand over orders of the shaft, and not over Hz."""
        return self.orders.isChecked() and self._shaft_hz > 0.0

    @property
    def _unit_hz(self) -> float:
        return panels.unit_hz(self._shown, is_order=self.is_order)

    @property
    def _shaft_hz(self) -> float:
        return 0.0 if self._shown is None else self._shown.waveform.shaft_hz

    def _level_text(self, x: float) -> str:
        nearest = min(self._records, key=lambda each: abs(each.time / 1e9 - x), default=None)
        if nearest is None:
            return ""
        when = number.moment(nearest.time, now=clock.now_ns())
        return f"{when}  {number.number(nearest.measure.velocity, decimals=2)} mm/s  {zone_text(nearest.measure.zone)}"

    def _show_points(self) -> None:
        points = self._feed.plant.measuring_points
        self._body.setVisible(bool(points))
        self.nothing.setVisible(not points)
        heads = (tr("Measuring point"), tr("Place"), tr("Bearing"))
        rows = [
            TextRow(each.id, (each.id, local(each.name), each.bearing.designation if each.bearing else number.NO_VALUE))
            for each in points
        ]
        chosen = self.point_view.chosen()
        self.points.show_rows(heads, rows)
        self.point_view.fit()
        if points and not chosen:
            self.point_view.selectRow(0)
            self.show_equipment(self._navigation.equipment)

    def _level_of(self, point: MeasuringPoint | None) -> Subject | None:
        """Return the tag that tells the level of a point all the time, None where none does."""
        return None if point is None else of_tag(point.level)

    def _choose_point(self) -> None:
        self._forget()
        self.renew()

    def _forget(self) -> None:
        self._records, self._shown, self._is_first = (), None, True
        self.compare.setChecked(False)
        self._show_records()
        self._show_analysis()

    def _take(self, records: Sequence[StoredRecord]) -> None:
        point = self.point
        if point is None or any(each.point != point.id for each in records):
            return
        self._records = tuple(records)
        self.note.setText("")
        self._show_records()

    def _show_records(self) -> None:
        """List the records; the newest one is followed until somebody chooses another."""
        was_newest = self._is_first or (self.table.rows and self.view.chosen() == self.table.rows[0].key)
        chosen = self.view.chosen()
        heads = (tr("Recorded"), tr("mm/s rms"), tr("Zone"), tr("Reason"))
        self.table.show_rows(heads, [self._row(each) for each in self._records])
        self.view.fit()
        keys = [row.key for row in self.table.rows]
        if keys:
            self._is_first = False
            self.view.selectRow(0 if was_newest or chosen not in keys else keys.index(chosen))
        point = self.point
        zones = None if point is None else self._feed.plant.zones_of(point)
        panels.show_level(self.level, self._records, zones)

    def _row(self, record: StoredRecord) -> TextRow:
        measure = record.measure
        reason = trigger_text(record.trigger)
        cells = (
            number.moment(record.time, now=clock.now_ns()),
            number.number(measure.velocity, decimals=2),
            zone_text(measure.zone),
            reason if record.has_samples else tr("{reason}, figures only", reason=reason),
        )
        is_poor = measure.zone is not None and measure.zone.value in "CD"
        return TextRow(str(record.id), cells, tip=self._figures(record), is_strong=is_poor)

    def _figures(self, record: StoredRecord) -> str:
        measure = record.measure
        return tr(
            "Crest {crest}, kurtosis {kurtosis}, {rpm}/min",
            crest=number.number(measure.crest, decimals=1),
            kurtosis=number.number(measure.kurtosis, decimals=1),
            rpm=number.number(record.speed_rpm, decimals=0) if record.speed_rpm else number.NO_VALUE,
        )

    def _choose(self) -> None:
        chosen = self.view.chosen()
        if chosen and (self._shown is None or str(self._shown.waveform.id) != chosen):
            Operation(self, lambda: self._reading.analysis(int(chosen))).success(self._take_analysis).failure(
                self._tell
            ).start()

    def _take_analysis(self, analysis: Analysis | None) -> None:
        chosen = self.view.chosen()
        if analysis is not None and str(analysis.waveform.id) != chosen:
            return
        self._shown = analysis
        if analysis is None:
            self.note.setText(tr("The samples of this record are not kept any more; its figures are."))
        else:
            self.note.setText("")
        self._show_analysis()

    def _keep_former(self, is_kept: bool) -> None:  # noqa: FBT001 - a slot of QPushButton.toggled
        self._former = self._shown if is_kept else None
        self._show_analysis()

    def _show_analysis(self) -> None:
        point, shown = self.point, self._shown
        if point is None:
            return
        unit = point.unit.replace("m/s2", "m/s²").strip("[]")
        self.wave.title = tr("Waveform, {unit}", unit=unit)
        self.velocity.title = tr("Spectrum of the velocity, mm/s")
        self.envelope.title = tr("Spectrum of the envelope, m/s²")
        if shown is not None and shown.envelope is not None:
            low, high = (number.number(edge, decimals=0) for edge in shown.envelope.band)
            self.envelope.title = tr("Spectrum of the envelope {low} to {high} Hz, m/s²", low=low, high=high)
        for plot in (self.wave, self.velocity, self.envelope):
            plot.setAccessibleName(plot.title)
        former = None if self._former is shown else self._former
        self.compare.setText(
            tr("Compare with this record")
            if self._former is None
            else tr("Compared with {when}", when=number.moment(self._former.waveform.time, now=clock.now_ns()))
        )
        self.orders.setEnabled(shown is None or self._shaft_hz > 0.0)
        panels.show_waveform(self.wave, shown, former)
        self._show_causes()
        self._show_plots()
        self._show_words(point)

    def _show_causes(self) -> None:
        """List what the lines can be a sign of, the likeliest first, each with what speaks for it."""
        hints = () if self._shown is None else self._shown.hints
        heads = (tr("Cause"), tr("Of its limit"), tr("Evidence"))
        rows = [
            TextRow(
                hint.fault,
                (fault_text(hint.fault), f"×{number.number(hint.score, decimals=1)}", evidence_text(hint)),
                is_strong=hint.score >= 1.0,
            )
            for hint in hints
        ]
        self.causes.show_rows(heads, rows)
        self.cause_view.fit()

    def _change_axis(self) -> None:
        """Go over to orders or back; a cursor would stand somewhere else there."""
        for plot in (self.velocity, self.envelope):
            plot.move_cursor(None)
        self._show_plots()

    def _show_plots(self) -> None:
        """Show the spectra, with the lines of what is hinted at, and of the chosen cause, standing out."""
        point, shown = self.point, self._shown
        if point is None:
            return
        former = None if self._former is shown else self._former
        chosen = self.cause_view.chosen()
        self.velocity.x_head = self.envelope.x_head = tr("Orders") if self.is_order else tr("Frequency, Hz")
        look = panels.Look(self.is_order, Fault(chosen) if chosen else None)
        panels.show_velocity(self.velocity, shown, former, point, look)
        panels.show_envelope(self.envelope, shown, former, point, look)

    def _show_words(self, point: MeasuringPoint) -> None:
        shown, zones = self._shown, self._feed.plant.zones_of(point)
        if shown is None:
            self.state.setText(f"{point.id}  {local(point.name)}")
            self.hints.setText("")
        else:
            measure = shown.measure
            advice = f": {zone_advice(measure.zone)}" if measure.zone else ""
            self.state.setText(
                tr(
                    "{point}  {velocity} mm/s rms  zone {zone}{advice}",
                    point=point.id,
                    velocity=number.number(measure.velocity, decimals=2),
                    zone=zone_text(measure.zone),
                    advice=advice,
                )
            )
            told = [hint_text(hint) for hint in shown.hints if hint.score >= 1.0]
            quiet = tr("No fault shows in the lines.") if shown.hints else tr("No line can be named without a speed.")
            self.hints.setText("\n".join(told) or quiet)
        if zones is None:
            self.source.setText(tr("No zones are given for this point."))
            return
        source = tr("Zones: {source}", source=local(zones.source))
        self.source.setText(source)

    def _tell(self, error: Exception) -> None:
        self.note.setText(station_text(error))
