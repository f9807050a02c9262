// node-opcua as a client of the benchmark `opcua`: node opcua_client.js URL SECONDS; tells what opcua_client.py tells.
"use strict";
const {
  OPCUAClient, AttributeIds, TimestampsToReturn, MonitoringMode, ClientMonitoredItemGroup, DataChangeTrigger, DataChangeFilter,
  DeadbandType
} = require("node-opcua");

const [url, secondsText] = process.argv.slice(2);
const seconds = Number(secondsText), READ = 1000, PERIOD_MS = 100;
const address = (tag) => `ns=2;s=T${tag}`;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1e6; };
const tell = (...words) => process.stdout.write(words.join(" ") + "\n");

async function withSession(work) {
  const client = OPCUAClient.create({ endpointMustExist: false, requestedSessionTimeout: 60000 });
  await client.connect(url);
  const session = await client.createSession();
  try { await work(session); } finally { await session.close(); await client.disconnect(); }
}

async function monitor(session, tags) {
  let seen = 0;
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: PERIOD_MS, requestedLifetimeCount: 600, requestedMaxKeepAliveCount: 50,
    maxNotificationsPerPublish: 0, publishingEnabled: true, priority: 0
  });
  for (let at = 0; at < tags; at += 500) {
    const items = [];
    for (let tag = at; tag < at + 500; tag++) items.push({ nodeId: address(tag), attributeId: AttributeIds.Value });
    const group = await subscription.monitorItems(items, {
      samplingInterval: PERIOD_MS, discardOldest: true, queueSize: 10,
      filter: new DataChangeFilter({
        trigger: DataChangeTrigger.StatusValue, deadbandType: DeadbandType.None, deadbandValue: 0
      })
    }, TimestampsToReturn.Both);
    group.on("changed", () => { seen++; });
  }
  for (let waited = 0; seen < tags && waited < 30000; waited += 50) await pause(50);
  const before = seen, began = cpu();
  await pause(seconds * 1000);
  tell("monitor", tags, seen - before, cpu() - began);
  await subscription.terminate();
}

async function read(session) {
  const nodes = Array.from({ length: READ }, (_, tag) => ({ nodeId: address(tag), attributeId: AttributeIds.Value }));
  await session.read(nodes);
  let values = 0;
  const began = cpu(), ends = Date.now() + seconds * 1000;
  while (Date.now() < ends) values += (await session.read(nodes)).length;
  tell("read", values, cpu() - began);
}

(async () => {
  for (const tags of [1000, 5000]) { tell("subscribing", tags); await withSession((session) => monitor(session, tags)); }
  await withSession(read);
  process.exit(0);
})().catch((error) => { process.stderr.write(`${error}\n`); process.exit(1); });
