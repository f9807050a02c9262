"""The alarms page: what stands now, what is hidden and for how long, and the journal of everything that was."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.active_panel import ActivePanel
from widgets.alarm.hidden_panel import HiddenPanel
from widgets.alarm.journal_panel import JournalPanel
from widgets.feed import Feed
from widgets.keyboard.shortcut import bind
from widgets.model.journal_table import ReadPage
from widgets.navigation import Navigation
from widgets.theme import theme
from widgets.translation import tr

ACTIVE, HIDDEN, JOURNAL = range(3)


class AlarmPage(QFrame):
    """Three lists; `read_journal` gives a page of the journal and is called in a background thread."""

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        acknowledgement: Acknowledgement,
        read_journal: ReadPage,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self._feed = feed
        self.active = ActivePanel(feed, navigation, acknowledgement)
        self.hidden = HiddenPanel(feed, navigation, acknowledgement)
        self.journal = JournalPanel(feed, navigation, acknowledgement.preferences, read_journal)
        self.panels = (self.active, self.hidden, self.journal)
        self.tabs = (QPushButton(), QPushButton(), QPushButton())
        self.views = QStackedWidget()
        self._lay_out()
        self._connect()
        navigation.alarm_asked.connect(self.show_alarm)
        self.retranslate()
        self.show_tab(ACTIVE)
        self.show_alarm(navigation.alarm)

    def help_link(self) -> str:
        """Return where the help tells of the list in view."""
        return ("alarms", "alarms#hidden", "alarms#journal")[self.views.currentIndex()]

    def show_tab(self, tab: int) -> None:
        """Bring the active list, the hidden one or the journal into view, and the keyboard to it."""
        self.views.setCurrentIndex(tab)
        self.tabs[tab].setChecked(True)
        self.panels[tab].view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_alarm(self, alarm: str) -> None:
        """Bring an alarm into view in the active list; one that no longer stands leaves the list as it is."""
        if alarm:
            self.show_tab(ACTIVE)
            self.active.select(alarm)

    def retranslate(self) -> None:
        """Renew the page's own texts."""
        self.tabs[JOURNAL].setText(tr("Journal"))
        for place, tab in enumerate(self.tabs, 1):
            tab.setToolTip(tr("Ctrl+Shift+{n}", n=place))
        self.refresh()

    def refresh(self) -> None:
        """Show how many alarms each list has."""
        self.tabs[ACTIVE].setText(tr("Active alarms: {n}", n=len(self._feed.alarms)))
        self.tabs[HIDDEN].setText(tr("Shelved and suppressed: {n}", n=len(self._feed.hidden_alarms)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        group = QButtonGroup(self)
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        for tab, panel in zip(self.tabs, self.panels, strict=True):
            tab.setCheckable(True)
            tab.setProperty("kind", "flat")
            group.addButton(tab)
            bar.addWidget(tab)
            self.views.addWidget(panel)
        bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        column.setSpacing(look.px(8))
        column.addLayout(bar)
        column.addWidget(self.views, 1)

    def _connect(self) -> None:
        for place, (tab, name) in enumerate(
            zip(self.tabs, ("alarms.active", "alarms.hidden", "alarms.journal"), strict=True)
        ):
            tab.clicked.connect(lambda _=False, place=place: self.show_tab(place))
            bind(name, self, partial(self.show_tab, place))
        self._feed.alarms_changed.connect(self.refresh)
