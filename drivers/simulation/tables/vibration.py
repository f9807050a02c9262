"""Where the demo plant's vibration is recorded, and by which limits it is judged."""

from __future__ import annotations

from app.model.bearing import bearing_of
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, ZoneLimits
from drivers.simulation.exposure import OPC_UA
from drivers.simulation.tag import NAMESPACE
from drivers.simulation.waveform import BALL_MM, BALLS, BLADES, PITCH_MM, RATE_HZ

WAVEFORM = "W_DE"

ZONE_LIMITS = (
    ZoneLimits(
        "example-pumps-rigid",
        (2.5, 4.5, 7.1),
        LocalText(
            "Example of the demo plant, set to its own alarm limits; no standard: replace it by yours",
            "演示工厂的示例，按其自身报警限值设定；并非标准，请改用贵厂的限值",
        ),
        machine=LocalText("Pumps up to 15 kW", "15 kW 以下的泵"),
        foundation=LocalText("Rigid", "刚性"),
        is_example=True,
    ),
)


def _point(pump: str) -> MeasuringPoint:
    return MeasuringPoint(
        id=f"{pump}.DE",
        equipment=pump,
        name=LocalText("Drive-end bearing", "驱动端轴承"),
        unit="m/s2",
        rate_hz=RATE_HZ,
        connection=OPC_UA,
        address=f"nsu={NAMESPACE};s={pump}.{WAVEFORM}",
        speed=f"{pump}.N",
        rated_rpm=1475.0,
        level=f"{pump}.V_DE",
        every_h=1.0,
        keep_days=7.0,
        zones="example-pumps-rigid",
        bearing=bearing_of(BALLS, BALL_MM, PITCH_MM, name="8 × 20.5 / 102.5"),
        blades=BLADES,
    )


MEASURING_POINTS = tuple(map(_point, ("PU01", "PU02")))
