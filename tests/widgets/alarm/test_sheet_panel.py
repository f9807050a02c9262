from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState
from app.model.alarm_sheet import AlarmSheet, Severity
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant as small
from widgets import translation
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.active_panel import ActivePanel
from widgets.alarm.sheet_panel import SheetPanel
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.preference import Preferences

SHEET = AlarmSheet(
    cause=LocalText("A fouled cooler", "冷却器结垢"),
    consequence=LocalText("The compressor trips", "空压机跳停"),
    response=LocalText("Start the second compressor", "启动第二台空压机"),
    severity=Severity.MAJOR,
    respond_within_min=10.0,
    owner=LocalText("Utilities", "公用工程"),
    approved_by="Wang Li",
    approved_on="2026-03-09",
    version=2,
)


def rationalised() -> Plant:
    plant = small.plant()
    first, *others = plant.alarms
    return replace(plant, alarms=(replace(first, sheet=SHEET), *others))


def panel_of(qtbot: QtBot) -> SheetPanel:
    panel = SheetPanel(rationalised())
    qtbot.addWidget(panel)
    panel.resize(420, 320)
    panel.show()
    return panel


def test_that_the_response_and_the_time_left_are_told_first(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    with clock.frozen(small.NOW) as advance:
        panel.show_alarm(small.alarm("AC01.T_D", age_s=240))
        assert panel.response.text() == "Start the second compressor"
        assert panel.left.text() == "Respond within 10 min  ·  6 min left"
        advance(400 * clock.NS_PER_S)
        panel.renew()
        assert panel.left.text() == "Respond within 10 min  ·  40 s overdue"
        panel.show_alarm(small.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED))
        assert panel.left.text() == "Respond within 10 min"


def test_that_the_rest_of_the_sheet_stands_below_in_the_operators_language(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    panel.show_alarm(small.alarm("AC01.T_D"))
    assert panel.texts() == [
        ("If nobody responds", "The compressor trips (major)"),
        ("Usual cause", "A fouled cooler"),
        ("Owner", "Utilities"),
        ("Approved", "Wang Li, 2026-03-09, version 2"),
    ]
    translation.set_language("zh")
    qtbot.waitUntil(lambda: panel.response.text() == "启动第二台空压机")
    assert panel.texts()[0] == ("若无人响应", "空压机跳停（重大）".replace("（", " (").replace("）", ")"))
    assert panel.texts()[2] == ("负责人", "公用工程")


def test_that_an_alarm_without_a_sheet_says_so(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    panel.show_alarm(small.alarm("F01.T"))
    assert panel.response.text() == "No response is written down for this alarm"
    assert panel.texts() == []
    panel.show_alarm(None)
    assert "Choose an alarm" in panel.response.text()


def test_that_the_list_shows_the_sheet_of_the_alarm_that_is_selected(qtbot: QtBot, tmp_path: Path) -> None:
    feed = Feed(rationalised(), PlantFolder(tmp_path))
    window = QWidget()
    qtbot.addWidget(window)
    acknowledgement = Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)
    panel = ActivePanel(feed, Navigation(feed.plant), acknowledgement)
    qtbot.addWidget(panel)
    panel.resize(1400, 500)
    panel.show()
    feed.receive([AlarmsChanged((small.alarm("AC01.T_D"), small.alarm("F01.T", age_s=120)))])
    assert panel.sheet.isVisible()
    assert "Choose an alarm" in panel.sheet.response.text()
    told = []
    for row in range(panel.table.rowCount()):
        panel.view.selectRow(row)
        told.append(panel.sheet.response.text())
    assert sorted(told) == ["No response is written down for this alarm", "Start the second compressor"]


def test_that_a_plant_without_sheets_keeps_the_whole_width_for_its_list(qtbot: QtBot, tmp_path: Path) -> None:
    feed = small.feed(tmp_path)
    window = QWidget()
    qtbot.addWidget(window)
    acknowledgement = Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)
    panel = ActivePanel(feed, Navigation(feed.plant), acknowledgement)
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.sheet.isVisible()
