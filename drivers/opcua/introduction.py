"""Who an OPC UA server is, as it tells everybody before a session (GetEndpoints, OPC UA Part 4, 5.5.4)."""

from __future__ import annotations

from dataclasses import replace

from asyncua import ua

from app.model.connection import ConnectionDefinition
from drivers.opcua.access import Access
from drivers.opcua.settings import parse_settings
from drivers.probe import Introduction

PATIENCE_MS = 3_000


async def introduce_server(definition: ConnectionDefinition) -> Introduction:
    """Return the server's name and whether it lets everybody in; raise ConnectionLost where no such server answers."""
    settings = replace(parse_settings(definition), timeout_ms=PATIENCE_MS)
    offer = await Access(settings).discover()
    for _, endpoint in offer.endpoints[:1]:
        server = endpoint.Server
        name = server.ApplicationName.Text or server.ApplicationUri or ""
        is_open = any(security.is_none and _lets_anybody_in(each) for security, each in offer.endpoints)
        return Introduction(str(name), is_guarded=not is_open)
    return Introduction(is_guarded=True)


def _lets_anybody_in(endpoint: ua.EndpointDescription) -> bool:
    tokens = endpoint.UserIdentityTokens or []
    return any(token.TokenType is ua.UserTokenType.Anonymous for token in tokens)
