"""Which series of a file is which tag of the plant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.exchange.failure import ExchangeError
from app.exchange.file_samples import SeriesName
from app.exchange.selection import like
from app.history.reader import HistoryReader
from app.model.exact import DataType
from app.model.tag import TagDefinition

NO_TAG = -1
_EVER = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Assignment:
    """`handles`: the tag of each series, NO_TAG for one that the plant does not know; those are named in `unknown`.

    `units`: what to say of series whose unit in the file is not that of the plant. `data_types`: what the history of
    each tag, by its handle, keeps: what it has kept until now, else what the file holds.
    """

    handles: tuple[int, ...]
    data_types: dict[int, DataType]
    unknown: tuple[str, ...]
    units: tuple[str, ...]


def assign(
    series: Sequence[SeriesName],
    tags: Sequence[TagDefinition],
    wanted: Mapping[str, str],
    stored: Mapping[str, DataType] | None = None,
) -> Assignment:
    """Return the tags of `series`: a series is the tag of its name, or that which `wanted` gives for it.

    `stored`: what the history keeps of the tags that have one.

    Raise ExchangeError where `wanted` names no tag, or where two series are one tag.
    """
    by_name = {tag.name: tag for tag in tags}
    for name, tag in wanted.items():
        if tag not in by_name:
            raise ExchangeError(f'--map "{name}={tag}": the plant has no tag "{tag}"{like(tag, by_name)}')
    found = [by_name.get(wanted.get(each.name, each.name)) for each in series]
    _refuse_doubles(series, found)
    return Assignment(
        handles=tuple(NO_TAG if tag is None else tag.handle for tag in found),
        data_types={
            tag.handle: (stored or {}).get(tag.name, each.data_type)
            for each, tag in zip(series, found, strict=True)
            if tag is not None
        },
        unknown=tuple(each.name for each, tag in zip(series, found, strict=True) if tag is None),
        units=tuple(
            f"{tag.name} is in {tag.unit} in the plant and in {each.unit} in the file"
            for each, tag in zip(series, found, strict=True)
            if tag is not None and each.unit and tag.unit and each.unit != tag.unit
        ),
    )


def stored_types(history: Path, tags: Sequence[TagDefinition]) -> dict[str, DataType]:
    """Return what the history keeps of each tag that has any samples; raise DatabaseError."""
    with HistoryReader(history) as reader:
        return {
            tag.name: reader.exact(tag.name, 0, 0).data_type
            for tag in tags
            if reader.bound(tag.name, _EVER) is not None
        }


def refuse_unused(series: Sequence[SeriesName], wanted: Mapping[str, str]) -> None:
    """Raise ExchangeError where `wanted` speaks of a series that the file does not have."""
    names = [each.name for each in series]
    for name in wanted:
        if name not in names:
            raise ExchangeError(f'--map: the file has no "{name}"{like(name, names)}')


def _refuse_doubles(series: Sequence[SeriesName], found: Sequence[TagDefinition | None]) -> None:
    owner: dict[str, str] = {}
    for each, tag in zip(series, found, strict=True):
        if tag is None:
            continue
        if tag.name in owner:
            raise ExchangeError(
                f'"{owner[tag.name]}" and "{each.name}" would both be {tag.name}: give each another --map'
            )
        owner[tag.name] = each.name
