"""The tags of the heat treatment: the sealed quench furnace and its oil tank."""

from __future__ import annotations

from dataclasses import replace

from app.model.text import LocalText
from drivers.simulation.tag import Defect, PlantTag, analog, counter, discrete, number

_ZONE = (
    analog("PV", ("temperature", "温度"), unit="Cel", span=(0, 1200), normal=(830, 935), noise=0.25, spike=40),
    analog("SP", ("set point", "温度设定"), unit="Cel", span=(0, 1200)),
    analog("OUT", ("controller output", "输出"), unit="%", span=(0, 100), normal=(0, 100), noise=0.15),
    analog("KW", ("power", "功率"), unit="kW", span=(0, 80), normal=(0, 62), noise=0.1),
    analog("I", ("current", "电流"), unit="A", span=(0, 120), normal=(0, 90), noise=0.15),
    analog(
        "R", ("element resistance", "元件电阻"), unit="Ohm", span=(0, 10), normal=(2.4, 3.0), decimals=3, noise=0.008
    ),
    analog("TC2", ("second thermocouple", "校验热电偶"), unit="Cel", span=(0, 1200), normal=(830, 940), noise=0.25),
    analog(
        "DTC",
        ("thermocouple disagreement", "热电偶偏差"),
        unit="K",
        span=(-50, 50),
        normal=(-3, 3),
        decimals=2,
        noise=0.12,
    ),
)

_FURNACE = (
    analog("T_LOAD", ("Load temperature", "工件温度"), unit="Cel", span=(0, 1200), normal=(40, 935), noise=0.3),
    analog("M_LOAD", ("Charge mass", "装炉量"), unit="kg", span=(0, 1200), normal=(500, 1000), decimals=0),
    discrete("DOOR", ("Door open", "炉门开")),
    number("STEP", ("Recipe step", "工艺步骤"), most=7),
    discrete("SOAK", ("Soaking", "保温阶段")),
    analog("T_STEP", ("Time in step", "步骤时间"), unit="min", span=(0, 600)),
    analog("CP", ("Carbon potential", "碳势"), unit="%", span=(0, 2), normal=(0.3, 1.15), decimals=3, noise=0.003),
    analog("CP_SP", ("Carbon potential set point", "碳势设定"), unit="%", span=(0, 2), decimals=2),
    analog("O2", ("Oxygen probe", "氧探头电势"), unit="mV", span=(0, 1300), normal=(1050, 1180), noise=0.4),
    analog(
        "ENR", ("Enriching gas flow", "富化气流量"), unit="m3/h", span=(0, 5), normal=(0, 3), decimals=2, noise=0.01
    ),
    analog(
        "ENDO",
        ("Endothermic gas flow", "吸热式气氛流量"),
        unit="m3/h",
        span=(0, 20),
        normal=(11, 13),
        decimals=2,
        noise=0.03,
    ),
    analog(
        "FAN_I",
        ("Circulation fan current", "循环风机电流"),
        unit="A",
        span=(0, 40),
        normal=(10, 13),
        decimals=2,
        noise=0.04,
    ),
    analog(
        "FAN_VIB",
        ("Circulation fan vibration", "循环风机振动"),
        unit="mm/s",
        span=(0, 20),
        normal=(0, 2.5),
        decimals=2,
        noise=0.05,
    ),
    analog("P", ("Furnace pressure", "炉压"), unit="Pa", span=(0, 500), normal=(140, 220), decimals=0, noise=1.5),
    analog("T_VEST", ("Vestibule temperature", "前室温度"), unit="Cel", span=(0, 400), normal=(60, 195), noise=0.2),
    analog("UNIF", ("Temperature spread", "炉温均匀性"), unit="K", span=(0, 100), normal=(0, 5), noise=0.15),
    analog("DEV", ("Deviation while soaking", "保温控温偏差"), unit="K", span=(0, 100), normal=(0, 4), noise=0.15),
    analog("DEPTH", ("Case depth (computed)", "渗层深度（计算）"), unit="mm", span=(0, 4), normal=(0, 1.6), decimals=3),
    analog(
        "DEPTH_L",
        ("Case depth of the last charge", "上炉渗层深度"),
        unit="mm",
        span=(0, 4),
        normal=(1.2, 1.5),
        decimals=3,
    ),
    analog("KW", ("Furnace power", "炉子功率"), unit="kW", span=(0, 250), normal=(5, 190), noise=0.3),
    analog(
        "SEC",
        ("Energy per tonne, last charge", "上炉单位电耗"),
        unit="kW.h/t",
        span=(0, 2000),
        normal=(450, 750),
        decimals=0,
    ),
    counter("N_CHG", ("Charges", "炉次"), unit="1", start=1250),
    counter("N_DOOR", ("Door openings", "炉门开启次数"), unit="1", start=2503),
)

_OIL = (
    analog("T", ("Oil temperature", "油温"), unit="Cel", span=(0, 200), normal=(55, 90), noise=0.08),
    analog("T_TOP", ("Oil temperature, top", "上部油温"), unit="Cel", span=(0, 200), normal=(55, 92), noise=0.1),
    analog("T_BOT", ("Oil temperature, bottom", "下部油温"), unit="Cel", span=(0, 200), normal=(55, 90), noise=0.1),
    analog("LEVEL", ("Oil level", "油位"), unit="%", span=(0, 100), normal=(78, 88), noise=0.08, defect=Defect.STUCK),
    discrete("HEAT", ("Heater on", "油加热")),
    analog(
        "AGI_N", ("Agitator speed", "搅拌转速"), unit="{rpm}", span=(0, 900), normal=(460, 740), decimals=0, noise=1.0
    ),
    analog("AGI_I", ("Agitator current", "搅拌电流"), unit="A", span=(0, 30), normal=(3, 14), decimals=2, noise=0.04),
    analog("VALVE", ("Cooler valve", "冷却阀开度"), unit="%", span=(0, 100), normal=(0, 100), noise=0.1),
    analog(
        "T_CWI",
        ("Cooler water inlet temperature", "冷却器进水温度"),
        unit="Cel",
        span=(0, 100),
        normal=(29, 34),
        noise=0.06,
    ),
    analog(
        "T_CWO",
        ("Cooler water outlet temperature", "冷却器出水温度"),
        unit="Cel",
        span=(0, 100),
        normal=(29, 45),
        noise=0.06,
    ),
    analog("Q_COOL", ("Cooler duty", "冷却器散热功率"), unit="kW", span=(0, 300), normal=(0, 160), noise=0.4),
    analog(
        "DP_FLT",
        ("Oil filter pressure drop", "油滤压差"),
        unit="bar",
        span=(0, 3),
        normal=(0.2, 0.8),
        decimals=3,
        noise=0.003,
    ),
    analog("KW", ("Tank power", "油槽功率"), unit="kW", span=(0, 60), normal=(2, 40), decimals=2, noise=0.04),
)


def _of_zone(number: int, tag: PlantTag) -> PlantTag:
    title = LocalText(f"Zone {number} {tag.title.en}", f"{number} 区{tag.title.zh}")
    return replace(tag.of("SQ01", f"Z{number}_"), title=title)


def heat_tags() -> tuple[PlantTag, ...]:
    """Return the tags in their order."""
    zones = (_of_zone(zone, tag) for zone in (1, 2, 3) for tag in _ZONE)
    return (*zones, *(tag.of("SQ01") for tag in _FURNACE), *(tag.of("OT01") for tag in _OIL))
