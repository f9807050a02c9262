"""The window on the past: every screen as it was, within a frame that no live window has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.model import clock
from widgets import number
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.findable import Findable
from widgets.main_window import MainWindow
from widgets.navigation import PageFactory
from widgets.preference import Preferences
from widgets.renewed_page import RenewedPage
from widgets.replay.bar import ReplayBar
from widgets.replay.dialog import InstantDialog
from widgets.replay.plant_past import PlantPast
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.sound.player import SoundPlayer
from widgets.target import Target
from widgets.theme import theme
from widgets.translation import local, tr

FRAME = 6


class ReplayFrame(QFrame):
    """A striped edge around all that is past, so that it is known for that without its colour too."""

    def __init__(self, bar: ReplayBar, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edge = theme().px(FRAME)
        column = QVBoxLayout(self)
        column.setContentsMargins(self._edge, self._edge, self._edge, self._edge)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(content, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.color("replay"))
            painter.fillRect(self.rect(), QBrush(look.color("background"), Qt.BrushStyle.BDiagPattern))
            edge = self._edge
            painter.fillRect(self.rect().adjusted(edge, edge, -edge, -edge), look.color("background"))


class ReplayWindow(MainWindow):
    """`feed` replays, `live` tells of the present in the bar. F8 goes back to live: `live_asked`, and it closes."""

    live_asked = Signal()
    playhead: Playhead | None = None  # while the window is built

    def __init__(
        self,
        feed: Feed,
        live: Feed,
        source: ReplaySource,
        *,
        preferences: Preferences,
        pages: Callable[[Acknowledgement], Sequence[PageFactory]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(feed, preferences=preferences, pages=pages, parent=parent)
        self.playhead = head = source.playhead
        self.bar = ReplayBar(source, live)
        self.findable = ReplayFindable(self)
        self.setCentralWidget(ReplayFrame(self.bar, self.takeCentralWidget() or QWidget()))
        self.bar.live_asked.connect(self.back_to_live)
        self.bar.instant_asked.connect(self.ask_instant)
        self.navigation.replay_asked.connect(self._replay)
        head.moved.connect(self.retranslate)
        feed.rewound.connect(self._rewind)
        self.retranslate()

    def back_to_live(self) -> None:
        """End the replay: the live window has gone on behind it."""
        self.live_asked.emit()
        self.close()

    def ask_instant(self) -> InstantDialog:
        """Ask where to go."""
        dialog = InstantDialog(now=clock.now_ns(), is_jump=True, parent=self)
        dialog.accepted.connect(lambda: self._jump(dialog.instant))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def retranslate(self) -> None:
        """Renew the title: whoever sees only that must know it too."""
        if self.playhead is not None:
            when = number.day_and_time(self.playhead.shown)
            title = tr("REPLAY {when} – {plant} – Foreshift", when=when, plant=local(self.feed.plant.name))
            self.setWindowTitle(title)

    def _player(self) -> SoundPlayer | None:
        """Return nothing: what sounds is the present, at the live window."""
        return None

    def _replay(self, instant: int) -> None:
        """Go to an instant that was pointed at; F8, which names none, goes back to live."""
        if instant:
            self._jump(instant)
        else:
            self.back_to_live()

    def _rewind(self) -> None:
        """Let no page show what is later than now."""
        for page in self.findChildren(RenewedPage):
            page.rewind()
            if page.isVisible():
                page.renew()

    def _jump(self, instant: int) -> None:
        if self.playhead is not None:
            self.playhead.jump(instant)

    def note_past(self, past: PlantPast) -> None:
        """Say where names, limits and pictures are not those of then."""
        if not past.is_known:
            self._tell_unknown()
            self.navigation.page_changed.connect(self._tell_unknown)

    def _tell_unknown(self) -> None:
        text = tr("The plant file of then cannot be read: names, limits and pictures are those of today.")
        self.status.show_notice(text)


class ReplayFindable(Findable):
    """What can be found in a replay: all that can be looked at, and of actions those that change nothing."""

    def __init__(self, window: ReplayWindow) -> None:
        super().__init__(window)
        self._replay = window

    def actions(self) -> list[Target]:
        """Return what can be done in a replay: look, and go somewhere else in it."""
        window, kind = self._replay, tr("Action")
        actions: tuple[tuple[str, Callable[[], object]], ...] = (
            (tr("Back to live"), window.back_to_live),
            (tr("Jump to an instant"), window.ask_instant),
            (tr("The next alarm"), partial(window.bar.find_alarm, is_forward=True)),
            (tr("The alarm before"), partial(window.bar.find_alarm, is_forward=False)),
            (tr("Switch between dark and light"), window.switch_theme),
            (tr("Full screen"), window.toggle_full_screen),
        )
        return [Target(kind, title, "", (title,), call) for title, call in (*actions, *window.docks.actions())]
