"""A device address in words: which register or node, and how its bits become a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.model.connection import ConnectionDefinition
from app.model.tag import TagDefinition
from drivers.driver import BadAddress
from widgets.explain.section import Line
from widgets.station_text import station_text
from widgets.translation import tr


def address_lines(tag: TagDefinition, connection: ConnectionDefinition) -> Iterator[Line]:
    """Yield the address as it is written in the plant file, and what it means where the protocol is Modbus."""
    yield Line(tr("Node") if connection.driver == "opcua" else tr("Address"), tag.address)
    if connection.driver == "modbus":
        yield from _modbus(tag.address, connection.options)
    yield Line(tr("Data type"), tag.data_type.value)


def _modbus(text: str, options: Mapping[str, object]) -> Iterator[Line]:
    from drivers.modbus.address import Table, parse_address  # noqa: PLC0415 - few windows ever need it

    base = options.get("base", 0)
    try:
        address = parse_address(text, base if isinstance(base, int) else 0)
    except BadAddress as error:
        yield Line(tr("Decoding"), station_text(error), is_wrong=True)
        return
    tables = {
        Table.COILS: tr("coil"),
        Table.DISCRETE_INPUTS: tr("discrete input"),
        Table.INPUT_REGISTERS: tr("input register"),
        Table.HOLDING_REGISTERS: tr("holding register"),
    }
    place = f"{tables[address.table]} {address.offset}"
    if address.words > 1:
        place = f"{tables[address.table]} {address.offset} … {address.offset + address.words - 1}"
    if address.bit >= 0:
        place += f", {tr('bit {n}', n=address.bit)}"
    order = address.order or options.get("order")
    parts = [place, str(address.data_type.value), f"{tr('byte order')} {order}" if order else ""]
    if address.unit is not None:
        parts.append(tr("unit {n}", n=address.unit))
    yield Line(tr("Decoding"), ", ".join(part for part in parts if part))
