"""The loudspeaker beside the alarm banner: whether it sounds, one press for silence, and a menu for the rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from app.model.alarm import Priority
from widgets.alarm.wording import priority_text
from widgets.icon import paint_icon
from widgets.sound.annunciator import Annunciator
from widgets.theme import theme
from widgets.translation import tr

ICON = 20
WIDTH = 40
DOT = 9


class SoundButton(QAbstractButton):
    """Pressed while something sounds it silences; pressed in silence it opens its menu."""

    def __init__(self, annunciator: Annunciator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.annunciator = annunciator
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.clicked.connect(self._press)
        annunciator.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what the button does now, and why nothing can be heard where that is so."""
        if self.annunciator.problem:
            text = self.annunciator.problem
        elif self.annunciator.sounding is not None:
            text = tr("Silence the alarms, without acknowledging them (F3)")
        elif self.annunciator.is_on:
            text = tr("Sound is on; nothing sounds now")
        else:
            text = tr("Sound is off")
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def menu(self) -> QMenu:
        """Return the choice of what is heard; the menu deletes itself."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, is_on, call in (
            (tr("Tones"), self.annunciator.is_on, self.annunciator.set_on),
            (tr("Speak the alarms"), self.annunciator.is_speaking_on, self.annunciator.set_speaking),
        ):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(is_on)
            action.triggered.connect(call)
        menu.addSeparator()
        for priority in Priority:
            action = menu.addAction(tr("Hear the tone: {priority}", priority=priority_text(priority)))
            action.triggered.connect(lambda _=False, priority=priority: self.annunciator.test(priority))
        return menu

    def sizeHint(self) -> QSize:
        return QSize(theme().px(WIDTH), theme().px(44))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        is_sounding = self.annunciator.sounding is not None
        is_hot = self.underMouse() or self.hasFocus()
        side = look.px(ICON)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(look.color("accent" if is_sounding or self.hasFocus() else "line"), 1))
            painter.setBrush(look.color("selection" if is_sounding else "raised" if is_hot else "panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            rect = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
            name = "sound" if self.annunciator.is_on else "silent"
            paint_icon(painter, rect, name, look.color("text" if is_sounding or is_hot else "dim"))
            if self.annunciator.problem:
                dot = look.px(DOT)
                painter.setPen(QPen(look.color("priority_outline"), 1))
                painter.setBrush(look.color("priority_4"))
                painter.drawEllipse(QRectF(self.width() - dot - 5, 5, dot, dot))

    def _press(self) -> None:
        if self.annunciator.sounding is not None:
            self.annunciator.silence()
        else:
            self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))
