"""Security and certificates in words that an operator can act on."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from app.model.connection import ConnectionReport
from drivers.trust import Fault
from widgets.number import day_and_time
from widgets.station_text import station_text
from widgets.translation import tr

_FAULTS: Mapping[Fault, Callable[[], str]] = {
    Fault.UNKNOWN: lambda: tr(
        "Nobody has trusted this server yet. Compare the thumbprint with what the server itself shows."
    ),
    Fault.CHANGED: lambda: tr(
        "The server shows another certificate than before. Find out why: was the device exchanged, or does "
        "somebody stand between?"
    ),
    Fault.REVOKED: lambda: tr(
        "The certificate was revoked by its authority. It must not be used; give the server a new one."
    ),
    Fault.EXPIRED: lambda: tr("The certificate has expired. Give the server a new one, and look at both clocks."),
    Fault.NOT_YET_VALID: lambda: tr(
        "The certificate is not valid yet. Is the clock of this PC or of the server wrong?"
    ),
    Fault.HOST: lambda: tr("The certificate is made out for another address than the one that is connected to."),
    Fault.URI: lambda: tr("The certificate belongs to another application than the one that answers."),
    Fault.USAGE: lambda: tr("The certificate is not meant for a server."),
    Fault.KEY: lambda: tr("The key of the certificate is not of a length that is safe."),
}


def fault_text(fault: Fault) -> str:
    """Return what a fault of a certificate means and what to do."""
    return _FAULTS[fault]()


def is_exposed(report: ConnectionReport) -> bool:
    """Return whether a connection could be protected and is not; within this PC nobody else listens."""
    return report.security == "None" and not _is_here(report.url)


def _is_here(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def arrears_text(report: ConnectionReport) -> str:
    """Return what is still to be fetched of breaks, and what is in the way, "" where nothing is."""
    arrears = report.arrears
    lines = []
    if arrears.tags:
        since = day_and_time(arrears.since)
        lines.append(tr("Values missed of {n} tags are being fetched, from {since} on", n=arrears.tags, since=since))
        lines += [tr("They must wait: {problem}", problem=station_text(arrears.problem))] if arrears.problem else []
    if arrears.refused:
        lines.append(tr("The device has nothing of what was missed of {n} tags", n=arrears.refused))
    return "\n".join(lines)


def security_text(report: ConnectionReport) -> str:
    """Return how a connection is protected, "" where that is not known."""
    if report.security == "None":
        return tr("Not protected: what is sent can be read and changed on its way.")
    if not report.security:
        return ""
    policy, _, mode = report.security.partition("/")
    if mode == "Sign":
        return tr("Signed, not encrypted ({policy})", policy=policy)
    return tr("Signed and encrypted ({policy})", policy=policy)
