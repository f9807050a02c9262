"""modbus_tk as a device on a serial port, RTU: unit 5 with 200 holding registers that hold their own offsets."""

from __future__ import annotations

import sys
import time

import serial
from modbus_tk import defines, modbus_rtu  # type: ignore[import-not-found] # a peer, for its tests only


def main(port: str) -> None:
    server = modbus_rtu.RtuServer(serial.Serial(port, 19_200))
    server.start()
    unit = server.add_slave(5)
    unit.add_block("h", defines.HOLDING_REGISTERS, 0, 200)
    unit.set_values("h", 0, list(range(200)))
    unit.add_block("c", defines.COILS, 0, 16)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1])
