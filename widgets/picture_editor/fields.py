"""What can be said of a picture and of each kind of element, field by field: how it is read from it and put into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from app.model.picture import DisplayLevel, Picture, Pipe, Readout, Symbol
from app.model.picture_parts import PART, template_of
from app.model.picture_symbol import SYMBOL_KINDS
from app.model.plant import Plant
from app.model.text import LocalText
from widgets.picture_editor.kind_name import kind_name, level_name
from widgets.translation import tr

SubjectT = TypeVar("SubjectT")
Choice = tuple[str, str]
"""A value and what it is called."""


@dataclass(frozen=True, slots=True)
class Field(Generic[SubjectT]):
    """`take(subject, text)` returns it with another value, or raises ValueError; `choices`: all that there is.

    `offers`: what is proposed while somebody writes. `is_own`: no two elements have the same.
    """

    label: str
    read: Callable[[SubjectT], str]
    take: Callable[[SubjectT, str], SubjectT]
    choices: Sequence[Choice] = ()
    offers: Sequence[str] = ()
    is_own: bool = False


def shared(field: Field[SubjectT]) -> Field[tuple[SubjectT, ...]]:
    """Return the field of several at once: "" where they differ; what is written is put into each."""

    def read(subjects: tuple[SubjectT, ...]) -> str:
        found = {field.read(each) for each in subjects}
        return found.pop() if len(found) == 1 else ""

    return Field(
        field.label,
        read,
        lambda subjects, text: tuple(field.take(each, text) for each in subjects),
        field.choices,
        field.offers,
    )


def symbol_fields(plant: Plant) -> list[Field[Symbol]]:
    """Return the fields of a symbol."""
    tags, equipment = _tags(plant), _equipment(plant)
    return [
        Field(
            tr("Symbol"),
            lambda each: each.kind,
            lambda each, text: replace(each, kind=text),
            [(kind, kind_name(kind)) for kind in SYMBOL_KINDS],
        ),
        Field(
            tr("Part: picture of a class"),
            lambda each: each.part,
            lambda each, text: _with_part(each, text, plant),
            offers=[each.id for each in plant.faceplates],
        ),
        Field(tr("Equipment"), lambda each: each.equipment, _symbol_set("equipment"), offers=equipment),
        Field(tr("Label"), lambda each: each.label.en, lambda each, text: replace(each, label=_en(each.label, text))),
        Field(
            tr("Label, Chinese"),
            lambda each: each.label.zh,
            lambda each, text: replace(each, label=_zh(each.label, text)),
        ),
        Field(tr("Runs: tag"), lambda each: each.running, _symbol_set("running"), offers=tags),
        Field(tr("Level: tag"), lambda each: each.level, _symbol_set("level"), offers=tags),
        Field(tr("Value: tag"), lambda each: each.value, _symbol_set("value"), offers=tags),
        Field(
            tr("Middle: x, y"),
            lambda each: _pair(each.at),
            lambda each, text: replace(each, at=_point(text)),
            is_own=True,
        ),
        Field(
            tr("Width, height"),
            lambda each: _pair(each.size),
            lambda each, text: replace(each, size=_size(text)),
        ),
        Field(
            tr("Turned"),
            lambda each: str(each.turn),
            lambda each, text: replace(each, turn=int(text)),
            [(str(turn), f"{turn}°") for turn in (0, 90, 180, 270)],
        ),
        Field(
            tr("Name for pipes"), lambda each: each.id, lambda each, text: replace(each, id=_plain(text)), is_own=True
        ),
        Field(tr("Layer"), lambda each: each.layer, _symbol_set("layer")),
    ]


def pipe_fields() -> list[Field[Pipe]]:
    """Return the fields of a pipe."""
    return [
        Field(
            tr("What flows"),
            lambda each: each.medium.en,
            lambda each, text: replace(each, medium=_en(each.medium, text)),
        ),
        Field(
            tr("What flows, Chinese"),
            lambda each: each.medium.zh,
            lambda each, text: replace(each, medium=_zh(each.medium, text)),
        ),
        Field(
            tr("Arrow"),
            lambda each: str(each.arrow),
            lambda each, text: replace(each, arrow=text == "True"),
            [("False", tr("none")), ("True", tr("at its end"))],
        ),
        Field(tr("Colour"), lambda each: each.color, lambda each, text: replace(each, color=_color(text))),
        Field(tr("Begins at"), lambda each: each.start, lambda each, text: replace(each, start=text), is_own=True),
        Field(tr("Ends at"), lambda each: each.end, lambda each, text: replace(each, end=text), is_own=True),
        Field(tr("Layer"), lambda each: each.layer, lambda each, text: replace(each, layer=text)),
    ]


def readout_fields(plant: Plant) -> list[Field[Readout]]:
    """Return the fields of a live value."""
    return [
        Field(
            tr("Tag"),
            lambda each: each.tag,
            lambda each, text: replace(each, tag=text),
            offers=_tags(plant),
            is_own=True,
        ),
        Field(tr("Label"), lambda each: each.label.en, lambda each, text: replace(each, label=_en(each.label, text))),
        Field(
            tr("Label, Chinese"),
            lambda each: each.label.zh,
            lambda each, text: replace(each, label=_zh(each.label, text)),
        ),
        Field(
            tr("Bar of its limits"),
            lambda each: str(each.indicator),
            lambda each, text: replace(each, indicator=text == "True"),
            [("False", tr("none")), ("True", tr("below it"))],
        ),
        Field(
            tr("Middle: x, y"),
            lambda each: _pair(each.at),
            lambda each, text: replace(each, at=_point(text)),
            is_own=True,
        ),
        Field(tr("Layer"), lambda each: each.layer, lambda each, text: replace(each, layer=text)),
    ]


def picture_fields(plant: Plant) -> list[Field[Picture]]:
    """Return the fields of a picture itself."""
    classes = sorted({each.kind for each in plant.equipment if each.kind})
    return [
        Field(
            tr("Title"),
            lambda each: each.title.en,
            lambda each, text: replace(each, title=_en(each.title, _some(text))),
        ),
        Field(
            tr("Title, Chinese"),
            lambda each: each.title.zh,
            lambda each, text: replace(each, title=_zh(each.title, text)),
        ),
        Field(
            tr("Display level"),
            lambda each: str(each.level),
            lambda each, text: replace(each, level=DisplayLevel(text)),
            [(str(level), level_name(level)) for level in DisplayLevel],
        ),
        Field(
            tr("Equipment"),
            lambda each: each.equipment,
            lambda each, text: replace(each, equipment=text, equipment_class="" if text else each.equipment_class),
            offers=_equipment(plant),
        ),
        Field(
            tr("Class: faceplate of"),
            lambda each: each.equipment_class,
            lambda each, text: replace(each, equipment_class=text, equipment="" if text else each.equipment),
            offers=classes,
        ),
        Field(
            tr("Drawn within others"),
            lambda each: str(each.is_part),
            lambda each, text: replace(each, is_part=text == "True"),
            [("False", tr("no, it is a faceplate")), ("True", tr("yes, it is a part"))],
        ),
        Field(
            tr("Picture above"),
            lambda each: each.above,
            lambda each, text: replace(each, above=text),
            offers=[each.id for each in plant.pictures],
        ),
        Field(
            tr("Width, height"),
            lambda each: _pair(each.size),
            lambda each, text: replace(each, size=_size(text)),
        ),
        Field(
            tr("Small trends"),
            lambda each: ", ".join(each.sparklines),
            lambda each, text: replace(
                each, sparklines=tuple(part.strip() for part in text.split(",") if part.strip())
            ),
        ),
    ]


def _with_part(symbol: Symbol, part: str, plant: Plant) -> Symbol:
    """Return a symbol that stands for a part, as high as the part's picture wants it for its width."""
    if not part:
        return replace(symbol, part="")
    made = replace(symbol, kind=PART, part=part)
    template = template_of(made, plant)
    if template is None:
        return made
    return replace(made, size=(symbol.size[0], round(symbol.size[0] * template.size[1] / template.size[0])))


def _symbol_set(key: str) -> Callable[[Symbol, str], Symbol]:
    def take(symbol: Symbol, text: str) -> Symbol:
        texts = {name: getattr(symbol, name) for name in ("equipment", "running", "level", "value", "layer")}
        texts[key] = text
        return replace(
            symbol,
            equipment=texts["equipment"],
            running=texts["running"],
            level=texts["level"],
            value=texts["value"],
            layer=texts["layer"],
        )

    return take


def _tags(plant: Plant) -> list[str]:
    return [tag.name for tag in plant.tags]


def _equipment(plant: Plant) -> list[str]:
    return [each.id for each in plant.equipment]


def _en(text: LocalText, en: str) -> LocalText:
    return LocalText(en, text.zh if en else "")


def _zh(text: LocalText, zh: str) -> LocalText:
    return LocalText(text.en or zh, zh)


def _some(text: str) -> str:
    if not text:
        raise ValueError(tr("A picture needs a title."))
    return text


def _plain(text: str) -> str:
    if "." in text:
        raise ValueError(tr("The name for pipes has no dot in it."))
    return text


def _color(text: str) -> str:
    digits = text.removeprefix("#")
    if text and (len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits)):
        raise ValueError(tr("Write a colour as #RRGGBB, such as #6F7D8B, or nothing."))
    return f"#{digits.upper()}" if text else ""


def _pair(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g}, {pair[1]:g}"


def _point(text: str) -> tuple[float, float]:
    parts = text.replace(";", ",").replace("，", ",").split(",")
    try:
        x, y = (float(part) for part in parts)
    except ValueError:
        raise ValueError(tr("Write two numbers with a comma, such as 200, 150.")) from None
    return x, y


def _size(text: str) -> tuple[float, float]:
    width, height = _point(text)
    if min(width, height) <= 0:
        raise ValueError(tr("Write two numbers above 0."))
    return width, height
