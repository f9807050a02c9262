"""TLS towards a Modbus device: the context of a connection, and in words why one could not be made."""

from __future__ import annotations

import ssl
from pathlib import Path

from drivers.driver import BadOption
from drivers.modbus.line import Certificates

_REASONS = (
    ("WRONG_VERSION_NUMBER", "what answers there speaks no TLS: is the port right (802)?"),
    ("RECORD_LAYER_FAILURE", "what answers there speaks no TLS: is the port right (802)?"),
    ("UNKNOWN_CA", "the device does not know who signed our certificate: import its authority there"),
    ("CERTIFICATE_REQUIRED", "the device asks for a certificate: give the options certificate and key"),
    ("HANDSHAKE_FAILURE", "the device refuses our certificate, or shares no cipher: give certificate and key"),
    ("CERTIFICATE_EXPIRED", "the device says that our certificate has expired"),
    ("CERTIFICATE_UNKNOWN", "the device refuses our certificate"),
    ("BAD_CERTIFICATE", "the device refuses our certificate"),
    ("ACCESS_DENIED", "the device refuses our certificate: has it the right role?"),
    ("PROTOCOL_VERSION", "the device speaks an older TLS than 1.2, which is not safe any more"),
    ("UNSUPPORTED_PROTOCOL", "the device speaks an older TLS than 1.2, which is not safe any more"),
)


def client_context(files: Certificates, url: str) -> ssl.SSLContext:
    """Return the context of a connection; raise BadOption for a file that is missing or is not what it should be."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = files.check_name
    if not files.authority:
        raise BadOption(
            "authority",
            f"{url}: authority is missing: give the certificate (PEM) of who signed the device's, or the device's own",
        )
    authority = _readable("authority", files.path_of(files.authority), url)
    try:
        context.load_verify_locations(authority)
    except (ssl.SSLError, ValueError) as error:
        raise BadOption("authority", f"{url}: {authority} holds no certificate in PEM: export it anew") from error
    if files.certificate:
        _show(context, files, url)
    elif files.key:
        raise BadOption("certificate", f"{url}: certificate is missing: a key alone shows nothing")
    return context


def tls_reason(error: BaseException) -> str | None:
    """Return in words what an error of TLS means, None for another error."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"the device's certificate is not accepted: {error.verify_message.rstrip('.')}: check the options "
            "authority and server_name, and the clocks of both"
        )
    if not isinstance(error, ssl.SSLError):
        return None
    code = str(error.reason or error)
    return next((words for key, words in _REASONS if key in code.upper().replace(" ", "_")), f"TLS failed ({code})")


def _show(context: ssl.SSLContext, files: Certificates, url: str) -> None:
    certificate = _readable("certificate", files.path_of(files.certificate), url)
    key = _readable("key", files.path_of(files.key or files.certificate), url)
    passphrase = files.key_password(url)
    try:
        # the passphrase of a key would be asked for on a terminal that nobody sees
        context.load_cert_chain(certificate, key, password=lambda: passphrase)
    except (ssl.SSLError, ValueError) as error:
        told = "is the passphrase the right one?" if passphrase else "is the key encrypted? give key_password_secret"
        raise BadOption(
            "key",
            f"{url}: {certificate} and {key} are no certificate and its key in PEM ({error}): export both anew; {told}",
        ) from error


def _readable(option: str, path: Path, url: str) -> Path:
    try:
        with path.open("rb"):
            return path
    except OSError as error:
        raise BadOption(option, f"{url}: {path} cannot be read: {error.strerror or error} (option {option})") from error
