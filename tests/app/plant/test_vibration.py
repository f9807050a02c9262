"""What a plant file says about vibration, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.bearing import bearing_of
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, Zone, ZoneLimits
from app.plant.file import examine_plant, read_plant
from app.plant.writer import plant_text

FILE = """\
[plant]
id = "p"
name = "P"

[[equipment]]
id = "PU01"
name = "Pump"

[connection.c]
driver = "opcua"
url = "opc.tcp://127.0.0.1:4840"

[[tag]]
name = "PU01.V"
equipment = "PU01"
connection = "c"
address = "ns=2;s=PU01.V"

[[vibration_zones]]
id = "pumps"
machine = { en = "Pumps up to 15 kW", zh = "15 kW 以下的泵" }
limits = [2.0, 4.0, 8.0]
source = "contract 4711, annex 2"

[[measuring_point]]
id = "PU01.DE"
equipment = "PU01"
name = "Drive end"
rate_hz = 12800
connection = "c"
address = "ns=2;s=PU01.W"
rated_rpm = 1475
level = "PU01.V"
zones = "pumps"
band = [2000, 5000]
bearing = { designation = "6205", balls = 9, ball_mm = 7.94, pitch_mm = 39.04 }
blades = 6
"""


def written(path: Path, *changes: tuple[str, str]) -> Path:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = path / "plant.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_that_points_and_zones_are_read(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert examine_plant(file).problems == ()
    plant = read_plant(file)
    (zones,), (point,) = plant.zone_limits, plant.measuring_points
    machine = LocalText("Pumps up to 15 kW", "15 kW 以下的泵")
    assert zones == ZoneLimits("pumps", (2.0, 4.0, 8.0), LocalText("contract 4711, annex 2"), machine=machine)
    assert plant.zones_of(point) is zones
    assert point == MeasuringPoint(
        "PU01.DE",
        "PU01",
        LocalText("Drive end"),
        rate_hz=12_800.0,
        connection="c",
        address="ns=2;s=PU01.W",
        rated_rpm=1475.0,
        level="PU01.V",
        zones="pumps",
        band=(2000.0, 5000.0),
        bearing=bearing_of(9, 7.94, 39.04, name="6205"),
        blades=6,
    )


def test_that_what_is_written_is_read_again(tmp_path: Path) -> None:
    plant = read_plant(written(tmp_path))
    (tmp_path / "plant.toml").write_text(plant_text(plant), encoding="utf-8")
    again = read_plant(tmp_path / "plant.toml")
    assert (again.zone_limits, again.measuring_points) == (plant.zone_limits, plant.measuring_points)


@pytest.mark.parametrize(
    ("velocity", "zone"), [(0.1, Zone.A), (2.0, Zone.A), (2.01, Zone.B), (8.0, Zone.C), (8.1, Zone.D)]
)
def test_that_a_boundary_belongs_to_the_better_zone(velocity: float, zone: Zone) -> None:
    assert ZoneLimits("z", (2.0, 4.0, 8.0), LocalText("test")).zone_of(velocity) is zone
    assert ZoneLimits("z", (2.0, 4.0, 8.0), LocalText("test")).zone_of(float("nan")) is None


BEARING = "balls = 9, ball_mm = 7.94, pitch_mm = 39.04"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[2.0, 4.0, 8.0]", "[2.0, 8.0, 4.0]", "the limits do not rise"),
        ('source = "contract 4711, annex 2"', 'source = " "', "without a source"),
        ('source = "contract 4711, annex 2"', 'source = { zh = "合同" }', "`en` is missing"),
        ('source = "contract 4711, annex 2"', "", "source"),
        ("rate_hz = 12800", "", "no sample rate"),
        ('connection = "c"\naddress = "ns=2;s=PU01.W"', 'connection = "c"', "only one of connection and address"),
        ('level = "PU01.V"', 'level = "PU01.W"', 'there is no tag "PU01.W"'),
        ('zones = "pumps"', 'zones = "fans"', 'there is no row of zones "fans"'),
        ("[2000, 5000]", "[5000, 2000]", "write the lower frequency first"),
        ("[2000, 5000]", "[2000, 9000]", "tell nothing above 6400 Hz"),
        (BEARING, "balls = 9, ball_mm = 50, pitch_mm = 39", "make no bearing"),
        (BEARING, "bpfo = 3.6", "give all of bpfo"),
        (BEARING, BEARING + ", bpfo = 3.6", "either balls"),
        ("blades = 6", "gain = 0", "a gain of 0"),
        ("blades = 6", 'unit = "bar"', '"bar" is no unit of vibration'),
    ],
)
def test_that_what_cannot_be_meant_is_told_at_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    (problem,) = examine_plant(written(tmp_path, (old, new))).problems
    assert told in problem.message
    assert not problem.is_warning
    assert problem.line >= 19


def test_that_a_point_without_a_speed_is_warned_of(tmp_path: Path) -> None:
    (problem,) = examine_plant(written(tmp_path, ("rated_rpm = 1475\n", ""))).problems
    assert problem.is_warning
    assert "no line can be named" in problem.message


def test_that_frequencies_may_be_given_instead_of_a_geometry(tmp_path: Path) -> None:
    plant = read_plant(written(tmp_path, (BEARING, "bpfo = 3.6, bpfi = 5.4, bsf = 2.4, ftf = 0.4")))
    bearing = plant.measuring_points[0].bearing
    assert bearing is not None
    assert (bearing.bpfo, bearing.ftf, bearing.designation) == (3.6, 0.4, "6205")
