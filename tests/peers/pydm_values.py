"""PyDM as a screen of live values, off screen: it opens, feeds and closes it as its standard input says.

Its values come through a data plugin of its own, the least that PyDM allows: a connection for each channel, whose
signals carry a value, its unit and its number of decimals. Each line is answered by its word and the processor seconds.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from pydm import PyDMApplication, data_plugins  # type: ignore[import-not-found] # a peer, for its benchmark only
from pydm.data_plugins.plugin import PyDMConnection, PyDMPlugin  # type: ignore[import-not-found]
from pydm.widgets.label import PyDMLabel  # type: ignore[import-not-found]
from qtpy.QtCore import QCoreApplication, QEvent  # type: ignore[import-not-found]
from qtpy.QtWidgets import QWidget  # type: ignore[import-not-found]

COLUMNS, CELL = 25, (64, 22)


class Connection(PyDMConnection):  # type: ignore[misc] # PyDM carries no type information
    """A channel that is connected at once."""

    def __init__(self, channel: Any, address: str, protocol: str | None = None, parent: Any = None) -> None:  # noqa: ANN401
        super().__init__(channel, address, protocol, parent)
        self.add_listener(channel)

    def add_listener(self, channel: Any) -> None:  # noqa: ANN401 - PyDM's own type
        super().add_listener(channel)
        self.connection_state_signal.emit(True)
        self.prec_signal.emit(1)
        self.unit_signal.emit("%")
        self.new_value_signal[float].emit(0.0)


class Plugin(PyDMPlugin):  # type: ignore[misc] # as above
    """Gives "bench://NAME" its connection."""

    protocol = "bench"
    connection_class = Connection


class Screen:
    """So many labels side by side."""

    def __init__(self, values: int) -> None:
        self._app = PyDMApplication(use_main_window=False)
        data_plugins.initialize_plugins_if_needed()
        self._plugin = data_plugins.add_plugin(Plugin)
        self._values, self._turn = values, 0
        self._widget: QWidget | None = None

    def open(self) -> None:
        """Make and show them, until every value has been painted."""
        self._widget = QWidget()
        self._widget.resize(1_600, 900)
        for number in range(self._values):
            label = PyDMLabel(self._widget, init_channel=f"bench://T{number:04}")
            label.showUnits = True
            label.setGeometry(number % COLUMNS * CELL[0], number // COLUMNS * CELL[1], CELL[0] - 4, CELL[1] - 2)
        self._widget.show()
        self._app.processEvents()

    def feed(self) -> None:
        """Give each another value and paint them."""
        self._turn += 1
        for number, connection in enumerate(self._plugin.connections.values()):
            connection.new_value_signal[float].emit((number * 7 + self._turn * 37) % 1_000 / 10)
        self._app.processEvents()

    def close(self) -> None:
        """Close them for good."""
        if self._widget is not None:
            self._widget.close()
            self._widget.deleteLater()
            self._widget = None
        QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)
        self._app.processEvents()

    def told(self) -> str:
        """Return what the first label says, so that a screen without values is no quick one."""
        label = self._widget.findChild(PyDMLabel) if self._widget is not None else None
        return label.text().replace(" ", "_") if label is not None else "-"


def main(values: int) -> None:
    screen = Screen(values)
    _tell("ready")
    for line in sys.stdin:
        deed = {"open": screen.open, "feed": screen.feed, "close": screen.close}[line.strip()]
        began = time.process_time()
        deed()
        seconds = time.process_time() - began
        _tell(f"{line.strip()} {seconds!r} {screen.told()}")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
