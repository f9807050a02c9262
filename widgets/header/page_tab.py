"""The tab of a page in the header."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from widgets.drag.tag_mime import tags_of
from widgets.feed import Feed
from widgets.header.badge import Badge
from widgets.keyboard.entered_button import EnteredButton
from widgets.navigation import PageFactory
from widgets.theme import REGULAR, SEMIBOLD, TextSize, theme

HEIGHT = 48
MOST = 99
SPRING_MS = 600
"""So long tags are held above a tab until its page opens."""


class PageTab(EnteredButton):
    """The name of a page; the present one is underlined.

    Tags that are dragged are let go on the tab of a page that `takes_tags`; above any other tab they open its page
    after a moment, to be let go there. `tags_dropped(names)`: what was let go on it.
    """

    tags_dropped = Signal(object)
    badge_changed = Signal()

    def __init__(self, page: PageFactory, parent: QWidget | None = None, *, takes_tags: bool = False) -> None:
        super().__init__(parent)
        self.page = page
        self.takes_tags = takes_tags
        self._is_narrow = False
        self._key = ""
        self.badge: Badge | None = None
        self._hover = QTimer(self)
        self._hover.setSingleShot(True)
        self._hover.setInterval(SPRING_MS)
        self._hover.timeout.connect(self.click)
        self.setAcceptDrops(True)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setText(page.title())

    def watch(self, feed: Feed) -> None:
        """Show from now on how much waits on the page, if it tells that."""
        if self.page.badge is not None:
            self.badge = self.page.badge(feed, self)
            self.badge.changed.connect(self._show_badge)

    def retranslate(self, key: str) -> None:
        """Renew all texts in the present language; `key`: what opens the page."""
        self._key = key
        self.setText(self.page.title())
        waits = self.badge.text() if self.badge is not None and self.badge.count else ""
        self.setToolTip("\n".join(line for line in (waits, key) if line))
        self.setAccessibleName(", ".join(part for part in (self.page.title(), waits) if part))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.width_in(is_narrow=self._is_narrow), theme().px(HEIGHT - 1))

    def width_in(self, *, is_narrow: bool) -> int:
        """Return how wide the tab is, px, in a header of that form."""
        look = theme()
        font = look.font("body" if is_narrow else "title", weight=SEMIBOLD)
        edges = look.px(6 if is_narrow else 28)
        return QFontMetrics(font).horizontalAdvance(self.text()) + edges + self._badge_width()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Take less room, or as much as is good to look at."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.updateGeometry()

    def _font(self, *, is_strong: bool) -> QFont:
        size: TextSize = "body" if self._is_narrow else "title"
        return theme().font(size, weight=SEMIBOLD if is_strong else REGULAR)

    def nextCheckState(self) -> None:
        """A press opens the page; pressing again does not leave it."""
        self.setChecked(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if tags_of(event.mimeData()):
            event.acceptProposedAction()
            self._hover.start()
            self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._hover.stop()
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hover.stop()
        self.update()
        if self.takes_tags:
            event.acceptProposedAction()
            self.tags_dropped.emit(tags_of(event.mimeData()))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        is_hot = self.isChecked() or self.underMouse() or self.hasFocus() or self._hover.isActive()
        with QPainter(self) as painter:
            painter.setFont(self._font(is_strong=self.isChecked()))
            painter.setPen(look.color("text" if is_hot else "dim"))
            room = self.rect().adjusted(0, 0, -self._badge_width(), 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text())
            self._paint_badge(painter, room.right() - look.px(3 if self._is_narrow else 14))
            if self.isChecked():
                side = look.px(4)
                rule = QRectF(side, self.height() - look.px(3), self.width() - 2 * side, look.px(3))
                painter.fillRect(rule, look.color("accent"))
            if self.hasFocus():
                painter.setPen(QPen(look.color("accent"), 1))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 8.5, -4.5, -8.5), 4, 4)

    def _show_badge(self) -> None:
        self.retranslate(self._key)
        self.update()
        self.badge_changed.emit()

    def _badge_text(self) -> str:
        count = self.badge.count if self.badge is not None else 0
        return "" if not count else str(count) if count <= MOST else f"{MOST}+"

    def _badge_width(self) -> int:
        """Return how much room the number takes behind the name, px; 0 where nothing waits."""
        text = self._badge_text()
        metrics = QFontMetrics(theme().font("tiny", weight=SEMIBOLD))
        return max(metrics.horizontalAdvance(text) + theme().px(9), theme().px(17)) + theme().px(4) if text else 0

    def _paint_badge(self, painter: QPainter, left: int) -> None:
        """Write the number into a round field that no alarm has the colour of."""
        text, look = self._badge_text(), theme()
        if not text:
            return
        width, height = self._badge_width() - look.px(4), look.px(17)
        field = QRectF(left + look.px(4), (self.height() - height) / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("accent"))
        painter.drawRoundedRect(field, height / 2, height / 2)
        painter.setFont(look.font("tiny", weight=SEMIBOLD))
        painter.setPen(look.color("background"))
        painter.drawText(field, Qt.AlignmentFlag.AlignCenter, text)
