"""A small plant and the records of it that tests of widgets show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.model import block, clock, status
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.collector import CollectorReport
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.equipment import Equipment, EquipmentLevel
from app.model.forecast import Health, HealthState
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.live import LatestValues
from widgets.feed import Feed, ValuesChanged

NOW = 1_795_530_727_000_000_000
SECOND = clock.NS_PER_S

_EQUIPMENT = (
    ("site", "", EquipmentLevel.SITE, LocalText("Huangdao Heat-Treat", "黄岛热处理厂")),
    ("air", "site", EquipmentLevel.WORK_CENTER, LocalText("Compressed air", "空压站")),
    ("AC01", "air", EquipmentLevel.WORK_UNIT, LocalText("Compressor AC01", "空压机 AC01")),
    ("AC02", "air", EquipmentLevel.WORK_UNIT, LocalText("Compressor AC02", "空压机 AC02")),
    ("AR01", "air", EquipmentLevel.WORK_UNIT, LocalText("Receiver AR01", "储气罐 AR01")),
    ("cooling", "site", EquipmentLevel.WORK_CENTER, LocalText("Cooling water", "循环冷却水")),
    ("P01", "cooling", EquipmentLevel.WORK_UNIT, LocalText("Cooling pump P01", "冷却泵 P01")),
    ("P02", "cooling", EquipmentLevel.WORK_UNIT, LocalText("Cooling pump P02", "冷却泵 P02")),
    ("CT01", "cooling", EquipmentLevel.WORK_UNIT, LocalText("Cooling tower CT01", "冷却塔 CT01")),
    ("quench", "site", EquipmentLevel.WORK_CENTER, LocalText("Quench line", "淬火线")),
    ("F01", "quench", EquipmentLevel.WORK_UNIT, LocalText("Quench furnace F01", "淬火炉 F01")),
    ("T01", "quench", EquipmentLevel.WORK_UNIT, LocalText("Oil tank T01", "淬火油槽 T01")),
)
_TAGS = (
    ("AC01.T_D", "AC01", "Cel", LocalText("Discharge temperature", "排气温度")),
    ("AC01.P_D", "AC01", "bar", LocalText("Discharge pressure", "排气压力")),
    ("P01.VIB", "P01", "mm/s", LocalText("Drive-end bearing vibration", "驱动端轴承振动")),
    ("P01.DP", "P01", "kPa", LocalText("Strainer differential pressure", "过滤器压差")),
    ("F01.T", "F01", "Cel", LocalText("Furnace temperature", "炉温")),
    ("T01.T", "T01", "Cel", LocalText("Oil temperature", "油温")),
)


def plant() -> Plant:
    """Twelve pieces of equipment in three areas, six tags, one alarm each, one Modbus and one OPC UA connection."""
    equipment = tuple(Equipment(*_in_order(row)) for row in _EQUIPMENT)
    tags = (
        *(
            TagDefinition(
                handle, name, owner, title, "line" if owner in {"F01", "T01"} else "utilities", f"HR{handle}", unit
            )
            for handle, (name, owner, unit, title) in enumerate(_TAGS)
        ),
        TagDefinition(
            len(_TAGS), "AC01.RUN", "AC01", LocalText("Running", "运行"), "utilities", "CO0", kind=TagKind.DISCRETE
        ),
    )
    alarms = tuple(
        AlarmDefinition(
            f"{name}.H", name, ConditionKind.HIGH, 100.0, Priority.HIGH, LocalText(f"{title.en} high", f"{title.zh}高")
        )
        for name, _, _, title in _TAGS
    )
    connections = (
        ConnectionDefinition("utilities", "modbus", "modbus://127.0.0.1:15020?unit=1"),
        ConnectionDefinition("line", "opcua", "opc.tcp://127.0.0.1:4840/line"),
    )
    return Plant("huangdao", LocalText("Huangdao Heat-Treat", "黄岛热处理厂"), equipment, connections, tags, alarms)


def _in_order(row: tuple[str, str, EquipmentLevel, LocalText]) -> tuple[str, LocalText, EquipmentLevel, str]:
    identifier, parent, level, name = row
    return identifier, name, level, parent


def alarm(
    tag: str,
    *,
    state: AlarmState = AlarmState.UNACKNOWLEDGED,
    priority: Priority = Priority.HIGH,
    age_s: float = 60.0,
    value: float = 104.8,
    limit: float = 100.0,
    now: int = NOW,
) -> AlarmRecord:
    """One alarm of one of the plant's tags."""
    definition = next(row for row in _TAGS if row[0] == tag)
    title = definition[3]
    return AlarmRecord(
        alarm=f"{tag}.H",
        tag=tag,
        equipment=definition[1],
        state=state,
        priority=priority,
        condition=ConditionKind.HIGH,
        message=LocalText(f"{title.en} high", f"{title.zh}高"),
        raised=now - int(age_s * SECOND),
        value=value,
        limit=limit,
        acknowledged=now - SECOND if state is AlarmState.ACKNOWLEDGED else 0,
        acknowledged_by="L. Chen" if state is AlarmState.ACKNOWLEDGED else "",
    )


def report(
    *, now: int = NOW, state: LinkState = LinkState.RUNNING, reason: str = "", problem: str = ""
) -> CollectorReport:
    """What a collector says after three days; `state` and `reason` are those of the Modbus connection."""
    return CollectorReport(
        pid=4127,
        started=now - 273_600 * SECOND,
        made=now,
        samples=1_000_000,
        samples_per_s=18_240.0,
        stored=999_000,
        commit_ms=41.0,
        history_bytes=12_400_000_000,
        connections=(
            ConnectionReport(
                "utilities", "modbus", "modbus://127.0.0.1:15020?unit=1", state, now, 64, 64, reason=reason
            ),
            ConnectionReport("line", "opcua", "opc.tcp://127.0.0.1:4840/line", LinkState.RUNNING, now, 240, 240),
        ),
        problem=problem,
    )


def health(equipment: str, value: float, *, state: HealthState = HealthState.NORMAL, made: int = NOW) -> Health:
    """The health of one equipment."""
    return Health(equipment, state, made, value)


def fill(feed: Feed, values: Sequence[float], *, time: int = NOW, code: int = status.GOOD) -> None:
    """Give the feed one new sample of each of its first tags."""
    tags = len(feed.plant.tags)
    latest = LatestValues(np.zeros(tags, np.int64), np.full(tags, np.nan), np.full(tags, status.BAD_NO_DATA, np.uint32))
    rows = slice(0, len(values))
    latest.time[rows], latest.value[rows], latest.status[rows] = time, values, code
    feed.receive_values(ValuesChanged(block.block_of(range(len(values)), time, values, code), latest))


def feed(folder: Path) -> Feed:
    """A feed that has not been started: it knows what tests tell it."""
    return Feed(plant(), PlantFolder(folder))
