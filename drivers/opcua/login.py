"""What an OPC UA server asks of its users: `drivers.login.Guarded` for OPC UA."""

from __future__ import annotations

import asyncio

from asyncua import ua

from app.model.connection import ConnectionDefinition
from drivers.login import LoginKind, LoginOffer, OfferedSecurity
from drivers.opcua.discovery import Offer, discover
from drivers.opcua.refusal import why_not
from drivers.opcua.settings import parse_settings

_KINDS = {
    ua.UserTokenType.Anonymous: LoginKind.ANONYMOUS,
    ua.UserTokenType.UserName: LoginKind.PASSWORD,
    ua.UserTokenType.Certificate: LoginKind.CERTIFICATE,
    ua.UserTokenType.IssuedToken: LoginKind.TOKEN,
}


async def login_offer(definition: ConnectionDefinition) -> LoginOffer:
    """Ask the server for its endpoints, without logging in; raise ConnectionLost where it does not tell them."""
    settings = parse_settings(definition)
    try:
        async with asyncio.timeout(2 * settings.timeout_ms / 1000):
            offer = await discover(settings.url, timeout_s=settings.timeout_ms / 1000)
    except Exception as error:
        raise why_not(settings.url, error) from error
    return login_offer_of(settings.url, offer)


def login_offer_of(url: str, offer: Offer) -> LoginOffer:
    """Return what a server offers in the words that all drivers share."""
    found: dict[str, OfferedSecurity] = {}
    for security, endpoint in offer.endpoints:
        known = found.get(security.text)
        tokens = [_KINDS[each.TokenType] for each in endpoint.UserIdentityTokens or [] if each.TokenType in _KINDS]
        logins = tuple(dict.fromkeys([*(known.logins if known is not None else ()), *tokens]))
        found[security.text] = OfferedSecurity(security.text, security.is_legacy, logins)
    return LoginOffer(url, tuple(found.values()))
