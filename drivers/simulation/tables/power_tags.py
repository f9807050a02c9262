"""The tags of the power supply: the transformer's incomer and the branch meters."""

from __future__ import annotations

from dataclasses import replace

from drivers.simulation.tag import PlantTag, analog, counter

_WATT_HOUR = 0.001
_ROLLING_OVER_SOON = 2**32 * _WATT_HOUR - 420.0
"""The incomer's register of 32 bits begins again after 420 kWh."""

_TRANSFORMER = (
    analog("V12", ("Voltage L1-L2", "线电压 L1-L2"), unit="V", span=(0, 500), normal=(385, 412), noise=0.15),
    analog("V23", ("Voltage L2-L3", "线电压 L2-L3"), unit="V", span=(0, 500), normal=(385, 412), noise=0.15),
    analog("V31", ("Voltage L3-L1", "线电压 L3-L1"), unit="V", span=(0, 500), normal=(385, 412), noise=0.15),
    analog("I1", ("Current L1", "电流 L1"), unit="A", span=(0, 1500), normal=(150, 800), noise=0.8),
    analog("I2", ("Current L2", "电流 L2"), unit="A", span=(0, 1500), normal=(150, 800), noise=0.8),
    analog("I3", ("Current L3", "电流 L3"), unit="A", span=(0, 1500), normal=(150, 800), noise=0.8),
    analog("KW", ("Active power", "有功功率"), unit="kW", span=(0, 800), normal=(100, 480), noise=0.4),
    analog("KVAR", ("Reactive power", "无功功率"), unit="kvar", span=(0, 600), normal=(40, 260), noise=0.3),
    analog("KVA", ("Apparent power", "视在功率"), unit="kV.A", span=(0, 800), normal=(110, 540), noise=0.4),
    analog("PF", ("Power factor", "功率因数"), unit="1", span=(0, 1), normal=(0.85, 1.0), decimals=3, noise=0.0012),
    analog("F", ("Frequency", "频率"), unit="Hz", span=(45, 55), normal=(49.9, 50.1), decimals=2, noise=0.012),
    analog("LOAD", ("Load", "负载率"), unit="%", span=(0, 150), normal=(15, 85), noise=0.12),
    analog("LOSS", ("Losses", "变压器损耗"), unit="kW", span=(0, 20), normal=(1, 6), decimals=2, noise=0.012),
    analog(
        "T_OIL", ("Top oil temperature", "顶层油温"), unit="Cel", span=(0, 150), normal=(35, 75), noise=0.15, spike=6
    ),
    analog("T_W", ("Winding temperature", "绕组温度"), unit="Cel", span=(0, 200), normal=(38, 90), noise=0.15, spike=8),
    counter(
        "KWH",
        ("Active energy", "有功电能"),
        unit="kW.h",
        start=_ROLLING_OVER_SOON,
        width_bits=32,
        resolution=_WATT_HOUR,
    ),
)

_METER = (
    analog("KW", ("Active power", "有功功率"), unit="kW", span=(0, 400), noise=0.15),
    analog("I", ("Current", "电流"), unit="A", span=(0, 800), noise=0.25),
    analog("PF", ("Power factor", "功率因数"), unit="1", span=(0, 1), normal=(0.8, 1.0), decimals=3, noise=0.0012),
    counter("KWH", ("Active energy", "有功电能"), unit="kW.h", start=0, width_bits=32, resolution=_WATT_HOUR),
)

_REGISTERS = {"EM01": 812_340.0, "EM02": 66_205.0, "EM03": 571_880.0, "EM04": 48_120.0, "EM05": 240_930.0}


def power_tags() -> tuple[PlantTag, ...]:
    """Return the tags in their order."""
    meters = (tag.of(meter) for meter in _REGISTERS for tag in _METER)
    counted = (replace(tag, start=_REGISTERS[tag.equipment]) if tag.width_bits else tag for tag in meters)
    return (*(tag.of("TR01") for tag in _TRANSFORMER), *counted)
