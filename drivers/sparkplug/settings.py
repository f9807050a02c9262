"""How a broker is reached: the URL and the options of a connection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, BadOption
from drivers.option_name import unknown_option
from drivers.secret import password_from

GRAMMAR = (
    'sparkplug://broker[:port][/group], for example "sparkplug://192.168.0.5:1883/Plant1"; sparkplug+tls:// for TLS'
)
SCHEMES = ("sparkplug", "sparkplug+tls")
_DEFAULT_PORTS = {"sparkplug": 1883, "sparkplug+tls": 8883}


@dataclass(frozen=True, slots=True)
class SparkplugSettings:
    """The options of a connection, each the name of a key in the plant file.

    `group`: only this group is listened to, all of them if empty.
    `user`, `password_env`, `password_file`, `password_secret`: the login; the password is in the environment variable,
    the first line of the file or under that name of `foreshift secret`, never in the plant file. `ca_file`,
    `certificate_file`, `key_file`: PEM files for TLS; `key_password_secret`: where the passphrase of the key is.
    `host_id`: the id of this station as a host application, whose state edge nodes may wait for; none is told if empty.
    `client_id`: chosen at random if empty. `timeout_ms`: how long the broker may take to answer, and an edge node to
    follow a command; `hang_ms`: how long the broker may be silent before it counts as hung.
    `birth_ms`: how long a new subscription waits for the births that it has asked for.
    `folder`: the plant's, in which files are looked for.
    `rebirth`: "ask" asks edge nodes for their birth where it is needed, "never" waits until they tell it.
    """

    host: str
    port: int
    is_encrypted: bool = False
    group: str = ""
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    password_secret: str = ""
    ca_file: str = ""
    certificate_file: str = ""
    key_file: str = ""
    key_password_secret: str = ""
    host_id: str = ""
    client_id: str = ""
    timeout_ms: int = 3_000
    hang_ms: int = 1_300
    birth_ms: int = 2_000
    rebirth: str = "ask"
    folder: str = ""

    @property
    def url(self) -> str:
        """Return where the broker is, for messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"sparkplug{'+tls' if self.is_encrypted else ''}://{host}:{self.port}"

    def password(self) -> str:
        """Return the password; raise ConnectionLost, naming the remedy, where it is not where the options say."""
        return password_from(
            self.url,
            self.path_of,
            variable=self.password_env,
            file=self.password_file,
            secret=self.password_secret,
        )

    def key_password(self) -> str:
        """Return the passphrase of the key, "" for none; raise ConnectionLost, naming the remedy."""
        return password_from(self.url, self.path_of, variable="", file="", secret=self.key_password_secret)

    def path_of(self, name: str) -> Path:
        """Return where a file is that an option names: in the plant's folder, unless the path is an absolute one."""
        return Path(self.folder) / name


_TLS = ("ca_file", "certificate_file", "key_file")
_TEXTS = (
    "user",
    "password_env",
    "password_file",
    "password_secret",
    *_TLS,
    "key_password_secret",
    "host_id",
    "client_id",
)
_LIMITS = {"timeout_ms": (100, 60_000), "hang_ms": (100, 60_000), "birth_ms": (0, 60_000)}
_REBIRTH = ("ask", "never")
OPTIONS = (*_TEXTS, *_LIMITS, "rebirth")


def parse_settings(definition: ConnectionDefinition) -> SparkplugSettings:
    """Return the settings of a connection; raise BadAddress for a URL or an option that is not understood."""
    try:
        parts = urlsplit(definition.url)
        port = parts.port
    except ValueError as error:
        raise BadAddress(f'"{definition.url}" is not a URL ({error}): write {GRAMMAR}') from error
    if "@" in parts.netloc:
        shown = definition.url.replace(parts.netloc, parts.netloc.rpartition("@")[2])
        raise BadAddress(f"{shown}: a URL carries no user: give the options user and password_env or password_file")
    group = parts.path.strip("/")
    if parts.scheme not in SCHEMES or not parts.hostname or parts.query or re.search(r"[/+#]", group):
        raise BadAddress(f'"{definition.url}" is not the URL of a broker: write {GRAMMAR}')
    is_encrypted = parts.scheme.endswith("+tls")
    options = _options(definition.url, definition.options)
    given = [name for name in _TLS if options.get(name)]
    if given and not is_encrypted:
        raise BadOption(given[0], f'"{definition.url}": option {given[0]} is for sparkplug+tls:// alone')
    if bool(options.get("certificate_file")) != bool(options.get("key_file")):
        raise BadOption(given[-1], "certificate_file and key_file belong together: give both or none")
    return SparkplugSettings(
        parts.hostname,
        _DEFAULT_PORTS[parts.scheme] if port is None else port,
        is_encrypted=is_encrypted,
        group=group,
        folder=definition.folder,
        **options,  # type: ignore[arg-type] # each value has been checked for its type
    )


def _options(url: str, given: Mapping[str, object]) -> dict[str, object]:
    for name, value in given.items():
        if name not in OPTIONS:
            raise unknown_option(url, name, OPTIONS)
        if name in _LIMITS:
            low, high = _LIMITS[name]
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise BadOption(name, f'option {name} = "{value}": give a whole number from {low} to {high}')
        elif name == "rebirth" and value not in _REBIRTH:
            raise BadOption(name, f'option {name} = "{value}": give {" or ".join(_REBIRTH)}')
        elif not isinstance(value, str):
            raise BadOption(name, f'option {name} = "{value}": give text')
        elif name == "host_id" and re.search(r"[/+#]", value):
            raise BadOption(name, f'option {name} = "{value}": an id of a host holds none of / + #')
    return dict(given)
