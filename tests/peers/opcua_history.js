// node-opcua as an OPC UA server with a history: node opcua_history.js PORT; A, B and C hold 1,200 samples each.
"use strict";
const { OPCUAServer, DataType, StatusCodes, DataValue, Variant } = require("node-opcua");

const START = Date.UTC(2026, 0, 5, 6, 0, 0), STEP_MS = 250, SAMPLES = 1200;

(async () => {
  const server = new OPCUAServer({ port: Number(process.argv[2]), hostname: "127.0.0.1" });
  await server.initialize();
  const space = server.engine.addressSpace, names = space.getOwnNamespace();
  for (const [offset, name] of ["A", "B", "C", "unkept"].entries()) {
    const variable = names.addVariable({
      organizedBy: space.rootFolder.objects, browseName: name, nodeId: `s=${name}`, dataType: "Double"
    });
    if (name === "unkept") continue;
    space.installHistoricalDataNode(variable, { maxOnlineValues: 5000 });
    for (let number = 0; number < SAMPLES; number++) {
      const moment = new Date(START + number * STEP_MS);
      variable.setValueFromSource({ dataType: DataType.Double, value: number + offset }, StatusCodes.Good, moment);
    }
  }
  await server.start();
  process.stdout.write("ready\n");
})();
