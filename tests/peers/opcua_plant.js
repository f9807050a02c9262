// node-opcua as the OPC UA server of a machine: node opcua_plant.js PORT FOLDER; values come as JSON lines on stdin.
// DI, Machinery, Industrial Automation, MachineTool and PackML are loaded and an instance of each is made; 5,000 variables
// stand in one folder; all safe policies are offered beside None; user "operator" has the password "valve".
"use strict";
const path = require("path");
const readline = require("readline");
const {
  OPCUAServer, OPCUACertificateManager, DataType, MessageSecurityMode, SecurityPolicy, StatusCodes, VariantArrayType, nodesets,
  standardUnits
} = require("node-opcua");

const TYPES = { T: "Double", N: "Int16", RUN: "Boolean", SP: "UInt16", COUNT: "Int64", BATCH: "String", ORDER: "String" };
const FIRST = { COUNT: [0x200000, 1], BATCH: "Läufer 7", ORDER: "", RUN: false };
const MANY = 5000;

(async () => {
  const rootFolder = process.argv[3];
  const store = (name) => new OPCUACertificateManager({
    rootFolder: path.join(rootFolder, name), automaticallyAcceptUnknownCertificate: true, disableFileWatching: true
  });
  const server = new OPCUAServer({
    port: Number(process.argv[2]), hostname: "127.0.0.1", alternateHostname: ["127.0.0.1", "localhost"],
    nodeset_filename: [
      nodesets.standard, nodesets.di, nodesets.ia, nodesets.machinery, nodesets.isa95JobControl, nodesets.machineryJobs, nodesets.machineTool, nodesets.packML
    ],
    securityPolicies: [
      SecurityPolicy.None, SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128_Sha256_RsaOaep,
      SecurityPolicy.Aes256_Sha256_RsaPss
    ],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: true, serverCapabilities: { maxSessions: 100 },
    userManager: { isValidUser: (name, password) => name === "operator" && password === "valve" },
    serverCertificateManager: store("server"),
    userCertificateManager: store("users")
  });
  await server.initialize();
  const space = server.engine.addressSpace, names = space.getOwnNamespace(), objects = space.rootFolder.objects;
  const air = names.addFolder(objects, { browseName: "air", nodeId: "s=air" });
  const variables = {};
  for (const [name, dataType] of Object.entries(TYPES)) {
    const isAnalog = name === "T", isWritable = name === "SP" || name === "ORDER";
    const options = {
      componentOf: air, browseName: name, nodeId: `s=${name}`, dataType, minimumSamplingInterval: 20,
      accessLevel: isWritable ? "CurrentRead | CurrentWrite" : "CurrentRead",
      userAccessLevel: isWritable ? "CurrentRead | CurrentWrite" : "CurrentRead"
    };
    variables[name] = isAnalog
      ? names.addAnalogDataItem({
        ...options, engineeringUnitsRange: { low: 0, high: 150 }, engineeringUnits: standardUnits.degree_celsius
      })
      : names.addVariable(options);
    variables[name].setValueFromSource(
      { dataType: DataType[dataType], arrayType: VariantArrayType.Scalar, value: FIRST[name] ?? 0 }
    );
  }
  const many = names.addFolder(objects, { browseName: "many", nodeId: "s=many" });
  for (let number = 0; number < MANY; number++) {
    names.addVariable({ componentOf: many, browseName: `M${number}`, nodeId: `s=M${number}`, dataType: "Double" })
      .setValueFromSource({ dataType: DataType.Double, value: number });
  }
  const uri = (name) => space.getNamespaceIndex(`http://opcfoundation.org/UA/${name}/`);
  const machines = space.findNode(`ns=${uri("Machinery")};i=1001`);
  space.findObjectType("MachineToolType", uri("MachineTool")).instantiate({ browseName: "Mill1", organizedBy: machines });
  space.findObjectType("PackMLBaseObjectType", uri("PackML"))
    ?.instantiate({ browseName: "Packer1", organizedBy: objects });
  await server.start();
  process.stdout.write("ready\n");
  readline.createInterface({ input: process.stdin }).on("line", (line) => {
    for (const [address, value] of Object.entries(JSON.parse(line))) {
      const name = address.split("=").pop(), dataType = TYPES[name];
      variables[name].setValueFromSource(
        { dataType: DataType[dataType], value: dataType === "Boolean" ? Boolean(value) : value }, StatusCodes.Good
      );
    }
    process.stdout.write("done\n");
  }).on("close", () => process.exit(0));
})().catch((error) => { process.stderr.write(`${error.stack}\n`); process.exit(1); });
