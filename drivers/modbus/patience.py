"""How long a device that nobody knows yet may take to answer, and what to do about one that takes longer."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.modbus.settings import ModbusSettings, parse_settings

PATIENCE_MS = 300
"""How long a unit may take to answer, unless the connection says otherwise: 247 silent ones then take 74 s."""
SLOW_MS = 4_000
"""How long it may take when nobody has answered within PATIENCE_MS."""
_STEP_MS = 500


def patient_settings(definition: ConnectionDefinition, patience_ms: int = PATIENCE_MS) -> ModbusSettings:
    """Return the settings of a connection with one request at a time, and that patience where it gives none."""
    settings = parse_settings(definition)
    timeout = settings.timeout_ms if gives_patience(definition) else patience_ms
    return replace(settings, window=1, timeout_ms=timeout, demote_after=100)


def gives_patience(definition: ConnectionDefinition) -> bool:
    """Return whether a connection says itself how long an answer may take."""
    return "timeout_ms" in dict(parse_qsl(urlsplit(definition.url).query)) | dict(definition.options)


def patience_for(took_ns: int) -> int:
    """Return the ms that a device is to be given whose answer took so long: twice as much, in halves of a second."""
    return -(-2 * took_ns // (clock.NS_PER_MS * _STEP_MS)) * _STEP_MS


def patient_url(url: str, timeout_ms: int) -> str:
    """Return a URL that gives a device so much time for each answer."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | {"timeout_ms": str(timeout_ms)}
    return parts._replace(query=urlencode(query)).geturl()
