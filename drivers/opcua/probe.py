"""Probing an OPC UA server: its endpoints, and what it says of itself to whoever it lets in."""

from __future__ import annotations

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds

from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, DriverError
from drivers.opcua.access import Access
from drivers.opcua.certificate import certificates_from, facts_of
from drivers.opcua.discovery import Offer
from drivers.opcua.session import Session
from drivers.opcua.settings import parse_settings
from drivers.probe import Fact, OnStep, ProbeReport, ProbeWish, Section

_TOKENS = {
    ua.UserTokenType.Anonymous: "anonymous",
    ua.UserTokenType.UserName: "user and password",
    ua.UserTokenType.Certificate: "certificate",
    ua.UserTokenType.IssuedToken: "issued token",
}
_SAID = {
    "product": ObjectIds.Server_ServerStatus_BuildInfo_ProductName,
    "manufacturer": ObjectIds.Server_ServerStatus_BuildInfo_ManufacturerName,
    "version": ObjectIds.Server_ServerStatus_BuildInfo_SoftwareVersion,
    "build": ObjectIds.Server_ServerStatus_BuildInfo_BuildNumber,
    "state": ObjectIds.Server_ServerStatus_State,
    "started": ObjectIds.Server_ServerStatus_StartTime,
    "clock": ObjectIds.Server_ServerStatus_CurrentTime,
    "fastest sampling (ms)": ObjectIds.Server_ServerCapabilities_MinSupportedSampleRate,
    "most nodes per read": ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead,
    "most nodes per write": ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite,
    "most nodes per browse": ObjectIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse,
    "most items per subscribe": ObjectIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall,
}


async def probe_server(definition: ConnectionDefinition, wish: ProbeWish, on_step: OnStep) -> ProbeReport:
    """Return what the server offers to everybody, and to us where it lets us in; raise ConnectionLost."""
    del wish
    settings = parse_settings(definition)
    on_step(0.0, "endpoints")
    offer = await Access(settings).discover()
    facts = _offered(offer)
    on_step(0.5, "session")
    session = Session(settings, _forget)
    notes: list[str] = []
    try:
        await session.open()
        facts += await _said(session)
    except ConnectionLost as reason:
        notes.append(f"who it is inside is not known: {reason}")
    except DriverError as reason:
        notes.append(str(reason))
    finally:
        await session.close()
    return ProbeReport(definition.url, (Section("Server", definition.url, tuple(facts)),), tuple(notes))


def _forget(reason: str) -> None:
    del reason  # a session that is lost fails its next request, which tells why


def _offered(offer: Offer) -> list[Fact]:
    facts = [Fact("endpoint", f"{security.text} at {endpoint.EndpointUrl}") for security, endpoint in offer.endpoints]
    tokens = [token.TokenType for _, endpoint in offer.endpoints for token in endpoint.UserIdentityTokens or []]
    if tokens:
        facts.append(Fact("login", ", ".join(dict.fromkeys(_TOKENS.get(token, "other") for token in tokens))))
    for _, endpoint in offer.endpoints[:1]:
        server = endpoint.Server
        facts.append(Fact("application", f"{server.ApplicationName.Text or ''} ({server.ApplicationUri or ''})"))
        shown = certificates_from(endpoint.ServerCertificate)[:1] if endpoint.ServerCertificate else ()
        facts += [Fact("certificate", facts_of(certificate).fingerprint) for certificate in shown]
    return facts


async def _said(session: Session) -> list[Fact]:
    nodes = [ua.NodeId(ua.Int32(number)) for number in _SAID.values()]
    answers = await session.request(lambda client: client.uaclient.read_attributes(nodes, AttributeIds.Value))
    facts = []
    for name, answer in zip(_SAID, answers, strict=True):
        value = None if answer.Value is None else answer.Value.Value
        if value is None or (value in {"", 0} and name != "state"):
            continue
        facts.append(Fact(name, ua.ServerState(value).name if name == "state" else str(value)))
    listed = enumerate(session.namespaces)
    return [*facts, *(Fact("namespace", f"{index} {uri}") for index, uri in listed if index)]
