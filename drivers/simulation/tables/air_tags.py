"""The tags of the compressed-air station: two compressors, dryer, receiver and net."""

from __future__ import annotations

from dataclasses import replace

from drivers.simulation.tag import Defect, PlantTag, analog, counter, discrete

_COMPRESSOR = (
    discrete("RUN", ("Running", "运行")),
    discrete("LOAD", ("Loaded", "加载")),
    discrete("TRIP", ("Tripped", "故障跳机")),
    analog(
        "T_D", ("Discharge temperature", "排气温度"), unit="Cel", span=(0, 150), normal=(60, 92), noise=0.12, spike=25
    ),
    analog("T_OIL", ("Injected oil temperature", "喷油温度"), unit="Cel", span=(0, 150), normal=(45, 72), noise=0.12),
    analog(
        "T_W",
        ("Motor winding temperature", "电机绕组温度"),
        unit="Cel",
        span=(0, 200),
        normal=(50, 100),
        noise=0.15,
        spike=12,
    ),
    analog(
        "T_BRG",
        ("Drive-end bearing temperature", "驱动端轴承温度"),
        unit="Cel",
        span=(0, 150),
        normal=(40, 72),
        noise=0.12,
        spike=12,
    ),
    analog(
        "T_CWI",
        ("Cooling water inlet temperature", "冷却水进水温度"),
        unit="Cel",
        span=(0, 100),
        normal=(29, 34),
        noise=0.06,
    ),
    analog(
        "T_CWO",
        ("Cooling water outlet temperature", "冷却水出水温度"),
        unit="Cel",
        span=(0, 100),
        normal=(34, 46),
        noise=0.06,
    ),
    analog(
        "Q_CW", ("Cooling water flow", "冷却水流量"), unit="m3/h", span=(0, 12), normal=(5, 7), decimals=2, noise=0.03
    ),
    analog(
        "P_D", ("Discharge pressure", "排气压力"), unit="bar", span=(0, 10), normal=(1.2, 8.0), decimals=2, noise=0.008
    ),
    analog("P_OIL", ("Oil pressure", "油压"), unit="bar", span=(0, 10), normal=(1.2, 6.5), decimals=2, noise=0.01),
    analog(
        "DP_SEP",
        ("Separator pressure drop", "油分压差"),
        unit="bar",
        span=(0, 2),
        normal=(0.0, 0.5),
        decimals=2,
        noise=0.003,
    ),
    analog(
        "DP_FLT", ("Intake filter pressure drop", "进气滤芯压差"), unit="mbar", span=(0, 60), normal=(0, 25), noise=0.12
    ),
    analog("FLOW", ("Delivered flow", "排气量"), unit="m3/min", span=(0, 20), normal=(0, 14), decimals=2, noise=0.04),
    analog("KW", ("Motor power", "电机功率"), unit="kW", span=(0, 132), normal=(0, 95), noise=0.3),
    analog("I", ("Motor current", "电机电流"), unit="A", span=(0, 250), normal=(0, 165), noise=0.5),
    analog(
        "SPC", ("Specific power", "比功率"), unit="kW.min/m3", span=(0, 15), normal=(6.2, 7.2), decimals=2, noise=0.02
    ),
    analog("DUTY", ("Load duty", "加载率"), unit="%", span=(0, 100), normal=(55, 100), noise=0.1),
    analog(
        "UA",
        ("Oil cooler UA", "油冷却器传热系数"),
        unit="kW/K",
        span=(0, 3),
        normal=(1.55, 1.95),
        decimals=3,
        noise=0.006,
    ),
    analog("VIB", ("Screw vibration", "主机振动"), unit="mm/s", span=(0, 20), normal=(0, 3.2), decimals=2, noise=0.06),
    counter("H_RUN", ("Running hours", "运行时间"), unit="h", start=0, width_bits=32),
    counter("H_LOAD", ("Loaded hours", "加载时间"), unit="h", start=0, width_bits=32),
    counter("N_LOAD", ("Load cycles", "加载次数"), unit="1", start=0, width_bits=16),
)

_COUNTED = {
    "AC01.H_RUN": 21_480,
    "AC01.H_LOAD": 20_115,
    "AC01.N_LOAD": 4312,
    "AC02.H_RUN": 15_206,
    "AC02.H_LOAD": 9880,
    "AC02.N_LOAD": 65_500,
}

_DRYER = (
    discrete("RUN", ("Running", "运行")),
    analog("T_IN", ("Inlet temperature", "进气温度"), unit="Cel", span=(0, 80), normal=(37, 44), noise=0.08),
    analog("T_OUT", ("Outlet temperature", "出气温度"), unit="Cel", span=(0, 80), normal=(26, 34), noise=0.08),
    analog("T_EVA", ("Evaporation temperature", "蒸发温度"), unit="Cel", span=(-20, 30), normal=(-1, 4), noise=0.06),
    analog(
        "T_DP", ("Pressure dew point", "压力露点"), unit="Cel", span=(-40, 40), normal=(1, 5.5), noise=0.05, spike=5
    ),
    analog("DP", ("Pressure drop", "压差"), unit="bar", span=(0, 1), normal=(0.01, 0.25), decimals=3, noise=0.002),
    analog("KW", ("Power", "功率"), unit="kW", span=(0, 8), normal=(2.8, 4.2), decimals=2, noise=0.02),
    counter("N_DRN", ("Drain openings", "排水次数"), unit="1", start=48_230),
)

_NET = (
    analog(
        "P", ("Receiver pressure", "储气罐压力"), unit="bar", span=(0, 10), normal=(6.5, 7.5), decimals=2, noise=0.006
    ),
    analog(
        "P_END",
        ("Pressure at the end of the net", "管网末端压力"),
        unit="bar",
        span=(0, 10),
        normal=(6.2, 7.5),
        decimals=2,
        noise=0.008,
    ),
    analog(
        "P_AVG",
        ("Mean receiver pressure", "储气罐平均压力"),
        unit="bar",
        span=(0, 10),
        normal=(6.7, 7.4),
        decimals=2,
        noise=0.004,
    ),
    analog("T", ("Receiver temperature", "储气罐温度"), unit="Cel", span=(0, 80), normal=(28, 40), noise=0.06),
    analog(
        "FLOW_IN",
        ("Flow from the compressors", "空压机总供气量"),
        unit="m3/min",
        span=(0, 40),
        normal=(0, 27),
        decimals=2,
        noise=0.06,
    ),
    analog(
        "FLOW", ("Flow into the net", "管网总流量"), unit="m3/min", span=(0, 40), normal=(8, 24), decimals=2, noise=0.05
    ),
    analog(
        "USE",
        ("Metered consumption", "计量用气量"),
        unit="m3/min",
        span=(0, 40),
        normal=(7, 22),
        decimals=2,
        noise=0.04,
    ),
    analog(
        "LEAK",
        ("Unmetered flow (leaks)", "未计量流量（泄漏）"),
        unit="m3/min",
        span=(0, 10),
        normal=(1, 2.2),
        decimals=2,
        noise=0.03,
    ),
    analog(
        "SEC",
        ("Energy per used air", "单位用气电耗"),
        unit="kW.h/m3",
        span=(0, 1),
        normal=(0.11, 0.18),
        decimals=4,
        noise=0.0004,
    ),
    analog("KW", ("Station power", "空压站功率"), unit="kW", span=(0, 250), normal=(25, 185), noise=0.4),
    counter("V", ("Air used", "累计用气量"), unit="m3", start=1_254_000),
)


def _with_start(tag: PlantTag) -> PlantTag:
    return replace(tag, start=float(_COUNTED.get(tag.name, tag.start)))


def air_tags() -> tuple[PlantTag, ...]:
    """Return the tags in their order."""
    compressors = [_with_start(tag.of(name)) for name in ("AC01", "AC02") for tag in _COMPRESSOR]
    spiking = [replace(tag, defect=Defect.SPIKE) if tag.name == "AC02.T_W" else tag for tag in compressors]
    return (*spiking, *(tag.of("DR01") for tag in _DRYER), *(tag.of("AN01") for tag in _NET))
