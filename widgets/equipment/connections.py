"""The list of connections below the tree: which devices are there, and why the others are not."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from widgets.connection.wording import arrears_text, is_exposed, security_text
from widgets.feed import Feed
from widgets.icon import IconButton, paint_icon
from widgets.keyboard.entered_button import EnteredButton
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

ROW = 24


class ConnectionRow(EnteredButton):
    """One connection: a dot, its name and place, and how many of its tags are good; pressed, it is shown closely.

    An open padlock stands on one that could be protected and is not, a mark on one of which there is something to know.
    """

    def __init__(self, definition: ConnectionDefinition, *, tags: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._definition = definition
        self._tags = tags
        self._report: ConnectionReport | None = None
        self._is_linked = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.tell()

    def show_report(self, report: ConnectionReport | None, *, is_linked: bool) -> None:
        """Show what the collector says of it; `is_linked`: False while the collector is silent."""
        if (report, is_linked) != (self._report, self._is_linked):
            self._report, self._is_linked = report, is_linked
            self.tell()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), theme().hit(ROW))

    def tell(self) -> None:
        """Renew what the tool tip and a screen reader say."""
        lines = [f"{self._definition.id}: {self._definition.url}", self.state_text()]
        if self._report is not None and self._is_linked:
            texts = (station_text(self._report.reason), security_text(self._report), arrears_text(self._report))
            lines += [text for text in texts if text]
            lines += map(station_text, self._report.notes)
        self.setToolTip("\n".join(lines))
        self.setAccessibleName(", ".join(lines))

    @property
    def report(self) -> ConnectionReport | None:
        """Return what the collector says of it, None while it is silent."""
        return self._report if self._is_linked else None

    @property
    def is_running(self) -> bool:
        """Whether everything is as it should be, as far as is known."""
        return self._is_linked and self._report is not None and self._report.state is LinkState.RUNNING

    @property
    def is_troubled(self) -> bool:
        """Whether the collector says that something is wrong."""
        return self._is_linked and self._report is not None and self._report.state is not LinkState.RUNNING

    def state_text(self) -> str:
        """Return the state in words."""
        if not self._is_linked or self._report is None:
            return tr("not known")
        match self._report.state:
            case LinkState.RUNNING:
                return tr("running")
            case LinkState.CONNECTING:
                return tr("connecting")
            case LinkState.BACKOFF:
                return tr("retrying")
            case LinkState.DEGRADED:
                return tr("degraded")
            case LinkState.DISCONNECTED:
                return tr("disconnected")

    @property
    def is_exposed(self) -> bool:
        """Whether it could be protected and is not."""
        return self._is_linked and self._report is not None and is_exposed(self._report)

    @property
    def has_notes(self) -> bool:
        """Whether there is something to know of it although it runs."""
        report = self._report
        return self._is_linked and report is not None and bool(report.notes or report.arrears.tags)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        middle = self.height() / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.underMouse() or self.hasFocus():
                painter.setPen(QPen(look.color("accent" if self.hasFocus() else "line"), 1))
                painter.setBrush(look.color("raised"))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(-3.5, 0.5, 3.5, -0.5), 4, 4)
            self._paint_dot(painter, middle)
            painter.setFont(look.font("small"))
            right = self._right_text()
            painter.setPen(look.color("text" if self.is_troubled else "dim"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
            metrics = QFontMetrics(look.font("small"))
            left = look.px(20)
            marks = self._paint_marks(painter, self.width() - metrics.horizontalAdvance(right) - look.px(8), middle)
            room = marks - left - look.px(8)
            text = metrics.elidedText(place_of(self._definition), Qt.TextElideMode.ElideMiddle, int(room))
            painter.setPen(look.color("dim"))
            painter.drawText(QRectF(left, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_dot(self, painter: QPainter, middle: float) -> None:
        """A small grey dot where all is well, a hollow one where nothing is known, the diagnostic colour elsewhere."""
        look = theme()
        if self.is_running:
            side, fill, edge = look.px(8), look.color("process_line"), look.color("process_line")
        elif not self._is_linked or self._report is None:
            side, fill, edge = look.px(8), look.color("panel"), look.color("process_line")
        else:
            side, fill, edge = look.px(12), look.color("priority_4"), look.color("priority_outline")
        painter.setPen(QPen(edge, 1))
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(look.px(7) - side / 2, middle - side / 2, side, side))

    def _paint_marks(self, painter: QPainter, right: float, middle: float) -> float:
        """Paint what is to be known besides the state, leftwards from `right`; return where it begins."""
        look = theme()
        side = look.px(13)
        if self.is_exposed:
            right -= side
            _paint_open_padlock(painter, QRectF(right, middle - side / 2, side, side))
            right -= look.px(5)
        if self.has_notes:
            right -= side
            paint_icon(painter, QRectF(right, middle - side / 2, side, side), "warning", look.color("dim"))
            right -= look.px(5)
        return right

    def _right_text(self) -> str:
        report = self._report
        if report is None or not self._is_linked:
            return _count(self._tags)
        if report.state is LinkState.RUNNING and report.tags_good == report.tags:
            return _count(report.tags)
        if report.state in {LinkState.RUNNING, LinkState.DEGRADED}:
            return tr("{good} of {n} tags", good=report.tags_good, n=report.tags)
        return self.state_text()


def _paint_open_padlock(painter: QPainter, box: QRectF) -> None:
    """Draw a padlock whose shackle is lifted out, in outlines: the shape says it, not a colour."""
    pen = QPen(theme().color("text"), 1.3)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    body = QRectF(
        box.left() + box.width() * 0.1, box.top() + box.height() * 0.48, box.width() * 0.62, box.height() * 0.44
    )
    painter.drawRoundedRect(body, 1.2, 1.2)
    shackle = QPainterPath(QPointF(body.right() - body.width() * 0.2, body.top()))
    shackle.lineTo(body.right() - body.width() * 0.2, box.top() + box.height() * 0.28)
    arc = QRectF(
        body.right() - body.width() * 0.2, box.top() + box.height() * 0.04, body.width() * 0.6, body.width() * 0.6
    )
    shackle.arcTo(arc, 180, -180)
    shackle.lineTo(arc.right(), box.top() + box.height() * 0.38)
    painter.drawPath(shackle)


def _count(tags: int) -> str:
    return tr("1 tag") if tags == 1 else tr("{n} tags", n=tags)


def place_of(definition: ConnectionDefinition) -> str:
    """Return a connection's name with the host and port of its device; its URL may be none that is understood."""
    place = re.sub(r"^\w[\w.+-]*://([^/?#]+).*", r"\1", definition.url)
    return f"{definition.id}  {place}"


class ConnectionList(QWidget):
    """All connections of the plant; `connection_asked` carries the one that was pressed.

    `addition_asked`: somebody wants another device; `engineering_asked`: to change the plant.
    """

    connection_asked = Signal(str)
    addition_asked = Signal()
    engineering_asked = Signal()

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        look = theme()
        self.title = QLabel()
        self.title.setProperty("weight", "strong")
        self.add, self.engineer = IconButton("plus"), IconButton("settings")
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.engineer)
        head.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(4), look.px(12), look.px(10))
        column.setSpacing(0)
        column.addLayout(head)
        self.rows: dict[str, ConnectionRow] = {}
        for definition in feed.plant.connections:
            tags = sum(tag.connection == definition.id for tag in feed.plant.tags)
            self.rows[definition.id] = ConnectionRow(definition, tags=tags)
            self.rows[definition.id].clicked.connect(partial(self.connection_asked.emit, definition.id))
            column.addWidget(self.rows[definition.id])
        self.add.clicked.connect(self.addition_asked)
        self.engineer.clicked.connect(self.engineering_asked)
        feed.collector_changed.connect(self.refresh)
        feed.collector_link_changed.connect(self.refresh)
        self.retranslate()
        self.refresh()

    def refresh(self) -> None:
        """Show the present state of every connection."""
        report = self._feed.report
        known = {entry.connection: entry for entry in report.connections} if report is not None else {}
        for name, row in self.rows.items():
            row.show_report(known.get(name), is_linked=self._feed.is_linked)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.title.setText(tr("Connections"))
        self.add.name(tr("Add a device"))
        self.engineer.name(tr("Engineer the plant"))
        for row in self.rows.values():
            row.tell()
            row.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
