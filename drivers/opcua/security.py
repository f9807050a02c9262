"""Security policies and modes of OPC UA (Part 7): which there are, which are safe, and which is the better one."""

from __future__ import annotations

from dataclasses import dataclass

from asyncua import ua
from asyncua.crypto import security_policies as library

from drivers.opcua.security_names import LEGACY, NONE, POLICIES

_MODES = {"Sign": ua.MessageSecurityMode.Sign, "SignAndEncrypt": ua.MessageSecurityMode.SignAndEncrypt}
_CLASSES: dict[str, type[library.SecurityPolicy]] = {
    "Aes256_Sha256_RsaPss": library.SecurityPolicyAes256Sha256RsaPss,
    "Basic256Sha256": library.SecurityPolicyBasic256Sha256,
    "Aes128_Sha256_RsaOaep": library.SecurityPolicyAes128Sha256RsaOaep,
    "Basic256": library.SecurityPolicyBasic256,
    "Basic128Rsa15": library.SecurityPolicyBasic128Rsa15,
}
_PREFIX = "http://opcfoundation.org/UA/SecurityPolicy#"


@dataclass(frozen=True, slots=True)
class Security:
    """A policy with its mode; `text` is how a plant file writes it: "Basic256Sha256/SignAndEncrypt", "None"."""

    policy: str
    mode: str

    @property
    def text(self) -> str:
        """Return it as the plant file writes it."""
        return NONE if self.is_none else f"{self.policy}/{self.mode}"

    @property
    def is_none(self) -> bool:
        """Whether nothing is signed or encrypted."""
        return self.policy == NONE

    @property
    def is_legacy(self) -> bool:
        """Whether it rests on SHA-1 or RSA 1.5, which the OPC Foundation has withdrawn."""
        return self.policy in LEGACY

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Return what orders them: none, withdrawn ones, signed, encrypted; within these the stronger policy."""
        order = (NONE, *reversed(LEGACY), *reversed(POLICIES))
        return (not self.is_none and not self.is_legacy, self.mode == "SignAndEncrypt", order.index(self.policy))

    @property
    def library_policy(self) -> type[library.SecurityPolicy]:
        """Return asyncua's class of it."""
        return _CLASSES[self.policy]

    @property
    def library_mode(self) -> ua.MessageSecurityMode:
        """Return asyncua's mode."""
        return _MODES.get(self.mode, ua.MessageSecurityMode.None_)


NO_SECURITY = Security(NONE, NONE)


def security_from(text: str) -> Security:
    """Return what a text of `security_names.check_security` means."""
    policy, _, mode = text.partition("/")
    return NO_SECURITY if policy == NONE else Security(policy, mode or "SignAndEncrypt")


def security_of(endpoint: ua.EndpointDescription) -> Security | None:
    """Return the security of an endpoint, None for a policy that is not known here or another transport than TCP."""
    uri = endpoint.SecurityPolicyUri or ""
    policy = uri.removeprefix(_PREFIX)
    if not (endpoint.EndpointUrl or "").lower().startswith("opc.tcp://"):
        return None
    if endpoint.SecurityMode == ua.MessageSecurityMode.None_ and policy == NONE:
        return NO_SECURITY
    if policy not in _CLASSES:
        return None
    modes = [name for name, mode in _MODES.items() if mode == endpoint.SecurityMode]
    return Security(policy, modes[0]) if modes else None


def token_rank(policy_uri: str) -> int:
    """Return how well a user's secret is protected under a token policy; -1 for one that is not known, 0 for none."""
    policy = policy_uri.removeprefix(_PREFIX)
    order = (NONE, *reversed(LEGACY), *reversed(POLICIES))
    return order.index(policy) if policy in order else -1
