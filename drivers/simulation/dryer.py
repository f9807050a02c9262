"""The refrigeration dryer of the compressed air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar


@dataclass(slots=True)
class Dryer:
    """Dryer DR01. Temperatures °C; `dp`: its pressure drop, bar; `drains`: openings of the condensate drain."""

    id: str = "DR01"
    running: bool = True
    t_in: float = 40.0
    t_evaporator: float = 1.6
    t_dew: float = 3.0
    t_out: float = 30.0
    dp: float = 0.15
    kw: float = 3.4
    drains: float = 0.0
    _condensate: float = 0.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "RUN": "running",
            "T_IN": "t_in",
            "T_OUT": "t_out",
            "T_EVA": "t_evaporator",
            "T_DP": "t_dew",
            "DP": "dp",
            "KW": "kw",
            "N_DRN": "drains",
        }
    )

    def settle(self, flow: float, t_water: float, t_discharge: float) -> None:
        """Move on by one second with `flow` m³/min of air that left screws of `t_discharge` and aftercoolers."""
        self.t_in += (t_water + 8.0 + 0.08 * (t_discharge - 83.0) - self.t_in) / 120.0
        burden = 0.20 * (self.t_in - 40.0) + 0.09 * (flow - 22.0)
        self.t_evaporator += (1.6 + 0.6 * burden - self.t_evaporator) / 180.0
        self.t_dew += (3.0 + burden - self.t_dew) / 240.0
        self.t_out += (self.t_in - 10.0 - self.t_out) / 90.0
        self.dp += (0.15 * (flow / 22.0) ** 2 - self.dp) / 20.0
        self.kw += (3.4 + 0.12 * burden - self.kw) / 60.0
        self._condensate += max(0.0, flow) * (0.8 + 0.05 * (self.t_in - 40.0))
        if self._condensate >= 6000.0:
            self._condensate -= 6000.0
            self.drains += 1.0
