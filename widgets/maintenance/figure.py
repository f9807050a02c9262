"""The figures of planned stops and of spare parts, explained."""

from __future__ import annotations

from collections.abc import Sequence

from widgets.explain.figure import Derivation, Figure
from widgets.translation import tr


def stop_figure(cells: Sequence[str]) -> Figure:
    """Return how the row of a planned stop came about."""
    name, begin, foretold, owners, lasts, again = cells
    numbers = (
        Derivation(tr("Next begin"), begin, tr("the first one after now: first begin + n × its repetition")),
        Derivation(
            tr("Foretold before it"),
            foretold,
            tr("what is foretold (P50), or may come (P10), before it begins"),
        ),
        Derivation(tr("Lasts"), lasts, tr("as somebody has planned it")),
        Derivation(tr("Again"), again, tr("as somebody has planned it")),
    )
    return Figure(name, numbers, inputs=(tr("the stop of {equipment} as it is planned", equipment=owners),))


def part_figure(cells: Sequence[str]) -> Figure:
    """Return how the row of a spare part came about."""
    part, on_hand, name, minimum, place, _ = cells
    numbers = [Derivation(tr("On hand"), on_hand, tr("sum of all bookings: counted, received, used"))]
    if minimum:
        numbers.append(Derivation(tr("Minimum"), minimum, tr("as the plant file says")))
    inputs = [tr("the bookings of this part in the history")] + ([place] if place else [])
    return Figure(f"{name}  {part}".strip(), tuple(numbers), inputs=tuple(inputs))
