"""A real server with a certificate: asyncua's, on a port of this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from asyncua import ua
from asyncua.crypto.validator import CertificateValidatorMethod
from asyncua.server.binary_server_asyncio import BinaryServer
from asyncua.server.server import Server
from asyncua.server.user_managers import PermissiveUserManager, UserManager

from app.model import clock
from drivers.loopback import claim_port
from drivers.opcua.server import _collection_paused
from tests.drivers.opcua.authority import URI, Made

ALL_SAFE = (
    ua.SecurityPolicyType.Basic256Sha256_Sign,
    ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
    ua.SecurityPolicyType.Aes128Sha256RsaOaep_Sign,
    ua.SecurityPolicyType.Aes128Sha256RsaOaep_SignAndEncrypt,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_Sign,
    ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt,
)


_ANYBODY = cast("UserManager", PermissiveUserManager())
_BUILT: list[Server] = []
"""Building the address space takes two seconds: one is built, and shown with other certificates for each test."""


async def _built() -> Server:
    if not _BUILT:
        server = Server()
        with _collection_paused():
            await server.init()
        _BUILT.append(server)
    return _BUILT[0]


@asynccontextmanager
async def secured_server(
    own: Made,
    folder: Path,
    *,
    policies: Sequence[ua.SecurityPolicyType] = ALL_SAFE,
    tokens: Sequence[type[object]] = (ua.AnonymousIdentityToken,),
    users: UserManager | None = None,
    validator: CertificateValidatorMethod | None = None,
    uri: str = URI,
    port: int = 0,
) -> AsyncIterator[str]:
    """Run a server and yield its URL; `port`: 0 for a free one. One at a time."""
    certificate, key = own.put(folder)
    port = claim_port("127.0.0.1", port)
    server = await _built()
    inner = server.iserver
    inner.endpoints.clear()
    server._policies.clear()
    inner.user_manager = users or _ANYBODY
    inner.certificate_validator = validator
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}/")
    await server.set_application_uri(uri)
    server.set_security_policy(list(policies))
    server.set_identity_tokens(list(tokens))
    await server.load_certificate(certificate)
    await server.load_private_key(key)
    await server._setup_server_nodes()
    await inner.current_time_node.write_value(clock.to_datetime(clock.now_ns()))
    listener = BinaryServer(inner, "127.0.0.1", port, server.limits)
    listener.set_policies(server._policies)
    await listener.start()
    try:
        yield f"opc.tcp://127.0.0.1:{port}/"
    finally:
        await listener.stop()
