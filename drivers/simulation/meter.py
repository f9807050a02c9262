"""An energy meter of one branch of the distribution: power and an energy register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import current, reactive


@dataclass(slots=True)
class Meter:
    """One meter; `kw` power, `kwh` its register since installation."""

    id: str
    power_factor: float
    kw: float = 0.0
    kwh: float = 0.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"KW": "kw", "I": "amps", "PF": "power_factor", "KWH": "kwh"}
    )

    def settle(self, kw: float) -> None:
        """Count one second of `kw`."""
        self.kw = kw
        self.kwh += kw / 3600.0

    @property
    def kvar(self) -> float:
        """Return the reactive power, kvar."""
        return reactive(self.kw, power_factor=self.power_factor)

    @property
    def amps(self) -> float:
        """Return the current, A."""
        return current(self.kw, power_factor=self.power_factor)
