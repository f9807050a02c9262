"""Certificates that will expire, told in time: a station that runs for years stops on the day that nobody noted."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509

from app.model import clock
from drivers.opcua.certificate import common_name, ns_of

DAYS = (60, 14, 1)
"""From how many days before the end on a certificate is told of; each is a step of urgency."""

_DAY_NS = 86_400 * clock.NS_PER_S


def days_left(certificate: x509.Certificate) -> float:
    """Return the days until a certificate expires, below 0 where it has."""
    return (ns_of(certificate.not_valid_after_utc) - clock.now_ns()) / _DAY_NS


def expiry_warnings(certificates: Iterable[tuple[x509.Certificate, str]]) -> tuple[str, ...]:
    """Return a sentence for each certificate that expires within 60 days, or has; the text says whose it is."""
    found = []
    for certificate, whose in certificates:
        left = days_left(certificate)
        until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        named = f'{whose} "{common_name(certificate.subject)}"'
        if left < 0:
            found.append(f"{named} expired on {until}: renew it")
        elif left <= DAYS[-1]:
            found.append(f"{named} expires within a day, on {until}: renew it now")
        elif left <= DAYS[1]:
            found.append(f"{named} expires in {int(left)} days, on {until}: renew it this week")
        elif left <= DAYS[0]:
            found.append(f"{named} expires in {int(left)} days, on {until}: plan its renewal")
    return tuple(found)
