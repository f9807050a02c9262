"""How an OPC UA server is reached: the URL and the options of a connection."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, BadOption
from drivers.opcua.security_names import AUTO, check_accept, check_security, words_of
from drivers.option_name import unknown_option
from drivers.secret import password_from

GRAMMAR = 'opc.tcp://host[:port][/path], for example "opc.tcp://192.168.0.20:4840"'
SCHEMES = ("opc.tcp",)
DEFAULT_PORT = 4840
TRIGGERS = ("timestamp", "value")
RESERVED = ("certificate", "private_key", "server_certificate")


@dataclass(frozen=True, slots=True)
class OpcUaSettings:
    """The options of a connection, each the name of a key in the plant file.

    `user`: user name, anonymous if empty; its password is in the environment variable `password_env` or the first line
    of the file `password_file`, or kept under the name `password_secret`, never in the plant file itself.
    `user_certificate`, `user_key`: files (PEM or DER) of a user that logs in with a certificate, in the plant's folder
    where they are no absolute paths; the key's passphrase is in the environment variable `user_key_password_env`,
    the first line of `user_key_password_file`, or kept under the name `user_key_password_secret`.
    `security`: "auto" for the best that the server offers, "None", or a policy with "/Sign" or "/SignAndEncrypt".
    `legacy_security`: whether a policy that can be broken may be used.
    `accept`: faults of the server's certificate that are passed over, with commas between.
    `folder`: the plant's or the user's folder, in which the certificate store `pki` stands; "" where there is none.
    `timeout_ms`: how long an answer may take; `hang_ms`: how long a server may be silent before it counts as hung.
    `session_s`: how long the server keeps the session of a client that is gone.
    `keepalive_s`: how often a subscription without changes says that it is alive.
    `queue_size`: samples that the server keeps per tag between two notifications.
    `trigger`: "timestamp" delivers each new source time, "value" only changes of value and status.
    `max_items`: items per request at most, fewer where the server says so.
    `publish_requests`: Publish requests at most that wait in the server, fewer where it finds them too many.
    `deadband`, `deadband_percent`: how far a value must move to be told, in the tags' unit or in percent of the EURange
    that they have in the server; 0 for every change. With one of them `trigger` is "value".
    `max_skew_s`: how far the server's clock may differ before its times are corrected by the difference.
    """

    url: str
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    password_secret: str = ""
    user_certificate: str = ""
    user_key: str = ""
    user_key_password_env: str = ""
    user_key_password_file: str = ""
    user_key_password_secret: str = ""
    security: str = AUTO
    legacy_security: bool = False
    accept: str = ""
    folder: str = ""
    timeout_ms: int = 4_000
    hang_ms: int = 1_300
    session_s: int = 10
    keepalive_s: int = 5
    queue_size: int = 10
    trigger: str = "timestamp"
    max_items: int = 500
    publish_requests: int = 10
    deadband: float = 0.0
    deadband_percent: float = 0.0
    max_skew_s: int = 60

    def password(self) -> str:
        """Return the password; raise ConnectionLost, naming the remedy, where it is not where the options say."""
        return password_from(
            self.url,
            self.path_of,
            variable=self.password_env,
            file=self.password_file,
            secret=self.password_secret,
        )

    def user_key_password(self) -> str:
        """Return the passphrase of the user's key, "" for none; raise ConnectionLost as `password` does."""
        return password_from(
            self.url,
            self.path_of,
            variable=self.user_key_password_env,
            file=self.user_key_password_file,
            secret=self.user_key_password_secret,
        )

    @property
    def accepted(self) -> tuple[str, ...]:
        """Return the faults of the server's certificate that are passed over."""
        return words_of(self.accept)

    def path_of(self, name: str) -> Path:
        """Return where a file is that an option names: in the plant's folder, unless the path is an absolute one."""
        return Path(self.folder) / name


_TEXTS = (
    "user",
    "password_env",
    "password_file",
    "password_secret",
    "user_certificate",
    "user_key",
    "user_key_password_env",
    "user_key_password_file",
    "user_key_password_secret",
    "security",
    "accept",
)
_LIMITS = {
    "timeout_ms": (100, 60_000),
    "hang_ms": (100, 60_000),
    "session_s": (5, 3_600),
    "keepalive_s": (1, 600),
    "queue_size": (1, 10_000),
    "max_items": (1, 10_000),
    "max_skew_s": (1, 86_400),
    "publish_requests": (1, 100),
}
_DEADBANDS = ("deadband", "deadband_percent")
OPTIONS = (*_TEXTS, "legacy_security", "trigger", *_LIMITS, *_DEADBANDS)


def parse_settings(definition: ConnectionDefinition) -> OpcUaSettings:
    """Return the settings of a connection; raise BadAddress for a URL or an option that is not understood."""
    try:
        parts = urlsplit(definition.url)
        port = DEFAULT_PORT if parts.port is None else parts.port
    except ValueError as error:
        raise BadAddress(f'"{definition.url}" is not a URL ({error}): write {GRAMMAR}') from error
    if "@" in parts.netloc:
        shown = definition.url.replace(parts.netloc, parts.netloc.rpartition("@")[2])
        raise BadAddress(f"{shown}: a URL carries no user: give the options user and password_env or password_file")
    if parts.scheme not in SCHEMES or not parts.hostname or parts.query:
        raise BadAddress(f'"{definition.url}" is not the URL of an OPC UA server: write {GRAMMAR}')
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return _settings(f"opc.tcp://{host}:{port}{parts.path}", definition.options, definition.folder)


def _settings(url: str, given: Mapping[str, object], folder: str) -> OpcUaSettings:
    values: dict[str, object] = {"folder": folder}
    for name, value in given.items():
        if name in RESERVED:
            raise BadOption(
                name,
                f'"{url}": option {name}: certificates stand in the folder pki beside the plant file: '
                "ours in pki/own, a server's in pki/trusted; leave the option out",
            )
        if name in _LIMITS:
            values[name] = _number(name, value)
        elif name in _DEADBANDS:
            values[name] = _deadband(name, value)
        elif (
            (name in _TEXTS and isinstance(value, str))
            or (name == "trigger" and value in TRIGGERS)
            or (name == "legacy_security" and isinstance(value, bool))
        ):
            values[name] = value
        elif name in OPTIONS:
            wanted = {"trigger": " or ".join(TRIGGERS), "legacy_security": "true or false"}.get(name, "text")
            raise BadOption(name, f'option {name} = "{value}": give {wanted}')
        else:
            raise unknown_option(url, name, OPTIONS)
    settings = OpcUaSettings(url, **values)  # type: ignore[arg-type] # each value has been converted to its type
    _check(settings)
    return settings


def _check(settings: OpcUaSettings) -> None:
    """Raise BadOption where options contradict one another, or a text is none of those that may be given."""
    wrong = check_security(settings.security, is_legacy_allowed=settings.legacy_security)
    if wrong:
        raise BadOption("security", f'option security = "{settings.security}": {wrong}')
    if settings.deadband and settings.deadband_percent:
        raise BadOption("deadband_percent", "options deadband and deadband_percent: give one of them")
    wrong = check_accept(settings.accept)
    if wrong:
        raise BadOption("accept", f'option accept = "{settings.accept}": {wrong}')
    if bool(settings.user_certificate) != bool(settings.user_key):
        given = "user_certificate" if settings.user_certificate else "user_key"
        raise BadOption(given, f"option {given}: give user_certificate and user_key together, one is no use alone")
    if settings.user and settings.user_certificate:
        raise BadOption("user", "option user: a login has either a user's name or user_certificate: leave one out")


def _deadband(name: str, value: object) -> float:
    most = 100.0 if name == "deadband_percent" else math.inf
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most or value == math.inf:
        raise BadOption(name, f'option {name} = "{value}": give a number from 0{" to 100" if most < math.inf else ""}')
    return float(value)


def _number(name: str, value: object) -> int:
    low, high = _LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadOption(name, f'option {name} = "{value}": give a whole number from {low} to {high}')
    return value
