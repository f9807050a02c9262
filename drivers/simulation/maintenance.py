"""What maintainers can do at the demo plant: each action undoes a fault, resets a protection, or changes over."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `fault`: the fault that it undoes, or 0; `name` is also its node below "Maintenance"."""

    name: str
    equipment: str
    title: LocalText
    fault: int = 0


ACTIONS: tuple[Action, ...] = (
    Action("CleanCooler.AC01", "AC01", LocalText("Clean the oil cooler", "清洗油冷却器"), 1),
    Action("ReplaceBearing.PU01", "PU01", LocalText("Replace the bearing", "更换轴承"), 2),
    Action("CleanStrainer.PU02", "PU02", LocalText("Clean the suction strainer", "清洗吸入滤网"), 3),
    Action("ReplaceElement.SQ01", "SQ01", LocalText("Replace the heating element of zone 2", "更换 2 区加热元件"), 4),
    Action("ReplaceThermocouple.SQ01", "SQ01", LocalText("Replace the thermocouple of zone 3", "更换 3 区热电偶"), 5),
    Action("RepairLeak.AN01", "AN01", LocalText("Repair the air leak", "修复漏气点"), 8),
    Action("ChangeOver.CW01", "CW01", LocalText("Change the duty pump over", "切换工作泵")),
    Action("Reset.AC01", "AC01", LocalText("Reset the protection", "复位保护")),
    Action("Reset.AC02", "AC02", LocalText("Reset the protection", "复位保护")),
    Action("Reset.PU01", "PU01", LocalText("Reset the protection", "复位保护")),
    Action("Reset.PU02", "PU02", LocalText("Reset the protection", "复位保护")),
)
