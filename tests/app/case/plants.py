"""A small plant with two pumps and a fan, and indications of its equipment."""

from __future__ import annotations

from collections.abc import Mapping

from app.case.book import CaseBook, CasePast
from app.case.rules import CaseRules
from app.case.signature import Signature
from app.model.case import CaseAction, CaseCommand, CaseWrite, Indication, Verdict
from app.model.clock import NS_PER_S
from app.model.equipment import Equipment
from app.model.forecast import Contribution
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText

START = 1_700_000_000 * NS_PER_S
ROLES = ("DP_STR", "NPSH", "V_DE", "T_BDE")
STRAINER = Signature(
    "pump.strainer",
    "centrifugal_pump",
    LocalText("Suction strainer clogging", "吸入滤网堵塞"),
    LocalText("Clean the strainer", "清洗滤网"),
    {"DP_STR": 1.0, "NPSH": -0.5},
)
BEARING = Signature(
    "pump.bearing",
    "centrifugal_pump",
    LocalText("Bearing damage", "轴承损伤"),
    LocalText("Replace the bearing", "更换轴承"),
    {"V_DE": 1.0, "T_BDE": 0.4, "ENV": 2.0},
)
SIGNATURES = (STRAINER, BEARING)
CLOGGING = {"DP_STR": 0.75, "NPSH": -0.2}
DAMAGE = {"V_DE": 0.9, "T_BDE": 0.1}


def at(second: float) -> int:
    return START + round(second * NS_PER_S)


def plant() -> Plant:
    kinds = {"PU01": "centrifugal_pump", "PU02": "centrifugal_pump", "FA01": "fan"}
    return Plant(
        id="test",
        name=LocalText("Test"),
        equipment=tuple(Equipment(name, LocalText(name), kind=kind) for name, kind in kinds.items()),
        connections=(),
        tags=tuple(
            TagDefinition(number, f"{name}.{role}", name, LocalText(role), "line", f"HR{number}")
            for number, (name, role) in enumerate((name, role) for name in kinds for role in ROLES)
        ),
    )


def book(past: CasePast | None = None, *, rules: CaseRules | None = None) -> CaseBook:
    return CaseBook(plant(), SIGNATURES, past, rules=rules or CaseRules(on_delay_s=60.0, off_delay_s=120.0))


def said(
    second: float,
    score: float,
    *,
    equipment: str = "PU01",
    indicator: str = "health",
    moved: Mapping[str, float] = CLOGGING,
) -> Indication:
    """Return an indication; `moved`: by role the share, negative where the tag has fallen."""
    contributions = tuple(
        Contribution(f"{equipment}.{role}", abs(share), 3.0 if share > 0 else -3.0) for role, share in moved.items()
    )
    return Indication(equipment, indicator, at(second), score, 1.0, contributions, "health 1")


def step(cases: CaseBook, second: float, *indications: Indication) -> CaseWrite:
    cases.take(indications)
    return cases.tick(at(second))


def opened(cases: CaseBook, second: float = 100.0, *, moved: Mapping[str, float] = CLOGGING) -> int:
    """Let a case be opened at PU01 and return its number."""
    step(cases, second, said(second, 2.0, moved=moved))
    step(cases, second + 60.0)
    return cases.open_cases[-1].number


def close(number: int, verdict: Verdict, *, cause: str = "", reason: str = "looked at it") -> CaseCommand:
    return CaseCommand(CaseAction.CLOSE, number, verdict, reason, cause)
