"""What sounds, and until when: the tone of the worst alarm that nobody has silenced or acknowledged, and speech.

Silence is not an acknowledgement (ISA-18.2, 5.4): the alarms go on waiting for it, in sight but not in hearing, and the
next new alarm sounds again.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.alarm import AlarmRecord, AlarmState, Priority
from widgets.alarm.wording import order_of_urgency, priority_text
from widgets.feed import Feed
from widgets.model.alarm_column import equipment_name
from widgets.preference import Preferences
from widgets.sound.player import SoundPlayer
from widgets.sound.tone import TONES
from widgets.translation import language, local, tr

MUTE, SPEECH = "sound-off", "speech"
MOST_SPOKEN = 3
GATHER_MS = 300


class Annunciator(QObject):
    """`changed`: something sounds now, or no longer, or cannot."""

    changed = Signal()

    def __init__(
        self, feed: Feed, preferences: Preferences, player: SoundPlayer | None, parent: QObject | None = None
    ) -> None:
        """`player` None: a window that nobody hears, such as one without a screen."""
        super().__init__(parent)
        self._feed = feed
        self._preferences = preferences
        self._player = player
        self._silenced: dict[str, int] = {}
        self._spoken: dict[str, int] = {}
        self._new: dict[str, AlarmRecord] = {}
        self._calling: dict[str, AlarmRecord] = {}  # active, unacknowledged and not silenced
        self._sounding: Priority | None = None
        self._repeat = QTimer(self)
        self._repeat.setSingleShot(True)
        self._repeat.timeout.connect(self._play)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(GATHER_MS)
        self._gather.timeout.connect(self._speak)
        feed.alarms_changed.connect(self.take)
        if player is not None:
            player.problem_changed.connect(self.changed)
        self.take(tuple(feed.alarms.values()))

    @property
    def sounding(self) -> Priority | None:
        """Return the priority whose tone sounds, None while it is silent."""
        return self._sounding

    @property
    def problem(self) -> str:
        """Return why nothing can be heard, "" where that is not so."""
        return self._player.problem if self._player is not None else ""

    @property
    def is_on(self) -> bool:
        """Whether tones are played at all."""
        return not self._preferences.is_on(MUTE)

    @property
    def is_speaking_on(self) -> bool:
        """Whether alarms are spoken as well."""
        return self._preferences.is_on(SPEECH)

    def set_on(self, is_on: bool) -> None:  # noqa: FBT001 - a slot
        """Play tones, or none."""
        self._preferences.set_on(MUTE, is_on=not is_on)
        if not is_on:
            self._stop()
        self._settle()

    def set_speaking(self, is_on: bool) -> None:  # noqa: FBT001 - a slot
        """Speak alarms, or do not."""
        self._preferences.set_on(SPEECH, is_on=is_on)
        self.changed.emit()

    def silence(self) -> None:
        """Let what sounds now sound no longer; acknowledge nothing."""
        self._silenced.update((record.alarm, record.raised) for record in self._calling.values())
        self._calling.clear()
        self._new.clear()
        self._stop()
        self._settle()

    def test(self, priority: Priority) -> None:
        """Let somebody hear the tone of a priority."""
        if self._player is not None:
            self._player.play(priority)

    def close(self) -> None:
        """Be silent for good: the window is closed."""
        self._repeat.stop()
        self._gather.stop()
        if self._player is not None:
            self._player.close()

    def take(self, changed: Sequence[AlarmRecord]) -> None:
        """Take alarms that changed (Feed.alarms_changed)."""
        newest = None
        for record in changed:
            if record.state is AlarmState.UNACKNOWLEDGED and self._silenced.get(record.alarm) != record.raised:
                self._calling[record.alarm] = record
            else:
                self._calling.pop(record.alarm, None)
            is_new = record.state is AlarmState.UNACKNOWLEDGED and self._spoken.get(record.alarm) != record.raised
            if is_new:
                self._spoken[record.alarm] = record.raised
                self._new[record.alarm] = record
                newest = min(newest or record.priority, record.priority)
            elif record.state is not AlarmState.UNACKNOWLEDGED:
                self._new.pop(record.alarm, None)
            if record.state is AlarmState.NORMAL:
                self._silenced.pop(record.alarm, None)
                self._spoken.pop(record.alarm, None)
        if self._new and self.is_speaking_on and not self._gather.isActive():
            self._gather.start()
        self._settle(newest)

    def sentences(self, records: Sequence[AlarmRecord]) -> list[str]:
        """Return what is said of new alarms: the most urgent ones in full, and how many more there are."""
        urgent = order_of_urgency(records)
        said = [
            tr(
                "{priority}. {equipment}: {message}.",
                priority=priority_text(record.priority),
                equipment=equipment_name(self._feed, record.equipment),
                message=local(record.message),
            )
            for record in urgent[:MOST_SPOKEN]
        ]
        more = len(urgent) - len(said)
        return [*said, tr("And {n} more alarms.", n=more)] if more else said

    def _settle(self, newest: Priority | None = None) -> None:
        """Let the worst of them be heard at once where it is worse than before, else at its next turn.

        `newest`: the worst of those that have just come; a tone that is not repeated sounds for each time anew.
        """
        worst = min((record.priority for record in self._calling.values()), default=None) if self.is_on else None
        before, self._sounding = self._sounding, worst
        if worst is None:
            self._repeat.stop()
        elif before is None or worst < before or (newest == worst and not TONES[worst].period_s):
            self._play()
        if worst is not before:
            self.changed.emit()

    def _play(self) -> None:
        if self._sounding is None:
            return
        if self._player is not None:
            self._player.play(self._sounding)
        period = TONES[self._sounding].period_s
        if period:
            self._repeat.start(int(period * 1_000))

    def _speak(self) -> None:
        new, self._new = list(self._new.values()), {}
        if self._player is None or not self.is_speaking_on:
            return
        for sentence in self.sentences(new):
            self._player.speak(sentence, language())

    def _stop(self) -> None:
        if self._player is not None:
            self._player.stop()
