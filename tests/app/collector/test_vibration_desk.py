"""When vibration is recorded, and that a device's array goes through a worker into the file and to the cases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from app.acquisition.acquisition import Acquisition
from app.collector import vibration_desk
from app.collector.recorder import Recorder
from app.collector.vibration_desk import VibrationDesk
from app.database import open_reader
from app.model import clock, status
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.case import Indication
from app.model.connection import ConnectionDefinition, LinkState
from app.model.datavalue import DataValue
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.model.vibration import MeasuringPoint, Trigger
from app.vibration.store import StoredRecord, records_of, waveform_of
from drivers.array_source import ArrayValue
from drivers.driver import TagSpec
from drivers.opcua.server import OpcUaArray, OpcUaPoint, OpcUaPublisher
from tests.app.collector.bench import until
from tests.app.vibration.synthetic import BEARING, RATE, RPM, ZONES, impacts, noise, velocity_tone

VALUES = (velocity_tone(RPM / 60.0, 0.6) + impacts(BEARING.bpfo * RPM / 60.0, 12.0) + noise(0.5)).astype(np.float32)
POINT = MeasuringPoint(
    "PU01.DE",
    "PU01",
    LocalText("Drive end"),
    rate_hz=RATE,
    connection="plc",
    address="nsu=urn:test;s=W",
    speed="PU01.N",
    rated_rpm=RPM,
    level="PU01.V",
    zones="z",
    bearing=BEARING,
)


def plant(*, url: str = "opc.tcp://127.0.0.1:1", **changes: object) -> Plant:
    names = ("PU01.N", "PU01.V")
    return Plant(
        "p",
        LocalText("P"),
        (Equipment("PU01", LocalText("Pump")),),
        (ConnectionDefinition("plc", "opcua", url),),
        tuple(
            TagDefinition(place, name, "PU01", LocalText(name), "plc", f"nsu=urn:test;s={name}")
            for place, name in enumerate(names)
        ),
        zone_limits=(ZONES,),
        measuring_points=(replace(POINT, **changes),),  # type: ignore[arg-type]
    )


class Devices:
    """Answers as a device would."""

    def __init__(self) -> None:
        self.speed = RPM
        self.value = ArrayValue(status.GOOD, clock.now_ns(), VALUES.astype("<f8").tobytes())
        self.asked = 0
        self.link = LinkState.RUNNING

    def state(self, connection: str) -> LinkState:
        return self.link

    async def read(self, connection: str, spec: TagSpec) -> DataValue:
        code = status.BAD_NO_COMMUNICATION if np.isnan(self.speed) else status.GOOD
        return DataValue(self.speed, code, clock.now_ns())

    async def read_array(self, connection: str, address: str) -> ArrayValue:
        self.asked += 1
        return replace(self.value, time=clock.now_ns())


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(tmp_path / "history.sqlite", plant().tags, on_stored=lambda count: None)
    made.start()
    yield made
    made.stop()


def desk_of(path: Path, of: Plant, devices: object, recorder: Recorder, heard: list[Indication]) -> VibrationDesk:
    return VibrationDesk(
        path / "history.sqlite",
        of,
        acquisition=devices,  # type: ignore[arg-type]
        recorder=recorder,
        tell=heard.extend,
    )


def stored(path: Path) -> list[StoredRecord]:
    with closing(open_reader(path / "history.sqlite")) as connection:
        return records_of(connection)


def alarm(state: AlarmState, tag: str = "PU01.V") -> AlarmRecord:
    return AlarmRecord(
        "a", tag, "PU01", state, Priority(3), ConditionKind.HIGH, LocalText("high"), raised=1, value=5.0, limit=4.5
    )


async def test_that_a_point_is_recorded_once_per_period_also_over_a_new_start(
    tmp_path: Path, recorder: Recorder
) -> None:
    devices, heard = Devices(), list[Indication]()
    desk = desk_of(tmp_path, plant(), devices, recorder, heard)
    await desk.record_due()
    await desk.record_due()
    await desk_of(tmp_path, plant(), devices, recorder, heard).record_due()
    (record,) = stored(tmp_path)
    assert (record.trigger, record.speed_rpm, devices.asked) == (Trigger.SCHEDULE, RPM, 1)
    bad = {each.indicator for each in heard if each.score >= each.limit}
    assert bad == {"vibration PU01.DE outer_race"}


async def test_that_an_alarm_of_the_level_records_at_once_and_a_fluttering_one_only_once(
    tmp_path: Path, recorder: Recorder
) -> None:
    devices = Devices()
    desk = desk_of(tmp_path, plant(every_h=0.0), devices, recorder, [])
    desk.hear_alarms([alarm(AlarmState.UNACKNOWLEDGED, "PU01.N")])
    await desk.record_due()
    assert stored(tmp_path) == []
    for state in (AlarmState.NORMAL, AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED):
        desk.hear_alarms([alarm(state)])
        await desk.record_due()
    for state in (AlarmState.NORMAL, AlarmState.UNACKNOWLEDGED):
        desk.hear_alarms([alarm(state)])
        await desk.record_due()
    assert [each.trigger for each in stored(tmp_path)] == [Trigger.ALARM]


async def test_that_a_hidden_alarm_records_too(tmp_path: Path, recorder: Recorder) -> None:
    desk = desk_of(tmp_path, plant(every_h=0.0), Devices(), recorder, [])
    hidden = msgspec.structs.replace(alarm(AlarmState.SHELVED), beneath=AlarmState.UNACKNOWLEDGED)
    desk.hear_alarms([hidden])
    await desk.record_due()
    assert len(stored(tmp_path)) == 1


async def test_that_the_next_limit_of_a_level_records_again_at_once(tmp_path: Path, recorder: Recorder) -> None:
    desk = desk_of(tmp_path, plant(every_h=0.0), Devices(), recorder, [])
    for name in ("high", "higher"):
        desk.hear_alarms([msgspec.structs.replace(alarm(AlarmState.UNACKNOWLEDGED), alarm=name)])
        await desk.record_due()
    assert [each.trigger for each in stored(tmp_path)] == [Trigger.ALARM, Trigger.ALARM]


async def test_that_a_machine_at_rest_is_recorded_neither_on_schedule_nor_on_alarm(
    tmp_path: Path, recorder: Recorder
) -> None:
    devices = Devices()
    devices.speed = 3.0
    desk = desk_of(tmp_path, plant(), devices, recorder, [])
    desk.hear_alarms([alarm(AlarmState.UNACKNOWLEDGED)])
    await desk.record_due()
    await desk.record_due()
    assert (stored(tmp_path), devices.asked) == ([], 0)


async def test_that_nothing_is_asked_of_a_device_that_is_not_connected_and_then_it_is_at_once(
    tmp_path: Path, recorder: Recorder
) -> None:
    devices = Devices()
    devices.link = LinkState.BACKOFF
    desk = desk_of(tmp_path, plant(), devices, recorder, [])
    desk.hear_alarms([alarm(AlarmState.UNACKNOWLEDGED)])
    await desk.record_due()
    assert (stored(tmp_path), devices.asked) == ([], 0)
    devices.link = LinkState.RUNNING
    await desk.record_due()
    assert [each.trigger for each in stored(tmp_path)] == [Trigger.ALARM]


async def test_that_a_device_that_never_answers_holds_up_no_other_record(
    tmp_path: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    devices = Devices()

    async def silence(connection: str, address: str) -> ArrayValue:
        answer: asyncio.Future[ArrayValue] = asyncio.get_running_loop().create_future()
        return await answer

    monkeypatch.setattr(devices, "read_array", silence)
    monkeypatch.setattr(vibration_desk, "ANSWER_S", 0.01)
    assert not await desk_of(tmp_path, plant(), devices, recorder, []).record(POINT, Trigger.SCHEDULE)
    assert "has not answered" in caplog.text


async def test_that_an_unknown_speed_is_none_and_names_no_lines(tmp_path: Path, recorder: Recorder) -> None:
    devices, heard = Devices(), list[Indication]()
    devices.speed = float("nan")
    await desk_of(tmp_path, plant(), devices, recorder, heard).record_due()
    assert [each.speed_rpm for each in stored(tmp_path)] == [0.0]
    assert [each.indicator for each in heard] == ["vibration PU01.DE zone"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (ArrayValue(status.BAD_NODE_ID_UNKNOWN, 0, reason="no such node"), "no such node"),
        (ArrayValue(status.GOOD, 0, np.zeros(3).tobytes()), "3 samples"),
    ],
)
async def test_that_what_could_not_be_recorded_is_told_once(
    tmp_path: Path, recorder: Recorder, caplog: pytest.LogCaptureFixture, value: ArrayValue, told: str
) -> None:
    devices = Devices()
    devices.value = value
    desk = desk_of(tmp_path, plant(), devices, recorder, [])
    for _ in range(2):
        assert not await desk.record(plant().measuring_points[0], Trigger.SCHEDULE)
    assert sum(told in line for line in caplog.messages) == 1
    assert stored(tmp_path) == []


@asynccontextmanager
async def device() -> AsyncIterator[OpcUaPublisher]:
    def values() -> Sequence[float]:
        return [float(value) for value in VALUES]

    points = [OpcUaPoint(name) for name in ("PU01.N", "PU01.V")]
    server = OpcUaPublisher("127.0.0.1", 0, "urn:test", points, arrays=[OpcUaArray("W", values)])
    await server.start()
    server.publish({"PU01.N": RPM, "PU01.V": 1.0}, clock.now_ns())
    try:
        yield server
    finally:
        await server.stop()


async def test_that_an_array_of_a_server_goes_through_a_worker_into_the_file(
    tmp_path: Path, recorder: Recorder
) -> None:
    async with device() as server:
        of = plant(url=server.url)
        acquisition = Acquisition(of, deliver=lambda block: None, faults=tmp_path / "fault.log")
        running = asyncio.create_task(acquisition.run())
        try:
            await until(lambda: acquisition.state("plc") is LinkState.RUNNING)
            heard: list[Indication] = []
            await desk_of(tmp_path, of, acquisition, recorder, heard).record_due()
            absent = await acquisition.read_array("plc", "nsu=urn:test;s=X")
            scalar = await acquisition.read_array("plc", "nsu=urn:test;s=PU01.N")
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    (record,) = stored(tmp_path)
    with closing(open_reader(tmp_path / "history.sqlite")) as connection:
        waveform = waveform_of(connection, record.id)
    assert waveform is not None
    np.testing.assert_array_equal(waveform.values, VALUES)
    assert waveform.speed_rpm == RPM
    assert any(each.score >= each.limit for each in heard)
    assert not absent.is_good
    assert "no array" in scalar.reason


async def test_that_no_array_comes_of_a_worker_that_does_not_run(tmp_path: Path) -> None:
    acquisition = Acquisition(plant(), deliver=lambda block: None, faults=tmp_path / "fault.log")
    value = await acquisition.read_array("plc", "nsu=urn:test;s=W")
    assert not value.is_good
    assert "does not run" in value.reason
