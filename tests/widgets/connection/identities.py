"""What a server has shown, for screens; made once, of real certificates."""

from __future__ import annotations

from functools import cache

from drivers.opcua.certificate import facts_of
from drivers.trust import CertificateFacts, Fault, FoundFault, Identity
from tests.drivers.opcua.authority import key_of, made

URL = "opc.tcp://192.168.0.20:4840"
SECURITY = "Aes256_Sha256_RsaPss/SignAndEncrypt"


@cache
def facts(key: str = "server") -> CertificateFacts:
    """Return a certificate of press 3 with the key of that name."""
    return facts_of(made("press 3", hosts=("plc-3",), key=key_of(key)).certificate)


def unknown() -> Identity:
    """A server that nobody has trusted yet."""
    return Identity(URL, None, facts(), (FoundFault(Fault.UNKNOWN, "nobody has trusted it"),), SECURITY)


def changed() -> Identity:
    """A server that shows another certificate than the one that was trusted."""
    faults = (FoundFault(Fault.CHANGED, "has changed"), FoundFault(Fault.HOST, "made out for plc-3"))
    return Identity(URL, facts(), facts("second"), faults, SECURITY)


def trusted() -> Identity:
    """A server that is trusted."""
    return Identity(URL, facts())
