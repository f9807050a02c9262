"""The degradations of the demo plant that a trend can foretell."""

from __future__ import annotations

from app.model.alarm import ConditionKind
from app.model.forecast import ForecastDefinition
from app.model.text import LocalText


def _rising(
    name: str,
    tag: str,
    limit: float,
    *,
    cause: tuple[str, str],
    action: tuple[str, str],
    window_h: float,
    horizon_h: float,
) -> ForecastDefinition:
    return ForecastDefinition(
        id=name,
        equipment=tag.partition(".")[0],
        tag=tag,
        limit=limit,
        direction=ConditionKind.HIGH,
        cause=LocalText(*cause),
        action=LocalText(*action),
        window_h=window_h,
        horizon_h=horizon_h,
    )


_STRAINER = {
    "cause": ("Suction strainer clogging", "吸入滤网堵塞"),
    "action": ("Change the pump over and clean the strainer", "切换水泵并清洗滤网"),
}
_BEARING = {
    "cause": ("Bearing outer race damage", "轴承外圈损伤"),
    "action": ("Change the pump over and replace the bearing", "切换水泵并更换轴承"),
}
_COOLER = {"cause": ("Oil cooler fouling", "油冷却器结垢"), "action": ("Clean the oil cooler", "清洗油冷却器")}
_FILTER = {"cause": ("Intake filter clogging", "进气滤芯堵塞"), "action": ("Replace the filter element", "更换滤芯")}

FORECASTS: tuple[ForecastDefinition, ...] = (
    _rising("PU02.strainer", "PU02.DP_STR", 65.0, window_h=1.5, horizon_h=72.0, **_STRAINER),
    _rising("PU01.strainer", "PU01.DP_STR", 65.0, window_h=1.5, horizon_h=72.0, **_STRAINER),
    _rising("PU01.bearing", "PU01.V_DE", 9.3, window_h=2.0, horizon_h=72.0, **_BEARING),
    _rising("PU02.bearing", "PU02.V_DE", 9.3, window_h=2.0, horizon_h=72.0, **_BEARING),
    _rising("AC01.cooler", "AC01.T_D", 110.0, window_h=2.0, horizon_h=72.0, **_COOLER),
    _rising("AC02.cooler", "AC02.T_D", 110.0, window_h=2.0, horizon_h=72.0, **_COOLER),
    _rising("AC01.filter", "AC01.DP_FLT", 35.0, window_h=24.0, horizon_h=1440.0, **_FILTER),
    _rising("AC02.filter", "AC02.DP_FLT", 35.0, window_h=24.0, horizon_h=1440.0, **_FILTER),
    ForecastDefinition(
        id="SQ01.thermocouple",
        equipment="SQ01",
        tag="SQ01.Z3_DTC",
        limit=-15.0,
        direction=ConditionKind.LOW,
        cause=LocalText("Zone 3 thermocouple drift", "3 区热电偶漂移"),
        action=LocalText("Replace the thermocouple", "更换热电偶"),
        window_h=3.0,
        horizon_h=120.0,
    ),
)
