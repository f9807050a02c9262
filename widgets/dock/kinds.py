"""Which panels there are."""

from __future__ import annotations

from widgets.dock.content import Content, PanelKind, Surroundings
from widgets.translation import tr

ALARMS, TREND, VALUES, PICTURE, HELP = "alarms", "trend", "values", "picture", "help"
SINGLE = {ALARMS, HELP}
"""Kinds of which a window has one panel at the most."""


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


def _help(around: Surroundings) -> Content:
    from widgets.dock.help_content import HelpContent  # noqa: PLC0415 - read when somebody asks for it

    return HelpContent(around)


KINDS: tuple[PanelKind, ...] = (
    PanelKind(ALARMS, lambda: tr("Alarm list"), _alarms),
    PanelKind(TREND, lambda: tr("Trend"), _trend),
    PanelKind(VALUES, lambda: tr("Value list"), _values),
    PanelKind(PICTURE, lambda: tr("Process picture"), _picture),
    PanelKind(HELP, lambda: tr("Help"), _help),
)
