"""Why an OPC UA server cannot be connected to, in words that a maintainer can act on."""

from __future__ import annotations

from pathlib import Path

from asyncua import ua
from asyncua.ua.uaerrors import UaStatusCodeError
from cryptography.exceptions import InvalidSignature

from drivers.driver import ConnectionLost, DriverError, Refused

_WRONG_USER = {"BadUserAccessDenied", "BadIdentityTokenRejected", "BadIdentityTokenInvalid", "BadUserSignatureInvalid"}
_UNWANTED = ("BadUser", "BadIdentity", "BadCertificate", "BadSecurity", "BadApplicationSignature")
"""A server that says so will say it again; one that is full, halted or starting may have us a moment later."""
_NOT_TRUSTED = {
    "BadSecurityChecksFailed",
    "BadCertificateUntrusted",
    "BadCertificateInvalid",
    "BadCertificateChainIncomplete",
    "BadCertificateRevocationUnknown",
}

_NO_NONE = ("BadSecurityPolicyRejected", "BadSecurityModeRejected")


class ToldByServer(ConnectionError):
    """Why the connection was ended, in the words of an error message of the server or of this side's bounds."""


def status_name(code: int) -> str:
    """Return asyncua's name of a StatusCode; it knows more of them than the plant's vocabulary."""
    return str(ua.StatusCode(ua.UInt32(code)).name)


def reason_of(error: BaseException) -> str:
    """Return why a link has ended or does not begin."""
    if isinstance(error, ToldByServer):
        return str(error)
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: check host and port, and that the OPC UA server is on"
    if isinstance(error, TimeoutError):
        return "no answer: is the server on, the address right, and no firewall between?"
    if isinstance(error, ConnectionError):
        return "the server closed the connection"
    if isinstance(error, OSError):
        return f"cannot be reached ({error.strerror or error}): check host, port and network"
    return f"{type(error).__name__}: {error}"


def why_not(url: str, error: Exception, *, own: Path | None = None, clock_hint: str = "") -> DriverError:
    """Return why a session could not be opened, with the remedy.

    `own`: the file of our certificate where the channel is a secured one; `clock_hint`: what is wrong with the clocks.
    """
    if isinstance(error, DriverError):
        return error
    if isinstance(error, InvalidSignature) or type(error).__name__ == "InvalidSignature":
        return ConnectionLost(
            f"{url}: what answers there has not the key of the server's certificate: somebody may stand between"
        )
    if isinstance(error, UaStatusCodeError):
        kind = Refused if status_name(error.code).startswith(_UNWANTED) else ConnectionLost
        return kind(f"{url}: {_refusal(error, own, clock_hint)}")
    if "No matching endpoints" in str(error):
        return Refused(
            f"{url}: the server offers no endpoint without security: "
            'set security = "auto", or allow SecurityPolicy None there'
        )
    kind = Refused if isinstance(error, ToldByServer) and is_distrust(error) else ConnectionLost
    return kind(f"{url}: {_no_answer(error) if own is None else _silence(error, own)}")


def _no_answer(error: Exception) -> str:
    """Return why nothing was heard of what should have told its endpoints, or opened a session without security."""
    reason = reason_of(error)
    if isinstance(error, ConnectionError) and not isinstance(error, ConnectionRefusedError):
        return f"{reason}: is it an OPC UA server that listens on this port?"
    return reason


def _silence(error: Exception, own: Path) -> str:
    """Return why a server that tells its endpoints does not take part in a secure channel."""
    if isinstance(error, ToldByServer):
        return f"{error}: {_let_trust(own)}" if is_distrust(error) else str(error)
    if isinstance(error, ConnectionError) and not isinstance(error, ConnectionRefusedError):
        return f"the server closed the connection while the secure channel was made: {_let_trust(own)}"
    if isinstance(error, TimeoutError):
        return (
            f"the server tells its endpoints, but does not answer in a secure channel: {_let_trust(own)}, "
            "and look into its log; or it has not the key of its certificate"
        )
    return reason_of(error)


def is_distrust(error: Exception) -> bool:
    """Return whether the server has probably turned our certificate away."""
    if isinstance(error, UaStatusCodeError):
        return status_name(error.code) in _NOT_TRUSTED
    if isinstance(error, ToldByServer):
        return any(name in str(error) for name in _NOT_TRUSTED)
    return isinstance(error, ConnectionError) and not isinstance(error, ConnectionRefusedError)


def tells_nobody(error: Exception) -> bool:
    """Return whether a server tells its endpoints to nobody without a secure channel."""
    name = status_name(error.code) if isinstance(error, UaStatusCodeError) else str(error)
    return isinstance(error, UaStatusCodeError | ToldByServer) and any(refused in name for refused in _NO_NONE)


def _refusal(error: UaStatusCodeError, own: Path | None, clock_hint: str) -> str:
    name = status_name(error.code)
    if name in _WRONG_USER:
        return f"the server refuses this user ({name}): check user and password"
    if own is not None and name in _NOT_TRUSTED:
        return f"the server refuses our certificate ({name}): {_let_trust(own)}"
    if name in {"BadCertificateTimeInvalid", "BadCertificateIssuerTimeInvalid"}:
        return f"our certificate is out of date for the server ({name}): check its clock, or renew {own}{clock_hint}"
    if name.startswith("BadCertificate"):
        return f"the server refuses our certificate {own} ({name}): {error}"
    if name in {"BadSecurityPolicyRejected", "BadSecurityModeRejected"}:
        return f"the server refuses this security ({name}): set another `security`, or allow it there"
    return f"the server refuses the session ({name}): {error}"


def _let_trust(own: Path) -> str:
    return f"it probably does not trust it yet: let the server's administrator trust the file {own}"
