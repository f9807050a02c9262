"""Makes a Picture out of the tables of its file."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.picture_port import end_point
from app.plant.local_text import local_text
from app.plant.picture.grammar import PictureFileTable, PipeTable, ReadoutTable, SymbolTable
from app.plant.tables import LocatedPicture


def picture_of(picture: LocatedPicture) -> Picture:
    """Return the Picture of tables in which no errors were found; attached ends of pipes lie at their symbols."""
    table = picture.located.table
    symbols = tuple(_symbol(item.table) for item in picture.symbols)
    named = {symbol.id: symbol for symbol in symbols if symbol.id}
    return Picture(
        id=picture.id,
        title=local_text(table.title),
        equipment=table.equipment,
        size=table.size,
        symbols=symbols,
        pipes=tuple(_pipe(item.table, named) for item in picture.pipes),
        readouts=tuple(_readout(item.table) for item in picture.readouts),
        sparklines=tuple(table.sparklines),
        level=table.level,
        above=table.above,
        equipment_class=table.equipment_class if isinstance(table, PictureFileTable) else "",
        is_part=isinstance(table, PictureFileTable) and table.part,
    )


def _symbol(table: SymbolTable) -> Symbol:
    return Symbol(
        kind=table.kind,
        at=table.at,
        size=table.size,
        equipment=table.equipment,
        running=table.running,
        level=table.level,
        value=table.value,
        label=local_text(table.label),
        id=table.id,
        turn=table.turn,
        layer=table.layer,
        group=table.group,
        part=table.part,
    )


def _pipe(table: PipeTable, symbols: Mapping[str, Symbol]) -> Pipe:
    first, last = end_point(table.start, symbols), end_point(table.end, symbols)
    points = (*([first] if first else []), *table.points, *([last] if last else []))
    return Pipe(
        points,
        medium=local_text(table.medium),
        arrow=table.arrow,
        start=table.start,
        end=table.end,
        color=table.color,
        layer=table.layer,
        group=table.group,
    )


def _readout(table: ReadoutTable) -> Readout:
    return Readout(
        table.tag,
        table.at,
        label=local_text(table.label),
        layer=table.layer,
        indicator=table.indicator,
        group=table.group,
    )
