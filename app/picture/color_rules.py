"""Rules of colour (ISA-101): on a quiet ground a strong colour means an alarm, and nothing is said by colour alone."""

from __future__ import annotations

from collections.abc import Iterator

from app.model.picture import Pipe, Symbol
from app.model.picture_symbol import SYMBOL_KINDS
from app.picture.finding import Finding
from app.picture.palette import chroma, contrast, palettes
from app.picture.subject import Named, Subject

LEAST_CONTRAST = 3.0
"""Of a line to its ground: WCAG 2.2, success criterion 1.4.11."""
MOST_CHROMA = 35.0
"""Of alarm colours it is 60 and more in both looks: what is greyer differs from all of them (Delta E > 28)."""


def check_colors(named: Named, subject: Subject) -> Iterator[Finding]:
    """Yield what is wrong with the colours of an element, and what only a colour would say."""
    match named.element:
        case Pipe() if named.element.color:
            yield from _pipe(named, named.element)
        case Symbol() if named.element.running:
            yield from _state(named, named.element, subject)


def _pipe(named: Named, pipe: Pipe) -> Iterator[Finding]:
    for palette in palettes():
        ratio = contrast(pipe.color, palette.ground)
        if ratio < LEAST_CONTRAST:
            values = {"color": pipe.color, "look": palette.look, "ratio": f"{ratio:.1f}", "least": LEAST_CONTRAST}
            yield Finding("contrast", named.place, named.name, values)
    if chroma(pipe.color) > MOST_CHROMA:
        yield Finding("saturated", named.place, named.name, {"color": pipe.color})
    if not pipe.medium.en:
        yield Finding("color-alone", named.place, named.name)


def _state(named: Named, symbol: Symbol, subject: Subject) -> Iterator[Finding]:
    kind = SYMBOL_KINDS.get(symbol.kind)
    if kind is not None and kind.is_plain:
        yield Finding("hidden-state", named.place, named.name, {"kind": symbol.kind})
    elif not symbol.equipment and not symbol.label.en:
        yield Finding("unnamed-state", named.place, named.name)
    tag = subject.tag(symbol.running)
    if tag is not None and tag.kind != "discrete":
        yield Finding("not-discrete", named.place, named.name, {"tag": tag.name, "tag_kind": str(tag.kind)})
