"""The learned remaining life of the present equipment, above the forecasts to limits: a card, or why there is none."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.maintenance.margin import MarginState
from app.model import clock
from app.model.remaining_life import LifeForecast, LifeState
from app.model.score import ClaimKind
from app.model.text import LocalText
from app.model.work_order import WorkRequest, WorkSource
from widgets.explain.subject import Subject, SubjectKind
from widgets.feed import Feed
from widgets.maintenance.stops import margin_ahead
from widgets.maintenance.wording import margin_text
from widgets.prediction.card import CardText, ForecastCard
from widgets.prediction.life_wording import life_band, life_number, no_number_remedy, no_number_text
from widgets.prediction.silent_row import SilentRow
from widgets.prediction.wording import Crossing, evidence_text, score_text
from widgets.translation import tr
from widgets.trend.time_axis import ahead_extent

_HOUR_S = 3_600.0


class LifePanel(QWidget):
    """Hidden for equipment of which the station says nothing, since it has no class."""

    work_asked = Signal(object)  # WorkRequest

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._equipment = ""
        self.card, self.row = ForecastCard(), SilentRow()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        column.addWidget(self.row)
        self.card.work.clicked.connect(lambda _=False: self._ask_work())
        feed.lives_changed.connect(self.refresh)
        feed.scores_changed.connect(self.refresh)
        self.refresh()

    def show_equipment(self, equipment: str) -> None:
        """Show the life of another equipment."""
        self._equipment = equipment
        self.refresh()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the remaining life."""
        focus = self.focusWidget()
        has_focus = place is not None or focus in {self.card, self.row}
        return Subject(SubjectKind.LIFE, self._equipment) if self._equipment and has_focus else None

    def refresh(self) -> None:
        """Bring card or line up to date."""
        life = self._feed.lives.get(self._equipment)
        self.setVisible(life is not None)
        if life is None:
            return
        is_told = life.state is LifeState.TOLD
        self.card.setVisible(is_told)
        self.row.setVisible(not is_told)
        if is_told:
            self.card.show_text(self._card_text(life))
        else:
            self.row.show_text(
                life.equipment, tr("Remaining life"), reason=no_number_text(life), remedy=no_number_remedy(life)
            )

    def _card_text(self, life: LifeForecast) -> CardText:
        times = _crossing(life)
        ahead = margin_ahead(self._feed, life.equipment, life, now=clock.now_ns())
        score = self._feed.scores.get((life.equipment, ClaimKind.LIFE, life.version))
        middle = times.p50 if not math.isnan(times.p50) else times.p10
        return CardText(
            equipment=life.equipment,
            cause=tr("Remaining life"),
            headline=life_number(life),
            action=life_band(life),
            evidence="  ·  ".join(filter(None, (score_text(score), evidence_text(life.evidence)))),
            why=tr("model {n}, learned from failures of the class {name}: {failures} are recorded",
                   n=life.version.removeprefix("model "), name=life.machine_class, failures=life.failures),
            times=times,
            scale_s=ahead_extent(times.p90 if times.p90 > 0 else 2.0 * middle if middle > 0 else _HOUR_S),
            margin=margin_text(ahead),
            is_late=ahead is not None and ahead.state is MarginState.TOO_LATE,
            work=tr("Work order…"),
        )  # fmt: skip

    def _ask_work(self) -> None:
        life = self._feed.lives.get(self._equipment)
        if life is not None:
            reason = f"{tr('Remaining life')}: {life_band(life)}"
            self.work_asked.emit(WorkRequest(life.equipment, WorkSource.HAND, reason, title=LocalText("")))


def _crossing(life: LifeForecast) -> Crossing:
    """Return its end in plant seconds from when it was told, at the rate at which the machine runs; NaN where never."""
    ahead = [left / life.rate * _HOUR_S if left and life.rate > 0 else math.nan for left in
             (life.p10_h, life.p50_h, life.p90_h)]  # fmt: skip
    return Crossing(*ahead)
