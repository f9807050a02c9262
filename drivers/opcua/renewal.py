"""A server that has renewed its certificate and kept its key: the same server, by the only thing that proves it.

Whoever holds the private key of the certificate that a person has trusted could have shown that certificate as well; a
later one with the same key, the same names and a later beginning makes nobody a server who was none before.
"""

from __future__ import annotations

import logging

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from drivers.opcua.certificate import hosts_of, uris_of
from drivers.opcua.pki import Pki

log = logging.getLogger(__name__)

BY = "renewed with the same key"
"""Who trusted it, in the journal of the store."""


def is_renewal(former: x509.Certificate, later: x509.Certificate) -> bool:
    """Return whether `later` takes the place of `former`: same key and names, begun later, so never the way back."""
    return (
        _key(former) == _key(later)
        and former.subject == later.subject
        and set(uris_of(former)) == set(uris_of(later))
        and set(hosts_of(later)) <= set(hosts_of(former))
        and later.not_valid_before_utc > former.not_valid_before_utc
    )


def take_renewed(pki: Pki, url: str, certificate: x509.Certificate) -> bool:
    """Trust a certificate in place of the one that it renews, and note that; return whether it is a renewal."""
    memory = pki.memory(url)
    former = pki.find(memory.trusted) if memory.trusted else None
    if former is None or not is_renewal(former, certificate):
        return False
    pki.trust(certificate, url, accepted=memory.accepted, by=BY)
    pki.remember(url, used=memory.used)
    log.info("opcua.certificate.renewed", extra={"url": url})
    return True


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
