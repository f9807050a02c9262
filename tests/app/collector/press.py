"""A press with texts, counts of 64 bits, states and methods, as its plant file and its real servers have it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from asyncua import ua
from asyncua.common.node import Node
from asyncua.server.server import Server

from app.model import status
from app.model.role import Role
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.security.users import Users
from drivers.loopback import claim_port
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.app.collector.writing import PIN

NAMESPACE = "urn:foreshift:press"
BIG = 9_007_199_254_740_993
"""2^53 + 1, which a float64 does not hold."""

PLANT = """
[plant]
id = "press"
name = "Press"
read_only = false

[[equipment]]
id = "P"
name = { en = "Press", zh = "压机" }

[connection.plc]
driver = "modbus"
url = "modbus://127.0.0.1:MODBUS?unit=1&timeout_ms=500"

[connection.press]
driver = "opcua"
url = "opc.tcp://127.0.0.1:OPCUA"
hang_ms = 4000
timeout_ms = 1000
"""
TAG = """
[[tag]]
name = "{source}.{name}"
equipment = "P"
title = "{name}"
connection = "{connection}"
address = "{address}"
scan_ms = 50
type = "{kind}"
{more}
"""
MORE = {
    "ORDER": ("text", "write = { longest = 12, read_back_s = 1.0 }"),
    "PRODUCT": ("text", 'write = { allowed = ["steel", "铝"], read_back_s = 1.0 }'),
    "COUNT": ("int64", f"write = {{ range = [{-BIG}, {BIG + 1000}], read_back_s = 1.0 }}"),
    "VALVE": ("bool", "write = { read_back_s = 1.0 }"),
    "STEP": (
        "int64",
        """states = [{ value = 1, name = { en = "Heating", zh = "加热" } }, { value = 2, name = "Holding" }, { value = 3, name = "Off" }]
write = { allowed = ["Heating", "Holding"], read_back_s = 1.0 }""",  # noqa: E501
    ),
}  # fmt: skip
ADDRESSES = {"ORDER": "HR0:STR12", "PRODUCT": "HR10:STR12", "COUNT": "HR20:I64", "VALVE": "CO0", "STEP": "HR30:U16"}
START: dict[str, Any] = {"ORDER": "A-17", "PRODUCT": "steel", "COUNT": BIG, "VALVE": 0, "STEP": 3}
TYPES = {
    "ORDER": ua.VariantType.String,
    "PRODUCT": ua.VariantType.String,
    "COUNT": ua.VariantType.Int64,
    "VALVE": ua.VariantType.Boolean,
    "STEP": ua.VariantType.UInt16,
}
METHOD = """
[[method]]
name = "{name}"
equipment = "P"
title = {{ en = "{name} the press", zh = "{name} 压机" }}
connection = "press"
object = "nsu={uri};s=Press"
method = "{name}"
{more}
"""
METHODS = {
    "Move": """enabled = true
interlocks = ["U.VALVE == 0"]
confirm = "Nobody near the press"
timeout_s = 3.0

[[method.argument]]
name = "Target"
unit = "mm"
range = [0.0, 100.0]
step = 0.5

[[method.argument]]
name = "Parts"
type = "int64"
range = [0, 9223372036854775807]

[[method.argument]]
name = "Fast"
type = "bool"

[[method.argument]]
name = "Name"
type = "text"
longest = 8

[[method.output]]
title = { en = "Position", zh = "位置" }
unit = "mm"

[[method.output]]
title = "Parts"
""",
    "Reset": 'enabled = true\nrole = "engineer"\nexpiry_s = 1.0',
    "Drain": "",
    "Slow": "enabled = true\ntimeout_s = 0.5",
    "Halt": "enabled = true",
    "Absent": "enabled = true",
}


def plant_text(modbus: int, opcua: int) -> str:
    """Return the plant file of a press behind these ports."""
    text = PLANT.replace("MODBUS", str(modbus)).replace("OPCUA", str(opcua))
    for name, (kind, more) in MORE.items():
        common = {"name": name, "kind": kind, "more": more}
        text += TAG.format(source="M", connection="plc", address=ADDRESSES[name], **common)
        text += TAG.format(source="U", connection="press", address=f"nsu={NAMESPACE};s={name}", **common)
    return text + "".join(METHOD.format(name=name, uri=NAMESPACE, more=more) for name, more in METHODS.items())


class Press:
    """The servers; `calls` are the methods that were called, with their arguments."""

    def __init__(self, modbus: ModbusPublisher, port: int) -> None:
        self.modbus, self.port = modbus, port
        self.calls: list[tuple[object, ...]] = []
        self.nodes: dict[str, Node] = {}
        self.released = asyncio.Event()
        self.halt: Callable[[], None] = lambda: None

    @property
    def text(self) -> str:
        """Return the plant file."""
        return plant_text(self.modbus.port, self.port)

    def method(self, name: str) -> Any:  # noqa: ANN401 - what asyncua calls
        """Return what asyncua calls for a method."""

        async def called(_: Any, *arguments: ua.Variant) -> list[ua.Variant] | ua.StatusCode:  # noqa: ANN401
            self.calls.append((name, *(argument.Value for argument in arguments)))
            if name == "Slow":
                await self.released.wait()
            if name == "Halt":
                self.halt()
                await asyncio.sleep(2.0)
            if name == "Reset":
                return ua.StatusCode(ua.UInt32(status.BAD_OUT_OF_SERVICE))
            if name != "Move":
                return []
            return [
                ua.Variant(arguments[0].Value - 0.125, ua.VariantType.Double),
                ua.Variant(arguments[1].Value, ua.VariantType.Int64),
            ]

        return called


@asynccontextmanager
async def pressing() -> AsyncIterator[Press]:
    """Serve the press."""
    points = [ModbusPoint(name, 1, address, writable=True) for name, address in ADDRESSES.items()]
    modbus = ModbusPublisher("127.0.0.1", 0, points)
    await modbus.start()
    modbus.publish(START, 0)
    press = Press(modbus, claim_port("127.0.0.1", 0))
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{press.port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    await server.register_namespace("urn:something:else")
    space = await server.register_namespace(NAMESPACE)
    await _fill(server, space, press)
    await server.start()
    try:
        yield press
    finally:
        await server.stop()
        await modbus.stop()


async def _fill(server: Server, space: int, press: Press) -> None:
    def node_id(name: str) -> ua.NodeId:
        return ua.NodeId(ua.String(name), ua.Int16(space))

    owner = await server.nodes.objects.add_object(node_id("Press"), "Press")
    for name, value in START.items():
        content = ua.Variant(bool(value) if name == "VALVE" else value, TYPES[name])
        node = await owner.add_variable(node_id(name), name, content)
        await node.set_writable()
        press.nodes[name] = node
    kinds = {
        "Target": ua.VariantType.Double,
        "Parts": ua.VariantType.Int64,
        "Fast": ua.VariantType.Boolean,
        "Name": ua.VariantType.String,
    }
    given = [
        ua.Argument(Name=ua.String(name), DataType=ua.NodeId(ua.Int32(kind.value)), ValueRank=ua.Int32(-1))
        for name, kind in kinds.items()
    ]
    for name in METHODS:
        if name != "Absent":
            await owner.add_method(node_id(f"{name}()"), name, press.method(name), given if name == "Move" else [], [])


def pressing_folder(path: Path, press: Press) -> PlantFolder:
    """Return the folder of the plant, with its users: look, operate, build."""
    folder = PlantFolder(path)
    folder.configuration.write_text(press.text, encoding="utf-8")
    read_plant(folder.configuration)
    for name, role in (("look", Role.VIEWER), ("operate", Role.OPERATOR), ("build", Role.ENGINEER)):
        Users(folder.users).add(name, role, PIN)
    return folder
