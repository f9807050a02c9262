"""Ways to devices, for the pages that look at them."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from pytestqt.qtbot import QtBot

from drivers.driver import ConnectionLost
from drivers.probe import Decoding
from widgets.engineering.devices import Reading
from widgets.start.device_view import DeviceView


def let_go(qtbot: QtBot, view: DeviceView) -> None:
    """End the live values of a view, and wait until its device is let go: a server must not end before."""
    view.leave()
    qtbot.waitUntil(lambda: all(each.name != "device-line" for each in threading.enumerate()))


class SilentLine:
    """A device that no longer answers."""

    def read(self, addresses: Sequence[str]) -> list[Reading]:
        raise ConnectionLost("it does not answer any more")

    def decodings(self, address: str, count: int) -> list[Decoding]:
        raise ConnectionLost("it does not answer any more")

    def close(self) -> None:
        return


class KnownLine:
    """A device whose values are known; notes what was asked, and whether it was let go."""

    def __init__(self, values: Mapping[str, Reading], decodings: Sequence[Decoding] = ()) -> None:
        self.values = values
        self.found = list(decodings)
        self.asked: list[list[str]] = []
        self.decoded: list[tuple[str, int]] = []
        self.is_closed = False

    def read(self, addresses: Sequence[str]) -> list[Reading]:
        self.asked.append(list(addresses))
        return [self.values.get(address, Reading(None, 0)) for address in addresses]

    def decodings(self, address: str, count: int) -> list[Decoding]:
        self.decoded.append((address, count))
        return self.found

    def close(self) -> None:
        self.is_closed = True
