"""Vibration in words of the operator's language."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.vibration import Trigger, Zone
from app.vibration.hint import OVER_FLOOR, Fault, FaultHint
from app.vibration.order import LineKind
from widgets import number
from widgets.translation import tr

MOST_LINES = 4
LARGEST_OVER = 999.0
ZONE_SIGNS: Mapping[Zone, str] = {Zone.A: "●", Zone.B: "◐", Zone.C: "▲", Zone.D: "■"}
"""A shape for each zone, so that it is told without colour."""


def zone_text(zone: Zone | None) -> str:
    """Return a zone with its shape."""
    return number.NO_VALUE if zone is None else f"{ZONE_SIGNS[zone]} {zone.value}"


def zone_advice(zone: Zone | None) -> str:
    """Return what a zone means for whoever runs the machine."""
    texts: Mapping[Zone, str] = {
        Zone.A: tr("as of a new machine"),
        Zone.B: tr("fit for unlimited operation"),
        Zone.C: tr("not for long: plan the repair"),
        Zone.D: tr("dangerous: it may damage the machine"),
    }
    return "" if zone is None else texts[zone]


def fault_text(fault: Fault) -> str:
    """Return what lines can be a sign of."""
    texts: Mapping[Fault, str] = {
        Fault.OUTER_RACE: tr("Bearing, outer race"),
        Fault.INNER_RACE: tr("Bearing, inner race"),
        Fault.BALL: tr("Bearing, rolling element"),
        Fault.CAGE: tr("Bearing, cage"),
        Fault.UNBALANCE: tr("Unbalance"),
        Fault.MISALIGNMENT: tr("Misalignment"),
        Fault.LOOSENESS: tr("Looseness"),
        Fault.GEAR: tr("Gear"),
    }
    return texts[fault]


def hint_text(hint: FaultHint) -> str:
    """Return a hint with the lines behind it."""
    lines = ", ".join(
        number.number(each.hz, decimals=1) for each in hint.matches if not each.is_sideband and each.over_floor >= 1.0
    )
    score = number.number(hint.score, decimals=1)
    return tr("{fault}: ×{score} of its limit, at {lines} Hz", fault=fault_text(hint.fault), score=score, lines=lines)


def evidence_text(hint: FaultHint) -> str:
    """Return which lines of a fault stand out of how many, and how far; what speaks against it is told as well."""
    lines = [each for each in hint.matches if not each.is_sideband]
    found = [each for each in lines if each.over_floor >= OVER_FLOOR]
    beside = [each for each in hint.matches if each.is_sideband]
    seen = sum(each.over_floor >= OVER_FLOOR for each in beside)
    parts = [tr("{n} of {all} lines stand out", n=len(found), all=len(lines))]
    parts += [
        tr("{order}× ({hz} Hz) ×{over} over the noise", order=number.number(each.order, decimals=2),
           hz=number.number(each.hz, decimals=1), over=_over(each.over_floor))
        for each in found[:MOST_LINES]
    ]  # fmt: skip
    if beside:
        parts.append(tr("{n} of {all} sidebands", n=seen, all=len(beside)))
    if hint.spacing and seen:
        wheel = tr("of this shaft") if hint.spacing == 1.0 else tr("of the 2nd shaft")
        parts.append(tr("{order}× apart, the turn {wheel}", order=number.number(hint.spacing, decimals=2), wheel=wheel))
    return "; ".join(parts)


def _over(over_floor: float) -> str:
    return number.number(min(over_floor, LARGEST_OVER), decimals=1)


def trigger_text(trigger: Trigger) -> str:
    """Return why a waveform was recorded."""
    texts: Mapping[Trigger, str] = {
        Trigger.SCHEDULE: tr("schedule"),
        Trigger.ALARM: tr("alarm"),
        Trigger.IMPORT: tr("import"),
    }
    return texts[trigger]


def line_text(kind: LineKind, harmonic: int) -> str:
    """Return what a known line is called on a plot: "2×", "BPFO", "3 BPFO"."""
    texts: Mapping[LineKind, str] = {
        LineKind.SHAFT: "×",
        LineKind.BPFO: "BPFO",
        LineKind.BPFI: "BPFI",
        LineKind.BSF: "BSF",
        LineKind.FTF: "FTF",
        LineKind.BLADE: tr("blades"),
        LineKind.GEAR: tr("mesh"),
        LineKind.MATE: tr("2nd shaft"),
    }
    if kind is LineKind.SHAFT:
        return f"{harmonic}×"
    return texts[kind] if harmonic == 1 else f"{harmonic} {texts[kind]}"


def indicator_words(indicator: str) -> str:
    """Return what an indicator of vibration is called, such as "vibration PU01.DE outer_race"."""
    _, _, rest = indicator.partition(" ")
    point, _, what = rest.rpartition(" ")
    if what == "zone":
        return tr("Vibration {point}: zone", point=point)
    known = {fault.value: fault for fault in Fault}
    return tr("Vibration {point}: {fault}", point=point, fault=fault_text(known[what]) if what in known else what)
