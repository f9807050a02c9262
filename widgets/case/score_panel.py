"""The scoreboard: how well what was foretold has held, by equipment and in sum, and the newest of what was said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.model import clock
from app.model.score import Claim, ClaimKind, Ground, Outcome, Score, total
from widgets import number
from widgets.case.wording import indicator_text, share_text
from widgets.explain.subject import Subject, SubjectKind, of_health
from widgets.feed import Feed
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

_ALWAYS = {ClaimKind.FORECAST, ClaimKind.HEALTH}
_WITH_BAND = {ClaimKind.FORECAST, ClaimKind.LIFE}
_SIGNS = {Outcome.EARLY: "▲ ", Outcome.MISSED: "▲ ", Outcome.FALSE: "△ "}
"""What came before it was said to come, or unsaid, is worse than what never came."""


class ScorePanel(QWidget):
    """Sums come with the feed; the newest claims are read from the file."""

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._claims: tuple[Claim, ...] = ()
        self.sums = QLabel()
        self.sums.setWordWrap(True)
        self.table = TextTable(right=range(2, 10))
        self.view = TextTableView(self.table, elastic=1)
        self.view.explains = self._foretold
        self.newest = QLabel()
        self.claims = TextTable(right=(0,))
        self.claim_view = TextTableView(self.claims, elastic=3)
        self.claim_view.explains = self._foretold
        look = theme()
        self.sums.setProperty("lettering", "title")
        self.newest.setProperty("lettering", "title")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self.sums)
        column.addWidget(self.view, 2)
        column.addWidget(self.newest)
        column.addWidget(self.claim_view, 3)
        feed.scores_changed.connect(self._show_scores)
        self.retranslate()

    def show_claims(self, claims: Sequence[Claim]) -> None:
        """Show what was said last, newest first."""
        self._claims = tuple(claims)
        self._show_claims()

    def _foretold(self, key: str) -> Subject | None:
        """Return what a row with this key tells of: a forecast, a remaining life, or a health."""
        said = {f"{each.equipment} {each.kind} {each.subject}": (each.kind, each.subject, each.equipment)
                for each in self._feed.scores.values()}  # fmt: skip
        said.update((str(each.number), (each.kind, each.subject, each.equipment)) for each in self._claims)
        kind, subject, equipment = said.get(key, (ClaimKind.HEALTH, "", ""))
        if kind is ClaimKind.FORECAST:
            return Subject(SubjectKind.FORECAST, subject)
        return Subject(SubjectKind.LIFE, equipment) if kind is ClaimKind.LIFE else of_health(equipment)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.view.setAccessibleName(tr("Scoreboard"))
        self.newest.setText(tr("What was said last, and what became of it"))
        self.claim_view.setAccessibleName(self.newest.text())
        self._show_scores()
        self._show_claims()

    def _show_scores(self) -> None:
        scores = [self._feed.scores[key] for key in sorted(self._feed.scores)]
        learned = {score.kind for score in scores} & {ClaimKind.CAUSE, ClaimKind.LIFE}
        shown = [kind for kind in ClaimKind if kind in learned or kind in _ALWAYS]
        self.sums.setText("\n".join(sum_text(total(scores, kind)) for kind in shown))
        heads = (
            tr("Equipment"), tr("What was foretold"), tr("Band held"), tr("Hit"), tr("Early"), tr("Late"),
            tr("Never came"), tr("Missed"), tr("Void"), tr("Waiting"),
        )  # fmt: skip
        self.table.show_rows(heads, [self._score_row(score) for score in scores])
        self.view.fit()

    def _score_row(self, score: Score) -> TextRow:
        has_band = score.kind in _WITH_BAND and not math.isnan(score.coverage)
        held = share_text(score.coverage) if has_band else number.NO_VALUE
        counts = (score.hit, score.early, score.late, score.false, score.missed, score.void, score.waiting)
        cells = (score.equipment, self._what(score.kind, score.subject), held, *(number.count(each) for each in counts))
        return TextRow(
            f"{score.equipment} {score.kind} {score.subject}", cells, is_strong=score.early + score.missed > 0
        )

    def _show_claims(self) -> None:
        heads = (tr("No."), tr("Said"), tr("Equipment"), tr("What was foretold"), tr("Between"), tr("Came"),
                 tr("Score"), tr("By"), tr("Model"))  # fmt: skip
        self.claims.show_rows(heads, [self._claim_row(claim) for claim in self._claims])
        self.claim_view.fit()

    def _claim_row(self, claim: Claim) -> TextRow:
        now = clock.now_ns()
        what = self._what(claim.kind, claim.topic)
        if claim.kind is ClaimKind.CAUSE:
            what = tr("Cause of case {n}: {cause}", n=claim.subject, cause=claim.cause)
        cells = (
            str(claim.number),
            number.moment(claim.made, now=now),
            claim.equipment,
            what,
            _band(claim, now),
            number.moment(claim.happened, now=now) if claim.happened else number.NO_VALUE,
            _SIGNS.get(claim.outcome, "") + outcome_text(claim.outcome),
            ground_text(claim.ground),
            claim.version,
        )
        return TextRow(str(claim.number), cells)

    def _what(self, kind: ClaimKind, subject: str) -> str:
        number_ = subject.removeprefix("model ")
        match kind:
            case ClaimKind.HEALTH:
                return tr("Health alert")
            case ClaimKind.CAUSE:
                return tr("Cause, by model {n}", n=number_)
            case ClaimKind.LIFE:
                return tr("Remaining life, by model {n}", n=number_)
        return indicator_text(f"forecast {subject}", self._feed)


def sum_text(score: Score) -> str:
    """Return a sum over all equipment in one line."""
    names: Mapping[ClaimKind, str] = {
        ClaimKind.FORECAST: tr("Forecasts"),
        ClaimKind.HEALTH: tr("Health alerts"),
        ClaimKind.CAUSE: tr("Learned causes"),
        ClaimKind.LIFE: tr("Learned remaining lives"),
    }
    name = names[score.kind]
    if not score.tests:
        return tr("{what}: nothing scored yet, {n} waiting", what=name, n=score.waiting)
    came = score.hit + score.early + score.late
    if score.kind is ClaimKind.HEALTH:
        return tr("{what}: {hit} right, {false} false, {n} waiting", what=name, hit=score.hit, false=score.false,
                  n=score.waiting)  # fmt: skip
    if score.kind is ClaimKind.CAUSE:
        return tr("{what}: {hit} right, {false} wrong, {missed} not recognised, {n} waiting", what=name, hit=score.hit,
                  false=score.false, missed=score.missed, n=score.waiting)  # fmt: skip
    held = share_text(score.coverage) if came else number.NO_VALUE
    return tr(
        "{what}: the band held in {share} of {came} that came (80 % is aimed at), {early} came earlier, {false} never, "
        "{missed} unannounced",
        what=name, share=held, came=came, early=score.early, false=score.false, missed=score.missed,
    )  # fmt: skip


def outcome_text(outcome: Outcome) -> str:
    """Return what became of a claim."""
    texts: Mapping[Outcome, str] = {
        Outcome.WAITING: tr("waiting"),
        Outcome.HIT: tr("hit"),
        Outcome.EARLY: tr("came earlier"),
        Outcome.LATE: tr("came later"),
        Outcome.FALSE: tr("never came"),
        Outcome.MISSED: tr("not foretold"),
        Outcome.VOID: tr("not known"),
    }
    return texts[outcome]


def ground_text(ground: Ground) -> str:
    """Return by what a claim was scored."""
    texts: Mapping[Ground, str] = {
        Ground.NONE: "",
        Ground.LIMIT: tr("its limit"),
        Ground.TRIP: tr("a trip"),
        Ground.ALARM: tr("an alarm"),
        Ground.VERDICT: tr("the verdict"),
        Ground.TIME: tr("the time"),
        Ground.REPAIR: tr("a repair"),
        Ground.NO_DATA: tr("no data"),
    }
    return texts[ground]


def _band(claim: Claim, now: int) -> str:
    if claim.kind is ClaimKind.LIFE:
        early, _, late = (number.number(left, decimals=0) for left in claim.left_h)
        if not claim.left_h[2]:
            return tr("more than {n} h of running", n=early)
        return tr("{early} – {late} h of running", early=early, late=late)
    if not claim.p50:
        return number.NO_VALUE
    late = number.moment(claim.p90, now=now) if claim.p90 else tr("beyond")
    return f"{number.moment(claim.p10, now=now)} – {late}"
