"""The 10/0.4 kV transformer of the plant, 630 kVA: it takes what the branches take, its no-load loss, and I²R.

The oil follows IEC 60076-7: top oil rise = Δθ ((R K² + 1) / (R + 1))^0.8 with the load factor K.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.electricity import VOLTS
from drivers.simulation.random_stream import Wander, stream

RATED_KVA = 630.0
NO_LOAD_KW = 1.2
LOAD_LOSS_KW = 6.2

_OIL_RISE_K = 48.0
_WINDING_RISE_K = 18.0
_LOSS_RATIO = LOAD_LOSS_KW / NO_LOAD_KW
_OIL_TAU_S = 9000.0
_WINDING_TAU_S = 420.0
_DROP = 0.042


@dataclass(slots=True)
class Transformer:
    """Transformer TR01 as its incomer sees it. Power kW, kvar, kVA; temperatures °C; voltages V between lines."""

    grid: Wander
    unbalance: Wander
    frequency_noise: Wander
    id: str = "TR01"
    kw: float = 300.0
    kvar: float = 150.0
    kva: float = 335.0
    loss: float = 3.0
    kwh: float = 0.0
    volts: float = VOLTS
    t_oil: float = 52.0
    t_winding: float = 60.0
    frequency: float = 50.0
    skew: float = 0.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "V12": "v12",
            "V23": "v23",
            "V31": "v31",
            "I1": "i1",
            "I2": "i2",
            "I3": "i3",
            "KW": "kw",
            "KVAR": "kvar",
            "KVA": "kva",
            "PF": "power_factor",
            "F": "frequency",
            "LOAD": "load_percent",
            "LOSS": "loss",
            "T_OIL": "t_oil",
            "T_W": "t_winding",
            "KWH": "kwh",
        }
    )

    def settle(self, branch_kw: float, branch_kvar: float, t_air: float) -> None:
        """Move on by one second with the sum of the branches behind it."""
        factor = math.hypot(branch_kw, branch_kvar) / RATED_KVA
        self.loss = NO_LOAD_KW + LOAD_LOSS_KW * factor * factor
        self.kw = branch_kw + self.loss
        self.kvar = branch_kvar + 0.01 * RATED_KVA + 0.04 * RATED_KVA * factor * factor
        self.kva = math.hypot(self.kw, self.kvar)
        self.kwh += self.kw / 3600.0
        self.volts = VOLTS * (1.02 + 0.001 * self.grid.step() - _DROP * factor)
        self.skew = self.unbalance.step()
        self.frequency = 50.0 + self.frequency_noise.step()
        losses = (_LOSS_RATIO * factor * factor + 1.0) / (_LOSS_RATIO + 1.0)
        self.t_oil += (t_air + _OIL_RISE_K * losses**0.8 - self.t_oil) / _OIL_TAU_S
        self.t_winding += (self.t_oil + _WINDING_RISE_K * factor**1.6 - self.t_winding) / _WINDING_TAU_S

    @property
    def power_factor(self) -> float:
        """Return cos φ at the incomer."""
        return self.kw / self.kva

    @property
    def load_percent(self) -> float:
        """Return the load as a share of the rated power, %."""
        return 100.0 * self.kva / RATED_KVA

    @property
    def v12(self) -> float:
        """Return the voltage between the lines 1 and 2, V."""
        return self.volts + 0.4

    @property
    def v23(self) -> float:
        """Return the voltage between the lines 2 and 3, V."""
        return self.volts - 0.7

    @property
    def v31(self) -> float:
        """Return the voltage between the lines 3 and 1, V."""
        return self.volts + 0.2

    @property
    def _amps(self) -> float:
        return self.kva * 1000.0 / (math.sqrt(3.0) * self.volts)

    @property
    def i1(self) -> float:
        """Return the current of line 1, A."""
        return self._amps * (1.0 + self.skew)

    @property
    def i2(self) -> float:
        """Return the current of line 2, A."""
        return self._amps * (1.0 - 0.4 * self.skew)

    @property
    def i3(self) -> float:
        """Return the current of line 3, A."""
        return self._amps * (1.0 - 0.6 * self.skew)


def transformer(seed: int) -> Transformer:
    """Return the transformer that belongs to `seed`."""
    return Transformer(
        grid=Wander(stream(seed, "TR01.grid"), sigma=2.0, tau_s=300.0),
        unbalance=Wander(stream(seed, "TR01.unbalance"), sigma=0.006, tau_s=120.0),
        frequency_noise=Wander(stream(seed, "TR01.frequency"), sigma=0.012, tau_s=20.0),
    )
