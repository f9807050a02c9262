"""A small compressed-air plant with a past: what the pictures and tests of the screens are made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model import clock, status
from app.model.alarm import AlarmDefinition, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import Block, block_of, concatenate
from app.model.equipment import Equipment, EquipmentLevel
from app.model.forecast import (
    Contribution,
    Evidence,
    Forecast,
    ForecastDefinition,
    ForecastState,
    Health,
    HealthState,
)
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.plant import Plant
from app.model.tag import CleaningRule, TagDefinition, TagKind
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged, ForecastsChanged, HealthChanged
from app.pubsub.live import LatestValues
from widgets.feed import Feed, ValuesChanged

SECOND, HOUR, DAY = clock.NS_PER_S, 3_600 * clock.NS_PER_S, 86_400 * clock.NS_PER_S
STALE_S = 35


def _equipment(id_: str, en: str, zh: str, parent: str = "", kind: str = "") -> Equipment:
    level = EquipmentLevel.WORK_UNIT if kind else EquipmentLevel.AREA
    return Equipment(id_, LocalText(en, zh), level, parent, kind)


EQUIPMENT = (
    _equipment("plant", "Qingdao Plant", "青岛工厂"),
    _equipment("air", "Compressor station", "空压站", "plant"),
    _equipment("C-201", "Compressor C-201", "压缩机 C-201", "air", "screw_compressor"),
    _equipment("C-202", "Compressor C-202", "压缩机 C-202", "air", "screw_compressor"),
    _equipment("D-210", "Air dryer D-210", "干燥机 D-210", "air", "dryer"),
    _equipment("V-220", "Receiver V-220", "储气罐 V-220", "air", "receiver"),
    _equipment("cooling", "Cooling tower", "冷却塔", "plant"),
    _equipment("P-11", "Cooling pump P-11", "冷却泵 P-11", "cooling", "pump"),
    _equipment("P-12", "Cooling pump P-12", "冷却泵 P-12", "cooling", "pump"),
)

_ROWS: tuple[tuple[str, str, str, str, str, float, float, float, float, int], ...] = (
    ("VT-201-DE", "C-201", "Drive-end vibration", "驱动端振动", "mm/s", 0, 25, 1.2, 4.5, 1),
    ("VT-201-NDE", "C-201", "Non-drive-end vibration", "非驱动端振动", "mm/s", 0, 25, 1.2, 4.5, 1),
    ("TT-201-D", "C-201", "Discharge temperature", "排气温度", "Cel", 0, 150, 88, 101, 1),
    ("PT-201-D", "C-201", "Discharge pressure", "排气压力", "bar", 0, 16, 6.5, 7.5, 2),
    ("JI-201", "C-201", "Specific power", "比功率", "kW.min/m3", 0, 20, 6.1, 6.8, 2),
    ("JT-201", "C-201", "Power", "功率", "kW", 0, 400, 180, 260, 0),
    ("XA-201", "C-201", "Running", "运行", "", 0, 1, np.nan, np.nan, 0),
    ("ZT-201", "C-201", "Load", "负荷", "%", 0, 100, np.nan, np.nan, 0),
    ("XA-202", "C-202", "Running", "运行", "", 0, 1, np.nan, np.nan, 0),
    ("ZT-202", "C-202", "Load", "负荷", "%", 0, 100, np.nan, np.nan, 0),
    ("MT-210", "D-210", "Pressure dew point", "压力露点", "Cel", -80, 20, -45, -30, 0),
    ("PT-220", "V-220", "Receiver pressure", "储气罐压力", "bar", 0, 10, 6.5, 7.5, 2),
    ("FT-220", "V-220", "Air flow", "供气流量", "m3/min", 0, 80, 20, 50, 1),
    ("XA-11", "P-11", "Running", "运行", "", 0, 1, np.nan, np.nan, 0),
    ("TT-11", "P-11", "Cooling water supply", "冷却水供水温度", "Cel", 0, 60, 22, 32, 1),
    ("XA-12", "P-12", "Running", "运行", "", 0, 1, np.nan, np.nan, 0),
    ("PT-12", "P-12", "Strainer pressure drop", "滤网压差", "mbar", 0, 500, 20, 120, 0),
)


def _tag(handle: int) -> TagDefinition:
    name, equipment, en, zh, unit, low, high, normal_low, normal_high, decimals = _ROWS[handle]
    return TagDefinition(
        handle,
        name,
        equipment,
        LocalText(en, zh),
        "utilities",
        f"HR{handle}",
        unit,
        TagKind.DISCRETE if name.startswith("XA") else TagKind.ANALOG,
        low,
        high,
        normal_low,
        normal_high,
        decimals,
        1_000,
        cleaning=CleaningRule(stale_s=10),
    )


def _alarm(tag: str, letter: str, limit: float, priority: int, *message: str) -> AlarmDefinition:
    kind = ConditionKind.HIGH if letter.startswith("H") else ConditionKind.LOW
    return AlarmDefinition(f"{tag}.{letter}", tag, kind, limit, Priority(priority), LocalText(*message))


ALARMS = (
    _alarm("VT-201-DE", "H", 4.5, 3, "Drive-end vibration high", "驱动端轴承振动高"),
    _alarm("VT-201-DE", "HH", 7.1, 1, "Drive-end vibration very high", "驱动端轴承振动过高"),
    _alarm("TT-201-D", "H", 103, 2, "Discharge temperature high", "排气温度高"),
    _alarm("TT-201-D", "HH", 110, 1, "Discharge temperature very high", "排气温度过高"),
    _alarm("PT-201-D", "H", 7.6, 3, "Discharge pressure high", "排气压力高"),
    _alarm("PT-201-D", "L", 6.4, 2, "Discharge pressure low", "排气压力低"),
    _alarm("JI-201", "H", 6.9, 4, "Specific power high", "比功率高"),
    _alarm("PT-12", "H", 150, 4, "Strainer clogging", "滤网堵塞"),
)


def _forecast(id_: str, tag: str, limit: float, cause: tuple[str, str], action: tuple[str, str]) -> ForecastDefinition:
    equipment = next(row[1] for row in _ROWS if row[0] == tag)
    return ForecastDefinition(
        id_,
        equipment,
        tag,
        limit,
        ConditionKind.HIGH,
        LocalText(*cause),
        LocalText(*action),
        window_h=8.0,
        horizon_h=60 * 24.0,
    )


FORECASTS = (
    _forecast(
        "C-201.bearing",
        "VT-201-DE",
        9.3,
        ("Drive-end bearing wear", "驱动端轴承磨损"),
        ("Plan a bearing change, 3 h, 1 kit", "计划更换轴承，3 小时，1 套"),
    ),
    _forecast(
        "C-201.cooler",
        "TT-201-D",
        115,
        ("Oil cooler fouling", "油冷却器结垢"),
        ("Clean the oil cooler", "清洗油冷却器"),
    ),
    _forecast(
        "C-201.pressure",
        "PT-201-D",
        8.0,
        ("Discharge check valve", "排气止回阀"),
        ("Inspect the check valve", "检查止回阀"),
    ),
    _forecast(
        "C-201.power",
        "JI-201",
        7.4,
        ("Rotor wear", "转子磨损"),
        ("Inspect the air end at the next stop", "下次停机检查主机"),
    ),
    _forecast(
        "P-12.strainer",
        "PT-12",
        300,
        ("Strainer clogging", "滤网堵塞"),
        ("Clean the strainer", "清洗滤网"),
    ),
)

PICTURE = Picture(
    "air",
    LocalText("Compressed air", "空压站"),
    "air",
    (1000, 620),
    symbols=(
        Symbol("filter", (80, 235), (80, 120), label=LocalText("intake", "进气")),
        Symbol("compressor", (320, 120), (130, 130), "C-201", running="XA-201", value="ZT-201"),
        Symbol("compressor", (320, 380), (130, 130), "C-202", running="XA-202", value="ZT-202"),
        Symbol("dryer", (590, 235), (110, 170), "D-210"),
        Symbol("tank", (830, 235), (110, 280), "V-220", level="PT-220"),
        Symbol("pump", (250, 560), (80, 80), "P-11", running="XA-11"),
        Symbol("pump", (490, 560), (80, 80), "P-12", running="XA-12"),
    ),
    pipes=(
        Pipe(
            ((0, 235), (180, 235), (180, 120), (460, 120), (460, 235), (980, 235)), LocalText("air", "空气"), arrow=True
        ),
        Pipe(((180, 235), (180, 380), (460, 380), (460, 235)), LocalText("air", "空气")),
        Pipe(((120, 560), (780, 560)), LocalText("cooling water", "冷却水"), arrow=True),
    ),
    readouts=(
        Readout("MT-210", (590, 350), LocalText("dew point", "露点")),
        Readout("PT-220", (830, 410)),
        Readout("FT-220", (860, 60)),
        Readout("TT-11", (880, 560)),
    ),
    sparklines=("JT-201", "FT-220", "JI-201", "TT-11"),
)


def air_station(*, time_scale: float = 1.0) -> Plant:
    """The plant."""
    tags = tuple(_tag(handle) for handle in range(len(_ROWS)))
    return Plant(
        "air-station",
        LocalText("Qingdao Plant", "青岛工厂"),
        EQUIPMENT,
        (),
        tags,
        ALARMS,
        FORECASTS,
        (PICTURE,),
        time_scale,
    )


def curve(name: str, seconds: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """What a tag has been doing; `seconds` before now, negative."""
    hours = seconds / 3600
    late = np.clip(hours + 5.2, 0, None)
    courses: dict[str, tuple[NDArray[np.float64], float]] = {
        "VT-201-DE": (3.1 + 0.3 * np.sin(hours * 1.7) + 0.16 * late**2, 0.05),
        "VT-201-NDE": (2.3 + 0.2 * np.sin(hours * 1.9 + 1), 0.05),
        "TT-201-D": (98.2 + 0.7 * np.sin(hours * 1.3) + 0.26 * late**2, 0.12),
        "PT-201-D": (7.0 + 0.22 * np.tanh(6 * np.sin(hours * 2.6)), 0.008),
        "PT-220": (7.0 + 0.2 * np.tanh(6 * np.sin(hours * 2.6)), 0.005),
        "JI-201": (6.45 + 0.12 * np.sin(hours * 1.1), 0.015),
        "JT-201": (241 + 4 * np.sin(hours * 5), 0.8),
        "ZT-201": (82 + 2 * np.sin(hours * 5), 0.4),
        "MT-210": (np.full(len(hours), -38.0), 0.3),
        "FT-220": (38.6 + 3 * np.sin(hours * 7), 0.4),
        "TT-11": (27.2 + 1.5 * np.sin(hours * 3), 0.1),
        "PT-12": (90 + 5 * np.sin(hours * 2), 1.0),
        **{name: (np.ones(len(hours)), 0.0) for name in ("XA-201", "XA-11", "XA-12")},
    }
    course, spread = courses.get(name, (np.zeros(len(hours)), 0.0))
    result: NDArray[np.float64] = course + spread * rng.normal(size=len(seconds))
    return result


@dataclass(frozen=True, slots=True)
class Station:
    """The plant with its window's feed; `now`: int64 ns UTC of its newest samples."""

    plant: Plant
    feed: Feed
    now: int


def build_station(
    folder: Path, *, now: int, hours: float = 8.0, step_s: float = 4.0, time_scale: float = 1.0, stored: bool = True
) -> Station:
    """A plant whose last hours are in the history file of `folder`, but for the last minute, which came live."""
    plant = air_station(time_scale=time_scale)
    feed = Feed(plant, PlantFolder(folder))
    feed.is_linked = True
    past, live = _samples(plant, now, hours, step_s)
    if stored:
        connection = open_writer(PlantFolder(folder).history)
        HistoryWriter(connection, plant.tags).write(past)
        connection.close()
    receive(feed, past.select(slice(-1, None)), plant)
    receive(feed, live, plant)
    return Station(plant, feed, now)


def receive(feed: Feed, block: Block, plant: Plant) -> None:
    """Give the feed samples as its frame clock would."""
    latest = feed.latest
    time, value, code = latest.time.copy(), latest.value.copy(), latest.status.copy()
    time[block.handle], value[block.handle], code[block.handle] = block.time, block.value, block.status
    feed.receive_values(ValuesChanged(block, LatestValues(time, value, code)))


def _samples(plant: Plant, now: int, hours: float, step_s: float) -> tuple[Block, Block]:
    rng = np.random.default_rng(7)
    grid = np.arange(-hours * 3600, step_s / 2, step_s)
    times = now + (grid * SECOND).astype(np.int64)
    blocks = [block_of(tag.handle, times, curve(tag.name, grid, rng), status.GOOD) for tag in plant.tags]
    whole = concatenate(blocks)
    is_live = whole.time > now - 60 * SECOND
    return whole.select(~is_live), whole.select(is_live)


def raise_alarms(station: Station) -> None:
    """The alarms that the station's curves deserve."""
    chosen = {
        "VT-201-DE.H": AlarmState.ACKNOWLEDGED,
        "VT-201-DE.HH": AlarmState.UNACKNOWLEDGED,
        "TT-201-D.H": AlarmState.UNACKNOWLEDGED,
        "PT-12.H": AlarmState.ACKNOWLEDGED,
    }
    records = []
    for definition in ALARMS:
        if definition.id in chosen:
            tag = station.plant.tag(definition.tag)
            records.append(
                AlarmRecord(
                    definition.id,
                    tag.name,
                    tag.equipment,
                    chosen[definition.id],
                    definition.priority,
                    definition.condition,
                    definition.message,
                    station.now - 40 * SECOND,
                    float(station.feed.latest.value[tag.handle]),
                    definition.limit,
                )
            )
    station.feed.receive([AlarmsChanged(tuple(records), is_snapshot=True)])


def make_forecasts(station: Station) -> None:
    """Forecasts of all states that the cards know."""
    now, scale = station.now, station.plant.time_scale

    def at(days: float) -> int:
        return now + round(days * DAY / scale) if days else 0

    def one(
        id_: str, state: ForecastState, level: float = np.nan, days: tuple[float, float, float] = (0, 0, 0)
    ) -> Forecast:
        definition = next(each for each in FORECASTS if each.id == id_)
        way = definition.limit - level
        early, middle, late = (way / (day * 86_400 / scale) if day else 0.0 for day in days)
        forecast = Forecast(id_, definition.equipment, definition.tag, state, now, level, middle, early, late)
        return replace(forecast, p10=at(days[0]), p50=at(days[1]), p90=at(days[2]))

    fast, slow = (7, 11, 17), (16, 24, 38)
    wear = (Contribution("VT-201-DE", 0.7, 4.3), Contribution("TT-201-D", 0.3, 6.6))
    warm, clogged = (Contribution("TT-201-D", 1.0, 6.6),), (Contribution("PT-12", 1.0, 31.0),)
    told = ForecastState.FORECAST
    forecasts = (
        replace(one("C-201.bearing", told, 7.4, fast), evidence=Evidence.HIGH, points=7_200, contributions=wear),
        replace(one("C-201.cooler", told, 104.8, slow), evidence=Evidence.MEDIUM, points=7_200, contributions=warm),
        one("C-201.pressure", ForecastState.NO_TREND, 7.02),
        one("C-201.power", ForecastState.NOT_ENOUGH_HISTORY),
        replace(one("P-12.strainer", told, 92, (22, 34, 0)), points=7_200, contributions=clogged),
    )
    station.feed.receive([ForecastsChanged(forecasts)])


def make_healths(station: Station) -> None:
    """One health per equipment, the first far from its past."""
    values = {"C-201": 41.0, "C-202": 92.0, "D-210": 88.0, "V-220": 99.0, "P-11": 90.0, "P-12": 77.0}
    healths = [
        Health(
            equipment,
            HealthState.ABNORMAL if value < 50 else HealthState.NORMAL,
            station.now,
            value,
            score=(100 - value) / 50,
            contributions=(
                (
                    Contribution("VT-201-DE", 0.62, 4.3),
                    Contribution("TT-201-D", 0.29, 6.6),
                    Contribution("JT-201", 0.09, 3.0),
                )
                if equipment == "C-201"
                else ()
            ),
        )
        for equipment, value in values.items()
    ]
    station.feed.receive([HealthChanged(tuple(healths))])
