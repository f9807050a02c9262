"""A figure that is calculated from recorded values: how, from what, over which time, and how much of that was good."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from app.model import clock
from widgets import number
from widgets.explain.section import Line, Section
from widgets.feed import Feed
from widgets.translation import local, tr


@dataclass(frozen=True, slots=True)
class Derivation:
    """One number of a figure: what it is called, as it is shown, and how it comes about, "" where the name says it."""

    name: str
    value: str
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a row or a field shows that no device sent.

    `tags`: those it is calculated from; `inputs`: what else. `start`, `end`: the time it is of (int64 ns UTC), 0 for
    none. `good`: the share of that time, or of the samples in it, that was good, 0..1, NaN where that is not known.
    """

    title: str
    numbers: tuple[Derivation, ...]
    tags: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    good: float = math.nan
    notes: tuple[str, ...] = ()


def sections_of_figure(feed: Feed, figure: Figure, *, now: int) -> tuple[Section, ...]:
    """Return what is known of a figure; `now`: int64 ns UTC."""
    sections = (
        Section(tr("Value"), tuple(Line(each.name, each.value) for each in figure.numbers)),
        Section(tr("Formula"), tuple(Line(each.name, each.formula) for each in figure.numbers if each.formula)),
        Section(tr("Calculated from"), tuple(_inputs(feed, figure, now))),
        Section(tr("Time and data"), tuple(_ground(figure))),
    )
    return tuple(section for section in sections if section.lines)


def _inputs(feed: Feed, figure: Figure, now: int) -> Iterator[Line]:
    for name in figure.tags:
        tag = feed.tags.get(name)
        if tag is None:
            yield Line(name, tr("the plant has it no more"), is_wrong=True)
            continue
        told = number.reading_of(feed.value(tag.handle), tag=tag, now=now, is_linked=feed.is_linked)
        text = tr("{title}, now {value}", title=local(tag.title), value=told.full)
        yield Line(name, text, is_wrong=told.quality is not number.Quality.GOOD)
    for place, text in enumerate(figure.inputs):
        yield Line(tr("Records") if not place else "", text)


def _ground(figure: Figure) -> Iterator[Line]:
    if figure.end > figure.start:
        length = number.duration((figure.end - figure.start) / clock.NS_PER_S)
        span = f"{number.day_and_time(figure.start)[:-3]} – {number.day_and_time(figure.end)[:-3]}  ({length})"
        yield Line(tr("Period"), span)
    if not math.isnan(figure.good):
        yield Line(tr("Good data"), tr("{share} %", share=_percent(figure.good)), is_wrong=figure.good < 1)
    for place, note in enumerate(figure.notes):
        yield Line(tr("Note") if not place else "", note)


def _percent(share: float) -> str:
    """Return per cent; what is not quite all is never told as all."""
    percent = 100 * share
    return "> 99.9" if 99.95 <= percent < 100 else f"{percent:.1f}"
