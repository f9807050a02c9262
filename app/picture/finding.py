"""What a linter finds in a process picture: the element, what is wrong with it and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "contrast": "its colour {color} stands out from the {look} ground by {ratio}, less than {least}: take another",
        "saturated": "its colour {color} is as strong as that of an alarm, which means one: take a greyer one",
        "color-alone": "only its colour says what flows: add `medium`",
        "unnamed-state": "it shows whether something runs, and nobody can tell what: add `label` or `equipment`",
        "hidden-state": "a {kind} cannot show whether something runs: remove `running`, or take another symbol",
        "not-discrete": "{tag} is {tag_kind} and cannot say whether it runs: name a discrete tag",
        "no-range": "{tag} has no range that ends, so that nothing shows its level: give the tag a range",
        "holds-nothing": "a {kind} shows no level: take a tank, or write it as `value`",
        "labels-vanish": "on a screen of 1280 x 720 its small words are not shown: make it at most {width} x {height}, "
        "or make two pictures of it",
        "overlap": "it covers {other} in part: move one of them",
        "crossed": "{other} runs through it: lead that around, or attach it",
        "outside": "it is cut off at the edge of the picture: move it inside, or make the picture larger",
        "dangling": "its {end} at [{x}, {y}] leads to nothing: attach it to a symbol, or lead it to the edge",
        "aslant": "it runs aslant between [{x}, {y}] and [{x2}, {y2}]: give it a bend",
        "no-length": "it has no length: remove it",
        "unknown-tag": "there is no tag {name}: name one of the plant",
        "unknown-equipment": "there is no equipment {name}: name one of the plant",
        "unknown-class": "no equipment is of the class {name}: name one that some is of",
        "unknown-part": "no picture of a class is called {name}: name one, and the equipment that it is drawn for",
        "unknown-kind": "there is no drawing of a {kind}: take one of the palette",
        "turned": "a {kind} stands upright: remove `turn`",
        "twice": "{tag} stands in this picture already, as {other}: remove one",
        "too-many-values": "{count} live values are more than the {most} that a picture of the level {level} bears: "
        "move some of them a level down",
        "too-many-elements": "{count} elements are more than the {most} that a picture of the level {level} bears: "
        "move some of them a level down",
        "no-way": "no picture leads to it: name the one `above` it, or give a picture around its equipment",
        "unseen-alarms": "{equipment} has alarms and is in no picture: add it here, or draw one of its own",
    }
)
"""By rule. Each names the remedy behind the last colon; the fields are those of `Finding.values`."""

Place = tuple[str, int] | None
"""An element by its kind ("symbol", "pipe", "readout") and place among those; None is the picture as a whole."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`name`: how an element is called, such as "pump PU01"; `values` fill the message of the `rule`."""

    rule: str
    place: Place = None
    name: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return what is wrong and the remedy, in English."""
        told = MESSAGES[self.rule].format(**self.values)
        return f"{self.name}: {told}" if self.name else told
