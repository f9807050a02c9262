"""PyDM beside a process picture of values: a screen of as many labels in a process of its own, off screen."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.benchmarks.child import Child
from tests.peers.installed import environment

SCRIPT = Path(__file__).parents[1] / "peers" / "pydm_values.py"


class PydmScreen:
    """Skips (`pytest.skip`) where PyDM cannot be installed; its turns are told in processor seconds of its process."""

    def __init__(self, values: int) -> None:
        surroundings = environment("pydm") | {
            "QT_API": "pyqt5",
            "PYQTGRAPH_QT_LIB": "PyQt5",
            "QT_QPA_PLATFORM": "offscreen",
        }
        self._child = Child([sys.executable, str(SCRIPT), str(values)], **surroundings)
        self._child.wait_for("ready")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.end()

    def open(self, number: int) -> float:
        """Open the screen until every value has been painted; close the one before."""
        del number
        self._do("close")
        return self._do("open")

    def feed(self, number: int) -> float:
        """Change and paint every value."""
        del number
        return self._do("feed")

    def close(self, number: int) -> float:
        """Close a screen that was opened before."""
        del number
        self._do("open")
        return self._do("close")

    def _do(self, deed: str) -> float:
        stdin, before = self._child.process.stdin, len(self._child.told(deed))
        if stdin is None:
            raise ChildProcessError("PyDM's screen has ended")
        stdin.write(f"{deed}\n")
        stdin.flush()
        self._child.wait_for_more(deed, before)
        seconds, told = self._child.told(deed)[-1]
        if deed != "close" and not told.endswith("_%"):
            raise ChildProcessError(f"PyDM's screen shows no value: {told}")
        return float(seconds)
