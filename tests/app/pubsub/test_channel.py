from __future__ import annotations

import logging
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from multiprocessing.connection import Client, Connection
from pathlib import Path

import pytest

from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.text import LocalText
from app.pubsub.channel import (
    ChannelClosed,
    EventClient,
    EventServer,
    RendezvousError,
    Reply,
    new_token,
)
from app.pubsub.codec import FrameRefused, decode_command, decode_event, encode_command, encode_event
from app.pubsub.frame import MAX_FRAME, Acknowledge, AlarmsChanged, Command, CommandDone, Event, Hello

pytestmark = pytest.mark.skipif(os.name == "nt", reason="speaks to AF_UNIX sockets directly")

TOKEN = "5b" * 32  # not a new one: it stands in names of tests, which must be alike in all workers
ACKNOWLEDGE = Acknowledge(1, ("AC01.T_D.H",), (5,), "Li Wei", "seen")


def record(name: str, comment: str = "") -> AlarmRecord:
    return AlarmRecord(
        name, "T", "E", AlarmState.RETURNED, Priority.HIGH, ConditionKind.HIGH, LocalText("hot"), 1, 2.0, 3.0,
        comment=comment,
    )  # fmt: skip


def wait_until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.005)


def take(client: EventClient, count: int) -> list[Event]:
    events: list[Event] = []

    def has_come() -> bool:
        events.extend(client.poll())
        return len(events) >= count

    wait_until(has_come)
    return events


def closing_reason(client: EventClient) -> str:
    with pytest.raises(ChannelClosed) as caught:
        wait_until(lambda: client.poll() and False)
    return str(caught.value)


@pytest.fixture
def commands() -> list[tuple[Command, Reply]]:
    return []


@pytest.fixture
def server(address: str, commands: list[tuple[Command, Reply]]) -> Iterator[EventServer]:
    with EventServer(address, TOKEN, lambda *command: commands.append(command)) as server:
        yield server
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("channel-")]


@pytest.fixture
def client(server: EventServer, address: str) -> Iterator[EventClient]:
    client = EventClient.connect(address, TOKEN)
    wait_until(lambda: server.windows == 1)
    yield client
    client.close()


def test_that_events_reach_every_window_in_order(server: EventServer, client: EventClient, address: str) -> None:
    second = EventClient.connect(address, TOKEN)
    wait_until(lambda: server.windows == 2)
    sent = [AlarmsChanged((record(str(number)),)) for number in range(50)]
    for event in sent:
        server.broadcast(event)
    assert take(client, 50) == sent
    assert take(second, 50) == sent
    second.close()
    wait_until(lambda: server.windows == 1)


def test_that_a_command_is_answered_to_its_own_window_alone(
    server: EventServer, client: EventClient, address: str, commands: list[tuple[Command, Reply]]
) -> None:
    other = EventClient.connect(address, TOKEN)
    client.send(ACKNOWLEDGE)
    wait_until(lambda: commands)
    command, reply = commands[0]
    assert command == ACKNOWLEDGE
    reply(CommandDone(command.request, done=True))
    assert take(client, 1) == [CommandDone(1, done=True)]
    assert other.poll() == []
    other.close()


def test_that_a_new_window_first_gets_the_present_state(address: str) -> None:
    state: list[Event] = [AlarmsChanged((record("A"),), is_snapshot=True), CommandDone(3, done=False, reason="no")]
    with EventServer(address, TOKEN, lambda *_: None, snapshot=lambda: state) as server:
        client = EventClient.connect(address, TOKEN)
        wait_until(lambda: server.windows == 1)
        server.broadcast(CommandDone(4, done=True))
        assert take(client, 3) == [*state, CommandDone(4, done=True)]
        client.close()


def test_that_no_change_is_missed_between_the_state_and_the_changes(address: str) -> None:
    counter = [0]
    with EventServer(address, TOKEN, lambda *_: None, snapshot=lambda: [CommandDone(counter[0], done=True)]) as server:
        stop = threading.Event()

        def count() -> None:
            while not stop.wait(0.0002):
                counter[0] += 1
                server.broadcast(CommandDone(counter[0], done=True))

        counting = threading.Thread(target=count)
        counting.start()
        try:
            for _ in range(10):
                client = EventClient.connect(address, TOKEN)
                numbers = [event.request for event in take(client, 20) if isinstance(event, CommandDone)]
                client.close()
                steps = [after - before for before, after in pairwise(numbers)]
                assert steps[0] in {0, 1}
                assert set(steps[1:]) == {1}
        finally:
            stop.set()
            counting.join()


def test_that_poll_never_waits(client: EventClient) -> None:
    started = time.monotonic()
    for _ in range(100):
        assert client.poll() == []
    assert time.monotonic() - started < 0.5


def test_that_a_stopped_server_is_noticed_after_its_last_events(address: str) -> None:
    server = EventServer(address, TOKEN, lambda *_: None, snapshot=lambda: [CommandDone(1, done=True)])
    server.start()
    client = EventClient.connect(address, TOKEN)
    wait_until(lambda: len(client._events) == 1)
    server.stop()
    server.stop()
    wait_until(lambda: not client.is_open)
    assert client.poll() == [CommandDone(1, done=True)]
    assert "collector is gone" in closing_reason(client)
    with pytest.raises(ChannelClosed):
        client.send(ACKNOWLEDGE)
    client.close()
    assert not Path(address).exists()


def test_that_a_killed_server_is_noticed_and_its_socket_is_replaced(address: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, "-P", "-m", "tests.app.pubsub.channel_server", address, TOKEN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        client = EventClient.connect(address, TOKEN)
        assert take(client, 1) == [CommandDone(7, done=True)]
        process.kill()
        process.wait(10)
    assert "collector is gone" in closing_reason(client)
    client.close()
    assert Path(address).exists()
    with pytest.raises(ChannelClosed, match="start the collector"):
        EventClient.connect(address, TOKEN)
    with EventServer(address, TOKEN, lambda *_: None):
        EventClient.connect(address, TOKEN).close()


def test_that_a_window_that_does_not_read_is_let_go_without_holding_up_anybody(
    server: EventServer, client: EventClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    deaf = _greeted(address, TOKEN)
    wait_until(lambda: server.windows == 2)
    event = AlarmsChanged((record("A", comment="x" * 1_000_000),))
    with caplog.at_level(logging.WARNING):
        started = time.monotonic()
        for _ in range(40):
            server.broadcast(event)
            take(client, 1)
        assert time.monotonic() - started < 20
        wait_until(lambda: server.windows == 1)
    assert [entry.message for entry in caplog.records] == [
        "channel.window_dropped reason=does not read what is sent to it"
    ]
    deaf.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\n\r\n" * 20,
        b"\xff" * 100,
        b"\x00" * 1000,
        struct.pack("!i", MAX_FRAME + 1) + b"x" * 100,
        struct.pack("!iQ", -1, 1 << 60),
        struct.pack("!i", -5),
        b"\x80",
    ],
)
def test_that_garbage_closes_only_its_own_connection(
    server: EventServer, client: EventClient, address: str, caplog: pytest.LogCaptureFixture, garbage: bytes
) -> None:
    with caplog.at_level(logging.INFO):
        with socket.socket(socket.AF_UNIX) as hostile:
            hostile.connect(address)
            hostile.sendall(garbage)
            hostile.shutdown(socket.SHUT_WR)
            _read_to_the_end(hostile)
        wait_until(lambda: len(server._connections) == 1)
    assert len(caplog.records) == 1
    server.broadcast(CommandDone(1, done=True))
    assert take(client, 1)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"\xc1", "not a command"),
        (b"\x91" * 5000, "not a command"),
        (encode_command(Acknowledge(1, (), (), "x")), "did not begin with the token"),
        (encode_command(Hello(1, "0" * 64)), "did not begin with the token"),
        (encode_command(Hello(1, "ключ")), "did not begin with the token"),
        (encode_command(Hello(2, TOKEN)), "speaks protocol 2 instead of 1"),
        (encode_event(CommandDone(1, done=True))[0], "not a command"),
    ],
)
def test_that_a_wrong_greeting_is_refused_with_one_line(
    server: EventServer, address: str, caplog: pytest.LogCaptureFixture, frame: bytes, reason: str
) -> None:
    with caplog.at_level(logging.INFO):
        connection = _connected(address, TOKEN)
        connection.send_bytes(frame)
        with pytest.raises((EOFError, ConnectionError)):
            connection.recv_bytes()
        connection.close()
        wait_until(lambda: caplog.records)
    assert len(caplog.records) == 1
    assert reason in caplog.text
    assert server.windows == 0


def test_that_a_frame_too_long_ends_the_connection(server: EventServer, client: EventClient) -> None:
    with pytest.raises(FrameRefused, match="at most"):
        client.send(Acknowledge(1, (), (), "x" * (MAX_FRAME + 1)))
    client._link.send(b"x" * (MAX_FRAME + 1))
    closing_reason(client)
    wait_until(lambda: server.windows == 0)


def test_that_a_greeting_twice_ends_the_connection(server: EventServer, client: EventClient) -> None:
    client.send(Hello(1, TOKEN))
    closing_reason(client)


def test_that_a_wrong_token_is_refused_on_both_sides(
    server: EventServer, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ChannelClosed, match="another token"):
        EventClient.connect(address, new_token())
    wait_until(lambda: "does not know the token" in caplog.text)
    assert server.windows == 0


def test_that_a_silent_connection_is_let_go(address: str, caplog: pytest.LogCaptureFixture) -> None:
    with EventServer(address, TOKEN, lambda *_: None, hello_s=0.1) as server, socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        silent.settimeout(10)
        _read_to_the_end(silent)
        wait_until(lambda: not server._connections)
    assert "did not show the token in time" in caplog.text


def test_that_a_server_that_does_not_answer_is_given_up(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(address)
        mute.listen(1)
        started = time.monotonic()
        with pytest.raises(ChannelClosed, match=r"no answer within 0\.2 s"):
            EventClient.connect(address, TOKEN, timeout_s=0.2)
        assert time.monotonic() - started < 5


def test_that_a_command_that_fails_ends_only_that_connection(address: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail(command: Command, reply: Reply) -> None:
        raise ZeroDivisionError

    with EventServer(address, TOKEN, fail) as server:
        first, second = EventClient.connect(address, TOKEN), EventClient.connect(address, TOKEN)
        first.send(ACKNOWLEDGE)
        closing_reason(first)
        wait_until(lambda: server.windows == 1)
        server.broadcast(CommandDone(1, done=True))
        assert take(second, 1)
        first.close()
        second.close()
    assert "ZeroDivisionError" in caplog.text


def test_that_connections_beyond_the_limit_are_refused(
    server: EventServer, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pubsub.event_server.MAX_WINDOWS", 2)
    clients = [EventClient.connect(address, TOKEN) for _ in range(2)]
    with pytest.raises(ChannelClosed):
        EventClient.connect(address, TOKEN)
    clients[0].close()
    wait_until(lambda: len(server._connections) == 1)
    clients.append(EventClient.connect(address, TOKEN))
    for client in clients:
        client.close()


def test_that_a_window_that_does_not_poll_is_bounded(
    server: EventServer, client: EventClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.pubsub.event_client.MAX_WAITING_EVENTS", 10)
    for number in range(12):
        server.broadcast(CommandDone(number, done=True))
    wait_until(lambda: not client.is_open)
    assert len(client.poll()) == 11
    assert "does not take its events" in closing_reason(client)


def test_that_a_second_server_is_refused_while_the_first_lives(
    server: EventServer, client: EventClient, address: str
) -> None:
    with pytest.raises(RendezvousError, match="another collector"):
        EventServer(address, TOKEN, lambda *_: None).start()
    server.broadcast(CommandDone(1, done=True))
    assert take(client, 1)


def test_that_a_long_list_of_alarms_is_told_in_several_frames() -> None:
    alarms = tuple(record(str(number), comment="c" * 1000) for number in range(10_000))
    frames = encode_event(AlarmsChanged(alarms, is_snapshot=True))
    assert len(frames) > 1
    assert max(map(len, frames)) <= MAX_FRAME
    events = [decode_event(frame) for frame in frames]
    assert [event.is_snapshot for event in events if isinstance(event, AlarmsChanged)] == [True] + [False] * (
        len(frames) - 1
    )
    assert tuple(alarm for event in events if isinstance(event, AlarmsChanged) for alarm in event.alarms) == alarms


def test_that_what_cannot_be_divided_is_refused() -> None:
    with pytest.raises(FrameRefused, match="at most"):
        encode_event(CommandDone(1, done=False, reason="x" * MAX_FRAME))
    with pytest.raises(FrameRefused, match="not a command"):
        decode_command(b"")


def _connected(address: str, token: str) -> Connection:
    return Client(address, "AF_UNIX", authkey=token.encode())


def _greeted(address: str, token: str) -> Connection:
    connection = _connected(address, token)
    connection.send_bytes(encode_command(Hello(1, token)))
    return connection


def _read_to_the_end(link: socket.socket) -> None:
    try:
        while link.recv(4096):
            pass
    except ConnectionError:
        pass
