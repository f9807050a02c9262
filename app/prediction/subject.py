"""What a finding or a state is of, as it is kept in the plant's file."""

from __future__ import annotations

from app.model.forecast import Forecast, Health
from app.model.remaining_life import LifeForecast


def subject_of_health(equipment: str) -> str:
    """Return the subject that the health of an Equipment (by id) is."""
    return f"health {equipment}"


def subject_of_signals(equipment: str) -> str:
    """Return the subject that the single signals of an Equipment (by id) are."""
    return f"signals {equipment}"


def subject_of_forecast(forecast: str) -> str:
    """Return the subject that a forecast (by the id of its definition) is."""
    return f"forecast {forecast}"


def subject_of_life(equipment: str) -> str:
    """Return the subject that the remaining life of an Equipment (by id) is."""
    return f"life {equipment}"


def subject_of(finding: Forecast | Health | LifeForecast) -> str:
    """Return what a finding is of."""
    if isinstance(finding, Forecast):
        return subject_of_forecast(finding.forecast)
    if isinstance(finding, Health):
        return subject_of_health(finding.equipment)
    return subject_of_life(finding.equipment)
