"""A trend shows when alarms of its tag stood: from the journal, and from what the collector tells since."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from app.alarm.journal import AlarmJournal
from app.database import open_writer
from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from tests.widgets.trend.air_station import Station
from widgets.theme import theme
from widgets.trend.alarm_spans import AlarmSpan, AlarmSpans, spans_of
from widgets.trend.alarm_strip import AlarmStrip
from widgets.trend.geometry import Geometry
from widgets.trend.live_samples import LiveSamples
from widgets.trend.pane import TrendPane
from widgets.trend.time_window import TimeWindow
from widgets.trend.value_range import Extent

SECOND = plant.SECOND
RAISED = plant.NOW - 600 * SECOND


def course(raised: int, *, seen: int = 0, end: int = 0) -> list[AlarmRecord]:
    """Return the lines of one occurrence."""
    first = structs.replace(plant.alarm("AC01.T_D"), raised=raised)
    lines = [first]
    if seen:
        lines.append(structs.replace(lines[-1], state=AlarmState.ACKNOWLEDGED, acknowledged=seen))
    if end:
        lines.append(structs.replace(lines[-1], state=AlarmState.NORMAL if seen else AlarmState.RETURNED, returned=end))
    return lines


def test_that_the_last_line_of_an_occurrence_tells_its_course() -> None:
    lines = [*course(RAISED, seen=RAISED + 5, end=RAISED + 9), *course(RAISED + 20, end=RAISED + 30)]
    alarm, priority = "AC01.T_D.H", Priority.HIGH
    assert spans_of(lines) == (
        AlarmSpan(alarm, priority, RAISED, RAISED + 9, RAISED + 5),
        AlarmSpan(alarm, priority, RAISED + 20, RAISED + 30, 0),
    )
    assert spans_of(lines[:2]) == (AlarmSpan(alarm, priority, RAISED, 0, RAISED + 5),), "it stands still"


def test_that_an_end_that_was_not_told_does_not_outlive_the_next_occurrence() -> None:
    lines = [*course(RAISED), *course(RAISED + 50)]
    assert [(span.start, span.end) for span in spans_of(lines)] == [(RAISED, RAISED + 50), (RAISED + 50, 0)]


def test_that_a_hidden_alarm_is_told_from_one_that_calls() -> None:
    (span,) = spans_of(
        [structs.replace(course(RAISED)[0], state=AlarmState.SHELVED, beneath=AlarmState.UNACKNOWLEDGED)]
    )
    assert span.is_hidden


def test_that_past_and_present_come_together(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    other = structs.replace(course(RAISED)[0], alarm="F01.T.H")
    with closing(open_writer(path)) as connection:
        AlarmJournal(connection).record([*course(RAISED, end=RAISED + 9 * SECOND), other])
    spans = AlarmSpans(path, ["AC01.T_D.H"])
    with qtbot.waitSignal(spans.changed):
        spans.show(RAISED - SECOND, RAISED + 60 * SECOND)
    assert [(span.start, span.end) for span in spans.spans] == [(RAISED, RAISED + 9 * SECOND)]
    spans.take([course(plant.NOW)[0]])
    assert [span.start for span in spans.spans] == [RAISED, plant.NOW]


def test_that_a_pane_shows_an_alarm_from_the_moment_it_is_told(qtbot: QtBot, station: Station) -> None:
    pane = TrendPane(station.feed, TimeWindow(3_600 * SECOND), LiveSamples(station.feed))
    qtbot.addWidget(pane)
    pane.resize(600, 300)
    pane.show()
    definition = station.plant.alarms[0]
    pane.show_tags([station.plant.tag(definition.tag)], has_ahead=False)
    record = structs.replace(
        plant.alarm("AC01.T_D"), alarm=definition.id, tag=definition.tag, raised=station.now - 60 * SECOND
    )
    station.feed.receive([AlarmsChanged((record,))])
    pane.refresh()
    assert pane.plot.frame is not None
    assert [(span.alarm, span.start, span.end) for span in pane.plot.frame.spans] == [(definition.id, record.raised, 0)]


def test_that_the_strip_is_high_until_acknowledged_and_low_after(qtbot: QtBot) -> None:
    plot = QRectF(0, 0, 100, 50)
    geometry = Geometry(plot, 100.0, 0, SECOND, 100 * SECOND, 0, Extent(0.0, 1.0))
    strip = AlarmStrip()
    strip.follow(geometry, [AlarmSpan("a", Priority.CRITICAL, 60 * SECOND, 0, 80 * SECOND)], view=plot)
    image = QImage(100, 50, QImage.Format.Format_ARGB32)
    image.fill(0)
    with QPainter(image) as painter:
        strip.draw(painter)
    color = theme().priority(Priority.CRITICAL)
    heights = [sum(image.pixelColor(x, y) == color for y in range(43, 50)) for x in (50, 76, 90)]
    assert heights == [0, 6, 3]
