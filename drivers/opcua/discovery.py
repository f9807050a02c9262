"""What an OPC UA server offers, asked over a channel without security before anything is believed (GetEndpoints)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from asyncua import ua
from asyncua.ua.ua_binary import struct_from_binary
from cryptography import x509

from app.model import clock
from drivers.opcua.certificate import der, uris_of
from drivers.opcua.refusal import ToldByServer
from drivers.opcua.security import Security, security_of
from drivers.opcua.transport import ColumnClient

_YEAR_1970_NS = 366 * 86_400 * clock.NS_PER_S
"""Servers without a clock give 1601 or 1970 as their time."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The endpoints of a server that are understood here, each with its security; `time`: its clock, 0 if unknown.

    `is_assumed`: the server tells them to nobody without a secure channel; they are made of what is known of it.
    """

    endpoints: tuple[tuple[Security, ua.EndpointDescription], ...]
    time: int = 0
    is_assumed: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what is offered as a plant file writes it, the best first."""
        return tuple(dict.fromkeys(security.text for security, _ in self.endpoints))

    def endpoint(self, security: Security) -> ua.EndpointDescription | None:
        """Return the first endpoint of that security."""
        return next((endpoint for offered, endpoint in self.endpoints if offered == security), None)


def offer_of(endpoints: list[ua.EndpointDescription], time_ns: int = 0) -> Offer:
    """Return what a list of endpoints offers, the best first."""
    known = [(security, endpoint) for endpoint in endpoints if (security := security_of(endpoint)) is not None]
    return Offer(tuple(sorted(known, key=lambda entry: entry[0].rank, reverse=True)), time_ns)


def assumed(url: str, security: Security, certificate: x509.Certificate) -> Offer:
    """Return the offer of a server that tells nothing of itself, and whose certificate is known."""
    endpoint = ua.EndpointDescription(
        EndpointUrl=ua.String(url),
        ServerCertificate=ua.ByteString(der(certificate)),
        SecurityMode=security.library_mode,
        SecurityPolicyUri=ua.String(security.library_policy.URI),
    )
    endpoint.Server.ApplicationUri = ua.String(next(iter(uris_of(certificate)), ""))
    return Offer(((security, endpoint),), is_assumed=True)


def other_place(url: str, endpoint: ua.EndpointDescription) -> str:
    """Return host and port that a server calls itself by, where they are not those of `url`; "" where they are."""
    try:
        asked, said = urlsplit(url), urlsplit(endpoint.EndpointUrl or "")
        same = (asked.hostname or "").lower() == (said.hostname or "").lower() and asked.port == (said.port or 4840)
    except ValueError:
        return ""
    return "" if same or not said.hostname else f"{said.hostname}:{said.port or 4840}"


class _Discovery(ColumnClient):
    """A client that asks for endpoints and is gone."""

    async def offer(self) -> Offer:
        return await self._with_temp_channel(self._ask)

    async def _ask(self) -> Offer:
        """Ask as asyncua does, but keep the time in the answer's header."""
        request = ua.GetEndpointsRequest()
        request.Parameters.EndpointUrl = self.server_url.geturl()
        answer = await self.uaclient._send_request(request)  # noqa: SLF001 - asyncua drops the header otherwise
        response = struct_from_binary(ua.GetEndpointsResponse, answer)
        response.ResponseHeader.ServiceResult.check()
        time_ns = clock.from_datetime(response.ResponseHeader.Timestamp)
        return offer_of(list(response.Endpoints or []), time_ns if time_ns > _YEAR_1970_NS else 0)

    def abort(self) -> None:
        protocol = self.uaclient.protocol
        if protocol is not None and protocol.transport is not None:
            protocol.transport.abort()


async def discover(url: str, *, timeout_s: float) -> Offer:
    """Return what the server at `url` offers; raise what asyncua raises of a server that is not there."""
    discovery = _Discovery(url, timeout_s=timeout_s, watchdog_s=timeout_s)
    try:
        return await discovery.offer()
    except Exception as error:
        raise (ToldByServer(discovery.refusal) if discovery.refusal else error) from error
    finally:
        discovery.abort()
