"""The tags of the cooling water: two pumps, their station, the tower."""

from __future__ import annotations

from dataclasses import replace

from drivers.simulation.tag import Defect, PlantTag, analog, counter, discrete, number

_PUMP = (
    discrete("RUN", ("Running", "运行")),
    discrete("TRIP", ("Tripped", "故障跳机")),
    discrete("READY", ("Ready as reserve", "备用就绪")),
    analog(
        "P_S", ("Suction pressure", "吸入压力"), unit="bar", span=(-1, 2), normal=(-0.35, 0.0), decimals=3, noise=0.004
    ),
    analog(
        "P_D", ("Discharge pressure", "出口压力"), unit="bar", span=(0, 6), normal=(2.6, 3.3), decimals=2, noise=0.01
    ),
    analog("DP_STR", ("Strainer pressure drop", "滤网压差"), unit="kPa", span=(0, 100), normal=(0, 12), noise=0.25),
    analog("FLOW", ("Flow", "流量"), unit="m3/h", span=(0, 150), normal=(84, 95), noise=0.25),
    analog("HEAD", ("Head", "扬程"), unit="m", span=(0, 60), normal=(30, 35), noise=0.08),
    analog("NPSH", ("NPSH margin", "汽蚀余量裕度"), unit="m", span=(-5, 15), normal=(2.5, 9), decimals=2, noise=0.03),
    analog("N", ("Speed", "转速"), unit="{rpm}", span=(0, 1800), normal=(1465, 1490), decimals=0, noise=1.0),
    analog("I", ("Motor current", "电机电流"), unit="A", span=(0, 40), normal=(18, 23), decimals=2, noise=0.06),
    analog("KW", ("Motor power", "电机功率"), unit="kW", span=(0, 20), normal=(11, 13), decimals=2, noise=0.03),
    analog("EFF", ("Pump efficiency", "泵效率"), unit="%", span=(0, 100), normal=(68, 75), noise=0.15),
    analog(
        "V_DE",
        ("Drive-end vibration", "驱动端振动"),
        unit="mm/s",
        span=(0, 20),
        normal=(0, 2.8),
        decimals=2,
        noise=0.06,
    ),
    analog(
        "V_NDE",
        ("Non-drive-end vibration", "非驱动端振动"),
        unit="mm/s",
        span=(0, 20),
        normal=(0, 2.5),
        decimals=2,
        noise=0.05,
    ),
    analog(
        "ENV",
        ("Bearing envelope at outer race", "轴承外圈包络值"),
        unit="m/s2",
        span=(0, 50),
        normal=(0, 3),
        decimals=2,
        noise=0.08,
    ),
    analog(
        "T_BDE",
        ("Drive-end bearing temperature", "驱动端轴承温度"),
        unit="Cel",
        span=(0, 150),
        normal=(20, 60),
        noise=0.1,
        spike=12,
    ),
    analog(
        "T_BNDE",
        ("Non-drive-end bearing temperature", "非驱动端轴承温度"),
        unit="Cel",
        span=(0, 150),
        normal=(20, 58),
        noise=0.1,
        spike=12,
    ),
    analog(
        "T_W",
        ("Motor winding temperature", "电机绕组温度"),
        unit="Cel",
        span=(0, 200),
        normal=(20, 90),
        noise=0.12,
        spike=12,
    ),
    analog("SEAL", ("Seal leakage", "机封泄漏量"), unit="L/h", span=(0, 10), normal=(0, 0.6), decimals=2, noise=0.015),
    counter("H_RUN", ("Running hours", "运行时间"), unit="h", start=0, width_bits=32),
    counter("N_START", ("Starts", "启动次数"), unit="1", start=0, width_bits=16),
)

_COUNTED = {"PU01.H_RUN": 9120, "PU01.N_START": 412, "PU02.H_RUN": 11_874, "PU02.N_START": 398}

_STATION = (
    analog("FLOW", ("Cooling water flow", "冷却水总流量"), unit="m3/h", span=(0, 200), normal=(84, 95), noise=0.3),
    analog(
        "P_SUP", ("Header pressure", "供水母管压力"), unit="bar", span=(0, 6), normal=(2.6, 3.3), decimals=2, noise=0.01
    ),
    number("DUTY", ("Duty pump", "工作泵号"), most=2),
    counter("N_CHG", ("Change-overs", "切换次数"), unit="1", start=96),
)

_TOWER = (
    analog("T_SUP", ("Supply temperature", "供水温度"), unit="Cel", span=(0, 80), normal=(30, 34), noise=0.05, spike=4),
    analog("T_RET", ("Return temperature", "回水温度"), unit="Cel", span=(0, 80), normal=(31, 38), noise=0.05, spike=6),
    analog("T_SP", ("Supply set point", "供水温度设定"), unit="Cel", span=(0, 80)),
    analog("T_WB", ("Wet bulb temperature", "湿球温度"), unit="Cel", span=(-10, 50), normal=(15, 25), noise=0.06),
    analog("T_AMB", ("Air temperature", "环境温度"), unit="Cel", span=(-20, 60), normal=(18, 32), noise=0.08),
    analog("APPR", ("Approach", "逼近度"), unit="K", span=(0, 40), normal=(8, 16), noise=0.08),
    analog("HEAT", ("Rejected heat", "散热功率"), unit="kW", span=(0, 800), normal=(60, 400), decimals=0, noise=1.5),
    analog("FAN", ("Fan speed", "风机频率给定"), unit="%", span=(0, 100), normal=(5, 90), noise=0.08),
    analog(
        "FAN_N", ("Fan shaft speed", "风机转速"), unit="{rpm}", span=(0, 500), normal=(20, 430), decimals=0, noise=0.8
    ),
    analog("FAN_KW", ("Fan power", "风机功率"), unit="kW", span=(0, 10), normal=(0, 6), decimals=2, noise=0.01),
    analog("FAN_I", ("Fan current", "风机电流"), unit="A", span=(0, 20), normal=(0, 12), decimals=2, noise=0.02),
    analog("FAN_VIB", ("Fan vibration", "风机振动"), unit="mm/s", span=(0, 20), normal=(0, 3), decimals=2, noise=0.04),
    analog(
        "FAN_T",
        ("Fan bearing temperature", "风机轴承温度"),
        unit="Cel",
        span=(0, 150),
        normal=(20, 55),
        noise=0.1,
        spike=12,
    ),
    analog("LEVEL", ("Basin level", "集水池液位"), unit="%", span=(0, 100), normal=(68, 88), noise=0.12),
    discrete("FILL", ("Make-up valve open", "补水阀开")),
    analog("MAKEUP", ("Make-up flow", "补水流量"), unit="m3/h", span=(0, 10), normal=(0, 5), decimals=2, noise=0.01),
    analog("COND", ("Conductivity", "电导率"), unit="uS/cm", span=(0, 3000), normal=(800, 1400), decimals=0, noise=3.0),
    analog(
        "PH", ("pH", "pH 值"), unit="[pH]", span=(0, 14), normal=(7.2, 8.8), decimals=2, noise=0.01, defect=Defect.DRIFT
    ),
    counter("V_MU", ("Make-up water", "累计补水量"), unit="m3", start=18_340),
)


def water_tags() -> tuple[PlantTag, ...]:
    """Return the tags in their order."""
    pumps = (tag.of(name) for name in ("PU01", "PU02") for tag in _PUMP)
    counted = (replace(tag, start=float(_COUNTED.get(tag.name, tag.start))) for tag in pumps)
    return (*counted, *(tag.of("CW01") for tag in _STATION), *(tag.of("CT01") for tag in _TOWER))
