"""asyncua's client as this driver uses it: chunks and messages of bounded size, and bounded work to read them."""

from __future__ import annotations

import asyncio
import struct
from typing import Any, cast

from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_client import UaClient, UASocketProtocol
from asyncua.common.connection import TransportLimits
from asyncua.common.shortcuts import Shortcuts
from asyncua.common.utils import Buffer, wait_for
from asyncua.crypto.security_policies import SecurityPolicyNone
from asyncua.ua.ua_binary import uatcp_to_binary

from drivers.opcua.bounds import BoundedBuffer, set_bounds
from drivers.opcua.encoded import EncodedRequest
from drivers.opcua.publish import Answer, PublishingSession

CHUNK = 65_536
"""Bytes of a chunk at most, which every server has room for (Part 6, 7.1.2.3)."""
MESSAGE = 16 * 1024 * 1024
CHUNKS = MESSAGE // 8_192
_HEADER = 8
_MESSAGE_HEADER = struct.Struct("<IIII")
"""Channel, token, sequence number, request id."""
_BODY = _HEADER + _MESSAGE_HEADER.size
_FRAME = struct.Struct("<4sIIIII")
"""Kind, size, and the header above."""
_LAST_SEQUENCE = 0xFFFF_FFFF
_MESSAGE = cast("ua.MessageType", ua.MessageType.SecureMessage)


class ColumnClient(Client):
    """A Client whose subscriptions' callbacks find a DataChange where asyncua puts its DataChangeNotification."""

    def __init__(self, url: str, *, timeout_s: float, watchdog_s: float) -> None:
        """Prepare; asyncua's own reconnection stays off."""
        set_bounds()
        super().__init__(url, timeout=timeout_s, watchdog_intervall=watchdog_s, auto_reconnect=False)
        self.max_messagesize = MESSAGE
        self.max_chunkcount = CHUNKS
        hook = self.uaclient.pre_request_hook
        self._made = self.uaclient = _UaClient(timeout_s)
        self._publishing = self.uaclient.session = PublishingSession(self.uaclient)
        self.uaclient.pre_request_hook = hook
        self.nodes = Shortcuts(self.uaclient.session)

    @property
    def publishing(self) -> PublishingSession:
        """Return the session, for its publish loop."""
        return self._publishing

    async def _stale_watchdog_loop(self) -> None:
        """Asyncua looks twice a second for subscriptions of its own that are silent; here there are none."""

    @property
    def refusal(self) -> str:
        """Return why this side, or an error message of the server, ended the connection; "" for neither."""
        return self._made.made.refusal if self._made.made is not None else ""


class _UaClient(UaClient):
    """A client with the transport below, which is kept when asyncua has let go of it."""

    made: Transport | None = None

    def _make_protocol(self) -> UASocketProtocol:
        protocol = Transport(self._timeout, security_policy=self.security_policy, limits=_Limits())
        protocol.pre_request_hook = self._pre_request_hook
        protocol.on_connection_lost = self._on_transport_lost
        protocol.is_session_closing = self._is_session_closing
        self.protocol = self.made = protocol
        return protocol


class _Limits(TransportLimits):
    """What is received is bounded by this side, what is sent by what the server acknowledges (Part 6, 7.1.2.4).

    asyncua takes the server's limits for both directions, so that a server that takes short requests only could not
    send a long answer.
    """

    def __init__(self) -> None:
        super().__init__(CHUNK, CHUNK, CHUNKS, MESSAGE)

    def update_client_limits(self, msg: ua.Acknowledge) -> None:
        if msg.ReceiveBufferSize:
            self.max_send_buffer = min(self.max_send_buffer, int(msg.ReceiveBufferSize))


class Transport(UASocketProtocol):
    """The bytes of one connection, cut into chunks; a chunk of an impossible size ends it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - those of the library
        """Begin with nothing received."""
        super().__init__(*arguments, **options)
        self.refusal = ""
        self._received = bytearray()

    def data_received(self, data: bytes) -> None:
        """Pass on every whole chunk; asyncua waits for any length announced, and copies what waits each time."""
        received = self._received
        if not received and len(data) >= _HEADER and len(data) == int.from_bytes(data[4:_HEADER], "little") <= CHUNK:
            self._take_chunk(data)
            return
        received += data
        while len(received) >= _HEADER:
            size = int.from_bytes(received[4:_HEADER], "little")
            if not _HEADER <= size <= CHUNK:
                self._refuse(f"a chunk of {size} bytes was announced, not from {_HEADER} to {CHUNK}")
                return
            if len(received) < size:
                return
            chunk = bytes(received[:size])
            del received[:size]
            if not self._take_chunk(chunk):
                received.clear()
                return

    def _take_chunk(self, chunk: bytes) -> bool:
        """Take a whole chunk; return whether the connection is open still."""
        is_taken = self._take_message(chunk)
        if not is_taken:
            self._process_received_data(chunk)
        if self.transport is not None and not self.transport.is_closing():
            return True
        if not is_taken:
            self.refusal = self.refusal or "the server sent a message that cannot be read"
        return False

    def _send_request(
        self,
        request: Any,  # noqa: ANN401 - as the library types it
        timeout: float = 1,
        message_type: ua.MessageType = _MESSAGE,
    ) -> asyncio.Future[Any]:
        """Send a request; one that is encoded already needs no objects."""
        if not isinstance(request, EncodedRequest):
            return super()._send_request(request, timeout, message_type)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.send(request, timeout, answer)
        return answer

    def send(self, request: EncodedRequest, timeout_s: float, answer: Answer) -> None:
        """Send a request whose answer goes to `answer`; raise ConnectionError."""
        if self.transport is None:
            raise ConnectionError("the connection is not open")
        self._request_handle += 1
        self.revolve_security_token()
        body = request.as_bytes(
            self.authentication_token, handle=self._request_handle, timeout_ms=int(timeout_s * 1000)
        )
        number = self._request_id + 1
        message = self._in_chunks(body, number)
        self._request_id = number
        self._callbackmap[number] = cast("asyncio.Future[Any]", answer)
        self.transport.write(message)

    def _in_chunks(self, body: bytes, number: int) -> bytes:
        """Return a request as it is sent: in one plain chunk, where that is what asyncua would make of it."""
        connection = self._connection
        size = _BODY + len(body)
        is_plain = type(connection.security_policy) is SecurityPolicyNone
        if not is_plain or size > connection._limits.max_send_buffer or connection._sequence_number == _LAST_SEQUENCE:  # noqa: SLF001
            return connection.message_to_binary(body, message_type=_MESSAGE, request_id=number)
        connection._sequence_number = sequence = connection._sequence_number + 1  # noqa: SLF001
        token = connection.security_token
        return _FRAME.pack(b"MSGF", size, token.ChannelId, token.TokenId, sequence, number) + body

    async def send_hello(self, url: str, max_messagesize: int = 0, max_chunkcount: int = 0) -> ua.Acknowledge:
        """Say how much this side takes; asyncua offers to take two thousand million bytes at once."""
        hello = ua.Hello(
            ReceiveBufferSize=ua.UInt32(CHUNK),
            SendBufferSize=ua.UInt32(CHUNK),
            MaxMessageSize=ua.UInt32(max_messagesize),
            MaxChunkCount=ua.UInt32(max_chunkcount),
            EndpointUrl=ua.String(url),
        )
        acknowledged: asyncio.Future[ua.Acknowledge] = asyncio.get_running_loop().create_future()
        self._callbackmap[0] = acknowledged
        if self.transport is not None:
            self.transport.write(uatcp_to_binary(ua.MessageType.Hello, hello))  # type: ignore[arg-type] # no Enum
        return await wait_for(acknowledged, self.timeout)

    def _process_received_message(self, msg: ua.Message | ua.Acknowledge | ua.ErrorMessage | None) -> None:
        if isinstance(msg, ua.ErrorMessage):
            self.refusal = f"the server ends the connection: {msg.Error.name} {msg.Reason or ''}".rstrip()
        super()._process_received_message(msg)

    def _take_message(self, chunk: bytes) -> bool:
        """Take an answer in one chunk that is neither signed nor encrypted; leave all others to asyncua."""
        connection = self._connection
        if chunk[:4] != b"MSGF" or len(chunk) < _BODY or type(connection.security_policy) is not SecurityPolicyNone:
            return False
        channel, token, sequence, request = _MESSAGE_HEADER.unpack_from(chunk, _HEADER)
        is_next = sequence == (connection._peer_sequence_number or 0) + 1  # noqa: SLF001
        if (channel, token) != (connection.security_token.ChannelId, connection.security_token.TokenId) or not is_next:
            return False
        if connection._incoming_parts or request not in self._callbackmap:  # noqa: SLF001
            return False
        connection._peer_sequence_number = sequence  # noqa: SLF001
        self._call_callback(request, BoundedBuffer(chunk, _BODY))
        return True

    def _call_callback(self, request_id: int, body: Buffer | ua.Acknowledge) -> None:
        if isinstance(body, Buffer) and not isinstance(body, BoundedBuffer):
            body = BoundedBuffer(bytes(body))
        super()._call_callback(request_id, body)

    def _refuse(self, reason: str) -> None:
        self.refusal = reason
        self._received.clear()
        self._fail_all_pending(ConnectionError(reason))
        if self.transport is not None:
            self.transport.abort()
