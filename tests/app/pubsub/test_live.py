from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model import status
from app.model.block import block_of, concatenate, empty, object_column
from app.model.clock import frozen
from app.pubsub.live import LivePublisher, LiveSubscriber, LiveUnavailable
from app.pubsub.live_map import Field
from tests.app.pubsub.live_writer import CAPACITY, TAGS, block_from, is_whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "live.ring"


@pytest.fixture
def publisher(path: Path) -> Iterator[LivePublisher]:
    publisher = LivePublisher(path, TAGS, capacity=CAPACITY)
    yield publisher
    publisher.close()


@pytest.fixture
def subscriber(publisher: LivePublisher, path: Path) -> Iterator[LiveSubscriber]:
    with LiveSubscriber(path) as subscriber:
        yield subscriber


def test_that_every_tag_waits_for_its_first_sample(subscriber: LiveSubscriber) -> None:
    latest = subscriber.latest()
    assert latest.status.tolist() == [status.BAD_WAITING_FOR_INITIAL_DATA] * TAGS
    assert np.isnan(latest.value).all()
    assert not latest.time.any()


def test_that_samples_arrive_as_they_were_published(publisher: LivePublisher, subscriber: LiveSubscriber) -> None:
    sent = block_of([3, 5, 3], [10, 20, 30], [1.5, np.nan, -np.inf], [0, status.BAD, 0], received=[11, 21, 31])
    publisher.publish(sent)
    read = subscriber.since(0)
    assert (read.position, read.lost) == (3, 0)
    for name in ("handle", "time", "value", "status", "received"):
        column = getattr(read.block, name)
        assert column.dtype == getattr(sent, name).dtype
        np.testing.assert_array_equal(column, getattr(sent, name))
    assert len(subscriber.since(read.position).block) == 0


def test_that_latest_holds_the_last_sample_of_each_tag_in_order_of_arrival(
    publisher: LivePublisher, subscriber: LiveSubscriber
) -> None:
    publisher.publish(block_of([3, 5, 3], [30, 20, 10], [1.0, 2.0, 3.0], [0, status.BAD, status.UNCERTAIN]))
    latest = subscriber.latest()
    assert (latest.time[3], latest.value[3], latest.status[3]) == (10, 3.0, status.UNCERTAIN)
    assert (latest.time[5], latest.value[5], latest.status[5]) == (20, 2.0, status.BAD)
    latest.value[3] = 99.0
    assert subscriber.latest().value[3] == 3.0


def test_that_a_lapped_subscriber_is_told_how_much_it_lost(
    publisher: LivePublisher, subscriber: LiveSubscriber
) -> None:
    publisher.publish(block_from(0, 10))
    position = subscriber.since(0).position
    publisher.publish(block_from(10, 5 * CAPACITY))
    read = subscriber.since(position)
    assert read.position == 10 + 5 * CAPACITY
    assert len(read.block) + read.lost == 5 * CAPACITY
    assert CAPACITY // 2 <= len(read.block) <= CAPACITY
    assert is_whole(read.block)


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(0, 40), max_size=30), capacity=st.integers(1, 50))
def test_that_a_subscriber_that_keeps_up_misses_nothing(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], capacity: int
) -> None:
    path = tmp_path_factory.mktemp("live") / "live.ring"
    publisher = LivePublisher(path, TAGS, capacity=capacity)
    with LiveSubscriber(path) as subscriber:
        parts, lost, position, number = [empty()], 0, 0, 0
        for size in sizes:
            publisher.publish(block_from(number, size))
            number += size
            read = subscriber.since(position)
            parts.append(read.block)
            lost, position = lost + read.lost, read.position
        got = concatenate(parts)
        assert len(got) + lost == number == subscriber.published
        assert is_whole(got)
        assert np.all(np.diff(got.received) > 0)
        if max(sizes, default=0) * 2 <= capacity:
            assert lost == 0
    publisher.close()


@pytest.mark.parametrize("position", [-5, 10_000])
def test_that_a_position_of_another_time_is_no_harm(
    publisher: LivePublisher, subscriber: LiveSubscriber, position: int
) -> None:
    publisher.publish(block_from(0, 7))
    read = subscriber.since(position)
    assert read.position == 7
    assert read.lost == 0
    assert is_whole(read.block)


def test_that_an_unknown_handle_is_refused_before_anything_is_published(
    publisher: LivePublisher, subscriber: LiveSubscriber
) -> None:
    with pytest.raises(ValueError, match="handle 64"):
        publisher.publish(block_of([1, TAGS], 5, 1.0))
    assert subscriber.published == 0


def test_that_a_publisher_that_dies_in_the_middle_leaves_whole_samples(
    publisher: LivePublisher, subscriber: LiveSubscriber
) -> None:
    publisher.publish(block_from(0, CAPACITY))
    before = subscriber.latest()
    live = publisher._live
    live.header[Field.RESERVED] = CAPACITY + 300
    live.time[:200] = -1
    idle = (live.turn + 1) & 1
    live.latest_value[idle, np.arange(TAGS)] = -1.0
    read = subscriber.since(0)
    assert (len(read.block), read.lost) == (CAPACITY - 300, 300)
    assert is_whole(read.block)
    np.testing.assert_array_equal(subscriber.latest().value, before.value)


def test_that_latest_ends_even_when_a_tag_never_stands_still(
    publisher: LivePublisher, subscriber: LiveSubscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.publish(block_from(0, TAGS))
    before = subscriber.latest()
    calls = []

    def churn() -> None:
        calls.append(1)
        publisher._live.turn[7] += 1

    monkeypatch.setattr("app.pubsub.live.order_memory", churn)
    latest = subscriber.latest()
    assert len(calls) < 1_000
    np.testing.assert_array_equal(latest.value, before.value)


def test_that_a_new_collector_replaces_the_file(publisher: LivePublisher, path: Path) -> None:
    with LiveSubscriber(path) as before:
        assert not before.is_replaced
        after = LivePublisher(path, TAGS, capacity=CAPACITY)
        assert before.is_replaced
        after.publish(block_from(0, 3))
        assert before.published == 0
        with LiveSubscriber(path) as fresh:
            assert fresh.generation == after.generation != publisher.generation
            assert fresh.published == 3
            assert not fresh.is_replaced
        after.close()


def test_that_a_removed_file_is_still_read_but_a_new_one_is_noticed(
    publisher: LivePublisher, subscriber: LiveSubscriber, path: Path
) -> None:
    path.unlink()
    publisher.publish(block_from(0, 3))
    assert subscriber.published == 3
    assert not subscriber.is_replaced
    LivePublisher(path, TAGS, capacity=CAPACITY).close()
    assert subscriber.is_replaced


def test_that_the_heartbeat_is_seen(path: Path) -> None:
    with frozen(1_000_000_000) as advance:
        publisher = LivePublisher(path, TAGS)
        with LiveSubscriber(path) as subscriber:
            advance(5)
            publisher.beat()
            publisher.mark_stored(3)
            publisher.mark_stored(4)
            advance(7)
            assert (subscriber.heartbeat, subscriber.silence_ns) == (1_000_000_005, 7)
            assert (subscriber.started, subscriber.stored, subscriber.pid) == (1_000_000_000, 7, os.getpid())
            publisher.close()
            assert (subscriber.heartbeat, subscriber.pid) == (0, 0)
            assert subscriber.silence_ns > 10**18


@pytest.mark.skipif(os.name == "nt", reason="Windows has no POSIX modes")
def test_that_only_the_owner_may_open_the_file(publisher: LivePublisher, path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["live.ring"]


def test_that_a_plant_without_tags_has_live_values_too(path: Path) -> None:
    publisher = LivePublisher(path, 0, capacity=1)
    publisher.publish(empty())
    with LiveSubscriber(path) as subscriber:
        assert len(subscriber.latest().time) == 0
        assert len(subscriber.since(0).block) == 0
    publisher.close()


def test_that_a_missing_file_is_unavailable_with_a_remedy(path: Path) -> None:
    with pytest.raises(LiveUnavailable, match=r"live\.ring.*start the collector"):
        LiveSubscriber(path)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 5_000])
def test_that_an_incomplete_file_is_unavailable(publisher: LivePublisher, path: Path, size: int) -> None:
    whole = path.read_bytes()
    path.unlink()
    path.write_bytes(whole[:size])
    with pytest.raises(LiveUnavailable, match="incomplete"):
        LiveSubscriber(path)


def test_that_nonsense_and_other_versions_are_unavailable(publisher: LivePublisher, path: Path) -> None:
    publisher._live.header[Field.VERSION] = 9
    with pytest.raises(LiveUnavailable, match="version 9"):
        LiveSubscriber(path)
    path.unlink()
    path.write_bytes(b"nonsense" * 100)
    with pytest.raises(LiveUnavailable, match="is not a file of live values"):
        LiveSubscriber(path)


@given(garbage=st.binary(min_size=16, max_size=64))
@settings(max_examples=100, deadline=None)
def test_that_no_header_however_wrong_is_followed(tmp_path_factory: pytest.TempPathFactory, garbage: bytes) -> None:
    path = tmp_path_factory.mktemp("live") / "live.ring"
    publisher = LivePublisher(path, 3, capacity=8)
    publisher._live.memory[8 : 8 + len(garbage)] = garbage
    try:
        LiveSubscriber(path).close()
    except LiveUnavailable:
        pass
    finally:
        publisher.close()


def test_that_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file where the folder should be")
    with pytest.raises(LiveUnavailable, match=r"run.*check that the folder can be written"):
        LivePublisher(tmp_path / "run" / "live.ring", 3)


def test_that_no_torn_sample_is_ever_seen_while_publishers_are_killed(path: Path) -> None:
    generations = set()
    for kill in range(8):
        command = [sys.executable, "-P", "-m", "tests.app.pubsub.live_writer", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "publishing\n"
            with LiveSubscriber(path) as subscriber:
                generations.add(subscriber.generation)
                seen = _read_until(subscriber, time.monotonic() + 0.15 + 0.013 * kill)
                writer.kill()
                writer.wait(10)
                seen += _read_until(subscriber, 0.0)
                assert seen > 0
    assert len(generations) == 8


def _read_until(subscriber: LiveSubscriber, deadline: float) -> int:
    """Read at least once and until `deadline`; return how many samples were seen."""
    position, seen = 0, 0
    while True:
        read = subscriber.since(position)
        assert is_whole(read.block)
        assert read.position - position == len(read.block) + read.lost
        position, seen = read.position, seen + len(read.block)
        latest = subscriber.latest()
        number = latest.value[latest.time > 0]
        assert np.array_equal(latest.time[latest.time > 0], number * 1_000)
        assert np.array_equal(latest.status[latest.time > 0], number.astype(np.int64) & 0xFFFF)
        if time.monotonic() >= deadline:
            return seen


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}


def test_that_texts_and_large_numbers_are_told_beside_the_values(path: Path) -> None:
    publisher = LivePublisher(path, TAGS, capacity=CAPACITY, texts=[4, 1])
    large = (1 << 60) + 1
    block = block_of([0, 1, 4], 7, [0.5, float(large), np.nan])
    publisher.publish(replace(block, exact=object_column([None, large, "批次 7"])))
    with LiveSubscriber(path) as live:
        assert live.latest().text == {1: str(large), 4: "批次 7"}
        publisher.publish(replace(block_of([4], 8, np.nan), exact=object_column(["批次 8"])))
        publisher.publish(block_of([1], 8, np.nan, status.BAD_NO_COMMUNICATION))
        latest = live.latest()
        assert latest.text == {1: "", 4: "批次 8"}
        assert latest.status[1] == status.BAD_NO_COMMUNICATION
    publisher.close()


def test_that_the_beginning_of_a_long_text_is_told_in_whole_characters(path: Path) -> None:
    publisher = LivePublisher(path, TAGS, capacity=CAPACITY, texts=[2])
    with LiveSubscriber(path) as live:
        for text in ("批" * 84, "批" * 85, "x" * 253 + "批", "", "\ud800"):
            publisher.publish(replace(block_of([2], 8, np.nan), exact=object_column([text])))
            shown = live.latest().text[2]
            if len(text.encode("utf-8", "replace")) <= 254:
                assert shown == text.encode("utf-8", "replace").decode()
            else:
                assert shown.endswith("…")
                assert text.startswith(shown[:-1])
                assert len(shown) > 80
    publisher.close()
