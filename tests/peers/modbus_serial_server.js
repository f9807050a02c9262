// modbus-serial as a Modbus device: node modbus_serial_server.js PORT; any unit, with 200 registers and 20 bits of each table;
// values come as JSON lines on stdin.
"use strict";
const readline = require("readline");
const { ServerTCP } = require("modbus-serial");

const REGISTERS = 200, BITS = 20, ABSENT = { modbusErrorCode: 2, msg: "no such address" };
const holding = new Uint16Array(REGISTERS), inputs = new Uint16Array(REGISTERS);
const coils = new Array(BITS).fill(false), contacts = new Array(BITS).fill(false);
const within = (table, address) => { if (address >= table.length) throw ABSENT; return table[address]; };
const vector = {
  getHoldingRegister: (address) => within(holding, address),
  getInputRegister: (address) => within(inputs, address),
  getCoil: (address) => within(coils, address),
  getDiscreteInput: (address) => within(contacts, address),
  setRegister: (address, value) => { within(holding, address); holding[address] = value; },
  setCoil: (address, value) => { within(coils, address); coils[address] = value; }
};

function store(address, value) {
  const [place, type] = address.split(":"), offset = Number(place.slice(2));
  if (place.startsWith("CO")) coils[offset] = Boolean(value);
  else if (place.startsWith("DI")) contacts[offset] = Boolean(value);
  else {
    const table = place.startsWith("HR") ? holding : inputs, bytes = Buffer.alloc(4);
    if (type === "F32") bytes.writeFloatBE(value); else bytes.writeInt16BE(value);
    table[offset] = bytes.readUInt16BE(0);
    if (type === "F32") table[offset + 1] = bytes.readUInt16BE(2);
  }
}

const server = new ServerTCP(vector, { host: "127.0.0.1", port: Number(process.argv[2]), unitID: 255 });
server.on("initialized", () => process.stdout.write("ready\n"));
server.on("socketError", () => {});
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  for (const [address, value] of Object.entries(JSON.parse(line))) store(address, value);
  process.stdout.write("done\n");
}).on("close", () => process.exit(0));
