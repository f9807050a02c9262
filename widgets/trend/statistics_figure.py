"""The statistics of a tag between two marks, explained: each number's formula, the span, the share of good time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.history.span_statistics import SpanStatistics
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition
from widgets.explain.figure import Derivation, Figure
from widgets.number import NO_VALUE, count
from widgets.translation import local, tr


def statistics_figure(found: SpanStatistics, tag: TagDefinition, heads: Sequence[str], cells: Sequence[str]) -> Figure:
    """Return how the cells of a row came about; `heads`: of all columns, the first that of the signal's name."""
    formulas = (
        tr("the value that held at mark A"),
        tr("the value that held at mark B"),
        tr("value at B − value at A"),
        tr("least good sample between the marks"),
        tr("greatest good sample between the marks"),
        tr("sum of the good samples ÷ their number"),
        tr("Σ value × time it held ÷ Σ time; time without a good value is left out"),
        tr("√(Σ (sample − mean)² ÷ (n − 1)) of the good samples"),
        tr("time in which it was good and not zero"),
        tr("time in which it was bad or missing"),
        tr("numbers of samples by their quality"),
    )
    numbers = [
        Derivation(head, cell, formula)
        for head, cell, formula in zip(heads[1:], cells[1:], formulas, strict=True)
        if cell != NO_VALUE
    ]
    span_s = (found.end - found.start) / NS_PER_S
    samples = found.good + found.uncertain + found.bad
    notes = [tr("{n} samples of the history", n=count(samples))]
    if found.hours_without:
        lost = tr("samples of {n} h are no longer kept: those hours count for min and max alone", n=found.hours_without)
        notes.append(lost)
    return Figure(
        tr("Statistics of {tag}", tag=f"{local(tag.title)}  {tag.name}"),
        tuple(numbers),
        tags=(tag.name,),
        start=found.start,
        end=found.end,
        good=max(0.0, 1 - found.bad_s / span_s) if span_s > 0 else math.nan,
        notes=tuple(notes),
    )
