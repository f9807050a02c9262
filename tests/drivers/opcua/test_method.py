"""Methods of an OPC UA server: shown when browsing, and called once with arguments of their types."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asyncua import ua
from asyncua.server.server import Server

from app.__main__ import main
from app.model import status
from app.model.connection import ConnectionDefinition
from drivers.conformance.device import opened
from drivers.loopback import claim_port
from drivers.method_caller import NoMethods, caller_of
from drivers.opcua.client import OpcUaDriver
from tests.drivers.opcua.server_thread import running

PRESS = "ns=2;s=Press"


class _Press:
    """A press whose methods note how they were called."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.calls: list[tuple[object, ...]] = []

    async def _move(self, _: Any, *arguments: ua.Variant) -> list[ua.Variant]:  # noqa: ANN401 - asyncua's NodeId
        self.calls.append(tuple(argument.Value for argument in arguments))
        if arguments[0].Value == 13.0:
            await asyncio.sleep(1.5)
        if arguments[0].Value < 0:
            return ua.StatusCode(ua.UInt32(status.BAD_OUT_OF_RANGE))  # type: ignore[return-value]
        return [ua.Variant(f"at {arguments[0].Value}", ua.VariantType.String), ua.Variant([1, 2], ua.VariantType.Int32)]


def _argument(name: str, kind: ua.VariantType, rank: int = -1) -> ua.Argument:
    return ua.Argument(Name=ua.String(name), DataType=ua.NodeId(ua.Int32(kind.value)), ValueRank=ua.Int32(rank))


@asynccontextmanager
async def _serving() -> AsyncIterator[_Press]:
    server = Server()
    await server.init()
    press = _Press(claim_port("127.0.0.1", 0))
    server.set_endpoint(f"opc.tcp://127.0.0.1:{press.port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    owner = await server.nodes.objects.add_object(ua.NodeId(ua.String("Press"), ua.Int16(2)), "Press")
    given = [
        _argument("Target", ua.VariantType.Double),
        _argument("Steps", ua.VariantType.UInt16),
        _argument("Fast", ua.VariantType.Boolean),
        _argument("Name", ua.VariantType.String),
        _argument("Stops", ua.VariantType.Int32, 1),
    ]
    answered = [_argument("Where", ua.VariantType.String), _argument("Passed", ua.VariantType.Int32, 1)]
    await owner.add_method(ua.NodeId(ua.String("Move"), ua.Int16(2)), "Move", press._move, given, answered)
    await server.start()
    try:
        yield press
    finally:
        await server.stop()


def _driver(port: int, **options: object) -> OpcUaDriver:
    definition = ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}", dict(options))
    return OpcUaDriver.from_definition(definition)


GOOD = ["2.5", "0x10", "true", "left", "[3, 4]"]


async def test_that_a_method_is_called_once_with_arguments_of_its_types() -> None:
    async with _serving() as press, opened(_driver(press.port)) as driver:
        by_name = await caller_of(driver, "press").call(PRESS, "Move", GOOD)
        by_address = await caller_of(driver, "press").call(PRESS, "ns=2;s=Move", ["1", "1", "0", "", "[]"])
    assert press.calls == [(2.5, 16, True, "left", [3, 4]), (1.0, 1, False, "", [])]
    assert (by_name.status, by_name.outputs, by_name.is_done) == (status.GOOD, ("at 2.5", "[1, 2]"), True)
    assert by_address.is_done


async def test_that_browsing_shows_methods_with_their_arguments() -> None:
    async with _serving() as press, opened(_driver(press.port)) as driver:
        above = {entry.name: entry for entry in (await driver.browse()).entries}
        (method,) = (await driver.browse(above["Press"].address)).entries
    assert above["Press"].has_children
    assert not method.is_readable
    assert method.data_type == (
        "method (Target: Double, Steps: UInt16, Fast: Boolean, Name: String, Stops: Int32[])"
        " -> (Where: String, Passed: Int32[])"
    )


WRONG: tuple[tuple[str, str, list[str], str], ...] = (
    (PRESS, "Stop", [], 'has no method "Stop"; it has Move'),
    (PRESS, "Move", ["1"], "1 arguments given; the method wants 5: .Target: Double, "),
    (PRESS, "Move", ["x", *GOOD[1:]], 'argument Target: "x" is no Double'),
    (PRESS, "Move", ["1", "65536", *GOOD[2:]], "Steps: .* it must lie from 0 to 65535"),
    (PRESS, "Move", ["1", "1", "maybe", *GOOD[3:]], 'Fast: "maybe" is no Boolean'),
    ("nowhere", "Move", GOOD, "is not a NodeId"),
)


async def test_that_what_is_wrong_is_told_and_never_sent() -> None:
    async with _serving() as press, opened(_driver(press.port)) as driver:
        results = [
            (await caller_of(driver, "press").call(owner, method, arguments), reason)
            for owner, method, arguments, reason in WRONG
        ]
    assert press.calls == []
    for result, reason in results:
        assert not result.is_sent
        assert not result.is_done
        assert re.search(reason, result.reason)


async def test_that_a_refusal_of_the_method_is_told_and_a_call_without_an_answer_is_not_known() -> None:
    async with _serving() as press, opened(_driver(press.port, timeout_ms=500)) as driver:
        refused = await caller_of(driver, "press").call(PRESS, "Move", ["-1", *GOOD[1:]])
        silent = await caller_of(driver, "press").call(PRESS, "Move", ["13", *GOOD[1:]])
        assert len(press.calls) == 2
    assert (refused.is_sent, refused.is_answered, refused.is_done) == (True, True, False)
    assert "not done: BadOutOfRange" in refused.reason
    assert (silent.is_answered, silent.is_done) == (False, False)
    assert "is not known" in silent.reason


def test_that_a_driver_without_methods_says_so() -> None:
    with pytest.raises(NoMethods, match="plc: its driver knows no methods"):
        caller_of(object(), "plc")


def test_that_the_command_calls_only_when_it_is_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    with running(_serving()) as press:
        url = f"opc.tcp://127.0.0.1:{press.port}"
        assert main(["call", url, PRESS, "Move", *GOOD]) == 1
        assert press.calls == []
        assert "nothing was sent" in capsys.readouterr().err
        assert main(["call", url, PRESS, "Move", *GOOD, "--yes"]) == 0
        assert capsys.readouterr().out == "at 2.5\n[1, 2]\n"
        assert len(press.calls) == 1
        assert main(["call", url, PRESS, "Move", "--yes"]) == 1
        assert "the method wants 5" in capsys.readouterr().err
