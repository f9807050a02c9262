"""Calls of the methods of an OPC UA server (Part 4, 5.12): their arguments from texts, in the types that they have."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import struct_from_binary
from asyncua.ua.uaprotocol_auto import Argument  # what is received; ua.Argument is a subclass of it, to be sent

from app.model import clock, status
from drivers.driver import BadAddress, ConnectionLost
from drivers.method_caller import CallResult
from drivers.opcua.data_types import DataTypes
from drivers.opcua.node_id import format_node_id, parse_node_id
from drivers.opcua.refusal import status_name
from drivers.opcua.sample import plain_of
from drivers.opcua.session import ServiceRefused, Session
from drivers.opcua.type_name import type_name
from drivers.opcua.write import INCONCLUSIVE

_METHOD = ua.UInt32(ua.NodeClass.Method.value)
_VARIABLE = ua.UInt32(ua.NodeClass.Variable.value)
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_WHOLE = {
    ua.VariantType.SByte: 8, ua.VariantType.Int16: 16, ua.VariantType.Int32: 32, ua.VariantType.Int64: 64,
    ua.VariantType.Byte: 8, ua.VariantType.UInt16: 16, ua.VariantType.UInt32: 32, ua.VariantType.UInt64: 64,
}  # fmt: skip
_UNSIGNED = {ua.VariantType.Byte, ua.VariantType.UInt16, ua.VariantType.UInt32, ua.VariantType.UInt64}


class WrongArgument(BadAddress):
    """The arguments of a call are not those that the method wants; the message says which they are."""


class MethodService:
    """Calls methods through a session."""

    def __init__(self, session: Session, types: DataTypes) -> None:
        """Call through `session`; `types`: of its server."""
        self._session = session
        self._types = types

    async def call(
        self,
        owner: str,
        method: str,
        arguments: Sequence[str],
        *,
        expires: int | None = None,
        timeout_s: float | None = None,
    ) -> CallResult:
        """Call a method once; see `drivers.method_caller.MethodCaller`."""
        try:
            node = parse_node_id(owner, self._session.namespaces)
            called = await self._method(node, method)
            given = [
                _variant(argument, text, type_name(argument.DataType, self._session.namespaces, self._types))
                for argument, text in zip(await self._wanted(called, arguments), arguments, strict=True)
            ]
        except BadAddress as error:
            return CallResult(status.BAD_CONFIGURATION_ERROR, reason=str(error), is_sent=False)
        if expires is not None and clock.monotonic_ns() > expires:
            return CallResult(status.BAD_TIMEOUT, reason=f"{owner} {method}: expired before it was sent", is_sent=False)
        return await self._call(ua.CallMethodRequest(node, called, given), f"{owner} {method}", timeout_s)

    async def _call(self, request: ua.CallMethodRequest, name: str, timeout_s: float | None) -> CallResult:
        async def call(client: Client) -> list[ua.CallMethodResult]:
            wanted = ua.CallRequest()
            wanted.Parameters.MethodsToCall = [request]
            data = await client.uaclient._send_request(wanted, timeout_s)  # noqa: SLF001 - asyncua gives all one time
            answer = struct_from_binary(ua.CallResponse, data)
            answer.ResponseHeader.ServiceResult.check()
            return list(answer.Results or [])

        try:
            results = await self._session.request_patiently(call, timeout_s)
        except ServiceRefused as error:
            reason = f"{name}: the server refuses it: {status_name(error.code)}"
            return CallResult(error.code, reason=reason, is_answered=error.code not in INCONCLUSIVE)
        except ConnectionLost as error:
            reason = f"{error}: whether {name} was done is not known: look before you call it again"
            return CallResult(status.BAD_COMMUNICATION_ERROR, reason=reason, is_answered=False)
        if not results:
            return CallResult(status.BAD_INTERNAL_ERROR, reason=f"{name}: the server has answered nothing")
        result = results[0]
        code = result.StatusCode.value
        outputs = tuple(_shown(output.Value) for output in result.OutputArguments or [])
        if code < status.BAD:
            return CallResult(code, outputs)
        wrong = [place for place, each in enumerate(result.InputArgumentResults or [], 1) if each.value >= status.BAD]
        which = f" (argument {', '.join(map(str, wrong))})" if wrong else ""
        is_answered = code & status.CODE_MASK not in INCONCLUSIVE
        return CallResult(code, outputs, f"{name}: not done: {status_name(code)}{which}", is_answered=is_answered)

    async def _method(self, owner: ua.NodeId, method: str) -> ua.NodeId:
        """Return the NodeId of a method that is given by it, or by its name below an object."""
        try:
            return parse_node_id(method, self._session.namespaces)
        except BadAddress:
            found = await self._children(owner, _METHOD)
        for child in found:
            if method in {child.BrowseName.Name, child.DisplayName.Text}:
                return ua.NodeId(child.NodeId.Identifier, child.NodeId.NamespaceIndex)
        names = ", ".join(sorted(child.BrowseName.Name or "" for child in found)) or "none"
        text = format_node_id(owner, self._session.namespaces)
        raise WrongArgument(f'{text} has no method "{method}"; it has {names}')

    async def _wanted(self, method: ua.NodeId, given: Sequence[str]) -> list[Argument]:
        """Return the arguments that a method wants; raise WrongArgument where another number is given."""
        wanted: list[Argument] = []
        for child in await self._children(method, _VARIABLE):
            if child.BrowseName.Name == "InputArguments":
                node = ua.NodeId(child.NodeId.Identifier, child.NodeId.NamespaceIndex)
                value = await self._session.request(
                    lambda client, node=node: client.uaclient.read_attributes([node], AttributeIds.Value)  # type: ignore[misc]
                )
                held = value[0].Value.Value if value and value[0].Value is not None else None
                wanted = [each for each in held or [] if isinstance(each, Argument)]
        await self._types.learn_types(each.DataType for each in wanted)
        if len(wanted) != len(given):
            names = ", ".join(argument_text(each, self._session.namespaces, self._types) for each in wanted)
            raise WrongArgument(f"{len(given)} arguments given; the method wants {len(wanted)}: ({names})")
        return wanted

    async def _children(self, node: ua.NodeId, kind: ua.UInt32) -> list[ua.ReferenceDescription]:
        description = ua.BrowseDescription(
            NodeId=node,
            BrowseDirection=ua.BrowseDirection.Forward,
            ReferenceTypeId=ua.NodeId(ua.Int32(ObjectIds.HierarchicalReferences)),
            IncludeSubtypes=True,
            NodeClassMask=kind,
            ResultMask=ua.UInt32(ua.BrowseResultMask.All),
        )

        async def browse(client: Client, wanted: list[ua.BrowseDescription]) -> list[ua.BrowseResult]:
            return await client.uaclient.browse(ua.BrowseParameters(NodesToBrowse=wanted))

        (result,) = await self._session.in_batches([description], browse, refused=lambda _: ua.BrowseResult())
        return list(result.References or [])


def argument_text(argument: Argument, namespaces: Sequence[str], types: DataTypes) -> str:
    """Return an argument as "Target: Double", of an array "Targets: Double[]"."""
    kind = type_name(argument.DataType, namespaces, types)
    return f"{argument.Name or '?'}: {kind}{'[]' if argument.ValueRank >= 1 else ''}"


def _variant(argument: Argument, text: str, kind: str) -> ua.Variant:
    """Return the text as a value of an argument's type; raise WrongArgument where it is none."""
    number = argument.DataType.Identifier
    is_standard = argument.DataType.NamespaceIndex == 0 and isinstance(number, int)
    # enumerations are sent as Int32; a server refuses what it wants otherwise
    wanted = ua.VariantType(number) if is_standard and 0 < number <= _LAST_SIMPLE else ua.VariantType.Int32
    try:
        if argument.ValueRank >= 1:
            values = [_value(each.strip(), wanted) for each in text.strip().strip("[]").split(",") if each.strip()]
            return ua.Variant(values, wanted, is_array=True)
        return ua.Variant(_value(text, wanted), wanted)
    except (ValueError, KeyError, OverflowError) as error:
        raise WrongArgument(f'argument {argument.Name}: "{text}" is no {kind}: {error}') from error


_LAST_SIMPLE = 13
"""DateTime; behind it are Guid, ByteString and what is no single value."""


def _value(text: str, wanted: ua.VariantType) -> object:
    if wanted is ua.VariantType.Boolean:
        return _TRUTHS[text.strip().lower()]
    if wanted in _WHOLE:
        value, bits = int(text, 0), _WHOLE[wanted]
        low, high = (0, 2**bits - 1) if wanted in _UNSIGNED else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        if not low <= value <= high:
            raise ValueError(f"it must lie from {low} to {high}")
        return value
    if wanted in {ua.VariantType.Float, ua.VariantType.Double}:
        return float(text)
    if wanted is ua.VariantType.DateTime:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return text


def _shown(value: object) -> str:
    plain: Callable[[object], object] = plain_of
    if isinstance(value, list):
        return json.dumps([plain(each) for each in value], ensure_ascii=False, default=str)
    return str(plain(value))
