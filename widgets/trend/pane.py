"""One trend pane: the head with the tag's value, and below it history, present and forecast on one ground."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.model import clock
from app.model.alarm import AlarmRecord, Priority
from app.model.tag import TagDefinition
from widgets.alarm.placed import PlacedAlarms
from widgets.drag.tag_mime import drag_tags, tags_of
from widgets.explain.subject import Subject, of_tag
from widgets.feed import Feed
from widgets.number import Reading, reading_of
from widgets.prediction.countdown import countdown_of
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.alarm_spans import AlarmSpans
from widgets.trend.deed_text import deed_text
from widgets.trend.deeds import Deed, Deeds
from widgets.trend.fixed_scales import FixedScales
from widgets.trend.forecast_band import Outlook, outlook_of, seconds_ahead
from widgets.trend.indicator import indicator_scale
from widgets.trend.limit_line import limit_lines
from widgets.trend.live_samples import LiveSamples
from widgets.trend.nearest import nearest_tag, newest_places
from widgets.trend.pane_header import HeaderText, PaneHeader, Sign
from widgets.trend.pane_tag import PaneTag
from widgets.trend.pen import TrendPen, by_axis
from widgets.trend.present import Newest
from widgets.trend.scale_hand import ScaleHand
from widgets.trend.scaling import Scaling, needed_extent
from widgets.trend.time_axis import HOUR
from widgets.trend.time_window import TimeWindow
from widgets.trend.trend_plot import PlotFrame, TrendPlot, present_look
from widgets.trend.value_axis import axis_key

ZOOM = 0.8
FAR = 20
"""Pixels by which the cursor moves with Ctrl and Shift."""


class TrendPane(QWidget):
    """Shows one tag, and others with it, over the page's time window.

    `refresh` is called by the page's frame clock; it paints only what differs.
    """

    menu_asked = Signal()
    tags_dropped = Signal(object)  # list[str]

    def __init__(
        self,
        feed: Feed,
        window: TimeWindow,
        live: LiveSamples,
        parent: QWidget | None = None,
        *,
        deeds: Deeds | None = None,
        scales: FixedScales | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed, self._window, self._live = feed, window, live
        self._countdown = countdown_of(feed)
        self._equipment = {each.id: each.name for each in feed.plant.equipment}
        self._index = PlacedAlarms(feed)
        self._shown: PaneTag | None = None
        self._has_ahead = False
        self._axes = 0
        self._sign: Sign | None = None
        self._grabbed = 0
        self._deeds = deeds
        self._scales = scales or FixedScales(self)
        self._scaling = Scaling(time_scale=feed.plant.time_scale, fixed=self._scales)
        self.header = PaneHeader()
        self.plot = TrendPlot(time_scale=feed.plant.time_scale)
        self.plot.tell = lambda found: deed_text(found, feed)
        self.plot.holds = lambda tag: feed.is_linked and feed.value(tag.handle).is_usable
        self.plot.scale_hand = self._hand = ScaleHand(self._scales)
        self._lay_out()
        self._connect()

    @property
    def tags(self) -> list[str]:
        """Return the names of the tags shown, the main one first."""
        return [pen.tag.name for pen in self._shown.pens] if self._shown is not None else []

    @property
    def oldest(self) -> int:
        """Return the time of the first point of the main tag, int64 ns UTC; 0 while that is not known."""
        return self._shown.pens[0].trace.oldest if self._shown is not None else 0

    @property
    def is_loading(self) -> bool:
        """Whether history is still on its way."""
        return self._shown is not None and any(pen.loader.is_loading for pen in self._shown.pens)

    def show_tags(self, tags: Sequence[TagDefinition], *, has_ahead: bool, axes: int = 0) -> None:
        """Show `tags[0]` with its limits and forecast, and the others with it; nothing for no tags.

        Those of another unit have an axis of their own, at the right.

        `has_ahead`: whether the ground right of now is kept for forecasts, so that all panes of a page are alike.
        `axes`: further value axes for which room is kept, so that the same time stands below the same time.
        """
        self.clear()
        self._has_ahead = has_ahead
        self._axes = axes
        self._scaling.reset()
        self.plot.forget()
        if tags:
            lines = limit_lines(self._feed.plant, tags[0].name)
            ids = [alarm.id for alarm in self._feed.plant.alarms if alarm.tag == tags[0].name]
            spans = AlarmSpans(self._feed.folder.history, ids, self)
            self._shown = PaneTag(tags[0], lines, indicator_scale(tags[0], lines), spans)
            spans.take(self._index.of_tag(tags[0].name))
            self._shown.pens = [self._pen(tag, number) for number, tag in enumerate(tags)]
            spans.changed.connect(self.refresh)
            self.plot.setAccessibleName(tr("Trend of {tag}", tag=tags[0].name))
        self.setVisible(bool(tags))
        self.refresh()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value of the curve that passes there; elsewhere, and for the keyboard, of the main tag."""
        near = ""
        if place is not None and self._shown is not None:
            near = nearest_tag(self.plot.frame, self._shown.curves, self.plot.mapFrom(self, place))
        return of_tag(near or next(iter(self.tags), ""))

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return the head with the value of the main tag, and where the curves of the others end."""
        pens = self._shown.pens[1:] if self._shown is not None else []
        ends = [(at.translated(self.plot.pos()), tag) for at, tag in newest_places(self.plot.frame, pens)]
        places = [(self.header.geometry(), next(iter(self.tags), "")), *ends]
        return [(at, subject) for at, tag in places if (subject := of_tag(tag)) is not None]

    def clear(self) -> None:
        """Show nothing and ask for nothing any more."""
        for pen in self._shown.curves if self._shown is not None else ():
            pen.close()
        if self._shown is not None:
            self._shown.spans.deleteLater()
        self._shown = None

    def refresh(self) -> None:
        """Bring head and plot up to date; cheap where nothing has changed."""
        if self._shown is None:
            return
        self._countdown.keep_up()
        shown, now = self._shown, clock.now_ns()
        value = self._feed.value(shown.tag.handle)
        text = reading_of(value, tag=shown.tag, now=now, is_linked=self._feed.is_linked)
        alarms = self._alarms(shown.tag.name)
        # one NaN object, so that frames without a value compare equal
        number = math.nan if math.isnan(value.value) else value.value
        self._refresh_header(shown, text, number, alarms)
        newest = Newest(value.source_time, number, text.quality, text.note)
        self._refresh_plot(shown, newest, [record for record in alarms if record.state.is_active], now)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, sign = theme(), self._sign
        is_urgent = sign is not None and sign.priority <= Priority.HIGH and sign.state.is_active
        color = look.priority(sign.priority) if sign is not None and is_urgent else look.color("line")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color, 1.6 if is_urgent else 1.0))
            painter.setBrush(look.color("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if set(tags_of(event.mimeData())) - set(self.tags):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.tags_dropped.emit(tags_of(event.mimeData()))
        event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                self._step_cursor((1 if event.key() == Qt.Key.Key_Right else -1) * (FAR if is_far else 1))
            case Qt.Key.Key_Left:
                self._window.pan(self._window.span // 8)
            case Qt.Key.Key_Right:
                self._window.pan(-self._window.span // 8)
            case Qt.Key.Key_Plus:
                self._zoom(self.plot.width() / 2, 1)
            case Qt.Key.Key_Minus:
                self._zoom(self.plot.width() / 2, -1)
            case Qt.Key.Key_M:
                self._mark_here()
            case Qt.Key.Key_Escape if self._window.marks:
                self._window.clear_marks()
            case Qt.Key.Key_Home | Qt.Key.Key_Escape:
                self._window.go_live()
            case _ if not self._hand.press(self.plot.frame, event):
                super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 140)
        self.setAcceptDrops(True)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._column.addWidget(self.plot, 1)
        self._arrange()

    def _arrange(self) -> None:
        self._column.setContentsMargins(2, 3, theme().px(8), 3)

    def _connect(self) -> None:
        self.header.menu_asked.connect(self.menu_asked)
        self.header.drag_asked.connect(lambda: drag_tags(self.header, self.tags[:1]))
        self.plot.resized.connect(self.refresh)
        self.plot.wheel_turned.connect(self._zoom)
        self.plot.pressed.connect(self._grab)
        self.plot.dragged.connect(self._drag)
        self.plot.reset_asked.connect(self._window.go_live)
        self.plot.cursor_moved.connect(self._point)
        self.plot.marked.connect(self._mark)
        self._scales.changed.connect(self.refresh)
        self._feed.blinked.connect(self.header.set_phase)
        self._feed.alarms_changed.connect(self._take_alarms)
        self._feed.rewound.connect(self._rewind)

    def _pen(self, tag: TagDefinition, number: int) -> TrendPen:
        live = self._live.buffer(tag.handle)
        return TrendPen(tag, live, history=self._feed.folder.history, number=number, owner=self)

    def _deeds_in_view(self, shown: PaneTag, start: int, end: int) -> tuple[Deed, ...]:
        if self._deeds is None:
            return ()
        self._deeds.show(start, end)
        tags = {pen.tag.name for pen in shown.pens}
        equipment = {pen.tag.equipment for pen in shown.pens}
        return tuple(deed for deed in self._deeds.known if start <= deed.time <= end and deed.concerns(tags, equipment))

    def _renew_former(self, shown: PaneTag) -> None:
        """Have a second curve of each tag while the trends are compared with a former time."""
        if bool(self._window.earlier) == bool(shown.former):
            return
        for pen in shown.former:
            pen.close()
        shown.former = []
        if self._window.earlier:
            shown.former = [self._pen(pen.tag, pen.number) for pen in shown.pens]
            for pen in shown.former:
                pen.is_earlier = True
        self._scaling.reset()

    def _rewind(self) -> None:
        if (shown := self._shown) is not None:
            shown.spans.forget()
            shown.spans.take(self._index.of_tag(shown.tag.name))

    def _take_alarms(self, changed: Sequence[AlarmRecord]) -> None:
        if self._shown is not None:
            tag = self._shown.tag.name
            self._shown.spans.take([record for record in changed if record.tag == tag])

    def _alarms(self, tag: str) -> list[AlarmRecord]:
        """Return the alarms of a tag that are neither normal nor hidden, active ones first, then by priority."""
        records = [record for record in self._index.of_tag(tag) if not record.state.is_hidden]
        return sorted(records, key=lambda record: (not record.state.is_active, record.priority))

    def _refresh_header(self, shown: PaneTag, text: Reading, value: float, alarms: Sequence[AlarmRecord]) -> None:
        sign = Sign(alarms[0].priority, alarms[0].state) if alarms else None
        if sign != self._sign:
            self._sign = sign
            self.update()
        name = self._equipment.get(shown.tag.equipment)
        place = local(name) if name is not None else shown.tag.equipment
        subtitle = f"{shown.tag.name}  ·  {text.note or place}"
        others = tuple((pen.tag.name, pen.number) for pen in shown.pens[1:])
        self.header.show_text(HeaderText(local(shown.tag.title), subtitle, text, value, sign, others), shown.scale)

    def _refresh_plot(self, shown: PaneTag, newest: Newest, active: Sequence[AlarmRecord], now: int) -> None:
        outlook = outlook_of(self._feed, shown.tag.name, told=self._countdown.now)
        self._renew_former(shown)
        groups = by_axis(shown.pens)
        time_scales = self._scaling.of_time(
            self.plot.size(),
            self._window,
            now=now,
            ahead_s=self._seconds_ahead(outlook, now),
            axes=max(len(groups) - 1, self._axes),
        )
        if time_scales is None:
            return
        columns = [pen.columns(time_scales) for pen in shown.pens]
        earlier = [pen.columns(time_scales.earlier(self._window.earlier)) for pen in shown.former]
        first, *further = [
            ([part[pen.number] for pen in group for part in (columns, earlier) if part], group[0]) for group in groups
        ]
        wanted = [outlook.definition.limit] if outlook is not None and outlook.is_ahead else []
        needed = needed_extent(first[0], shown.tag, lines=shown.lines, newest=newest.value, wanted=wanted)
        geometry = self._scaling.of_values(time_scales, needed, tag=shown.tag)
        axes = tuple(
            self._scaling.of_axis(parts, pen.tag, pen=pen.number, main=shown.tag.name) for parts, pen in further
        )
        for pen in shown.pens:
            pen.load(geometry, now=clock.wall_ns())
        for pen in shown.former:
            pen.load(geometry.earlier(self._window.earlier), now=clock.wall_ns())
        shown.spans.show(geometry.start, geometry.end)
        ids = {record.alarm for record in active}
        frame = PlotFrame(
            geometry=geometry,
            tag=shown.tag,
            lines=shown.lines,
            active=tuple(
                (line.value, line.priority)
                for line in shown.lines
                if line.priority is not None and ids.intersection(line.alarms)
            ),
            urgent=active[0].priority if active else None,
            outlook=outlook,
            newest=newest,
            versions=tuple(pen.trace.version() for pen in [*shown.pens, *shown.former]),
            earlier=self._window.earlier,
            is_fixed=self._scales.of(shown.tag.name, axis_key(shown.tag)) is not None,
            deeds=self._deeds_in_view(shown, geometry.start, geometry.end),
            cursor=self._window.cursor,
            marks=self._window.marks,
            is_live=self._window.is_live,
            spans=shown.spans.spans,
            look=present_look(self.plot.ratio),
            axes=axes,
        )
        self.plot.show_frame(frame, [*shown.pens, *shown.former], [*columns, *earlier])

    def _seconds_ahead(self, outlook: Outlook | None, now: int) -> float:
        if not self._has_ahead:
            return 0.0
        return seconds_ahead(outlook, now=now, time_scale=self._feed.plant.time_scale) or float(HOUR)

    def _zoom(self, x: float, steps: float) -> None:
        if self.plot.frame is not None:
            self._window.zoom(ZOOM**steps, around=self._instant(x, self.plot.frame), share=_share(x, self.plot.frame))

    def _grab(self, x: float) -> None:
        if self.plot.frame is not None:
            self._grabbed = self._instant(x, self.plot.frame)

    def _drag(self, x: float) -> None:
        """Keep the instant that was grabbed under the pointer, also when the forecast makes way for the past."""
        if self.plot.frame is not None:
            self._window.place(self._grabbed, share=_share(x, self.plot.frame))

    @staticmethod
    def _instant(x: float, frame: PlotFrame) -> int:
        return frame.geometry.time(min(x, frame.geometry.now_x))

    def _mark(self, begun: float, x: float) -> None:
        if self.plot.frame is not None:
            self._window.mark(self._instant(begun, self.plot.frame), self._instant(x, self.plot.frame))

    def _mark_here(self) -> None:
        """Put a mark at the cursor, or where there is none, in the middle."""
        if self.plot.frame is not None:
            geometry = self.plot.frame.geometry
            middle = (geometry.start + geometry.end) // 2
            self._window.add_mark(middle if self._window.cursor is None else self._window.cursor)

    def _step_cursor(self, columns: int) -> None:
        """Move the cursor by some pixels; it begins in the middle and stays in view."""
        if self.plot.frame is not None:
            geometry = self.plot.frame.geometry
            begun = self._window.cursor
            here = (geometry.start + geometry.end) // 2 if begun is None else begun
            self._window.move_cursor(min(max(here + columns * geometry.column_ns, geometry.start), geometry.end))

    def _point(self, x: float | None) -> None:
        instant = None
        if x is not None and self.plot.frame is not None:
            geometry = self.plot.frame.geometry
            if geometry.plot.left() <= x <= geometry.now_x:
                instant = geometry.time(x)
        self._window.move_cursor(instant)


def _share(x: float, frame: PlotFrame) -> float:
    """Return where a place stands in a plot that shows nothing but the past."""
    return (x - frame.geometry.plot.left()) / frame.geometry.plot.width()
