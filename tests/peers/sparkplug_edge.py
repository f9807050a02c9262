"""Eclipse Tahu's payloads and paho as an edge node with one device at a broker; values come as JSON lines on stdin."""

from __future__ import annotations

import json
import sys

import paho.mqtt.client as mqtt
from mqtt_spb_wrapper.spb_protobuf import (  # type: ignore[import-not-found] # a peer, for its tests only
    addMetric,
    getDdataPayload,
    getDeviceBirthPayload,
    getNodeBirthPayload,
    getNodeDeathPayload,
)
from mqtt_spb_wrapper.spb_protobuf.sparkplug_b import MetricDataType  # type: ignore[import-not-found] # as above

METRICS = {
    "Temperature": (1, MetricDataType.Float, 21.5),
    "Count": (2, MetricDataType.Int64, 7),
    "Running": (3, MetricDataType.Boolean, True),
    "Batch": (4, MetricDataType.String, "A-17"),
}


def main(port: int) -> None:
    client = mqtt.Client()
    client.will_set("spBv1.0/Plant1/NDEATH/Edge1", bytearray(getNodeDeathPayload().SerializeToString()))
    client.on_message = lambda *_: _bear(client)  # the only command is the one to be born again
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe("spBv1.0/Plant1/NCMD/Edge1")
    _bear(client)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        payload = getDdataPayload()
        for name, value in json.loads(line).items():
            alias, data_type, _ = METRICS[name]
            addMetric(payload, None, alias, data_type, value)
        _publish(client, "spBv1.0/Plant1/DDATA/Edge1/Pump1", payload)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def _bear(client: mqtt.Client) -> None:
    node = getNodeBirthPayload()
    addMetric(node, "Node Control/Rebirth", None, MetricDataType.Boolean, False)
    _publish(client, "spBv1.0/Plant1/NBIRTH/Edge1", node)
    device = getDeviceBirthPayload()
    for name, (alias, data_type, value) in METRICS.items():
        addMetric(device, name, alias, data_type, value)
    _publish(client, "spBv1.0/Plant1/DBIRTH/Edge1/Pump1", device)


def _publish(client: mqtt.Client, topic: str, payload: object) -> None:
    client.publish(topic, bytearray(payload.SerializeToString()))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(int(sys.argv[1]))
