"""A forecast card tells whether the next planned stop is early enough, and leads to a work order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.maintenance.desk import WorkChange, WorkDesk
from app.model import clock
from app.model.actor import Actor
from app.model.alarm import ConditionKind
from app.model.forecast import Forecast, ForecastDefinition, ForecastState
from app.model.maintenance import PlannedStop
from app.model.text import LocalText
from app.model.work_order import WorkSource
from app.plant.folder import PlantFolder
from app.pubsub.frame import ForecastsChanged, WorkChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.prediction.card import ForecastCard
from widgets.prediction.forecast_panel import ForecastPanel


def test_that_a_card_tells_whether_the_next_stop_is_early_enough_and_asks_for_work(
    qtbot: QtBot, tmp_path: Path
) -> None:
    now = clock.now_ns()
    day = 86_400 * clock.NS_PER_S
    small = plant.plant()
    wear = ForecastDefinition(
        "P01.wear", "P01", "P01.VIB", 7.1, ConditionKind.HIGH, LocalText("Bearing", "轴承"), LocalText("Replace it")
    )
    stop = PlannedStop("stop", LocalText("Stop"), now + 5 * day, 8.0, equipment=("cooling",))
    feed = Feed(replace(small, forecasts=(wear,), stops=(stop,)), PlantFolder(tmp_path))
    panel = ForecastPanel(feed)
    qtbot.addWidget(panel)
    panel.show()
    feed.receive(
        [
            ForecastsChanged(
                (
                    Forecast(
                        "P01.wear", "P01", "P01.VIB", ForecastState.FORECAST, now,
                        p10=now + day, p50=now + 3 * day, p90=now + 4 * day,
                    ),
                )
            )
        ]
    )  # fmt: skip
    (card,) = panel.rows
    assert isinstance(card, ForecastCard)
    assert card.content is not None
    assert (card.content.margin, card.content.is_late) == ("Stop is 2.0 d too late", True)
    with qtbot.waitSignal(panel.work_asked) as asked:
        card.work.click()
    assert asked.args is not None
    (request,) = asked.args
    assert (request.equipment, request.source, request.reference) == ("P01", WorkSource.FORECAST, "P01.wear")
    desk = WorkDesk(feed.plant, (), last=6)
    change = desk.request(request, Actor("window", "Li"), now)
    assert isinstance(change, WorkChange)
    feed.receive([WorkChanged((change.order,))])
    assert card.work.text() == "WO-00007"
    with qtbot.waitSignal(panel.order_asked) as order:
        card.work.click()
    assert order.args == [7]
