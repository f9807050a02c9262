"""`foreshift probe` as it is typed: devices, registers of unknown order, networks, and what goes wrong."""

from __future__ import annotations

import argparse
import struct
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.__main__ import main
from app.command.probe import unit_range
from tests.drivers.modbus.sunspec_map import END, SUNS, common, inverter, served
from tests.drivers.opcua.server_thread import running


@contextmanager
def device() -> Iterator[int]:
    """Serve, in a thread of its own, a SunSpec inverter as unit 1 and two floats as CDAB in unit 5."""
    swapped = struct.unpack(">4H", struct.pack(">2f", 55.81, 21.37))
    words = [swapped[1], swapped[0], swapped[3], swapped[2]]
    with running(served({1: {40_000: [*SUNS, *common(), *inverter(), *END]}, 5: {100: words}})) as port:
        yield port


def test_that_units_and_their_proposed_tags_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with device() as port:
        assert main(["probe", f"modbus://127.0.0.1:{port}", "--units", "1-5"]) == 0
    said = capsys.readouterr().out
    assert "Unit 1  modbus://127.0.0.1" in said
    assert "manufacturer: Sungold" in said
    assert "INV.A  1/HR40072:U16N:ABCD  A  x 0.1  AC current" in said
    assert "HR word order: CDAB, if floats begin at HR100" in said


def test_that_registers_are_shown_in_every_order_the_right_one_first(capsys: pytest.CaptureFixture[str]) -> None:
    with device() as port:
        code = main(["probe", f"modbus://127.0.0.1:{port}?unit=5", "--at", "HR100", "--count", "4", "--reads", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].split() == ["100%", "F32:CDAB", "55.81", "21.37", "HR100:F32:CDAB"]
    assert sum("F32:" in line.split()[1] for line in lines) == 4


def test_that_a_network_without_devices_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["probe", "127.0.0.254"])
    said = capsys.readouterr()
    assert code == 1
    assert "trying 1 addresses at the ports 4840, 502, 802, 1883" in said.err


def test_that_what_is_neither_url_nor_network_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["probe", "plc-1"]) == 2
    assert "write 192.168.0.0/28" in capsys.readouterr().err


def test_that_unit_ids_are_given_as_ranges_and_lists() -> None:
    assert unit_range("1-3, 7,2") == (1, 2, 3, 7)
    for text in ("", "a", "5-1", "0-256", "-1"):
        with pytest.raises(argparse.ArgumentTypeError):
            unit_range(text)
