"""The alarm banner above every page: four counters, the most urgent unacknowledged alarms, and one button for them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, Priority
from widgets import number
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.card import AlarmCard, CardText
from widgets.alarm.counter import AlarmCounter
from widgets.alarm.sums import AlarmSums
from widgets.alarm.wording import limit_text
from widgets.drag.value_drag import ValueDrag
from widgets.explain.subject import Subject, of_figure, of_tag
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.pace import Pace
from widgets.sound.annunciator import Annunciator
from widgets.sound.button import SoundButton
from widgets.theme import theme
from widgets.translation import local, tr

HEIGHT = 66
MOST_CARDS = 3
CARD_WIDTH = 330


class AlarmBanner(QFrame):
    """Always in view. Acknowledging takes only the alarms whose cards are seen, so that none goes unseen."""

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        acknowledgement: Acknowledgement,
        annunciator: Annunciator | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.sound = SoundButton(annunciator or Annunciator(feed, acknowledgement.preferences, None, self))
        self._feed = feed
        self._navigation = navigation
        self._acknowledgement = acknowledgement
        self._shown: list[AlarmRecord] = []
        self.counters = {priority: AlarmCounter(priority) for priority in Priority}
        self.notice = AlarmCard()
        self.cards = [AlarmCard() for _ in range(MOST_CARDS)]
        self.calm = QLabel()
        self.button = QPushButton()
        self._lay_out()
        self.sound.setVisible(not feed.is_replay)  # what sounds is the present
        for place, card in enumerate(self.cards):
            card.clicked.connect(lambda _=False, place=place: self._open(place))
            ValueDrag(card, partial(self._tags_of, place))
        self.button.clicked.connect(self.acknowledge)
        feed.alarms_changed.connect(Pace(self, self.refresh).ask)
        feed.values_changed.connect(self._show_values)
        feed.collector_link_changed.connect(self.refresh)
        feed.blinked.connect(self._blink)
        self.refresh()

    @property
    def shown(self) -> list[AlarmRecord]:
        """Return the unacknowledged alarms whose cards are in view."""
        return list(self._shown)

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value in a card, that of the alarm's tag, or what a counter counts."""
        if place is None:
            return None
        cards = zip(self.cards, self._shown, strict=False)
        under = (record.tag for card, record in cards if card.geometry().contains(place.toPoint()))
        counted = (each for each in self.counters.values() if each.geometry().contains(place.toPoint()))
        return of_tag(next(under, "")) or next((of_figure(each.figure()) for each in counted), None)

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return where counters and cards stand."""
        places = [*(each.geometry() for each in self.counters.values()), *(card.geometry() for card in self.cards)]
        told = ((place, self.shown_at(QPointF(place.center()))) for place in places)
        return [(place, subject) for place, subject in told if subject is not None]

    def _tags_of(self, place: int, _: QPointF) -> list[str]:
        """Return the tag of a card, as a list."""
        return [each.tag for each in self._shown[place : place + 1]]

    def acknowledge(self) -> None:
        """Acknowledge the alarms in view."""
        self._acknowledgement.acknowledge(self._shown)

    def refresh(self) -> None:
        """Show the present alarms."""
        sums = AlarmSums.of(self._feed.alarms.values(), self._feed.hidden_alarms.values(), most=MOST_CARDS)
        for priority, counter in self.counters.items():
            counter.show_counts(
                sums.waiting[priority],
                sums.standing[priority],
                state=sums.state[priority],
                hidden=sums.hidden[priority],
            )
        is_linked = self._feed.is_linked
        places = self._places()
        self._shown = sums.urgent[: places - (0 if is_linked else 1)]
        for place, card in enumerate(self.cards):
            card.setVisible(place < len(self._shown))
        self.notice.setVisible(not is_linked)
        self.notice.show_text(self._notice_text())
        self.calm.setText(tr("No unacknowledged alarms"))
        self.calm.setVisible(is_linked and not self._shown)
        self.button.setText(tr("Acknowledge all in view"))
        self.button.setToolTip(tr("Acknowledge the alarms in this banner (F2)"))
        self.button.setEnabled(bool(self._shown) and not self._feed.is_replay)
        self._show_values()
        self._share(places if is_linked else 0)

    def _share(self, places: int) -> None:
        """Leave places without a card empty, unless a text needs the room.

        A single card as wide as the screen would tear its value away from its message.
        """
        number = len(self._shown)
        widest = max((card.needed_width() for card in self.cards[:number]), default=0) + theme().px(8)
        most = range(places - number if number else 0, 0, -1)
        free = next((free for free in most if self._room() / (number + free) >= widest), 0)
        self._row.setStretchFactor(self._rest, free)
        self._rest.setVisible(free > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        self.setFixedHeight(look.px(HEIGHT))
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(14), look.px(6), look.px(10), look.px(6))
        row.setSpacing(look.px(8))
        for counter in self.counters.values():
            row.addWidget(counter)
        rule = QFrame()
        rule.setProperty("surface", "rule")
        rule.setFixedWidth(1)
        row.addWidget(rule)
        row.addSpacing(look.px(2))
        for card in (self.notice, *self.cards):
            row.addWidget(card, 1)
        self._rest = QWidget()
        self._row = row
        row.addWidget(self._rest)
        self.calm.setProperty("tone", "dim")
        self.calm.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self.calm, 1)
        self.button.setProperty("kind", "primary")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row.addWidget(self.button)
        row.addWidget(self.sound)

    def _places(self) -> int:
        """Return how many cards have room for their text."""
        return max(1, min(MOST_CARDS, self._room() // theme().px(CARD_WIDTH)))

    def _room(self) -> int:
        """Return the width that cards have, px."""
        left = sum(counter.sizeHint().width() + 8 for counter in self.counters.values())
        return self.width() - left - self.button.sizeHint().width() - self.sound.sizeHint().width() - theme().px(60)

    def _notice_text(self) -> CardText:
        title, reason = tr("Nothing on the screen is live"), self._feed.link_text
        return CardText(Priority.DIAGNOSTIC, AlarmState.ACKNOWLEDGED, title, "", reason, "")

    def _show_values(self) -> None:
        now = clock.now_ns()
        for card, record in zip(self.cards, self._shown, strict=False):
            card.show_text(self._card_text(record, now))

    def _card_text(self, record: AlarmRecord, now: int) -> CardText:
        tag = self._feed.tags.get(record.tag)
        value = ""
        if tag is not None:
            sample = self._feed.value(tag.handle)
            is_linked = self._feed.is_linked
            value = number.reading_of(sample, tag=tag, now=now, is_linked=is_linked).full
        returned = tr("returned") if record.state is AlarmState.RETURNED else ""
        place = "   ".join(part for part in (number.moment(record.raised, now=now), record.tag, returned) if part)
        return CardText(record.priority, record.state, local(record.message), value, place, limit_text(record, tag))

    def _open(self, place: int) -> None:
        if place < len(self._shown):
            self._navigation.open_tag(self._shown[place].tag)

    def _blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        for counter in self.counters.values():
            counter.set_phase(phase)
        for card in self.cards:
            card.set_phase(phase)
