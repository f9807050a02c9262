"""Checks what a plant file says in the words of a driver: URLs, options of a connection, addresses."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.connection import ConnectionDefinition
from app.plant.grammar import TagTable
from app.plant.method_grammar import MethodTable
from app.plant.problem import Findings
from app.plant.table import Located
from app.plant.tables import LocatedConnection, PlantTables
from app.plant.word import ValueType
from drivers.alarm_source import AlarmSource
from drivers.driver import BadAddress, BadOption, Grammar
from drivers.grammar_fault import require_address, unopened
from drivers.historian import Historian
from drivers.method_caller import MethodCaller
from drivers.text_room import TextRoom, TooLongText


def check_devices(tables: PlantTables, grammars: Mapping[str, type[Grammar]], findings: Findings) -> None:
    """Note each URL, option and address that its driver does not understand, and what it cannot do.

    `grammars`: the drivers by their names.
    """
    understood = {connection.id: grammars.get(connection.located.table.driver) for connection in tables.connections}
    rooms: dict[str, TextRoom] = {}
    for connection in tables.connections:
        grammar = understood[connection.id]
        if grammar is not None and connection.located.table.url:
            driver = _check_connection(connection, grammar, findings)
            if isinstance(driver, TextRoom):
                rooms[connection.id] = driver
            _check_wishes(connection, grammar, findings)
    for tag in tables.tags:
        grammar = understood.get(tag.table.connection)
        if grammar is not None and tag.table.address:
            try:
                require_address(grammar, tag.table.address)
            except BadAddress as reason:
                findings.error(tag.key("address"), str(reason))
            else:
                _check_texts(tag, rooms.get(tag.table.connection), findings)
    for method in tables.methods:
        grammar = understood.get(method.located.table.connection)
        if grammar is not None:
            _check_method(method.located, grammar, findings)


def _check_method(method: Located[MethodTable], grammar: type[Grammar], findings: Findings) -> None:
    table = method.table
    if not issubclass(grammar, MethodCaller):
        findings.error(method.key("connection"), f"the devices of {table.connection} have no methods: name another")
        return
    is_address = "=" in table.method  # a name below the object is known to the device alone
    for key, address in (("object", table.owner), *([("method", table.method)] if is_address else [])):
        try:
            if address:
                require_address(grammar, address)
        except BadAddress as reason:
            findings.error(method.key(key), str(reason))


def _check_texts(tag: Located[TagTable], room: TextRoom | None, findings: Findings) -> None:
    """Note texts that may be written and would not fit into the registers of the device."""
    rule, address = tag.table.write, tag.table.address
    if rule is None or room is None or tag.table.value_type is not ValueType.TEXT:
        return
    path = tag.key("write")
    for place, text in enumerate(rule.allowed):
        try:
            room.check_text(address, str(text))
        except TooLongText as reason:
            findings.error((*path, "allowed", place), f"{address}: {reason}: write a shorter text")
    if rule.allowed:
        return
    try:
        room.check_text(address, "x" * rule.longest)
    except TooLongText as reason:
        findings.warning(
            (*path, "longest"),
            f"{address} holds {reason.room} bytes: a text of {rule.longest} characters will be refused: "
            "write a smaller number, or an address with more room",
        )


def _check_connection(connection: LocatedConnection, grammar: type[Grammar], findings: Findings) -> Grammar | None:
    table = connection.located.table
    try:
        return unopened(grammar, ConnectionDefinition(connection.id, table.driver, table.url, connection.options))
    except BadOption as reason:
        is_own_key = reason.name in connection.options  # else it stands in the URL
        findings.error(connection.located.key(reason.name if is_own_key else "url"), str(reason))
    except BadAddress as reason:
        findings.error(connection.located.key("url"), str(reason))
    return None


def _check_wishes(connection: LocatedConnection, driver: type[Grammar], findings: Findings) -> None:
    """Warn of what is asked of devices that cannot do it: the plant runs, and it would only be missed in a bad hour."""
    located = connection.located
    name = located.table.driver
    if located.table.backfill and not issubclass(driver, Historian):
        findings.warning(
            located.key("backfill"),
            f"devices of the driver {name} keep no history that could be asked for: a break stays a gap; leave it out",
        )
    if located.table.alarms and not issubclass(driver, AlarmSource):
        findings.warning(
            located.key("alarms"),
            f"devices of the driver {name} tell no alarms of their own: write [[alarm]] for its tags, and leave it out",
        )
