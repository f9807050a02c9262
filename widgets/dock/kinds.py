"""Which panels there are."""

from __future__ import annotations

from widgets.dock.content import Content, PanelKind, Surroundings
from widgets.translation import tr

ALARMS, TREND, VALUES, PICTURE = "alarms", "trend", "values", "picture"


def _alarms(around: Surroundings) -> Content:
    from widgets.dock.alarm_content import AlarmContent  # noqa: PLC0415 - many windows never have one

    return AlarmContent(around)


def _trend(around: Surroundings) -> Content:
    from widgets.dock.trend_content import TrendContent  # noqa: PLC0415 - brings the plots in

    return TrendContent(around)


def _values(around: Surroundings) -> Content:
    from widgets.dock.value_content import ValueContent  # noqa: PLC0415 - many windows never have one

    return ValueContent(around)


def _picture(around: Surroundings) -> Content:
    from widgets.dock.picture_content import PictureContent  # noqa: PLC0415 - brings the plots in

    return PictureContent(around)


KINDS: tuple[PanelKind, ...] = (
    PanelKind(ALARMS, lambda: tr("Alarm list"), _alarms),
    PanelKind(TREND, lambda: tr("Trend"), _trend),
    PanelKind(VALUES, lambda: tr("Value list"), _values),
    PanelKind(PICTURE, lambda: tr("Process picture"), _picture),
)
