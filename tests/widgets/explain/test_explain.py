"""Any number can be asked where it comes from: what is told is what the plant, the samples and the files say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.audit.journal import AuditJournal
from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model import block, clock, status
from app.model.alarm import ConditionKind
from app.model.audit import AuditAction, AuditRecord
from app.model.connection import LinkState
from app.model.forecast import Contribution, Forecast, ForecastDefinition, ForecastState, Health, HealthState
from app.model.remaining_life import LifeForecast, LifeState
from app.model.tag import CleaningRule, TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.frame import CollectorChanged, ForecastsChanged, HealthChanged, LivesChanged
from app.pubsub.live import LatestValues
from tests.widgets import plant, screen
from tests.widgets.plant import NOW, SECOND
from widgets.explain.dialog import ExplainDialog
from widgets.explain.past import read_past
from widgets.explain.reach import Explaining
from widgets.explain.subject import ShowsValues, Subject, SubjectKind, of_tag
from widgets.feed import Feed, ValuesChanged
from widgets.navigation import Navigation
from widgets.translation import set_language

TAG = "AC01.T_D"


def told(dialog: ExplainDialog) -> dict[str, str]:
    return {line.name: line.value for section in dialog.sections for line in section.lines}


def wrong(dialog: ExplainDialog) -> set[str]:
    return {line.name for section in dialog.sections for line in section.lines if line.is_wrong}


def arrive(feed: Feed, value: float, *, time: int, received: int, code: int = status.GOOD) -> None:
    """Let a sample of the first tag come by the usual way."""
    tags = len(feed.plant.tags)
    latest = LatestValues(np.zeros(tags, np.int64), np.full(tags, np.nan), np.zeros(tags, np.uint32))
    latest.time[0], latest.value[0], latest.status[0] = time, value, code
    came = replace(block.block_of([0], time, [value], code), received=np.array([received], np.int64))
    feed.receive_values(ValuesChanged(came, latest))


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    definition = plant.plant()
    first = replace(
        definition.tags[0],
        address="HR12:F32",
        gain=0.5,
        offset=2.0,
        low=0.0,
        high=150.0,
        cleaning=CleaningRule(stale_s=30),
    )
    forecast = ForecastDefinition(
        "AC01.fouling", "AC01", TAG, 110.0, ConditionKind.HIGH, LocalText("Oil cooler fouling"), LocalText("Clean it")
    )
    definition = replace(definition, tags=(first, *definition.tags[1:]), forecasts=(forecast,))
    feed = Feed(definition, PlantFolder(tmp_path))
    feed.is_linked = True
    feed.receive([CollectorChanged(plant.report())])
    return feed


@pytest.fixture
def frozen() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def dialog_of(qtbot: QtBot, feed: Feed, subject: Subject) -> ExplainDialog:
    dialog = ExplainDialog(feed, subject)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog._reading is None, timeout=20_000)
    return dialog


@pytest.mark.usefixtures("frozen")
def test_that_source_scaling_times_and_the_delay_of_each_part_of_the_way_are_told(qtbot: QtBot, feed: Feed) -> None:
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    assert told(dialog)["Device to driver"] == "known with the next sample"
    arrive(feed, 104.8, time=NOW - 900 * clock.NS_PER_MS, received=NOW - 30 * clock.NS_PER_MS)
    dialog.refresh()
    lines = told(dialog)
    assert lines["Shown"] == "104.8 °C"
    assert lines["In the device"] == "205.6"
    assert lines["Scaling"] == "raw value × 0.5 + 2"
    assert lines["Device"] == "modbus  modbus://127.0.0.1:15020?unit=1"
    assert lines["Decoding"].startswith("holding register 12 … 13, F32")
    assert lines["Quality"] == "good: may be used without reserve  ·  Good (0x00000000)"
    assert (lines["Age"], lines["Device to driver"]) == ("900 ms", "870 ms")
    assert (lines["Driver to window"], lines["Together"]) == ("30 ms", "900 ms")
    assert lines["Driver to history"] == "41 ms for the last commit"
    assert (lines["Asked for every"], lines["Range"]) == ("500 ms", "0.0 °C … 150.0 °C")
    assert lines["Alarm"] == "Discharge temperature high  (> 100.0 °C)"
    assert wrong(dialog) == {"Last good value"}, "there is no history here yet"


@pytest.mark.usefixtures("frozen")
def test_that_no_delay_is_made_up_while_a_device_is_away_or_for_the_past(
    qtbot: QtBot, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    away = plant.report(state=LinkState.BACKOFF, reason="no answer within 4 s")
    feed.receive([CollectorChanged(away)])
    arrive(feed, float("nan"), time=NOW, received=NOW, code=status.BAD_NO_COMMUNICATION)
    dialog.refresh()
    lines = told(dialog)
    assert lines["Its state"] == "no answer within 4 s"
    assert lines["Device to driver"] == "nothing comes: no answer within 4 s", "0 ms would be a lie"
    assert "Driver to window" not in lines
    assert {"Its state", "Device to driver"} <= wrong(dialog)
    monkeypatch.setattr(type(feed), "is_replay", property(lambda _: True))
    dialog.refresh()
    lines = told(dialog)
    assert lines["Device to driver"] == "not known of the past"
    assert lines["Note"].startswith("replayed: ")
    assert {"Driver to window", "Together", "Received at", "Shown since"}.isdisjoint(lines)


@pytest.mark.usefixtures("frozen")
def test_that_a_value_that_came_late_and_one_that_is_bad_stand_out(qtbot: QtBot, feed: Feed) -> None:
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    arrive(feed, float("nan"), time=NOW - 5 * SECOND, received=NOW, code=status.BAD_NO_COMMUNICATION)
    dialog.refresh()
    assert "no communication" in told(dialog)["Quality"]
    assert "BadNoCommunication (0x80310000)" in told(dialog)["Quality"]
    assert {"Quality", "Shown", "Device to driver"} <= wrong(dialog)


def test_that_the_files_tell_the_last_good_value_and_who_wrote(qtbot: QtBot, feed: Feed) -> None:
    now = clock.now_ns()
    with closing(open_writer(feed.folder.history)) as connection:
        writer = HistoryWriter(connection, feed.plant.tags)
        times = np.array([now - 30 * SECOND, now - 20 * SECOND, now - 10 * SECOND])
        codes = np.array([status.GOOD, status.GOOD, status.BAD_NO_COMMUNICATION], np.uint32)
        writer.write(block.block_of([0, 0, 0], times, [101.0, 102.5, np.nan], codes))
        AuditJournal(connection).append(
            [
                AuditRecord(
                    now - 50 * SECOND, AuditAction.WRITE_RESULT, user="Li Na", tag=TAG, new=99.5, outcome="done"
                ),
                AuditRecord(now - 40 * SECOND, AuditAction.WRITE_RESULT, user="Wu", tag="AC01.P_D", new=7.0),
            ]
        )
    past = read_past(feed.folder.history, TAG, now=now)
    assert past.stored == now - 10 * SECOND
    assert past.good is not None
    assert (past.good.value, past.good.source_time) == (102.5, now - 20 * SECOND)
    assert past.written is not None
    assert (past.written.user, past.written.new) == ("Li Na", 99.5)
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    qtbot.waitUntil(lambda: "102.5 °C" in told(dialog)["Last good value"], timeout=20_000)
    assert "Li Na" in told(dialog)["Written last"]


def test_that_a_file_that_cannot_be_read_is_told_in_the_dialog(qtbot: QtBot, feed: Feed) -> None:
    feed.folder.history.write_bytes(b"no history at all" * 100)
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    assert str(feed.folder.history) in dialog.problem.text()
    assert told(dialog)["Connection"] == "utilities", "what is known without it is told all the same"


def test_that_a_calculated_value_names_what_it_is_calculated_from(qtbot: QtBot, feed: Feed) -> None:
    parts = (Contribution("AC01.P_D", 0.2, -0.3), Contribution(TAG, 0.7, 4.0))
    feed.receive([HealthChanged((Health("AC01", HealthState.DEGRADED, NOW, 61.0, score=1.4, contributions=parts),))])
    health = dialog_of(qtbot, feed, Subject(SubjectKind.HEALTH, "AC01"))
    inputs = [line.name for line in health.sections[-1].lines]
    assert inputs[0].startswith(TAG)
    assert inputs[1].startswith("AC01.P_D")
    assert "70 %, +4.0 °C" in [line.value for line in health.sections[-1].lines]
    assert "Distance" in wrong(health)
    feed.receive(
        [
            ForecastsChanged(
                (Forecast("AC01.fouling", "AC01", TAG, ForecastState.NO_TREND, NOW, level=101.0, points=80),)
            )
        ]
    )
    lines = told(dialog_of(qtbot, feed, Subject(SubjectKind.FORECAST, "AC01.fouling")))
    assert lines["Of"] == "Oil cooler fouling"
    assert lines["Tag"].startswith(TAG)
    assert (lines["Samples behind it"], lines["Level reached"]) == ("80", "101")


def test_that_all_that_is_told_can_be_copied(qtbot: QtBot, feed: Feed) -> None:
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    dialog.copy_text()
    copied = QApplication.clipboard().text()
    assert TAG in copied
    assert "  Scaling: raw value × 0.5 + 2" in copied


def test_that_the_dialog_speaks_chinese(qtbot: QtBot, feed: Feed) -> None:
    set_language("zh")
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.TAG, TAG))
    assert told(dialog)["采集周期"] == "500 ms"
    assert json.dumps(dialog.text(), ensure_ascii=False).count("保持寄存器") == 1


class Value(QWidget):
    """Shows two values, one above the other."""

    def shown_at(self, place: QPointF | None) -> Subject | None:
        return of_tag(TAG if place is None or place.y() < 50 else "AC01.P_D")


def test_that_the_value_under_the_pointer_and_the_one_with_the_focus_are_found(qtbot: QtBot, feed: Feed) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    value = Value(window)
    value.setGeometry(10, 10, 100, 100)
    QWidget(value).setGeometry(0, 0, 100, 100)
    navigation = Navigation(feed.plant)
    explaining = Explaining(feed, navigation, window)
    window.resize(300, 300)
    window.show()
    assert isinstance(value, ShowsValues)
    assert explaining.subject_at(QPoint(20, 20)) == Subject(SubjectKind.TAG, TAG)
    assert explaining.subject_at(QPoint(20, 100)) == Subject(SubjectKind.TAG, "AC01.P_D")
    assert explaining.subject_at(QPoint(250, 250)) is None
    assert explaining.menu_at(QPoint(250, 250)) is None
    menu = explaining.menu_at(QPoint(20, 20))
    assert menu is not None
    menu.actions()[0].trigger()
    (dialog,) = window.findChildren(ExplainDialog)
    assert dialog.subject == Subject(SubjectKind.TAG, TAG)
    asked: list[str] = []
    navigation.limits_asked.connect(asked.append)
    again = explaining.menu_at(QPoint(20, 20))
    assert again is not None
    next(action for action in again.actions() if action.text() == "Set limits…").trigger()
    assert asked == [TAG]
    value.setFocus()
    assert explaining.focused() == Subject(SubjectKind.TAG, TAG)
    assert explaining.explain(Subject(SubjectKind.TAG, "gone")) is None


def test_that_an_alarm_card_leads_to_the_value_of_its_tag(qtbot: QtBot, tmp_path: Path) -> None:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    window.resize(1920, 1080)
    window.show()
    screen.bad_day(window.feed)
    qtbot.waitUntil(lambda: bool(window.banner.shown), timeout=20_000)
    card = window.banner.cards[0]
    place = card.mapTo(window, card.rect().center())
    assert window.explaining.subject_at(place) == of_tag(window.banner.shown[0].tag)
    window.feed.close()


def test_that_no_definition_is_needed_for_a_tag_without_a_connection(qtbot: QtBot, tmp_path: Path) -> None:
    definition = plant.plant()
    alone = TagDefinition(0, "X", "AC01", LocalText("X"), "nowhere", "40001")
    feed = Feed(replace(definition, tags=(alone,), alarms=()), PlantFolder(tmp_path))
    lines = told(dialog_of(qtbot, feed, Subject(SubjectKind.TAG, "X")))
    assert (lines["Connection"], lines["Address"]) == ("nowhere", "40001")


def test_that_a_remaining_life_tells_the_model_and_the_failures_it_rests_on(qtbot: QtBot, feed: Feed) -> None:
    now = clock.now_ns()
    life = LifeForecast(
        "AC01", now, LifeState.TOLD, "screw_compressor", "model 3", failures=12, needed=5, ran_h=4_000.0, rate=0.5,
        p10_h=100.0, p50_h=340.0, p90_h=900.0, p50=now + 680 * 3_600 * SECOND,
    )  # fmt: skip
    feed.receive([LivesChanged((life,))])
    dialog = dialog_of(qtbot, feed, Subject(SubjectKind.LIFE, "AC01"))
    lines = told(dialog)
    assert dialog.head.text() == "Remaining life  ·  Compressor AC01"
    assert lines["Value"] == "340 h"
    assert (lines["Learned model"], lines["Class"], lines["Recorded failures"]) == (
        "model 3",
        "screw_compressor",
        "12, needed 5",
    )
    assert (lines["Ran so far"], lines["Runs lately"]) == ("4000 h", "50 % of the time")
    feed.receive([LivesChanged((replace(life, state=LifeState.NO_MODEL),))])
    dialog.refresh()
    assert told(dialog)["Value"] == "no number: learn and promote a model"
    assert "Value" in wrong(dialog)
