"""pyModbusTCP as a Modbus device: 200 registers and 20 bits of each table; values come as JSON lines on stdin."""

from __future__ import annotations

import json
import struct
import sys

from pyModbusTCP.server import DataBank, ModbusServer  # type: ignore[import-not-found] # a peer, for its tests only


def main(port: int) -> None:
    bank = DataBank(coils_size=20, d_inputs_size=20, h_regs_size=200, i_regs_size=200)
    ModbusServer(host="127.0.0.1", port=port, no_block=True, data_bank=bank).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        for address, value in json.loads(line).items():
            _store(bank, address, value)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def _store(bank: DataBank, address: str, value: float) -> None:
    place, _, data_type = address.partition(":")
    offset = int(place[2:])
    if place.startswith("CO"):
        bank.set_coils(offset, [bool(value)])
    elif place.startswith("DI"):
        bank.set_discrete_inputs(offset, [bool(value)])
    else:
        packed = struct.pack(">f", value) if data_type == "F32" else struct.pack(">h", int(value))
        words = list(struct.unpack(f">{len(packed) // 2}H", packed))
        (bank.set_holding_registers if place.startswith("HR") else bank.set_input_registers)(offset, words)


if __name__ == "__main__":
    main(int(sys.argv[1]))
