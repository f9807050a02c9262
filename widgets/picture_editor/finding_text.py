"""What the linter of process pictures finds, in the language of the screen."""

from __future__ import annotations

from app.model.picture import DisplayLevel
from app.picture.finding import Finding
from widgets.picture_editor.kind_name import kind_name, level_name
from widgets.translation import tr


def finding_text(finding: Finding) -> str:
    """Return the element, what is wrong with it and what to do."""
    values = dict(finding.values)
    if "kind" in values:
        values["kind"] = kind_name(str(values["kind"]))
    if "level" in values:
        values["level"] = level_name(DisplayLevel(str(values["level"])))
    if "look" in values:
        values["look"] = tr("dark") if values["look"] == "dark" else tr("light")
    if "end" in values:
        values["end"] = tr("beginning") if values["end"] == "start" else tr("end")
    told = _pattern(finding.rule).format(**values)
    return f"{finding.name}: {told}" if finding.name else told


def _pattern(rule: str) -> str:
    return {
        "contrast": tr("{color} stands out from the {look} ground by {ratio}, less than {least}: take another"),
        "saturated": tr("{color} is as strong as the colour of an alarm: take a greyer one"),
        "color-alone": tr("only its colour says what flows: name the medium"),
        "unnamed-state": tr("nobody can tell what runs here: give it a label or an equipment"),
        "hidden-state": tr("{kind} cannot show whether something runs: take another symbol"),
        "not-discrete": tr("{tag} is {tag_kind} and cannot say whether it runs: name a discrete tag"),
        "no-range": tr("{tag} has no range that ends, so no level is shown: give the tag a range"),
        "holds-nothing": tr("{kind} shows no level: take a tank, or write it as a value"),
        "labels-vanish": tr(
            "small words are not shown at 1,280 x 720: make it at most {width} x {height}, or split it"
        ),
        "overlap": tr("it covers {other} in part: move one of them"),
        "crossed": tr("{other} runs through it: lead that around, or attach it"),
        "outside": tr("it is cut off at the edge: move it inside, or make the picture larger"),
        "dangling": tr("its {end} at [{x}, {y}] leads to nothing: attach it, or lead it to the edge"),
        "aslant": tr("it runs aslant from [{x}, {y}] to [{x2}, {y2}]: give it a bend"),
        "no-length": tr("it has no length: remove it"),
        "unknown-tag": tr("there is no tag {name}: name one of the plant"),
        "unknown-equipment": tr("there is no equipment {name}: name one of the plant"),
        "unknown-class": tr("no equipment is of the class {name}: name one that some is of"),
        "unknown-part": tr("no picture of a class is called {name}: name one, and its equipment"),
        "unknown-kind": tr("there is no drawing of {kind}: take one of the palette"),
        "turned": tr("{kind} stands upright: turn it back"),
        "twice": tr("{tag} stands here already, as {other}: remove one"),
        "too-many-values": tr("{count} live values, more than {most} for {level}: move some a level down"),
        "too-many-elements": tr("{count} elements, more than {most} for {level}: move some a level down"),
        "no-way": tr("no picture leads here: name the one above it"),
        "unseen-alarms": tr("{equipment} has alarms and is in no picture: add it here, or draw one of its own"),
    }[rule]
