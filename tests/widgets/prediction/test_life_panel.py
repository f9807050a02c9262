"""The learned remaining life of the equipment in view: its band beside how earlier ones held, or plainly no number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.forecast import Evidence
from app.model.maintenance import PlannedStop
from app.model.remaining_life import LifeForecast, LifeState
from app.model.score import ClaimKind, Score
from app.model.text import LocalText
from app.model.work_order import WorkRequest, WorkSource
from app.plant.folder import PlantFolder
from app.pubsub.frame import LivesChanged, ScoresChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.prediction.life_panel import LifePanel
from widgets.prediction.life_wording import no_number_remedy, no_number_text

HOUR = 3_600 * clock.NS_PER_S


def life(now: int, state: LifeState = LifeState.TOLD, **changes: object) -> LifeForecast:
    """P01 runs half of the time, and has 300 hours of running left, 240 to 400 of them with four in five."""
    values: dict[str, object] = {
        "equipment": "P01", "made": now, "state": state, "machine_class": "centrifugal_pump", "version": "model 3",
        "failures": 32, "needed": 20, "evidence": Evidence.MEDIUM, "ran_h": 1_200.0, "rate": 0.5,
        "p10_h": 240.0, "p50_h": 300.0, "p90_h": 400.0,
        "p10": now + 480 * HOUR, "p50": now + 600 * HOUR, "p90": now + 800 * HOUR,
    }  # fmt: skip
    return LifeForecast(**{**values, **changes})  # type: ignore[arg-type] # as the record has them


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Path) -> LifePanel:
    stop = PlannedStop("autumn", LocalText("Autumn stop"), clock.now_ns() + 700 * HOUR, 8.0)
    panel = LifePanel(Feed(replace(plant.plant(), stops=(stop,)), PlantFolder(tmp_path)))
    qtbot.addWidget(panel)
    panel.show_equipment("P01")
    panel.show()
    return panel


def test_that_a_number_stands_with_its_band_its_record_and_the_next_stop(panel: LifePanel) -> None:
    panel.refresh()
    assert panel.isHidden()
    now = clock.now_ns()
    panel._feed.receive(
        [LivesChanged((life(now),)), ScoresChanged((Score("P01", ClaimKind.LIFE, "model 3", hit=7, late=2),))]
    )
    text = panel.card.content
    assert text is not None
    assert (text.headline, text.action) == ("300 h", "P10 240  ·  P50 300  ·  P90 400 h of running")
    assert text.evidence == "7 of 9 held  ·  medium confidence"
    assert text.why == "model 3, learned from failures of the class centrifugal_pump: 32 are recorded"
    assert text.times.p50 == 600 * 3_600.0, "it runs half of the time"
    assert text.is_late
    assert text.margin.startswith("Autumn stop is ")
    assert panel.row.isHidden()
    panel.show_equipment("P02")
    assert panel.isHidden()


def test_that_beyond_what_the_model_can_tell_only_the_early_edge_is_named(panel: LifePanel) -> None:
    now = clock.now_ns()
    panel._feed.receive([LivesChanged((life(now, p50_h=0.0, p90_h=0.0, p50=0, p90=0),))])
    text = panel.card.content
    assert text is not None
    assert text.headline == "> 240 h"
    assert text.action.startswith("more than 240 h of running")


def test_that_below_twenty_failures_no_number_is_said_plainly(panel: LifePanel) -> None:
    few = life(clock.now_ns(), LifeState.TOO_FEW_FAILURES, failures=8)
    panel._feed.receive([LivesChanged((few,))])
    assert panel.row.reason == "no number: 8 of 20 failures recorded"
    assert "With fewer than 20 recorded failures of the class centrifugal_pump" in panel.row.toolTip()
    assert panel.card.isHidden()


@pytest.mark.parametrize("state", list(LifeState))
def test_that_every_state_has_words_and_a_remedy(state: LifeState) -> None:
    told = life(1, state, reason="its signals do not fit")
    assert bool(no_number_text(told)) == bool(no_number_remedy(told)) == (state is not LifeState.TOLD)


def test_that_work_is_asked_for_with_what_is_foretold(panel: LifePanel) -> None:
    panel._feed.receive([LivesChanged((life(clock.now_ns()),))])
    asked: list[WorkRequest] = []
    panel.work_asked.connect(asked.append)
    QTest.mouseClick(panel.card.work, Qt.MouseButton.LeftButton)
    assert [(each.equipment, each.source) for each in asked] == [("P01", WorkSource.HAND)]
    assert asked[0].reason == "Remaining life: P10 240  ·  P50 300  ·  P90 400 h of running"
