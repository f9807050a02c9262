"""What is asked for monitored items, and what is told of what the server made of it."""

from __future__ import annotations

import pytest
from asyncua import ua

from drivers.driver import TagSpec
from drivers.opcua.monitored_item import ItemTerms
from drivers.opcua.settings import OpcUaSettings

NODE = ua.NodeId(ua.Int32(1))
INVALID_DEADBAND, UNKNOWN_NODE = 0x808E_0000, 0x8034_0000


def terms(**options: float) -> ItemTerms:
    return ItemTerms(OpcUaSettings("opc.tcp://plc:4840", **options), 100)  # type: ignore[arg-type]


def asked(made: ItemTerms, gain: float = 1.0) -> ua.MonitoringParameters:
    parameters = made.request(TagSpec(1, "i=1", gain=gain), NODE, 0).RequestedParameters
    assert isinstance(parameters, ua.MonitoringParameters)
    return parameters


def result(code: int = 0, *, sampling_ms: float = 100.0, queue: int = 10) -> ua.MonitoredItemCreateResult:
    return ua.MonitoredItemCreateResult(
        StatusCode=ua.StatusCode(ua.UInt32(code)),
        RevisedSamplingInterval=sampling_ms,
        RevisedQueueSize=ua.UInt32(queue),
    )


@pytest.mark.parametrize(
    ("options", "kind", "value"),
    [({"deadband": 5.0}, ua.DeadbandType.Absolute, 0.5), ({"deadband_percent": 2.0}, ua.DeadbandType.Percent, 2.0)],
)
def test_that_a_deadband_is_asked_for_in_the_units_of_the_server(
    options: dict[str, float], kind: ua.DeadbandType, value: float
) -> None:
    made = asked(terms(**options), gain=-10.0).Filter

    assert isinstance(made, ua.DataChangeFilter)
    assert (made.DeadbandType, made.DeadbandValue) == (kind, value)
    assert made.Trigger is ua.DataChangeTrigger.StatusValue


def test_that_an_item_whose_deadband_is_refused_is_asked_for_without_and_told() -> None:
    made = terms(deadband=1.0)
    request = made.request(TagSpec(1, "i=1"), NODE, 0)

    assert made.without_deadband(request, result(UNKNOWN_NODE)) is None
    again = made.without_deadband(request, result(INVALID_DEADBAND))

    assert again is not None
    assert isinstance(again.RequestedParameters.Filter, ua.DataChangeFilter)
    assert not again.RequestedParameters.Filter.DeadbandType
    assert made.without_deadband(again, result(INVALID_DEADBAND)) is None
    assert made.notes == ("1 tags at a scan of 100 ms have no deadband: the server refuses it",)


def test_that_a_queue_has_room_for_what_comes_between_two_messages() -> None:
    made = terms()
    assert asked(made).QueueSize == 10
    made.publishing_ms = 5_000.0
    assert asked(made).QueueSize == 100


def test_that_what_a_server_grants_less_of_is_told() -> None:
    made = terms()
    made.publishing_ms = 1_000.0
    for each in (result(queue=20), result(sampling_ms=250.0, queue=4), result(queue=1), result(sampling_ms=0.0)):
        made.note(each)

    assert made.notes == (
        "messages at a scan of 100 ms come each 1000 ms only",
        "1 tags at a scan of 100 ms are sampled each 250 ms only",
        "1 tags at a scan of 100 ms have a queue too short for one interval",
    )
