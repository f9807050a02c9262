"""What carries Modbus to a device, by the scheme of its URL, and the options that only some of them have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from drivers.secret import password_from


class Line(StrEnum):
    """The scheme of a URL."""

    TCP = "modbus"
    TLS = "modbus+tls"
    RTU = "modbus+rtu"
    ASCII = "modbus+ascii"
    RTU_TCP = "modbus+rtu-tcp"
    ASCII_TCP = "modbus+ascii-tcp"

    @property
    def is_serial(self) -> bool:
        """Return whether the URL names a serial port."""
        return self in {Line.RTU, Line.ASCII}

    @property
    def is_ascii(self) -> bool:
        """Return whether frames are written in digits."""
        return self in {Line.ASCII, Line.ASCII_TCP}


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port and how characters are sent over it.

    `baud`: bits a second. `parity`: N, E or O. `echo`: whether the adapter gives back what is sent (two-wire RS485).
    """

    name: str
    baud: int = 19_200
    data_bits: int = 8
    parity: str = "E"
    stop_bits: int = 1
    echo: bool = False

    @property
    def character_s(self) -> float:
        """Return how long one character takes, s."""
        bits = 1 + self.data_bits + (self.parity != "N") + self.stop_bits
        return bits / self.baud

    @property
    def gap_s(self) -> float:
        """Return the silence between frames, s: 3.5 characters, above 19200 bit/s 1.75 ms (Serial Line, 2.5.1.1)."""
        return 3.5 * self.character_s if self.baud <= 19_200 else 0.00175


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files, in PEM, of a connection with TLS (Modbus/TCP Security, MB-TCP-Security-v21).

    `authority`: who is trusted to sign the server's certificate, or that certificate itself. `certificate`, `key`: what
    this client shows of itself; its role stands in the certificate and is judged by the server. `server_name`: the name
    that the server's certificate must hold, "" for the host of the URL; `check_name`: whether it must hold one.
    `key_password_env`, `key_password_file`, `key_password_secret`: where the passphrase of an encrypted key is, an
    environment variable, the first line of a file, or a name of `foreshift secret`. `folder`: the plant's, in which
    files are looked for.
    """

    authority: str = ""
    certificate: str = ""
    key: str = ""
    server_name: str = ""
    check_name: bool = True
    key_password_env: str = ""
    key_password_file: str = ""
    key_password_secret: str = ""
    folder: str = ""

    def path_of(self, name: str) -> Path:
        """Return where a file is that an option names: in the plant's folder, unless the path is an absolute one."""
        return Path(self.folder) / name

    def key_password(self, url: str) -> str:
        """Return the passphrase of the key, "" for none; raise ConnectionLost, naming the remedy."""
        return password_from(
            url,
            self.path_of,
            variable=self.key_password_env,
            file=self.key_password_file,
            secret=self.key_password_secret,
        )
