from dataclasses import replace

from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState
from app.model.alarm_sheet import AlarmSheet, Severity
from app.model.plant import Plant
from app.model.text import LocalText
from tests.widgets import plant as small
from widgets import translation
from widgets.alarm.sheet_panel import SheetPanel

SHEET = AlarmSheet(
    cause=LocalText("A fouled cooler", "冷却器结垢"),
    consequence=LocalText("The compressor trips", "空压机跳停"),
    response=LocalText("Start the second compressor", "启动第二台空压机"),
    severity=Severity.MAJOR,
    respond_within_min=10.0,
    owner="Utilities",
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


def test_that_an_alarm_without_a_sheet_says_so(qtbot: QtBot) -> None:
    panel = panel_of(qtbot)
    panel.show_alarm(small.alarm("F01.T"))
    assert panel.response.text() == "No response is written down for this alarm"
    assert panel.texts() == []
    panel.show_alarm(None)
    assert "Choose an alarm" in panel.response.text()
