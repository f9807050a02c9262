"""Certificates as lines of text."""

from __future__ import annotations

from app.model import clock
from drivers.trust import CertificateFacts, Identity

_LEAST_DIGITS = 16


def certificate_lines(facts: CertificateFacts) -> list[str]:
    """Return what a certificate says, a line each."""
    return [
        f"subject     {facts.subject}",
        f"issuer      {'itself' if facts.is_self_signed else facts.issuer}",
        f"valid       {_day(facts.not_before)} to {_day(facts.not_after)}",
        f"hosts       {', '.join(facts.hosts) or 'none'}",
        f"application {facts.uri or 'none'}",
        f"key         {facts.key}",
        f"thumbprint  {_groups(facts.thumbprint)}",
        f"SHA-256     {_groups(facts.fingerprint)}",
        f"in words    {facts.words}",
    ]


def identity_lines(found: Identity) -> list[str]:
    """Return what a server has shown, what was trusted before, and what is wrong."""
    lines = [found.url, f"security    {found.security}, of {', '.join(found.offers)}"]
    if found.offered is None:
        return [*lines, "the server shows no certificate: nothing that it says is signed or encrypted"]
    lines += certificate_lines(found.offered)
    if found.known is not None and found.known != found.offered:
        lines += ["", "trusted so far:", *certificate_lines(found.known)]
    if not found.faults:
        return [*lines, "it is trusted"]
    return [*lines, "", *(f"! {fault.text}" for fault in found.faults)]


def is_thumbprint_of(text: str, facts: CertificateFacts) -> bool:
    """Return whether a text, with blanks or colons, is a good part of one of a certificate's thumbprints."""
    digits = "".join(character for character in text.upper() if character.isalnum())
    is_long_enough = len(digits) >= _LEAST_DIGITS
    return is_long_enough and (facts.thumbprint.startswith(digits) or facts.fingerprint.startswith(digits))


def _day(time_ns: int) -> str:
    return f"{clock.to_datetime(time_ns):%Y-%m-%d}"


def _groups(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
