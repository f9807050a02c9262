"""The air receiver with the net behind it: V dp/dt = p_atm (Q_in - Q_out), where leaks grow with the pressure.

With 6 m³, 13 m³/min in and 9 m³/min out the pressure rises by 0.68 bar/min and falls by 1.52 bar/min, so that a
band of 0.8 bar is a cycle of 103 s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from drivers.simulation.random_stream import Wander, stream

VOLUME_M3 = 6.0
P_ATM_BAR = 1.013
PRODUCTION_FLOW = 20.5
BASE_LEAK = 1.5
FAULT_LEAK = 2.0

_NOMINAL_ABS = 8.013
_REGULATED_FROM_BAR = 5.5
_NET_DROP = 5.2e-4


@dataclass(slots=True)
class AirNet:
    """Receiver AN01 and the consumers behind it. Pressures bar (gauge), flows m³/min; `leak_fault`: 0..1."""

    demand: Wander
    id: str = "AN01"
    p: float = 7.0
    q_in: float = 22.0
    q_use: float = 20.5
    q_leak: float = BASE_LEAK
    wanted: float = PRODUCTION_FLOW
    leak_fault: float = 0.0
    p_mean: float = 7.0
    flow: float = 22.0
    use: float = 20.5
    leak: float = BASE_LEAK
    kw_mean: float = 150.0
    t: float = 34.0
    volume: float = 0.0
    energy_kw: float = 150.0

    SIGNALS: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "P": "p",
            "P_END": "p_end",
            "P_AVG": "p_mean",
            "T": "t",
            "FLOW_IN": "q_in",
            "FLOW": "flow",
            "USE": "use",
            "LEAK": "leak",
            "SEC": "specific_energy",
            "KW": "energy_kw",
            "V": "volume",
        }
    )

    def step(self, dt: float, q_in: float) -> None:
        """Move the receiver's pressure on by `dt` seconds with `q_in` coming from the compressors."""
        p = self.p
        self.q_in = q_in
        self.q_use = self.wanted if p >= _REGULATED_FROM_BAR else self.wanted * max(0.0, p) / _REGULATED_FROM_BAR
        self.q_leak = (BASE_LEAK + FAULT_LEAK * self.leak_fault) * (p + P_ATM_BAR) / _NOMINAL_ABS
        self.p = max(0.0, p + P_ATM_BAR * (q_in - self.q_use - self.q_leak) * dt / (60.0 * VOLUME_M3))

    def settle(self, share: float, kw: float, t_in: float) -> None:
        """Move the demand and the slow figures on by one second; `kw`: the station's power, `t_in`: the air's °C."""
        self.wanted = max(0.0, PRODUCTION_FLOW * share + self.demand.step())
        self.energy_kw = kw
        self.flow += (self.q_use + self.q_leak - self.flow) / 5.0
        self.use += (self.q_use - self.use) / 300.0
        self.leak += (self.q_leak - self.leak) / 300.0
        self.kw_mean += (kw - self.kw_mean) / 300.0
        self.p_mean += (self.p - self.p_mean) / 300.0
        self.t += (t_in - 4.0 - self.t) / 400.0
        self.volume += self.q_use / 60.0

    @property
    def p_end(self) -> float:
        """Return the pressure at the far end of the net, bar."""
        return max(0.0, self.p - _NET_DROP * self.q_use * self.q_use)

    @property
    def specific_energy(self) -> float:
        """Return the energy per used air, kWh/m³, mean of about five minutes."""
        return self.kw_mean / (60.0 * max(self.use, 0.5))


def air_net(seed: int) -> AirNet:
    """Return the receiver and the net that belong to `seed`."""
    return AirNet(demand=Wander(stream(seed, "AN01.demand"), sigma=0.3, tau_s=90.0))
