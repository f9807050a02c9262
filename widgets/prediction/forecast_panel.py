"""The forecasts of a plant, most urgent first: cards for those with a time, lines for those that have none."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.maintenance.margin import MarginState
from app.model.alarm import Priority
from app.model.forecast import Forecast, ForecastDefinition, ForecastState
from app.model.score import ClaimKind
from app.model.work_order import WorkOrder, WorkRequest, WorkSource
from widgets.drag.value_drag import ValueDrag
from widgets.elided_label import ElidedLabel
from widgets.explain.subject import Subject, SubjectKind
from widgets.feed import Feed
from widgets.maintenance.stops import margin_ahead
from widgets.maintenance.wording import margin_text, order_name
from widgets.prediction.card import CardText, ForecastCard
from widgets.prediction.contribution import contributions_text
from widgets.prediction.countdown import countdown_of
from widgets.prediction.life_panel import LifePanel
from widgets.prediction.silent_row import SilentRow
from widgets.prediction.wording import (
    Crossing,
    crossing,
    evidence_text,
    headline,
    horizon_s,
    is_told,
    score_text,
    urgency,
)
from widgets.theme import SEMIBOLD
from widgets.translation import local, tr
from widgets.trend.time_axis import ahead_extent

NEAR_SHARE = 0.2
"""A forecast is near when its early edge lies within this share of its horizon."""


class ForecastPanel(QFrame):
    """Scrolls where there are more forecasts than place."""

    tag_asked = Signal(str)
    work_asked = Signal(object)  # WorkRequest
    order_asked = Signal(int)

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._feed = feed
        self._countdown = countdown_of(feed)
        self._selected = ""
        self._order: list[str] = []
        self._tags = {tag.name: tag for tag in feed.plant.tags}
        self._definitions = {each.id: each for each in feed.plant.forecasts}
        self._rows: dict[str, ForecastCard | SilentRow] = {}
        self.title = ElidedLabel(size="title", weight=SEMIBOLD)
        self.count = ElidedLabel(size="tiny", tone="dim", alignment=Qt.AlignmentFlag.AlignRight)
        self.empty = QLabel()
        self.life = LifePanel(feed)
        self._lay_out()
        self._countdown.moved.connect(self._count_down)
        feed.alarms_changed.connect(self.refresh)
        feed.work_changed.connect(self.refresh)
        feed.scores_changed.connect(self.refresh)
        feed.provision_changed.connect(self.refresh)
        self.life.work_asked.connect(self.work_asked)
        self.refresh()

    @property
    def rows(self) -> list[ForecastCard | SilentRow]:
        """Return what is listed, from top to bottom."""
        return [self._rows[key] for key in self._order]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def show_equipment(self, equipment: str) -> None:
        """Frame the cards of the present equipment."""
        self._selected = equipment
        self.life.show_equipment(equipment)
        self.refresh()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the forecast at a place."""
        focus = self.focusWidget()
        for key, row in self._rows.items():
            hit = row is focus if place is None else _holds(row, self, place)
            if hit:
                return Subject(SubjectKind.FORECAST, key)
        return None

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return where the rows stand."""
        return [
            (QRect(row.mapTo(self, QPoint(0, 0)), row.size()), Subject(SubjectKind.FORECAST, key))
            for key, row in self._rows.items()
            if row.isVisibleTo(self)
        ]

    def refresh(self) -> None:
        """Bring every card up to date and into order."""
        self.title.set_text(tr("Maintenance forecast"))
        self.life.refresh()
        self.empty.setText(
            tr("No forecasts are set up for this plant. The sheet Forecasts of Engineering (Ctrl+K) takes them.")
        )
        self.empty.setVisible(not self._definitions)
        now = self._countdown.now
        self.count.set_text(self._counted())
        order = sorted(self._definitions, key=lambda key: (*urgency(self._feed.forecasts.get(key)), key))
        for key in order:
            self._refresh_row(key, now)
        if order != self._order:
            self._arrange(order)

    def _count_down(self) -> None:
        if self.isVisible():
            self.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(14, 0, 14, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.count)
        self._list = QWidget()
        self._column = QVBoxLayout(self._list)
        self._column.setContentsMargins(10, 0, 10, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.life)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._list)
        self._list.setAutoFillBackground(False)  # which setWidget has just set
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 12, 1, 8)
        column.setSpacing(8)
        column.addLayout(head)
        self.empty.setContentsMargins(14, 0, 14, 0)
        self.empty.setWordWrap(True)
        column.addWidget(self.empty)
        column.addWidget(self._scroll, 1)

    def _counted(self) -> str:
        told = sum(is_told(self._feed.forecasts.get(key)) for key in self._definitions)
        return tr("{told} of {all} with a time", told=told, all=len(self._definitions)) if self._definitions else ""

    def _refresh_row(self, key: str, now: int) -> None:
        definition, forecast = self._definitions[key], self._feed.forecasts.get(key)
        row = self._row(key, is_card=is_told(forecast))
        if forecast is not None and isinstance(row, ForecastCard):
            row.show_text(self._card_text(definition, forecast, now))
        elif isinstance(row, SilentRow):
            reason = headline(definition, forecast, now=now, time_scale=self._feed.plant.time_scale)
            row.show_text(definition.equipment, local(definition.cause), reason=reason)

    def _row(self, key: str, *, is_card: bool) -> ForecastCard | SilentRow:
        row = self._rows.get(key)
        if row is None or isinstance(row, ForecastCard) is not is_card:
            if row is not None:
                row.deleteLater()
                self._order = []
            row = self._new_card(key) if is_card else SilentRow()
            tag = self._definitions[key].tag
            row.clicked.connect(lambda _=False, tag=tag: self.tag_asked.emit(tag))
            ValueDrag(row, partial(_carried, tag))
            self._rows[key] = row
        return row

    def _new_card(self, key: str) -> ForecastCard:
        card = ForecastCard()
        card.work.clicked.connect(lambda _=False: self._ask_work(key))
        return card

    def _ask_work(self, key: str) -> None:
        """Ask for work because of a forecast, or for the order that there is."""
        definition, order = self._definitions[key], self._open_order(key)
        if order is not None:
            self.order_asked.emit(order.id)
            return
        self.work_asked.emit(
            WorkRequest(
                definition.equipment,
                WorkSource.FORECAST,
                local(definition.cause),
                reference=key,
                title=definition.action,
            )
        )

    def _open_order(self, key: str) -> WorkOrder | None:
        orders = self._feed.work_orders.values()
        return next((each for each in orders if each.source is WorkSource.FORECAST and each.reference == key), None)

    def _card_text(self, definition: ForecastDefinition, forecast: Forecast, now: int) -> CardText:
        scale = self._feed.plant.time_scale
        is_at_limit = forecast.state is ForecastState.AT_LIMIT
        times = Crossing(0.0, 0.0, 0.0) if is_at_limit else crossing(forecast, now=now, time_scale=scale)
        ahead = margin_ahead(self._feed, forecast.equipment, forecast, now=now)
        order = self._open_order(definition.id)
        return CardText(
            equipment=definition.equipment,
            cause=local(definition.cause),
            headline=headline(definition, forecast, now=now, time_scale=scale),
            action=local(definition.action),
            evidence="  ·  ".join(filter(None, (self._score_text(definition), evidence_text(forecast.evidence)))),
            why=contributions_text(forecast.contributions, self._tags),
            times=times,
            scale_s=ahead_extent(times.p90 if times.p90 > 0 else horizon_s(definition)),
            is_near=times.p10 <= NEAR_SHARE * horizon_s(definition),
            urgent=self._urgent(definition.tag),
            is_selected=definition.equipment == self._selected,
            margin=margin_text(ahead),
            is_late=ahead is not None and ahead.state is MarginState.TOO_LATE,
            work=tr("Work order…") if order is None else order_name(order.id),
        )

    def _score_text(self, definition: ForecastDefinition) -> str:
        return score_text(self._feed.scores.get((definition.equipment, ClaimKind.FORECAST, definition.id)))

    def _urgent(self, tag: str) -> Priority | None:
        active = [each.priority for each in self._feed.alarms.values() if each.tag == tag and each.state.is_active]
        return min(active, default=None)

    def _arrange(self, order: list[str]) -> None:
        self._order = order
        for place, key in enumerate(order):
            row = self._rows[key]
            self._column.removeWidget(row)
            self._column.insertWidget(place + 1, row)  # below the remaining life
            row.show()


def _holds(row: QWidget, panel: QWidget, place: QPointF) -> bool:
    """Return whether a row that is in view lies under a place of the panel."""
    return row.isVisibleTo(panel) and row.rect().contains(row.mapFrom(panel, place.toPoint()))


def _carried(tag: str, _: QPointF) -> list[str]:
    """Return the tag of a row, wherever it was pressed."""
    return [tag]
