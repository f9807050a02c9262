"""What is maintained in the demo plant, with which parts, and when it stands: its rounds, services and stops."""

from __future__ import annotations

from app.model import clock
from app.model.maintenance import CheckItem, MaintenanceDefinition, PlannedStop, SparePart
from app.model.text import LocalText

SPARE_PARTS = (
    SparePart("LG90-AF", LocalText("Intake filter element", "进气滤芯"), "A-12"),
    SparePart("LG90-OF", LocalText("Oil filter", "油滤芯"), "A-12"),
    SparePart("LG90-SEP", LocalText("Separator element", "油气分离芯"), "A-13"),
    SparePart("CO-46", LocalText("Compressor oil, 20 l", "空压机油 20 升"), "O-02"),
    SparePart("DRAIN-20", LocalText("Condensate drain", "排水器"), "A-14"),
    SparePart("6313-C3", LocalText("Bearing 6313 C3", "轴承 6313 C3"), "B-03"),
    SparePart("MS-55", LocalText("Mechanical seal 55 mm", "机械密封 55 mm"), "B-04"),
    SparePart("STR-150", LocalText("Strainer basket DN150", "滤网 DN150"), "B-05"),
    SparePart("B-1750", LocalText("V-belt B 1750", "三角带 B 1750"), "B-07"),
    SparePart("TC-K-600", LocalText("Thermocouple K, 600 mm", "K 型热电偶 600 mm"), "E-01"),
    SparePart("OIL-F-25", LocalText("Quench oil filter 25 µm", "淬火油滤芯 25 µm"), "O-05"),
)


def _service(compressor: str) -> MaintenanceDefinition:
    """The service that the maker of both compressors demands."""
    return MaintenanceDefinition(
        f"{compressor}.service",
        compressor,
        LocalText("Service every 2000 h", "2000 小时保养"),
        every=2000.0,
        meter=f"{compressor}.H_RUN",
        lead_days=5.0,
        tolerance_days=3.0,
        estimated_h=4.0,
        parts=(
            "LG90-AF",
            "LG90-OF",
            "CO-46",
        ),
        checks=(
            CheckItem(LocalText("Isolated, locked and without pressure", "已断电、上锁、泄压")),
            CheckItem(LocalText("Oil level in the middle of the glass", "油位在视镜中部")),
            CheckItem(LocalText("Belt tension", "皮带张力"), unit="Hz", low=55.0, high=70.0),
            CheckItem(
                LocalText("Discharge temperature after an hour", "运行一小时后的排气温度"),
                unit="Cel",
                low=70.0,
                high=95.0,
            ),
        ),
    )


MAINTENANCE = (
    _service("AC01"),
    _service("AC02"),
    MaintenanceDefinition(
        "AC01.cooler-cleaning",
        "AC01",
        LocalText("Clean the oil cooler", "清洗油冷却器"),
        every_days=45.0,
        estimated_h=3.0,
        checks=(
            CheckItem(LocalText("Fins clean from both sides", "翅片两面清洁")),
            CheckItem(LocalText("Water pressure drop over the cooler", "冷却器水侧压降"), unit="kPa", high=40.0),
        ),
        renews=True,
    ),
    MaintenanceDefinition(
        "PU01.round",
        "PU01",
        LocalText("Round: seal and bearings", "巡检：机封与轴承"),
        every=6.0,
        meter="PU01.H_RUN",
        lead_days=0.2,
        tolerance_days=0.1,
        estimated_h=0.3,
        checks=(
            CheckItem(LocalText("Mechanical seal dry", "机械密封无泄漏")),
            CheckItem(
                LocalText("Drive-end bearing temperature, by hand", "驱动端轴承温度（手持测量）"), unit="Cel", high=75.0
            ),
        ),
    ),
    MaintenanceDefinition(
        "PU02.round",
        "PU02",
        LocalText("Round: seal and bearings", "巡检：机封与轴承"),
        every=6.0,
        meter="PU02.H_RUN",
        lead_days=0.2,
        tolerance_days=0.1,
        estimated_h=0.3,
        checks=(
            CheckItem(LocalText("Mechanical seal dry", "机械密封无泄漏")),
            CheckItem(
                LocalText("Drive-end bearing temperature, by hand", "驱动端轴承温度（手持测量）"), unit="Cel", high=75.0
            ),
        ),
    ),
    MaintenanceDefinition(
        "PU01.bearings",
        "PU01",
        LocalText("Replace the bearings", "更换轴承"),
        every=16000.0,
        meter="PU01.H_RUN",
        estimated_h=8.0,
        parts=(
            "6313-C3",
            "MS-55",
        ),
        checks=(
            CheckItem(LocalText("Alignment to the motor", "与电机对中"), unit="mm", high=0.05),
            CheckItem(LocalText("Vibration at the drive end", "驱动端振动"), unit="mm/s", high=2.8),
        ),
        renews=True,
    ),
    MaintenanceDefinition(
        "CT01.fan",
        "CT01",
        LocalText("Look at belt and fan", "检查皮带和风机"),
        every_days=7.0,
        lead_days=2.0,
        tolerance_days=1.0,
        estimated_h=1.0,
        checks=(
            CheckItem(LocalText("No cracks in the belt", "皮带无裂纹")),
            CheckItem(LocalText("Blades clean and tight", "叶片清洁且紧固")),
        ),
    ),
    MaintenanceDefinition(
        "SQ01.survey",
        "SQ01",
        LocalText("Temperature uniformity survey", "炉温均匀性测试"),
        every_days=90.0,
        is_fixed=True,
        tolerance_days=5.0,
        estimated_h=6.0,
        checks=(CheckItem(LocalText("Spread over nine points at 930 °C", "930 °C 九点温差"), unit="Cel", high=10.0),),
    ),
    MaintenanceDefinition(
        "SQ01.thermocouples",
        "SQ01",
        LocalText("Replace the control thermocouples", "更换控温热电偶"),
        every_days=180.0,
        estimated_h=2.0,
        parts=("TC-K-600",),
        renews=True,
    ),
)

STOPS = (
    PlannedStop(
        "weekend",
        LocalText("Weekend stop", "周末停机"),
        clock.instant_of("2026-01-03T08:00+08:00"),
        36.0,
        7.0,
        ("heat",),
    ),
    PlannedStop(
        "half-month", LocalText("Utilities stop", "公用工程停机"), clock.instant_of("2026-01-05T06:00+08:00"), 8.0, 15.0
    ),
)
