"""Methods of our OPC UA server (Part 4, 5.12): what they take, what they give back, and who does what they say."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from asyncua import ua
from asyncua.common.node import Node
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.status_codes import StatusCodes

Called = Callable[..., Coroutine[Any, Any, "list[ua.Variant] | ua.CallMethodResult"]]


class CallRefused(Exception):
    """What a method raises where the machine does not do it now; `code`: the StatusCode that the client is given."""

    def __init__(self, code: int) -> None:
        """Refuse with the StatusCode `code`."""
        super().__init__(f"refused with 0x{code:08X}")
        self.code = code


@dataclass(frozen=True, slots=True)
class OpcUaArgument:
    """An input or output, a Double in `unit` (UCUM); `description` stands beside its name in clients."""

    name: str
    description: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OpcUaMethod:
    """One method: `folder` is the path of its object below Objects, `name` its name there.

    `run` is called in the loop of the server with one float for each of `inputs` and returns one for each of
    `outputs`; it raises CallRefused.
    """

    name: str
    folder: str
    run: Callable[..., Sequence[float]]
    title: str = ""
    description: str = ""
    inputs: tuple[OpcUaArgument, ...] = ()
    outputs: tuple[OpcUaArgument, ...] = ()


async def add_method(owner: Node, namespace: int, method: OpcUaMethod) -> None:
    """Put a method below the object `owner`; its NodeId is the text "/FOLDER/NAME"."""
    node = await owner.add_method(
        ua.NodeId(ua.String(f"/{method.folder.strip('/')}/{method.name}"), ua.Int16(namespace)),
        ua.QualifiedName(method.name, namespace),
        _called(method),
        [_argument(each) for each in method.inputs],
        [_argument(each) for each in method.outputs],
    )
    for attribute, text in (
        (AttributeIds.DisplayName, method.title or method.name),
        (AttributeIds.Description, method.description or method.title),
    ):
        await node.write_attribute(attribute, ua.DataValue(ua.Variant(ua.LocalizedText(text))))


def _argument(argument: OpcUaArgument) -> ua.Argument:
    unit = f" [{argument.unit}]" if argument.unit else ""
    return ua.Argument(
        Name=ua.String(argument.name),
        DataType=ua.NodeId(ua.Int32(ObjectIds.Double)),
        ValueRank=ua.Int32(-1),
        Description=ua.LocalizedText(f"{argument.description}{unit}".strip()),
    )


def _called(method: OpcUaMethod) -> Called:
    async def called(_: object, *given: ua.Variant) -> list[ua.Variant] | ua.CallMethodResult:
        if len(given) != len(method.inputs):
            missing = len(given) < len(method.inputs)
            return _refusal(StatusCodes.BadArgumentsMissing if missing else StatusCodes.BadTooManyArguments)
        fits = [each.VariantType is ua.VariantType.Double and not each.is_array for each in given]
        if not all(fits):
            return _refusal(StatusCodes.BadInvalidArgument, fits)
        try:
            found = method.run(*(each.Value for each in given))
        except CallRefused as refused:
            return _refusal(refused.code)
        return [ua.Variant(each, ua.VariantType.Double) for each in found]

    return called


def _refusal(code: int, fits: Sequence[bool] = ()) -> ua.CallMethodResult:
    result = ua.CallMethodResult()
    result.StatusCode = ua.StatusCode(ua.UInt32(code))
    for is_fit in fits:
        each = StatusCodes.Good if is_fit else StatusCodes.BadTypeMismatch
        result.InputArgumentResults.append(ua.StatusCode(ua.UInt32(each)))
    return result
