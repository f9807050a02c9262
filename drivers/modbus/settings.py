"""How a Modbus device is reached and how gently it is asked: the URL and the options of a connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, BadOption
from drivers.modbus.address import Order

GRAMMAR = 'modbus://host[:port][?unit=1&order=ABCD], for example "modbus://192.168.0.10:502?unit=1"'
SCHEMES = ("modbus", "tcp")
DEFAULT_PORT = 502


@dataclass(frozen=True, slots=True)
class ModbusSettings:
    """The options of a connection, each the name of a key in the plant file or in the URL's query.

    `unit`: unit id of tags that name none. `order`: byte order of values that name none.
    `timeout_ms`: how long an answer may take; `retries`: how often a read is repeated after that.
    `connect_timeout_ms`: how long connecting may take. `settle_ms`: rest after connecting; `min_gap_ms`: rest
    between an answer and the next request, for devices and gateways that need one.
    `max_block`, `max_block_bits`: registers and bits per request at most; `max_gap`, `max_gap_bits`: how many unused
    ones may be read along rather than ask twice.
    `demote_s`: how long a unit behind a gateway that does not answer is left alone; also how long an address that the
    device refused is not asked for again.
    """

    host: str
    port: int = DEFAULT_PORT
    unit: int = 1
    order: Order = Order.ABCD
    timeout_ms: int = 600
    retries: int = 2
    connect_timeout_ms: int = 3_000
    settle_ms: int = 0
    min_gap_ms: int = 0
    max_block: int = 125
    max_block_bits: int = 2_000
    max_gap: int = 20
    max_gap_bits: int = 64
    demote_s: int = 10

    @property
    def url(self) -> str:
        """Return where the device is, for messages."""
        return f"modbus://{self.host}:{self.port}"


_LIMITS = {
    "unit": (0, 255),
    "timeout_ms": (10, 60_000),
    "retries": (0, 10),
    "connect_timeout_ms": (10, 60_000),
    "settle_ms": (0, 60_000),
    "min_gap_ms": (0, 10_000),
    "max_block": (1, 125),
    "max_block_bits": (1, 2_000),
    "max_gap": (0, 124),
    "max_gap_bits": (0, 1_999),
    "demote_s": (1, 3_600),
}
OPTIONS = ("order", *_LIMITS)


def parse_settings(definition: ConnectionDefinition) -> ModbusSettings:
    """Return the settings of a connection; raise BadAddress for a URL or an option that is not understood."""
    try:
        parts = urlsplit(definition.url)
        port = DEFAULT_PORT if parts.port is None else parts.port
    except ValueError as error:
        raise BadAddress(f'"{definition.url}" is not a URL ({error}): write {GRAMMAR}') from error
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path.strip("/"):
        raise BadAddress(f'"{definition.url}" is not the URL of a Modbus device: write {GRAMMAR}')
    given = dict(parse_qsl(parts.query, keep_blank_values=True)) | definition.options
    return _settings(parts.hostname, port, given, place=definition.url)


def _settings(host: str, port: int, given: Mapping[str, object], *, place: str) -> ModbusSettings:
    unknown = sorted(set(given) - set(OPTIONS))
    if unknown:
        raise BadOption(unknown[0], f'"{place}": unknown option "{unknown[0]}"; there are {", ".join(OPTIONS)}')
    convert: dict[str, Callable[[str, object], object]] = dict.fromkeys(_LIMITS, _number) | {"order": _order}
    values = {name: convert[name](name, value) for name, value in given.items()}
    return ModbusSettings(host, port, **values)  # type: ignore[arg-type] # each value has been converted to its type


def _number(name: str, value: object) -> int:
    low, high = _LIMITS[name]
    try:
        number = int(str(value))
    except ValueError as error:
        raise BadOption(name, f'option {name} = "{value}": give a whole number from {low} to {high}') from error
    if isinstance(value, bool) or not low <= number <= high:
        raise BadOption(name, f"option {name} = {value}: give a whole number from {low} to {high}")
    return number


def _order(name: str, value: object) -> Order:
    try:
        return Order(str(value).upper())
    except ValueError as error:
        raise BadOption(name, f'option {name} = "{value}": give one of {", ".join(Order)}') from error
