"""A server in a process of its own with structures and enumerations: prints its port, then serves until its stdin ends.

In a process of its own, since asyncua makes classes of a server's types that its clients in one process would share.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from asyncua import ua
from asyncua.common.structures104 import new_enum, new_struct, new_struct_field
from asyncua.server.server import Server

from drivers.loopback import claim_port


async def _serve() -> None:
    server = Server()
    await server.init()
    port = claim_port("127.0.0.1", 0)
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    mode = await new_enum(server, 2, "Mode", ["Off", "On", "Fault"])
    drive, _ = await new_struct(
        server,
        2,
        "Drive",
        [
            new_struct_field("Actual", ua.VariantType.Double),
            new_struct_field("Mode", mode),
            new_struct_field("Setpoint", ua.VariantType.Double, optional=True),
        ],
    )
    pump, _ = await new_struct(
        server,
        2,
        "Pump",
        [
            new_struct_field("Name", ua.VariantType.String),
            new_struct_field("Speed", drive),
            new_struct_field("Stages", drive, array=True),
            new_struct_field("Count", ua.VariantType.Int64),
            new_struct_field("Hours", ua.VariantType.Double, array=True),
        ],
    )
    await server.load_data_type_definitions()
    made: Any = ua
    speed = made.Drive(Actual=1450.5, Mode=made.Mode.On, Setpoint=None)
    stages = [made.Drive(Actual=float(number), Mode=made.Mode.Fault, Setpoint=7.5) for number in range(3)]
    held = made.Pump(Name="P1", Speed=speed, Stages=stages, Count=2**60 + 1, Hours=[1.5, 2.5])

    async def add(name: str, value: Any, kind: ua.NodeId | None = None) -> None:  # noqa: ANN401 - of any type
        node = ua.NodeId(ua.String(name), ua.Int16(2))
        await server.nodes.objects.add_variable(node, name, value, datatype=kind)

    await add("Pump", ua.Variant(held, ua.VariantType.ExtensionObject), pump.nodeid)
    await add("Mode", ua.Variant(2, ua.VariantType.Int32), mode.nodeid)
    await add("Levels", ua.Variant([1.0, 2.0, 3.5], ua.VariantType.Double))
    unknown = ua.ExtensionObject(TypeId=ua.NodeId(ua.Int32(9_999), ua.Int16(2)), Body=ua.ByteString(b"\x01\x02"))
    await add("Opaque", ua.Variant(unknown, ua.VariantType.ExtensionObject), ua.NodeId(ua.Int32(22)))
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
