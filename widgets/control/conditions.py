"""What a write depends on, live: each interlock and the state, with a sign and a word for whether it holds now."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from app.model.alarm import Priority
from app.model.datavalue import DataValue
from app.model.write_rule import Conditions as Rule
from widgets import number
from widgets.control.wording import interlock_text
from widgets.explain.subject import Subject, SubjectKind
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr


class Conditions(QWidget):
    """One line per condition; the collector judges, these lines only show."""

    def __init__(self, feed: Feed, rule: Rule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._rule = feed, rule
        self._lines: list[tuple[QLabel, QLabel, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme().px(12))
        grid.setColumnStretch(1, 1)
        for row in range(len(rule.interlocks) + (rule.state is not None)):
            line = (QLabel(), QLabel(), QLabel())
            line[2].setProperty("tone", "dim")
            for column, label in enumerate(line):
                grid.addWidget(label, row, column)
            self._lines.append(line)
        self.refresh()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value that the condition at a place rests on."""
        rows = self.shown_places() if place is not None else []
        return next((subject for row, subject in rows if place is not None and row.contains(place.toPoint())), None)

    def shown_places(self) -> list[tuple[QRect, Subject]]:
        """Return where the conditions stand."""
        tags = [each.tag for each in self._rule.interlocks]
        tags += [self._rule.state.tag] if self._rule.state is not None else []
        rows = [line[0].geometry().united(line[2].geometry()) for line in self._lines]
        return [(row, Subject(SubjectKind.TAG, tag)) for row, tag in zip(rows, tags, strict=True)]

    @property
    def texts(self) -> list[str]:
        """Return what is written, line by line."""
        return ["  ".join(label.text() for label in line) for line in self._lines]

    def refresh(self) -> None:
        """Judge each interlock by the present values."""
        for line, (text, sample, holds, now) in zip(self._lines, self._facts(), strict=True):
            is_met = holds and sample.is_good and not math.isnan(sample.value)
            sign, what, present = line
            sign.setText("✓" if is_met else "✗")
            palette = sign.palette()
            look = theme()
            palette.setColor(sign.foregroundRole(), look.color("text") if is_met else look.priority(Priority.HIGH))
            sign.setPalette(palette)
            what.setText(text)
            present.setText(tr("now {value}", value=now) if sample.is_good else tr("not known now"))

    def _facts(self) -> list[tuple[str, DataValue, bool, str]]:
        facts = []
        for interlock in self._rule.interlocks:
            tag = self._feed.tags[interlock.tag]
            sample = self._feed.value(tag.handle)
            now = number.with_unit(sample.value, tag=tag)
            facts.append((interlock_text(interlock, tag), sample, interlock.holds(sample.value), now))
        state = self._rule.state
        if state is not None:
            tag = self._feed.tags[state.tag]
            sample = self._feed.value(tag.handle)
            allowed = ", ".join(number.value_text(value, tag=tag) for value in state.allowed)
            text = tr("{tag} is one of {allowed}", tag=local(tag.title), allowed=allowed)
            facts.append((text, sample, sample.value in state.allowed, number.value_text(sample.value, tag=tag)))
        return facts
