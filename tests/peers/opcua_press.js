// node-opcua as an OPC UA server with methods: node opcua_press.js PORT; a line on stdin is answered with "done".
// Move answers with what it was given, Reset refuses, Slow answers after 4 s; the variable Calls counts what was run.
"use strict";
console.log = console.error;  // stdout is for what the test reads
const { OPCUAServer, DataType, StatusCodes, Variant } = require("node-opcua");

const argument = (name, dataType) => ({ name, dataType, description: { text: name } });

(async () => {
  const server = new OPCUAServer({ port: Number(process.argv[2]), hostname: "127.0.0.1" });
  await server.initialize();
  const space = server.engine.addressSpace, names = space.getOwnNamespace();
  const press = names.addObject({ organizedBy: space.rootFolder.objects, browseName: "Press", nodeId: "s=Press" });
  let calls = 0;
  names.addVariable({
    componentOf: press, browseName: "Calls", nodeId: "s=Calls", dataType: "Double", minimumSamplingInterval: 20,
    value: { get: () => new Variant({ dataType: DataType.Double, value: calls }) }
  });
  const inputs = [
    argument("Target", DataType.Double), argument("Parts", DataType.Int64), argument("Fast", DataType.Boolean),
    argument("Name", DataType.String)
  ];
  names.addMethod(press, { browseName: "Move", nodeId: "s=Press.Move", inputArguments: inputs, outputArguments: inputs })
    .bindMethod((given, _context, answer) => {
      calls += 1;
      answer(null, { statusCode: StatusCodes.Good, outputArguments: given.map((each) => new Variant(each)) });
    });
  names.addMethod(press, { browseName: "Reset", nodeId: "s=Press.Reset", inputArguments: [], outputArguments: [] })
    .bindMethod((_given, _context, answer) => { calls += 1; answer(null, { statusCode: StatusCodes.BadOutOfService }); });
  names.addMethod(press, { browseName: "Slow", nodeId: "s=Press.Slow", inputArguments: [], outputArguments: [] })
    .bindMethod((_given, _context, answer) => {
      calls += 1;
      setTimeout(() => answer(null, { statusCode: StatusCodes.Good }), 4000);
    });
  await server.start();
  process.stdout.write("ready\n");
  process.stdin.on("data", () => process.stdout.write("done\n")).on("close", () => process.exit(0));
})();
