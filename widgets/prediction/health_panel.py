"""The health of the present equipment, and the tags that make it what it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model import clock
from app.model.forecast import Contribution, Health, HealthState
from widgets.explain.subject import Subject, SubjectKind
from widgets.feed import Feed
from widgets.number import NO_VALUE, number, value_text
from widgets.prediction.contribution import change_text
from widgets.prediction.course_strip import paint_course
from widgets.theme import BOLD, SEMIBOLD, theme
from widgets.translation import local, tr

MOST = 3
HEIGHT, LEAST_HEIGHT = 148, 108
STRIP_TOP, STRIP = 105, 34
TITLE_SHARE = 0.55


def health_text(state: HealthState) -> str:
    """Return a state of the health model in words."""
    texts: Mapping[HealthState, Callable[[], str]] = {
        HealthState.LEARNING: lambda: tr("learning what is normal"),
        HealthState.NORMAL: lambda: tr("like its healthy past"),
        HealthState.DEGRADED: lambda: tr("differs from its healthy past"),
        HealthState.ABNORMAL: lambda: tr("far from its healthy past"),
        HealthState.NO_DATA: lambda: tr("no data to judge by"),
    }
    return texts[state]()


class HealthPanel(QWidget):
    """Painted in one piece: the number, up to three tags beside it, and below its course since the window opened."""

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._equipment = ""
        self._has_course = True
        self._tags = {tag.name: tag for tag in feed.plant.tags}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        feed.healths_changed.connect(self.refresh)

    def show_equipment(self, equipment: str) -> None:
        """Show the health of another equipment."""
        self._equipment = equipment
        self.refresh()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the health of the equipment, wherever on the panel is asked."""
        del place
        return Subject(SubjectKind.HEALTH, self._equipment) if self._equipment else None

    def make_room(self, *, is_short: bool) -> None:
        """Leave the course out where the page is short."""
        if is_short is self._has_course:
            self._has_course = not is_short
            self.updateGeometry()
            self.update()

    def refresh(self) -> None:
        """Bring texts and picture up to date."""
        said = f"{tr('Health')} {self._equipment}: {self._number()}, {self._words()}"
        if mode := self._mode():
            said = "\n".join([said, tr("Mode of operation: {mode}", mode=mode)])
        self.setAccessibleName(said)
        # a narrow panel shortens the names of what differs most
        self.setToolTip("\n".join([said, *(f"{self._name(each)}: {self._change(each)}" for each in self._worst())]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(300), theme().px(HEIGHT if self._has_course else LEAST_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().px(LEAST_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.color("line"))
            painter.setBrush(look.color("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            self._paint_head(painter)
            self._paint_number(painter)
            self._paint_contributions(painter)
            self._paint_course(painter)

    def _paint_course(self, painter: QPainter) -> None:
        course, look = self._feed.courses.get(self._equipment), theme()
        if self._has_course and course is not None and course.begin and self.height() >= look.px(HEIGHT):
            place = QRectF(look.px(14), look.px(STRIP_TOP), self.width() - look.px(28), look.px(STRIP))
            paint_course(painter, place, course, now=clock.now_ns())

    def _health(self) -> Health | None:
        return self._feed.healths.get(self._equipment)

    def _number(self) -> str:
        health = self._health()
        return NO_VALUE if health is None else number(health.health, decimals=0)

    def _words(self) -> str:
        health = self._health()
        if health is None:
            return tr("no health model")
        if health.state is HealthState.LEARNING:
            return tr("learning what is normal, {share} %", share=f"{100 * health.progress:.0f}")
        return health_text(health.state)

    def _mode(self) -> str:
        """Name the mode of operation by the states of the tags that tell modes apart."""
        health = self._health()
        found = [(self._tags[name], value) for name, value in health.mode if name in self._tags] if health else []
        return ", ".join(f"{local(tag.title)} {value_text(value, tag=tag)}" for tag, value in found)

    def _worst(self) -> list[Contribution]:
        """Return what has the most part in the health, largest part first."""
        health = self._health()
        return sorted(health.contributions, key=lambda each: -each.share)[:MOST] if health is not None else []

    def _name(self, found: Contribution) -> str:
        tag = self._tags.get(found.tag)
        return local(tag.title) if tag is not None else found.tag

    def _change(self, found: Contribution) -> str:
        return change_text(found, self._tags.get(found.tag))

    def _paint_head(self, painter: QPainter) -> None:
        look = theme()
        font = look.font("title", weight=SEMIBOLD)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        title = QFontMetricsF(font).elidedText(
            f"{tr('Health')}  {self._equipment}", Qt.TextElideMode.ElideRight, self.width() * TITLE_SHARE
        )
        painter.drawText(QPointF(look.px(14), look.px(24)), title)
        left = look.px(14) + QFontMetricsF(font).horizontalAdvance(title) + look.px(12)
        font = look.font("tiny")
        painter.setFont(font)
        painter.setPen(look.color("dim"))
        right = self.width() - look.px(14)
        row = QRectF(left, look.px(12), right - left, look.px(16))
        said = " · ".join(part for part in (self._words(), self._mode()) if part)
        words = QFontMetricsF(font).elidedText(said, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_number(self, painter: QPainter) -> None:
        look, health = theme(), self._health()
        painter.setFont(look.font("value", weight=BOLD))
        painter.setPen(look.color("text"))
        painter.drawText(QPointF(look.px(14), look.px(66)), self._number())
        bar = QRectF(look.px(14), look.px(80), look.px(76), look.px(6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("track"))
        painter.drawRoundedRect(bar, 3, 3)
        if health is not None and not math.isnan(health.health):
            bar.setWidth(bar.width() * min(max(health.health, 0.0), 100.0) / 100)
            painter.setBrush(look.color("dim"))
            painter.drawRoundedRect(bar, 3, 3)

    def _paint_contributions(self, painter: QPainter) -> None:
        for place, contribution in enumerate(self._worst()):
            self._paint_contribution(painter, contribution, theme().px(40 + 21 * place))

    def _paint_contribution(self, painter: QPainter, found: Contribution, top: float) -> None:
        """Write one line: the tag's title, a bar as long as its share, its change."""
        look = theme()
        left, right = look.px(116), self.width() - look.px(14)
        font = look.font("small")
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        change = self._change(found)
        base = top + look.px(13)
        painter.drawText(QPointF(right - metrics.horizontalAdvance(change), base), change)
        bar = QRectF(right - look.px(86 + 64), top + look.px(6), look.px(64), look.px(6))
        has_bar = bar.left() - left > look.px(90)
        painter.setPen(look.color("dim"))
        room = (bar.left() if has_bar else right - metrics.horizontalAdvance(change)) - left - look.px(8)
        painter.drawText(QPointF(left, base), metrics.elidedText(self._name(found), Qt.TextElideMode.ElideRight, room))
        if not has_bar:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("track"))
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(bar.width() * min(max(found.share, 0.0), 1.0))
        painter.setBrush(look.color("process_line"))
        painter.drawRoundedRect(bar, 3, 3)
