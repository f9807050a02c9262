"""Makes the plant of a recording: its signals as tags, with the limits and forecasts that its first tenth suggests."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment, EquipmentLevel
from app.model.forecast import ForecastDefinition
from app.model.plant import Plant
from app.model.tag import CleaningRule, TagDefinition, TagKind
from app.model.text import LocalText
from app.plant.recording.proposal import LimitProposal
from app.plant.recording.signal import Signal, recording_name, recording_title
from drivers.replay.recording import Recording

ON_DELAY_ROWS = 3
OFF_DELAY_ROWS = 5
RUNS_UNTIL_STUCK = 5
GAPS_UNTIL_STALE = 5
SHORTEST_DOUBT_S = 5.0
WINDOW_SHARE = 1 / 12
HORIZON_SHARE = 1 / 4
BURST_S = 0.1
"""How often a replay publishes: the rows that fell due meanwhile come in one burst, each with its own time."""
_BURSTS_KEPT = 20
_LEAST_QUEUE, _MOST_QUEUE = 10, 10_000
_LEAST_SCAN_MS, _MOST_SCAN_MS = {"opcua": 20, "modbus": 50}, 500
_ROWS_OF_A_WINDOW = 60
_NS_PER_H = 3600 * NS_PER_S


class Through(StrEnum):
    """Which server's tags the plant file names."""

    OPCUA = "opcua"
    MODBUS = "modbus"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the servers of a replay are; `namespace` is the URI of the OPC UA nodes. The Modbus URL names no unit."""

    opcua_url: str
    modbus_url: str
    namespace: str


@dataclass(frozen=True, slots=True)
class _Tempo:
    """How fast things happen in the replay: seconds of wall clock between rows, and wall clock per recorded ns."""

    row_s: float
    speed: float

    def seconds(self, recorded_ns: float) -> float:
        return recorded_ns / self.speed / NS_PER_S


def plant_of_recording(
    recording: Recording, signals: Sequence[Signal], endpoints: Endpoints, *, speed: float, through: Through
) -> Plant:
    """Return the plant whose tags are the signals of a recording as the servers at `endpoints` offer them.

    With both servers the tags come twice, those of Modbus on equipment of its own without alarms and forecasts, so that
    nothing is told twice. Forecasts look back over a twelfth of the recording and forward over a quarter.
    """
    name, title = recording_name(recording.path), recording_title(recording.path)
    tempo = _Tempo(recording.interval_ns / speed / NS_PER_S, speed)
    servers = (Through.OPCUA, Through.MODBUS) if through is Through.BOTH else (through,)
    equipment = [_equipment(name, title, is_copy=number > 0) for number in range(len(servers))]
    tags = [
        replace(_tag(signal, server, endpoints, tempo), equipment=item.id, name=f"{item.id}.{signal.key}")
        for server, item in zip(servers, equipment, strict=True)
        for signal in signals
    ]
    watched = list(zip(signals, tags, strict=False))
    is_alone = len(signals) == 1
    return Plant(
        id=f"replay-{name}",
        name=LocalText(f"Replay: {title}", f"回放：{title}"),
        equipment=tuple(equipment),
        connections=tuple(_connection(server, endpoints, tempo) for server in servers),
        tags=tuple(replace(tag, handle=handle) for handle, tag in enumerate(tags)),
        alarms=tuple(_alarm(signal, tag, limit, tempo) for signal, tag in watched for limit in signal.proposal.limits),
        forecasts=tuple(
            forecast
            for signal, tag in watched
            for forecast in _forecasts("" if is_alone else signal.title, signal, tag, recording)
        ),
        time_scale=speed,
    )


def _equipment(name: str, title: str, *, is_copy: bool) -> Equipment:
    if is_copy:
        text = LocalText(f"{title} (Modbus)", f"{title}（Modbus）")
        return Equipment(f"{name}_MB", text, level=EquipmentLevel.WORK_UNIT, kind="recording")
    return Equipment(name, LocalText(title), level=EquipmentLevel.WORK_UNIT, kind="recording")


def _connection(server: Through, endpoints: Endpoints, tempo: _Tempo) -> ConnectionDefinition:
    """Return a connection; the queue of OPC UA holds the rows of several bursts, so that none is lost."""
    if server is Through.OPCUA:
        rows = min(math.ceil(_BURSTS_KEPT * BURST_S / tempo.row_s), _MOST_QUEUE)
        options: dict[str, object] = {"queue_size": rows} if rows > _LEAST_QUEUE else {}
        return ConnectionDefinition("opcua", "opcua", endpoints.opcua_url, options)
    return ConnectionDefinition("modbus", "modbus", f"{endpoints.modbus_url}?unit=1")


def _tag(signal: Signal, server: Through, endpoints: Endpoints, tempo: _Tempo) -> TagDefinition:
    """Return a tag that has neither its handle nor its name nor its equipment yet."""
    proposal = signal.proposal
    tag = TagDefinition(
        handle=0,
        name="",
        equipment="",
        title=LocalText(signal.title),
        connection=server.value,
        address=_address(signal, server, endpoints),
        unit=signal.unit,
        kind=TagKind.DISCRETE if proposal.is_discrete else TagKind.ANALOG,
        low=proposal.low,
        high=proposal.high,
        decimals=proposal.decimals,
        scan_ms=min(_MOST_SCAN_MS, max(_LEAST_SCAN_MS[server], int(tempo.row_s * NS_PER_S / NS_PER_MS))),
    )
    if proposal.baseline is None:
        return tag
    stuck_s = RUNS_UNTIL_STUCK * max(tempo.seconds(proposal.baseline.longest_run), tempo.row_s)
    stale_s = max(GAPS_UNTIL_STALE * tempo.seconds(proposal.baseline.longest_gap), stuck_s)
    tag = replace(tag, cleaning=CleaningRule(stuck_s=_doubt_s(stuck_s), stale_s=_doubt_s(stale_s)))
    normal_low, normal_high = max(proposal.low, proposal.baseline.lowest), min(proposal.high, proposal.baseline.highest)
    if normal_low >= normal_high:  # a counter that stood still at first has no band in which it usually is
        return tag
    return replace(tag, normal_low=normal_low, normal_high=normal_high)


def _doubt_s(seconds: float) -> float:
    return round(max(seconds, SHORTEST_DOUBT_S), 1)


def _address(signal: Signal, server: Through, endpoints: Endpoints) -> str:
    if server is Through.OPCUA:
        return f"nsu={endpoints.namespace};s={signal.key}"
    unit = "" if signal.unit_id == 1 else f"{signal.unit_id}/"
    return f"{unit}HR{signal.register}:F32"


def _alarm(signal: Signal, tag: TagDefinition, limit: LimitProposal, tempo: _Tempo) -> AlarmDefinition:
    """Return the alarm of one limit; a rate, which its window already smooths, has no delays."""
    suffix, message = _words(signal, limit)
    is_rate = limit.condition is ConditionKind.RATE
    per_time = tempo.speed if is_rate else 1.0
    return AlarmDefinition(
        id=f"{tag.name}.{suffix}",
        tag=tag.name,
        condition=limit.condition,
        limit=limit.limit * per_time,
        priority=limit.priority,
        message=message,
        deadband=limit.deadband * per_time,
        on_delay_s=0.0 if is_rate else round(ON_DELAY_ROWS * tempo.row_s, 3),
        off_delay_s=0.0 if is_rate else round(OFF_DELAY_ROWS * tempo.row_s, 3),
    )


def _words(signal: Signal, limit: LimitProposal) -> tuple[str, LocalText]:
    """Return how the identifier of an alarm ends, and its message."""
    is_second = limit.priority is Priority.HIGH
    match limit.condition:
        case ConditionKind.HIGH:
            suffix, en, zh = ("HH", "very high", "极高") if is_second else ("H", "high", "高")
        case ConditionKind.LOW:
            suffix, en, zh = ("LL", "very low", "极低") if is_second else ("L", "low", "低")
        case _:
            suffix, en, zh = (
                ("UP", "rises quickly", "快速上升") if limit.limit > 0 else ("DOWN", "falls quickly", "快速下降")
            )
    return suffix, LocalText(f"{signal.title} {en}", f"{signal.title} {zh}")


def _forecasts(name: str, signal: Signal, tag: TagDefinition, recording: Recording) -> Iterator[ForecastDefinition]:
    """Yield a forecast towards the mildest limit on each side; hours are those of the recording.

    `name`: how the signal is told from others, "" where it is the only one.
    """
    duration_h, row_h = recording.duration_ns / _NS_PER_H, recording.interval_ns / _NS_PER_H
    for limit in signal.proposal.limits:
        if limit.priority is not Priority.MEDIUM:
            continue
        is_high = limit.condition is ConditionKind.HIGH
        yield ForecastDefinition(
            id=f"{tag.name}.{limit.condition}",
            equipment=tag.equipment,
            tag=tag.name,
            limit=limit.limit,
            direction=limit.condition,
            cause=_cause(name, is_high=is_high),
            action=LocalText("Find out what changed at the machine", "查明设备发生了什么变化"),
            window_h=_rounded(max(duration_h * WINDOW_SHARE, _ROWS_OF_A_WINDOW * row_h)),
            horizon_h=_rounded(max(duration_h * HORIZON_SHARE, 3 * _ROWS_OF_A_WINDOW * row_h)),
        )


def _cause(name: str, *, is_high: bool) -> LocalText:
    en, zh = ("rises", "持续上升") if is_high else ("falls", "持续下降")
    if name:
        return LocalText(f"{name} {en} out of its band", f"{name} {zh}，偏离正常范围")
    return LocalText(f"{en.capitalize()} out of its normal band", f"{zh}，偏离正常范围")


def _rounded(hours: float) -> float:
    return float(f"{hours:.3g}")
