"""The furnace's carburising atmosphere: endothermic gas, enriched so that the carbon potential keeps its set point.

dC/dt = (C_eq(flow) - C) / τ with τ = 420 s. The probe's voltage is Nernst's: E[mV] = 0.0496 T log10(0.209 / pO2),
where pO2 follows from C + ½ O2 = CO (ΔG° = -111 700 - 87.65 T J/mol), 20 % CO, and the carbon's activity C / C_sat(T)
with the saturation of austenite along its A_cm line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_TAU_S = 420.0
_CARRIER_CARBON = 0.35
_CARBON_PER_FLOW = 0.42
_MOST_FLOW = 3.0
_GAIN = 6.0
_RESET_S = _TAU_S
_CO_SHARE = 0.20
_CARRIER_FLOW = 12.0
_PURGE_TAU_S = 240.0
"""The chamber's 4 m³ against the flow of nitrogen."""
_GAS_CONSTANT = 8.314


PURGE_FLOW = 60.0
"""Nitrogen while purging, m³/h."""


def oxygen_mv(carbon: float, t: float) -> float:
    """Return the probe's voltage (mV) at a carbon potential (%) and a temperature (°C); 0 without atmosphere."""
    if carbon < 0.05 or t < 700.0:
        return 0.0
    kelvin = t + 273.15
    saturation = 0.77 + 0.00325 * (t - 727.0)
    equilibrium = math.exp(111_700.0 / (_GAS_CONSTANT * kelvin) + 87.65 / _GAS_CONSTANT)
    oxygen = (_CO_SHARE * saturation / (equilibrium * carbon)) ** 2
    return 0.0496 * kelvin * math.log10(0.209 / oxygen)


def case_growth(t: float) -> float:
    """Return by how much the square of the case depth (mm²) grows per hour: depth = 660 e^(-8287/T) √h mm."""
    return (660.0 * math.exp(-8287.0 / (t + 273.15))) ** 2


@dataclass(slots=True)
class Atmosphere:
    """The furnace's gas. `carbon`, `setpoint`: carbon potential, %; `enrichment`, `carrier`: flows of gas, m³/h.

    `purge_s`: for so many seconds more nitrogen flows instead of both.
    """

    carbon: float = 1.05
    setpoint: float = 1.05
    enrichment: float = 1.66
    carrier: float = _CARRIER_FLOW
    purge_s: float = 0.0
    _integral: float = 1.66

    def settle(self, *, is_hot: bool) -> None:
        """Move on by one second; below 800 °C nothing is enriched."""
        if self.purge_s > 0.0:
            self._purge()
            return
        self.carrier = _CARRIER_FLOW
        if not is_hot or self.setpoint <= 0.0:
            self.enrichment = 0.0
            self._integral = 0.6
            self.carbon += (_CARRIER_CARBON - self.carbon) / _TAU_S
            return
        error = self.setpoint - self.carbon
        wanted = self._integral + _GAIN * error
        if 0.0 < wanted < _MOST_FLOW:
            self._integral += _GAIN * error / _RESET_S
        self.enrichment = min(_MOST_FLOW, max(0.0, wanted))
        self.carbon += (_CARRIER_CARBON + _CARBON_PER_FLOW * self.enrichment - self.carbon) / _TAU_S

    def _purge(self) -> None:
        self.purge_s -= 1.0
        self.carrier = self.enrichment = 0.0
        self._integral = 0.6
        self.carbon -= self.carbon / _PURGE_TAU_S
