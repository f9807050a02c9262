"""One case closely: what is wrong, what to do, the evidence over time, the tags behind it with their trends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.case.intake import LARGEST
from app.model import clock
from app.model.case import DIRECTION, CaseEvidence, CaseRecord, RankedCause, Verdict
from app.model.forecast import Contribution
from app.model.former_name import FormerNames
from app.model.score import ClaimKind, total
from app.model.tag import TagDefinition
from widgets import number
from widgets.case.evidence_plot import EvidencePlot
from widgets.case.figure import cause_figure, contribution_figure
from widgets.case.share_row import ShareRow
from widgets.case.wording import (
    cause_text,
    equipment_text,
    indicator_text,
    share_text,
    source_text,
    state_text,
    verdict_text,
)
from widgets.drag.value_drag import ValueDrag
from widgets.elided_label import ElidedLabel
from widgets.feed import Feed
from widgets.prediction.contribution import change_text
from widgets.prediction.life_wording import life_band, no_number_text
from widgets.prediction.wording import score_text
from widgets.station_text import station_text
from widgets.theme import SEMIBOLD, theme
from widgets.translation import local, tr
from widgets.trend.frame_clock import FrameClock
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane import TrendPane
from widgets.trend.time_window import TimeWindow

MOST_TAGS = 5
MOST_CAUSES = 4
PANES = 2
TWO_PANES = 560
"""A lower page has one pane only: two would cover each other, px at scale 1."""
LEFT_WIDTH = 330
_BEFORE = 0.5
_SHORTEST_NS = 60 * clock.NS_PER_S


class CaseDetail(QWidget):
    """Follows the case that is shown; `verdict_asked`, `tag_asked` and `work_asked` tell what is wanted of it."""

    verdict_asked = Signal(object)  # Verdict
    tag_asked = Signal(str)
    work_asked = Signal()

    def __init__(self, feed: Feed, former: FormerNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._former = feed, former
        self._record: CaseRecord | None = None
        self._lines: tuple[CaseEvidence, ...] = ()
        self._shown_tags: list[str] = []
        self.title = ElidedLabel(size="large", weight=SEMIBOLD)
        self.cause = ElidedLabel(size="title", weight=SEMIBOLD)
        self.action = QLabel()
        self.about = QLabel()
        self.verdicts = {verdict: QPushButton() for verdict in Verdict}
        self.work = QPushButton()
        self.heads = [ElidedLabel(size="small", tone="dim") for _ in range(3)]
        self.causes = [ShareRow() for _ in range(MOST_CAUSES)]
        for row in self.causes:
            row.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # so that its likeness can be explained by keys too
        self.tags = [ShareRow() for _ in range(MOST_TAGS)]
        self.similar = QLabel()
        self.life = QLabel()
        self.evidence = EvidencePlot()
        self.window_of_time = TimeWindow(parent=self)
        live = LiveSamples(feed, self)
        self.panes = [TrendPane(feed, self.window_of_time, live, self) for _ in range(PANES)]
        self._clock = FrameClock(self)
        self._clock.set_refreshers([*(pane.refresh for pane in self.panes), self._grow])
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def record(self) -> CaseRecord | None:
        """Return the case that is shown."""
        return self._record

    def show_case(self, record: CaseRecord) -> None:
        """Show a case; the evidence comes by `show_evidence`."""
        is_other = self._record is None or self._record.number != record.number
        self._record = record
        if is_other:
            self._lines = ()
            self._shown_tags = []
        self._show()

    def show_evidence(self, lines: Sequence[CaseEvidence]) -> None:
        """Show the lines of evidence of the present case, oldest first."""
        if self._record is not None and all(line.case == self._record.number for line in lines):
            self._lines = tuple(lines)
            self._show_evidence(self._record)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        for verdict, button in self.verdicts.items():
            button.setText(f"{verdict_text(verdict)}…")
        for head, text in zip(
            self.heads, (tr("Likely causes"), tr("Tags behind it"), tr("Similar cases")), strict=True
        ):
            head.set_text(text)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for pane in self.panes[1:]:
            pane.setVisible(self.height() >= theme().px(TWO_PANES))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def _lay_out(self) -> None:
        look = theme()
        buttons = QHBoxLayout()
        buttons.setSpacing(look.px(6))
        for button in (*self.verdicts.values(), self.work):
            button.setProperty("kind", "primary" if button is self.verdicts[Verdict.CONFIRMED] else "")
            buttons.addWidget(button)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addLayout(buttons)
        for label, tone in ((self.action, ""), (self.about, "dim"), (self.similar, "dim"), (self.life, "")):
            label.setProperty("tone", tone)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        right = QVBoxLayout()
        right.setSpacing(look.px(8))
        right.addWidget(self.evidence)
        for pane in self.panes:
            right.addWidget(pane, 1)
        body = QHBoxLayout()
        body.setSpacing(look.px(18))
        body.addWidget(self._left_side())
        body.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(16), look.px(4), look.px(4), look.px(4))
        column.setSpacing(look.px(6))
        column.addLayout(head)
        column.addWidget(self.cause)
        column.addWidget(self.action)
        column.addWidget(self.about)
        column.addSpacing(look.px(6))
        column.addLayout(body, 1)

    def _left_side(self) -> QWidget:
        look = theme()
        inner = QWidget()
        left = QVBoxLayout(inner)
        left.setContentsMargins(0, 0, look.px(4), 0)
        left.setSpacing(look.px(2))
        causes, tags, similar = self.heads
        left.addWidget(causes)
        for row in self.causes:
            left.addWidget(row)
        left.addSpacing(look.px(10))
        left.addWidget(tags)
        for row in self.tags:
            row.set_pressable(is_pressable=True)
            left.addWidget(row)
        left.addSpacing(look.px(10))
        left.addWidget(self.life)
        left.addSpacing(look.px(10))
        left.addWidget(similar)
        left.addWidget(self.similar)
        left.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        inner.setAutoFillBackground(False)  # which setWidget has just set
        area.viewport().setAutoFillBackground(False)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(look.px(LEFT_WIDTH))
        return area

    def _connect(self) -> None:
        for verdict, button in self.verdicts.items():
            button.clicked.connect(lambda _=False, verdict=verdict: self.verdict_asked.emit(verdict))
        self.work.clicked.connect(lambda _=False: self.work_asked.emit())
        self._feed.lives_changed.connect(self._show)
        for place, row in enumerate(self.tags):
            row.clicked.connect(lambda _=False, place=place: self._choose_tag(place))
            ValueDrag(row, partial(self._tags_of, place))

    def _show(self) -> None:
        record = self._record
        self.setVisible(record is not None)
        if record is None:
            return
        self.title.set_text(equipment_text(self._former.present(record.equipment) or record.equipment, self._feed))
        first = record.causes[0] if record.causes else None
        self.cause.set_text(cause_text(record))
        self.action.setText(local(first.action) if first is not None else "")
        self.about.setText(self._about(record))
        life = self._life(record)
        self.life.setText(life)
        self.life.setVisible(bool(life))
        for button in self.verdicts.values():
            button.setVisible(record.is_open)
        self.work.setText(record.work_order or tr("Work order…"))
        self.work.setVisible(record.is_open or bool(record.work_order))
        self._show_causes(record)
        self._show_tags(record)
        self._show_similar(record)
        self._show_evidence(record)

    def _about(self, record: CaseRecord) -> str:
        now = clock.now_ns()
        parts = [
            tr("Case {n}", n=record.number),
            tr("since {time}", time=number.moment(record.opened, now=now)),
            state_text(record),
            peak_text(record.peak),
        ]
        if record.work_order:
            parts.append(tr("work order {n}", n=record.work_order))
        if record.verdict is not None:
            parts.append(
                tr("closed by {by}, {time}: {reason}", by=record.by, time=number.moment(record.closed, now=now),
                   reason=record.reason)
            )  # fmt: skip
        return "  ·  ".join(parts)

    def _show_causes(self, record: CaseRecord) -> None:
        for place, row in enumerate(self.causes):
            row.setVisible(place < len(record.causes))
            if place < len(record.causes):
                each = record.causes[place]
                end = share_text(each.likeness) if each.likeness else ""
                detail = self._source(each) if each.likeness else ""
                row.show_share(local(each.cause), detail, each.likeness, end, is_first=place == 0)
                row.setToolTip(f"{local(each.cause)}\n{local(each.action)}")
                row.figure = cause_figure(record, each, detail)

    def _source(self, cause: RankedCause) -> str:
        """Return where a cause is known from, and how often that model was right so far."""
        held = score_text(total(self._feed.scores.values(), ClaimKind.CAUSE, cause.source))
        return "  ·  ".join(part for part in (source_text(cause), held) if part)

    def _life(self, record: CaseRecord) -> str:
        """Return how long the equipment will run by its learned remaining life, and how often that held."""
        life = self._feed.lives.get(record.equipment)
        if life is None or not record.is_open:
            return ""
        told = life_band(life) or no_number_text(life)
        score = self._feed.scores.get((life.equipment, ClaimKind.LIFE, life.version))
        return "  ·  ".join(filter(None, (tr("Remaining life: {told}", told=told), score_text(score))))

    def _show_tags(self, record: CaseRecord) -> None:
        told = record.contributions[:MOST_TAGS]
        if len(self._shown_tags) < PANES:
            known = [each.tag for each in told if each.tag in self._feed.tags]
            chosen = list(dict.fromkeys([*self._shown_tags, *known]))[:PANES]
            if chosen != self._shown_tags:
                self._shown_tags = chosen
                self._show_panes(record)
        for place, row in enumerate(self.tags):
            row.setVisible(place < len(told))
            if place < len(told):
                self._show_tag(row, told[place], is_first=place == 0)

    def _show_tag(self, row: ShareRow, each: Contribution, *, is_first: bool) -> None:
        tag = self._feed.tags.get(each.tag)
        title = local(tag.title) if tag is not None else ""
        row.show_share(each.tag, title, each.share, change_of(each, tag), is_first=is_first)
        row.setToolTip(
            tr("{tag} {title}: {share} of the distance", tag=each.tag, title=title, share=share_text(each.share))
        )
        if self._record is not None:
            row.figure = contribution_figure(self._record, each, change_of(each, tag))

    def _show_similar(self, record: CaseRecord) -> None:
        lines = [
            tr("{n}  {equipment}  {day}: {verdict}, {what}", n=each.number, equipment=each.equipment,
               day=number.day(each.opened), verdict=verdict_text(each.verdict),
               what=local(each.cause) or station_text(each.reason))
            for each in record.similar[:4]
        ]  # fmt: skip
        self.similar.setText("\n".join(lines) or tr("None so far"))

    def _show_evidence(self, record: CaseRecord) -> None:
        names = {name: indicator_text(name, self._feed) for name in record.indicators}
        end = record.closed or (clock.now_ns() if record.is_present else record.changed)
        self.evidence.show_evidence(self._lines, names, end=end)

    def _tags_of(self, place: int, _: QPointF) -> list[str]:
        """Return the tag of a row, as a list, none where there is none."""
        lines = self._record.contributions[place : place + 1] if self._record is not None else ()
        return [each.tag for each in lines if each.tag in self._feed.tags]

    def _choose_tag(self, place: int) -> None:
        """Show the trend of a tag in the upper pane; one that is there already is opened on its own page."""
        record = self._record
        if record is None:
            return
        tag = record.contributions[place].tag
        if self._shown_tags[:1] == [tag]:
            self.tag_asked.emit(tag)
        elif tag in self._feed.tags:
            self._shown_tags = [tag, *(each for each in self._shown_tags if each != tag)][:PANES]
            self._show_panes(record)

    def _grow(self) -> None:
        """Keep the beginning of an open case in view as time goes on."""
        record = self._record
        if record is not None and record.is_open and self.window_of_time.is_live:
            span = _span_of(record)
            if span > self.window_of_time.span and clock.now_ns() - record.opened > self.window_of_time.span:
                self.window_of_time.set_span(span)

    def _show_panes(self, record: CaseRecord) -> None:
        self.window_of_time.set_span(_span_of(record))
        if record.closed:
            self.window_of_time.place(record.closed, share=1.0)
        else:
            self.window_of_time.go_live()
        for place, pane in enumerate(self.panes):
            tags = [self._feed.tags[self._shown_tags[place]]] if place < len(self._shown_tags) else []
            pane.show_tags(tags, has_ahead=False)


def _span_of(record: CaseRecord) -> int:
    """Return how much time the trends show: all of the case, and half as much before it; ns."""
    now = clock.now_ns()
    return max(int((min(record.closed or now, now) - record.opened) * (1 + _BEFORE)), _SHORTEST_NS)


def peak_text(peak: float) -> str:
    """Return how bad it was at its worst."""
    if peak >= LARGEST:
        return tr("limit reached")
    return tr("at most {ratio} times its limit", ratio=number.number(peak, decimals=1))


def change_of(contribution: Contribution, tag: TagDefinition | None) -> str:
    """Return how far a tag has moved; of a forecast alone only the direction is known."""
    if abs(contribution.change) <= DIRECTION:
        return "↑" if contribution.change > 0 else "↓"
    return change_text(contribution, tag)
