"""Which fields of events are asked for, and what they say (Part 5, 6.4.2; Part 9, 5.5 to 5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds

from app.model import clock
from drivers.alarm_source import DeviceEvent
from drivers.opcua.node_id import format_node_id

_FIELDS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("event_id", ObjectIds.BaseEventType, ("EventId",)),
    ("event_type", ObjectIds.BaseEventType, ("EventType",)),
    ("source", ObjectIds.BaseEventType, ("SourceName",)),
    ("time", ObjectIds.BaseEventType, ("Time",)),
    ("message", ObjectIds.BaseEventType, ("Message",)),
    ("severity", ObjectIds.BaseEventType, ("Severity",)),
    ("condition", ObjectIds.ConditionType, ()),
    ("name", ObjectIds.ConditionType, ("ConditionName",)),
    ("branch", ObjectIds.ConditionType, ("BranchId",)),
    ("retain", ObjectIds.ConditionType, ("Retain",)),
    ("comment", ObjectIds.ConditionType, ("Comment",)),
    ("user", ObjectIds.ConditionType, ("ClientUserId",)),
    ("acked", ObjectIds.AcknowledgeableConditionType, ("AckedState", "Id")),
    ("active", ObjectIds.AlarmConditionType, ("ActiveState", "Id")),
)
REFRESH_START, REFRESH_END, REFRESH_REQUIRED, OVERFLOW = (
    ObjectIds.RefreshStartEventType,
    ObjectIds.RefreshEndEventType,
    ObjectIds.RefreshRequiredEventType,
    ObjectIds.EventQueueOverflowEventType,
)
_NAMES = {value: name for name, value in vars(ObjectIds).items() if name.endswith("Type") and "_" not in name}
_MOST_TEXT = 500


def event_filter() -> ua.EventFilter:
    """Return the filter of a monitored item that tells all events, with the fields above."""
    clauses = [
        ua.SimpleAttributeOperand(
            TypeDefinitionId=ua.NodeId(ua.Int32(kind)),
            BrowsePath=[ua.QualifiedName(name, ua.UInt16(0)) for name in path],
            # a condition's own NodeId is asked for as the NodeId of its type (Part 9, 5.5.2.1)
            AttributeId=ua.IntegerId(AttributeIds.Value if path else AttributeIds.NodeId),
        )
        for _, kind, path in _FIELDS
    ]
    return ua.EventFilter(SelectClauses=clauses)


def standard_kind(fields: Sequence[ua.Variant]) -> int:
    """Return the number of a standard type of event, 0 for others."""
    kind = _value(fields, "event_type")
    is_standard = isinstance(kind, ua.NodeId) and kind.NamespaceIndex == 0 and isinstance(kind.Identifier, int)
    return int(kind.Identifier) if is_standard and isinstance(kind, ua.NodeId) else 0


def is_audit(fields: Sequence[ua.Variant]) -> bool:
    """Return whether an event is a line of the server's audit trail, such as a login: nothing for an operator."""
    return _NAMES.get(standard_kind(fields), "").startswith("Audit")


def device_event(fields: Sequence[ua.Variant], namespaces: Sequence[str], *, skew_ns: int) -> DeviceEvent:
    """Return what the fields of an event say; a field that is absent, or of an odd type, stands at its default."""
    condition, branch, kind = (_value(fields, name) for name in ("condition", "branch", "event_type"))
    retain, acked, active = (_value(fields, name) for name in ("retain", "acked", "active"))
    event_id, severity = _value(fields, "event_id"), _value(fields, "severity")
    return DeviceEvent(
        condition=_node(condition, namespaces),
        branch=_node(branch, namespaces),
        event_id=event_id if isinstance(event_id, bytes) else b"",
        source=_text(_value(fields, "source")),
        message=_text(_value(fields, "message")),
        severity=min(1_000, max(1, severity)) if isinstance(severity, int) else 1,
        time=_time(_value(fields, "time"), skew_ns),
        name=_text(_value(fields, "name")),
        kind=_NAMES.get(standard_kind(fields), "") or (kind.to_string() if isinstance(kind, ua.NodeId) else ""),
        is_active=active if isinstance(active, bool) else retain is True,
        is_acknowledged=acked if isinstance(acked, bool) else True,
        is_retained=retain is True,
        comment=_text(_value(fields, "comment")),
        user=_text(_value(fields, "user")),
    )


def _value(fields: Sequence[ua.Variant], name: str) -> object:
    at = _PLACE[name]
    return fields[at].Value if at < len(fields) else None


_PLACE = {name: at for at, (name, _, _) in enumerate(_FIELDS)}


def _node(value: object, namespaces: Sequence[str]) -> str:
    return format_node_id(value, namespaces) if isinstance(value, ua.NodeId) and not value.is_null() else ""


def _text(value: object) -> str:
    text = value.Text if isinstance(value, ua.LocalizedText) else value
    return text[:_MOST_TEXT] if isinstance(text, str) else ""


def _time(moment: object, skew_ns: int) -> int:
    if not isinstance(moment, datetime) or moment.year < 1971:
        return clock.now_ns()
    return clock.from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - skew_ns
