"""Reads what is in view of a device again and again, one request at a time, for as long as somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.connection import ConnectionDefinition
from drivers.probe import Decoding
from widgets.engineering.devices import DeviceLine, Reading
from widgets.operation import Operation
from widgets.station_text import station_text

PERIOD_MS = 1_000
MOST = 100
"""How many values are read at once at most: those in view are fewer."""


class Preview(QObject):
    """`values` carries readings by address; `decoded` an address and its Decodings; `failed` why there are none."""

    values = Signal(dict)
    decoded = Signal(str, list)
    failed = Signal(str)

    def __init__(self, line_to: Callable[[ConnectionDefinition], DeviceLine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._line_to = line_to
        self._line: DeviceLine | None = None
        self._definition: ConnectionDefinition | None = None
        self._wanted: Callable[[], Sequence[str]] = tuple
        self._register: tuple[str, int] | None = None
        self._is_busy = False
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.read)

    def begin(self, definition: ConnectionDefinition, wanted: Callable[[], Sequence[str]]) -> None:
        """Read from a device what `wanted` gives, once a second."""
        self.end()
        self._definition, self._wanted = definition, wanted
        self._line = self._line_to(definition)
        self._timer.start()
        self.read()

    def end(self) -> None:
        """Read no more, and let go of the device."""
        self._timer.stop()
        self._register = None
        if self._line is not None:
            self._line.close()
            self._line = None

    def decode(self, address: str, count: int) -> None:
        """Also show what the registers from `address` on may mean; "" for none."""
        self._register = (address, count) if address else None
        self.read()

    def read(self) -> None:
        """Read now, unless the device has not answered the last time yet."""
        line, register = self._line, self._register
        if self._is_busy or line is None:
            return
        addresses = list(self._wanted())[:MOST]
        if not addresses and register is None:
            return
        self._is_busy = True

        def work() -> tuple[dict[str, Reading], list[Decoding]]:
            readings = line.read(addresses) if addresses else []
            return dict(zip(addresses, readings, strict=True)), line.decodings(*register) if register else []

        def done(found: tuple[dict[str, Reading], list[Decoding]]) -> None:
            self._is_busy = False
            if line is self._line:
                self.values.emit(found[0])
                if register is not None and register == self._register:
                    self.decoded.emit(register[0], found[1])

        def failed(error: Exception) -> None:
            self._is_busy = False
            if line is self._line:
                self.failed.emit(station_text(error))
                line.close()
                # a driver lives for one connection
                self._line = None if self._definition is None else self._line_to(self._definition)

        Operation(self, work).success(done).failure(failed).start()
