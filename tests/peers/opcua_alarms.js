// node-opcua as an OPC UA server with an alarm: node opcua_alarms.js PORT; a line {"level": 95} on stdin sets the level.
"use strict";
console.log = console.error;  // stdout is for what the test reads
const { OPCUAServer, DataType, StatusCodes } = require("node-opcua");

(async () => {
  const server = new OPCUAServer({ port: Number(process.argv[2]), hostname: "127.0.0.1" });
  await server.initialize();
  const space = server.engine.addressSpace, names = space.getOwnNamespace();
  space.installAlarmsAndConditionsService();
  const tank = names.addObject({
    organizedBy: space.rootFolder.objects, browseName: "Tank", nodeId: "s=Tank", notifierOf: space.rootFolder.objects.server
  });
  const level = names.addVariable({
    componentOf: tank, browseName: "Level", nodeId: "s=Level", dataType: "Double", eventSourceOf: tank,
    value: { dataType: DataType.Double, value: 50 }
  });
  const alarm = names.instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
    browseName: "LevelAlarm", nodeId: "s=LevelAlarm", componentOf: tank, conditionSource: level, conditionOf: level, conditionName: "LevelAlarm",
    inputNode: level, lowLowLimit: 5, lowLimit: 10, highLimit: 80, highHighLimit: 90, optionals: ["ConfirmedState", "Confirm"]
  });
  alarm.setEnabledState(true);
  await server.start();
  process.stdout.write("ready\n");
  let rest = "";
  process.stdin.on("data", (data) => {
    rest += data;
    for (let at; (at = rest.indexOf("\n")) >= 0; rest = rest.slice(at + 1)) {
      level.setValueFromSource({ dataType: DataType.Double, value: JSON.parse(rest.slice(0, at)).level }, StatusCodes.Good);
      process.stdout.write("done\n");
    }
  });
})();
