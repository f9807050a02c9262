"""A client whose channel is signed or encrypted, and which compares what it was promised with what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from asyncua import ua
from asyncua.client.client import Client
from cryptography import x509

from drivers.driver import ConnectionLost
from drivers.opcua.choice import best_token
from drivers.opcua.discovery import Offer, offer_of
from drivers.opcua.own_certificate import OwnCertificate
from drivers.opcua.security import NO_SECURITY, Security
from drivers.opcua.transport import ColumnClient

_CLOSE_S = 1.5


class SecureClient(ColumnClient):
    """`offer` is what GetEndpoints has told, over a channel that anybody could have changed.

    `check_endpoint` is called with the endpoint as the session tells it, and raises what keeps its user out.
    """

    def __init__(self, url: str, offer: Offer | None, *, timeout_s: float, watchdog_s: float) -> None:
        """Prepare a client without security."""
        super().__init__(url, timeout_s=timeout_s, watchdog_s=watchdog_s)
        self.check_endpoint: Callable[[ua.EndpointDescription], None] = _accept
        self._offer = offer
        self._security = NO_SECURITY

    def secure(self, security: Security, own: OwnCertificate, server: x509.Certificate) -> None:
        """Sign, and encrypt where the mode says so, for a server that has shown this certificate."""
        policy = security.library_policy(server, own.certificate, own.key, security.library_mode)
        self._security = security
        self.security_policy = policy  # type: ignore[assignment] # asyncua infers the type of its default
        self.uaclient.set_security(policy)
        self.application_uri = own.application_uri

    async def create_session(self) -> ua.CreateSessionResult:
        """Create the session, and raise ConnectionLost where better endpoints had been hidden from us before.

        OPC UA Part 4, 5.6.2: the list in the answer is signed, that of GetEndpoints is not.
        """
        response = await super().create_session()
        told = offer_of(list(response.ServerEndpoints or []))
        endpoint = told.endpoint(self._security)
        if endpoint is not None:
            self.check_endpoint(endpoint)
        if self._offer is not None:
            hidden = [s for s, _ in told.endpoints if s.rank > self._security.rank and s.text not in self._offer.texts]
            if hidden:
                raise ConnectionLost(
                    f"{self.server_url.geturl()}: the server offers {hidden[0].text}, which was hidden from us before "
                    "the session: somebody stands between; find out who"
                )
        return response

    def server_policy(self, token_type: ua.UserTokenType) -> ua.UserTokenPolicy:
        """Return the way of logging in that protects a secret best; asyncua takes the first of them."""
        fitting = [token for token in self._policy_ids or [] if token.TokenType == token_type]
        if len(fitting) > 1:
            best = best_token(fitting, self._security)
            self._policy_ids = [best, *(token for token in self._policy_ids if token is not best)]
        return super().server_policy(token_type)


def _accept(endpoint: ua.EndpointDescription) -> None:
    """Take any endpoint."""
    del endpoint


async def let_go(client: Client) -> None:
    """End a session, by force where the server does not answer."""
    with suppress(Exception):  # whatever the library raises of a link that is given up anyway
        async with asyncio.timeout(_CLOSE_S):
            await client.disconnect()
    abort(client)
    await asyncio.sleep(0)  # lets the library's cancelled tasks end


def abort(client: Client) -> None:
    """Cut the connection of a client."""
    protocol = client.uaclient.protocol
    if protocol is not None and protocol.transport is not None:
        protocol.transport.abort()
