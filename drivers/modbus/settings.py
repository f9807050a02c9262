"""How a Modbus device is reached and how gently it is asked: the URL and the options of a connection."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, BadOption
from drivers.modbus.address import Order
from drivers.modbus.line import Certificates, Line, SerialPort
from drivers.modbus.window import LARGEST
from drivers.option_name import unknown_option

GRAMMAR = (
    'modbus://host[:port][?unit=1&order=ABCD], for example "modbus://192.168.0.10:502?unit=1"; with TLS '
    '"modbus+tls://192.168.0.10?authority=plc.pem&certificate=own.pem&key=own-key.pem"; on a serial port '
    '"modbus+rtu:///dev/ttyUSB0?baud=9600&parity=N", "modbus+rtu://COM3" or "modbus+ascii://COM3"; through a gateway '
    'that passes frames on "modbus+rtu-tcp://192.168.0.10:4001" or "modbus+ascii-tcp://..."'
)
_LINES = {str(line): line for line in Line} | {"tcp": Line.TCP}
SCHEMES = tuple(_LINES)
DEFAULT_PORT = 502
SECURE_PORT = 802
AUTO = 0
"""The window of a connection that finds out by itself how many requests at once its device bears."""


@dataclass(frozen=True, slots=True)
class ModbusSettings:
    """The options of a connection, each the name of a key in the plant file or in the URL's query.

    `unit`: unit id of tags that name none. `order`: byte order of values that name none. `base`: the number that
    addresses give to the first register of a table, 0 or 1. `encoding`: that of texts, "utf-8", "gbk" and so on.
    `timeout_ms`: how long an answer may take; `retries`: how often a read is repeated after that.
    `connect_timeout_ms`: how long connecting may take. `settle_ms`: rest after connecting; `min_gap_ms`: rest
    between an answer and the next request, for devices and gateways that need one.
    `max_block`, `max_block_bits`: registers and bits per request at most; `max_gap`, `max_gap_bits`: how many unused
    ones may be read along rather than ask twice.
    `demote_after`: after how many time-outs in a row a unit is left alone; `demote_s`: how long until it is asked for
    one value, to see whether it is back. `hole_s`: how long an address that the device refused is not asked for again.
    `window`: how many requests may be on their way at once, 1 to 16, or AUTO: as many as a trial shows the device to
    answer rightly. `max_connections`: how many connections the device bears, 0 for any number: connections of a plant
    to the same host and port share so many. `max_bad_answers`: after how many answers in a row that fit no request the
    connection is given up. `accept_unit_ids`: unit ids that may stand in an answer instead of the one asked.
    `drain_ms`: how long a line without transaction numbers is left alone after a time-out, for the late answer.
    `folder`: where what the device teaches is kept, "" where it is not.
    `line`, `serial`, `certificates`: what carries the requests, with its own options (`line.py`).
    """

    host: str
    port: int = DEFAULT_PORT
    line: Line = Line.TCP
    serial: SerialPort | None = None
    certificates: Certificates | None = None
    unit: int = 1
    order: Order = Order.ABCD
    base: int = 0
    encoding: str = "utf-8"
    timeout_ms: int = 600
    retries: int = 2
    connect_timeout_ms: int = 3_000
    settle_ms: int = 0
    min_gap_ms: int = 0
    max_block: int = 125
    max_block_bits: int = 2_000
    max_gap: int = 20
    max_gap_bits: int = 64
    demote_after: int = 3
    demote_s: int = 10
    hole_s: int = 3_600
    window: int = 1
    max_connections: int = 0
    max_bad_answers: int = 5
    accept_unit_ids: tuple[int, ...] = ()
    drain_ms: int = 200
    folder: str = field(default="", compare=False, repr=False)

    @property
    def url(self) -> str:
        """Return where the device is, for messages."""
        if self.serial is not None:
            return f"{self.line}://{self.serial.name}"
        return f"{self.line}://{self.host}:{self.port}"


_LIMITS = {
    "unit": (0, 255),
    "base": (0, 1),
    "timeout_ms": (10, 60_000),
    "retries": (0, 10),
    "connect_timeout_ms": (10, 60_000),
    "settle_ms": (0, 60_000),
    "min_gap_ms": (0, 10_000),
    "max_block": (1, 125),
    "max_block_bits": (1, 2_000),
    "max_gap": (0, 124),
    "max_gap_bits": (0, 1_999),
    "demote_after": (1, 100),
    "demote_s": (1, 3_600),
    "hole_s": (1, 86_400),
    "window": (1, LARGEST),
    "max_connections": (0, 32),
    "max_bad_answers": (1, 1_000),
    "drain_ms": (0, 10_000),
}
_SERIAL_LIMITS = {"baud": (300, 4_000_000), "data_bits": (7, 8), "stop_bits": (1, 2)}
_SERIAL = ("parity", "echo", *_SERIAL_LIMITS)
_FILES = (
    "authority",
    "certificate",
    "key",
    "server_name",
    "key_password_env",
    "key_password_file",
    "key_password_secret",
)


def parse_settings(definition: ConnectionDefinition) -> ModbusSettings:
    """Return the settings of a connection; raise BadAddress for a URL or an option that is not understood."""
    try:
        parts = urlsplit(definition.url)
        line = _LINES.get(parts.scheme)
        port = parts.port if line is None or not line.is_serial else None
    except ValueError as error:
        raise BadAddress(f'"{definition.url}" is not a URL ({error}): write {GRAMMAR}') from error
    given = dict(parse_qsl(parts.query, keep_blank_values=True)) | definition.options
    # a device file stands in the path, the name of a port of Windows where the host would
    serial = parts.netloc + parts.path if line is not None and line.is_serial else ""
    is_network = line is not None and not line.is_serial and parts.hostname and not parts.path.strip("/")
    if line is None or not (serial.strip("/") or is_network):
        raise BadAddress(f'"{definition.url}" is not the URL of a Modbus device: write {GRAMMAR}')
    values = _options(given, line, place=definition.url) | {"folder": definition.folder}
    if line.is_serial:
        own = {name: values.pop(name) for name in _SERIAL if name in values}
        # a port has one user: connections of a plant to its units share it
        return ModbusSettings("", 0, line, SerialPort(serial, **own), **values | {"max_connections": 1})  # type: ignore[arg-type]
    own = {name: values.pop(name) for name in (*_FILES, "check_name") if name in values}
    files = Certificates(**own, folder=definition.folder) if line is Line.TLS else None  # type: ignore[arg-type]
    default = SECURE_PORT if line is Line.TLS else DEFAULT_PORT
    return ModbusSettings(parts.hostname or "", default if port is None else port, line, None, files, **values)  # type: ignore[arg-type]


def _options(given: Mapping[str, object], line: Line, *, place: str) -> dict[str, object]:
    """Return the values of options, each as its type; raise BadOption for an unknown one, or a wrong value."""
    convert: dict[str, Callable[[str, object], object]] = dict.fromkeys(_LIMITS, _number) | {
        "order": _order,
        "window": _window,
        "accept_unit_ids": _unit_ids,
        "encoding": _encoding,
    }
    if line.is_serial:
        convert |= dict.fromkeys(_SERIAL_LIMITS, _number) | {"parity": _parity, "echo": _switch}
    if line is Line.TLS:
        convert |= dict.fromkeys(_FILES, _text) | {"check_name": _switch}
    unknown = sorted(set(given) - set(convert))
    if unknown:
        raise unknown_option(place, unknown[0], convert)
    return {name: convert[name](name, value) for name, value in given.items()}


def _number(name: str, value: object) -> int:
    low, high = (_LIMITS | _SERIAL_LIMITS)[name]
    try:
        number = int(str(value))
    except ValueError as error:
        raise BadOption(name, f'option {name} = "{value}": give a whole number from {low} to {high}') from error
    if isinstance(value, bool) or not low <= number <= high:
        raise BadOption(name, f"option {name} = {value}: give a whole number from {low} to {high}")
    return number


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise BadOption(name, f"option {name} = {value!r}: give a text")
    return value


def _switch(name: str, value: object) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if str(value).lower() not in words:
        raise BadOption(name, f'option {name} = "{value}": give true or false')
    return words[str(value).lower()]


def _parity(name: str, value: object) -> str:
    letter = str(value).upper()[:1]
    if letter not in {"N", "E", "O"}:
        raise BadOption(name, f'option {name} = "{value}": give N (none), E (even) or O (odd)')
    return letter


def _order(name: str, value: object) -> Order:
    try:
        return Order(str(value).upper())
    except ValueError as error:
        raise BadOption(name, f'option {name} = "{value}": give one of {", ".join(Order)}') from error


def _window(name: str, value: object) -> int:
    if str(value).lower() == "auto":
        return AUTO
    try:
        return _number(name, value)
    except BadOption as error:
        raise BadOption(name, f'{error}, or "auto"') from error


def _unit_ids(name: str, value: object) -> tuple[int, ...]:
    """Return unit ids of a list in a plant file, or of a text with commas in a URL."""
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    texts = [str(part).strip() for part in parts]
    if not all(text.isdecimal() and int(text) <= 255 for text in texts):
        raise BadOption(name, f'option {name} = "{value}": give unit ids from 0 to 255, for example [0, 255]')
    return tuple(int(text) for text in texts)


def _encoding(name: str, value: object) -> str:
    try:
        return codecs.lookup(str(value)).name
    except LookupError as error:
        raise BadOption(name, f'option {name} = "{value}": give one such as "utf-8", "gbk" or "latin-1"') from error
