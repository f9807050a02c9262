"""The alarms of the demo plant: few and urgent at the top, each with a dead band and delays (ISA-18.2).

Delays run in the seconds of the wall clock, so they are short: the demo's time runs 60 times faster and more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.text import LocalText
from drivers.simulation.exposure import OPC_UA

_DELAY_S = 1.0
_SUFFIX = {
    ConditionKind.HIGH: "H",
    ConditionKind.LOW: "L",
    ConditionKind.DEVIATION: "DEV",
    ConditionKind.RATE: "RATE",
}

Row = tuple[str, ConditionKind, float, float, Priority, str, str]
"""Tag, condition, limit, dead band, priority, message in English, message in Chinese."""

_HIGH, _LOW = ConditionKind.HIGH, ConditionKind.LOW
_P1, _P2, _P3, _P4 = Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.DIAGNOSTIC

_COMPRESSOR: tuple[Row, ...] = (
    ("TRIP", _HIGH, 0.5, 0.0, _P1, "Compressor tripped", "空压机故障跳机"),
    ("T_D", _HIGH, 100.0, 2.0, _P3, "Discharge temperature high", "排气温度高"),
    ("T_D", _HIGH, 106.0, 2.0, _P2, "Discharge temperature very high", "排气温度过高"),
    ("UA", _LOW, 1.35, 0.05, _P3, "Oil cooler fouled", "油冷却器换热能力低"),
    ("DP_FLT", _HIGH, 35.0, 2.0, _P3, "Intake filter clogged", "进气滤芯堵塞"),
    ("VIB", _HIGH, 5.0, 0.4, _P2, "Screw vibration high", "主机振动高"),
)
_NET: tuple[Row, ...] = (
    ("P", _LOW, 6.1, 0.1, _P2, "Receiver pressure low", "储气罐压力低"),
    ("P", _LOW, 5.4, 0.2, _P1, "Receiver pressure very low", "储气罐压力过低"),
    ("LEAK", _HIGH, 2.8, 0.3, _P3, "Air leak", "压缩空气泄漏量高"),
    ("P_AVG", ConditionKind.RATE, -15.0, 4.0, _P3, "Pressure falls quickly", "压力快速下降"),
)
_DRYER: tuple[Row, ...] = (("T_DP", _HIGH, 8.0, 1.0, _P3, "Dew point high", "压力露点高"),)
_PUMP: tuple[Row, ...] = (
    ("TRIP", _HIGH, 0.5, 0.0, _P2, "Pump tripped", "水泵故障跳机"),
    ("DP_STR", _HIGH, 25.0, 2.0, _P3, "Strainer pressure drop high", "滤网压差高"),
    ("DP_STR", _HIGH, 45.0, 3.0, _P2, "Strainer nearly clogged", "滤网压差过高"),
    ("NPSH", _LOW, 0.5, 0.3, _P2, "Cavitation near", "汽蚀余量不足"),
    ("V_DE", _HIGH, 4.5, 0.4, _P3, "Drive-end vibration high", "驱动端振动高"),
    ("V_DE", _HIGH, 7.1, 0.6, _P1, "Drive-end vibration dangerous", "驱动端振动危险"),
    ("ENV", _HIGH, 8.0, 0.8, _P4, "Bearing envelope high", "轴承包络值高"),
    ("T_BDE", _HIGH, 70.0, 2.0, _P2, "Drive-end bearing hot", "驱动端轴承温度高"),
)
_STATION: tuple[Row, ...] = (
    ("P_SUP", _LOW, 2.0, 0.2, _P1, "Cooling water pressure lost", "冷却水压力丧失"),
    ("FLOW", _LOW, 70.0, 3.0, _P2, "Cooling water flow low", "冷却水流量低"),
)
_TOWER: tuple[Row, ...] = (
    ("T_SUP", _HIGH, 35.0, 0.5, _P3, "Supply temperature high", "供水温度高"),
    ("T_SUP", _HIGH, 38.0, 0.5, _P2, "Supply temperature very high", "供水温度过高"),
    ("FAN_VIB", _HIGH, 4.5, 0.4, _P3, "Fan vibration high", "风机振动高"),
    ("LEVEL", _LOW, 60.0, 3.0, _P3, "Basin level low", "集水池液位低"),
)
_FURNACE: tuple[Row, ...] = (
    *(
        (f"Z{zone}_R", _HIGH, 3.3, 0.1, _P2, f"Zone {zone} element failed", f"{zone} 区加热元件故障")
        for zone in (1, 2, 3)
    ),
    *((f"Z{zone}_TC2", _HIGH, 960.0, 5.0, _P2, f"Zone {zone} too hot", f"{zone} 区超温") for zone in (1, 2, 3)),
    ("DEV", _HIGH, 8.0, 1.0, _P2, "Temperature leaves its set point", "保温控温偏差大"),
    ("P", _LOW, 12.0, 4.0, _P3, "Furnace pressure low", "炉压低"),
    ("FAN_VIB", _HIGH, 4.5, 0.4, _P3, "Circulation fan vibration high", "循环风机振动高"),
)
_OIL: tuple[Row, ...] = (
    ("T", _HIGH, 95.0, 2.0, _P2, "Oil temperature high", "油温高"),
    ("T", _HIGH, 110.0, 2.0, _P1, "Oil temperature dangerous", "油温危险"),
    ("LEVEL", _LOW, 70.0, 1.0, _P2, "Oil level low", "油位低"),
    ("DP_FLT", _HIGH, 1.2, 0.1, _P3, "Oil filter clogged", "油滤堵塞"),
)
_POWER: tuple[Row, ...] = (
    ("T_OIL", _HIGH, 85.0, 2.0, _P2, "Transformer oil hot", "变压器油温高"),
    ("LOAD", _HIGH, 95.0, 3.0, _P3, "Transformer load high", "变压器过负荷"),
    ("V12", _LOW, 370.0, 4.0, _P3, "Voltage low", "电压低"),
)


def alarms() -> tuple[AlarmDefinition, ...]:
    """Return all alarms; the second one of a tag and condition has "HH" or "LL" in its id."""
    rows = {
        "AC01": _COMPRESSOR,
        "AC02": _COMPRESSOR,
        "AN01": _NET,
        "DR01": _DRYER,
        "PU01": _PUMP,
        "PU02": _PUMP,
        "CW01": _STATION,
        "CT01": _TOWER,
        "SQ01": _FURNACE,
        "OT01": _OIL,
        "TR01": _POWER,
    }
    found = [_alarm(f"{equipment}.{row[0]}", row) for equipment, table in rows.items() for row in table]
    disagreeing = (_disagreement(zone) for zone in (1, 2, 3))
    return (
        *(_related(alarm) for alarm in _with_own_ids(found)),
        *disagreeing,
        _off_set_point(),
        *(_not_running(pump) for pump in (1, 2)),
        *(_blind(zone) for zone in (1, 2, 3)),
        _starved(),
    )


def _alarm(tag: str, row: Row) -> AlarmDefinition:
    _, condition, limit, deadband, priority, en, zh = row
    is_trip = tag.endswith(".TRIP")
    return AlarmDefinition(
        id=f"{tag}.{_SUFFIX[condition]}",
        tag=tag,
        condition=condition,
        limit=limit,
        priority=priority,
        message=LocalText(en, zh),
        deadband=deadband,
        on_delay_s=0.0 if is_trip else _DELAY_S,
        off_delay_s=0.0 if is_trip else _DELAY_S,
    )


def _with_own_ids(found: list[AlarmDefinition]) -> Iterator[AlarmDefinition]:
    seen: set[str] = set()
    for alarm in found:
        if alarm.id in seen:
            yield replace(alarm, id=alarm.id + alarm.id[-1])
        else:
            seen.add(alarm.id)
            yield alarm


def _disagreement(zone: int) -> AlarmDefinition:
    return AlarmDefinition(
        id=f"SQ01.Z{zone}_DTC.DEV",
        tag=f"SQ01.Z{zone}_DTC",
        condition=ConditionKind.DEVIATION,
        limit=6.0,
        priority=_P3,
        message=LocalText(f"Zone {zone} thermocouples disagree", f"{zone} 区热电偶读数不一致"),
        deadband=1.0,
        on_delay_s=_DELAY_S,
        off_delay_s=_DELAY_S,
        setpoint=0.0,
    )


def _off_set_point() -> AlarmDefinition:
    return AlarmDefinition(
        id="CT01.T_SUP.DEV",
        tag="CT01.T_SUP",
        condition=ConditionKind.DEVIATION,
        limit=2.5,
        priority=_P4,
        message=LocalText("Supply temperature off its set point", "供水温度偏离设定"),
        deadband=0.3,
        on_delay_s=_DELAY_S,
        off_delay_s=_DELAY_S,
        setpoint="CT01.T_SP",
    )


_TRIPS = ("PU01.TRIP.H", "PU02.TRIP.H")
_COOLING = "Cooling water"
_RELATIONS: Mapping[str, Mapping[str, Any]] = {
    "PU01.TRIP.H": {"group": _COOLING, "latch": True},
    "PU02.TRIP.H": {"group": _COOLING, "latch": True},
    "CW01.P_SUP.L": {"group": _COOLING, "causes": _TRIPS},
    "CW01.FLOW.L": {
        "group": _COOLING,
        "causes": _TRIPS,
        "suppress_when": "PU01.RUN == 0 and PU02.RUN == 0",
        "suppress_after_s": _DELAY_S,
    },
    "AN01.P.L": {"causes": ("AC01.TRIP.H", "AC02.TRIP.H")},
    "AN01.P.LL": {"causes": ("AC01.TRIP.H", "AC02.TRIP.H")},
}
"""What alarms are to one another: without a running pump a low flow says nothing new."""


def _related(alarm: AlarmDefinition) -> AlarmDefinition:
    return replace(alarm, **_RELATIONS.get(alarm.id, {}))


def _not_running(pump: int) -> AlarmDefinition:
    """Return the mismatch of a pump that is on duty and stands still: the duty is a number, so it is an expression."""
    return AlarmDefinition(
        id=f"PU0{pump}.RUN.MISMATCH",
        tag=f"PU0{pump}.RUN",
        condition=ConditionKind.EXPRESSION,
        limit=0.5,
        priority=_P2,
        message=LocalText(f"Pump {pump} is on duty and does not run", f"{pump} 号泵为工作泵但未运行"),
        on_delay_s=2 * _DELAY_S,
        expression=f"CW01.DUTY == {pump} and PU0{pump}.RUN == 0",
        causes=(f"PU0{pump}.TRIP.H",),
        suppress_by_cause=True,
        suppress_after_s=_DELAY_S,
    )


def _blind(zone: int) -> AlarmDefinition:
    """Return the alarm of a zone whose thermocouple gives nothing; a lost connection explains it."""
    return AlarmDefinition(
        id=f"SQ01.Z{zone}_TC2.BAD",
        tag=f"SQ01.Z{zone}_TC2",
        condition=ConditionKind.BAD_QUALITY,
        limit=0.0,
        priority=_P2,
        message=LocalText(f"Zone {zone} thermocouple gives no value", f"{zone} 区热电偶无有效值"),
        on_delay_s=5.0,
        causes=(f"station/connection/{OPC_UA}",),
        suppress_by_cause=True,
        suppress_after_s=10.0,
    )


def _starved() -> AlarmDefinition:
    """Return the alarm of a strainer that will end the pump's work within a shift."""
    return AlarmDefinition(
        id="PU02.STRAINER.SOON",
        tag="PU02.DP_STR",
        condition=ConditionKind.TIME_TO_LIMIT,
        limit=2.0,
        deadband=1.0,
        on_delay_s=3.0,
        off_delay_s=3.0,
        priority=_P3,
        message=LocalText("Strainer will clog within two hours", "滤网将在两小时内堵塞"),
        equipment="PU02",
        forecast="PU02.strainer",
    )
