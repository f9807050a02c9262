"""Checks what a plant file says in the words of a driver: URLs, options of a connection, addresses of tags."""

from __future__ import annotations

from collections.abc import Mapping

from app.model.connection import ConnectionDefinition
from app.plant.problem import Findings
from app.plant.tables import LocatedConnection, PlantTables
from drivers.driver import BadAddress, BadOption, Grammar


def check_devices(tables: PlantTables, grammars: Mapping[str, type[Grammar]], findings: Findings) -> None:
    """Note each URL, option and address that its driver does not understand; `grammars`: the drivers by their names."""
    understood = {connection.id: grammars.get(connection.located.table.driver) for connection in tables.connections}
    for connection in tables.connections:
        grammar = understood[connection.id]
        if grammar is not None and connection.located.table.url:
            _check_connection(connection, grammar, findings)
    for tag in tables.tags:
        grammar = understood.get(tag.table.connection)
        if grammar is not None and tag.table.address:
            try:
                grammar.check_address(tag.table.address)
            except BadAddress as reason:
                findings.error(tag.key("address"), str(reason))


def _check_connection(connection: LocatedConnection, grammar: type[Grammar], findings: Findings) -> None:
    table = connection.located.table
    try:
        grammar.from_definition(ConnectionDefinition(connection.id, table.driver, table.url, connection.options))
    except BadOption as reason:
        is_own_key = reason.name in connection.options  # else it stands in the URL
        findings.error(connection.located.key(reason.name if is_own_key else "url"), str(reason))
    except BadAddress as reason:
        findings.error(connection.located.key("url"), str(reason))
