"""What the station alarms of itself: connections, clocks and certificates of devices, workers, disk and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.model import clock
from app.model.alarm import AlarmDefinition, ConditionKind, Priority, StationFault
from app.model.connection import LOST_AFTER_S, START_S, ConnectionReport, LinkState
from app.model.maintenance import SparePart
from app.model.plant import Plant
from app.model.text import LocalText

BACK_AFTER_S = 10.0
"""So long one must stay before its alarm clears: a link that flaps is one alarm."""
LARGEST_SKEW_S = 60.0
LEAST_CERTIFICATE_DAYS = 14.0
"""So long before a certificate expires it is alarmed: time for whoever renews it to come."""
RESTART_SHOWN_S = 60.0
_CONNECTED = frozenset({LinkState.RUNNING, LinkState.DEGRADED})


class StationWatch:
    """Knows the faults of a plant's station, and which of them are present."""

    def __init__(self, plant: Plant) -> None:
        """Watch the connections of a plant, and what stands behind them."""
        self.faults = (
            *(_lost(definition.id) for definition in plant.connections if _has_tags(plant, definition.id)),
            *(_wrong_clock(definition.id) for definition in plant.connections if _has_tags(plant, definition.id)),
            *(_certificate(definition.id) for definition in plant.connections if _has_tags(plant, definition.id)),
            _fault("worker", plant.id, Priority.MEDIUM, _WORKER),
            _fault("disk", plant.id, Priority.HIGH, _DISK),
            _fault("history", plant.id, Priority.CRITICAL, _HISTORY),
            *(_short_part(part, plant.id) for part in plant.spare_parts),
        )
        self._parts = tuple(part.id for part in plant.spare_parts)
        self._known = frozenset(fault.definition.id for fault in self.faults)
        self._lost_workers = 0
        self._began = clock.monotonic_ns()
        self._met: set[str] = set()
        self._shown_until = 0

    def present(
        self,
        reports: Sequence[ConnectionReport],
        *,
        lost_workers: int,
        disk_problem: str,
        history_problem: str,
        short_parts: Collection[str] = (),
    ) -> dict[str, bool]:
        """Return for each fault whether it is there now; a connection that has yet to be made is left out for START_S.

        `lost_workers`: how many workers died or hung so far; that one did is shown for a minute.
        `short_parts`: spare parts of which there is less than their minimum.
        """
        now = clock.monotonic_ns()
        if lost_workers > self._lost_workers:
            self._lost_workers, self._shown_until = lost_workers, now + int(RESTART_SHOWN_S * clock.NS_PER_S)
        found = {_id("worker"): now < self._shown_until}
        found |= {_id("disk"): bool(disk_problem), _id("history"): bool(history_problem)}
        found |= {_id("part", part): part in short_parts for part in self._parts}
        for report in reports:
            is_connected = report.state in _CONNECTED
            if is_connected:
                self._met.add(report.connection)
            if report.connection in self._met or now - self._began > START_S * clock.NS_PER_S:
                found[_id("connection", report.connection)] = not is_connected
            if is_connected:  # else nobody knows, and what stands goes on
                left = report.certificate_days
                found[_id("certificate", report.connection)] = left is not None and left <= LEAST_CERTIFICATE_DAYS
            found[_id("clock", report.connection)] = abs(report.clock_ahead_s) > LARGEST_SKEW_S
        return {fault: is_present for fault, is_present in found.items() if fault in self._known}


_WORKER = LocalText(
    "A process that reads devices hung or died and was started again: see log/fault.log",
    "读取设备的进程停止响应或退出，已重新启动：见 log/fault.log",
)
_DISK = LocalText("Disk nearly full: free some space", "磁盘空间不足：请清理空间")
_HISTORY = LocalText("The history cannot be written: see the status bar", "历史数据无法写入：见状态栏")


def _id(*parts: str) -> str:
    return "/".join(("station", *parts))


def _has_tags(plant: Plant, connection: str) -> bool:
    return any(tag.connection == connection for tag in plant.tags)


def _lost(connection: str) -> StationFault:
    text = LocalText(f"Connection {connection} lost", f"连接 {connection} 中断")
    return _fault(
        f"connection/{connection}",
        connection,
        Priority.HIGH,
        text,
        on_delay_s=LOST_AFTER_S,
        off_delay_s=BACK_AFTER_S,
    )


def _wrong_clock(connection: str) -> StationFault:
    text = LocalText(
        f"The clock behind {connection} is more than a minute wrong; its times are corrected",
        f"{connection} 的时钟偏差超过一分钟；时间已校正",
    )
    return _fault(f"clock/{connection}", connection, Priority.MEDIUM, text)


def _certificate(connection: str) -> StationFault:
    text = LocalText(
        f"A certificate of {connection} expires within two weeks, or has expired: renew it, see its connection",
        f"{connection} 的证书将在两周内到期或已到期：请更新，详见该连接",
    )
    return _fault(f"certificate/{connection}", connection, Priority.MEDIUM, text)


def _short_part(part: SparePart, plant: str) -> StationFault:
    text = LocalText(
        f"Spare part {part.name.en} ({part.id}) is below its minimum: order it, see Maintenance, Spare parts",
        f"备件 {part.name.zh or part.name.en}（{part.id}）低于最低库存：请订购，见“维护”页“备件”",
    )
    return _fault(f"part/{part.id}", plant, Priority.DIAGNOSTIC, text)


def _fault(
    name: str,
    equipment: str,
    priority: Priority,
    message: LocalText,
    *,
    on_delay_s: float = 0.0,
    off_delay_s: float = 0.0,
) -> StationFault:
    definition = AlarmDefinition(
        id=_id(name),
        tag="",
        condition=ConditionKind.FAULT,
        limit=0.5,
        priority=priority,
        message=message,
        on_delay_s=on_delay_s,
        off_delay_s=off_delay_s,
    )
    return StationFault(definition, equipment)
