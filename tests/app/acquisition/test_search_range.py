"""What somebody writes to say where devices are to be looked for."""

from __future__ import annotations

import pytest

from app.acquisition.host_scan import BadNetwork
from app.acquisition.search_range import SearchRange, range_of, ranges_of


@pytest.mark.parametrize(
    ("text", "hosts", "ports"),
    [
        (" 192.168.0.0/30", ("192.168.0.1", "192.168.0.2"), ()),
        ("192.168.0.10:1502", ("192.168.0.10",), (1502,)),
        ("192.168.0.0/30:502, 1500-1502", ("192.168.0.1", "192.168.0.2"), (502, 1500, 1501, 1502)),
        ("::1", ("::1",), ()),
        ("[::1]:4840", ("::1",), (4840,)),
    ],
)
def test_that_addresses_and_ports_stand_in_one_field(text: str, hosts: tuple[str, ...], ports: tuple[int, ...]) -> None:
    assert range_of(text) == SearchRange(hosts, ports)


def test_that_all_ports_of_one_address_can_be_tried() -> None:
    assert range_of("10.0.0.7:1-65535").ports == tuple(range(1, 65_536))


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("plc", "write 192.168.0.0/28"),
        ("10.0.0.7:modbus", "such as :502"),
        ("10.0.0.7:0", "from 1 to 65535"),
        ("10.0.0.7:9-3", "from 1 to 65535"),
        ("10.0.0.0/24:1-1000", "254,000 attempts are too many: write fewer ports, such as 10.0.0.0/24:502"),
    ],
)
def test_that_what_cannot_be_searched_is_refused_with_how_to_write_it(text: str, remedy: str) -> None:
    with pytest.raises(BadNetwork) as refused:
        range_of(text)
    assert remedy in str(refused.value)


def test_that_a_host_of_two_networks_is_tried_once() -> None:
    first, second = ranges_of(["10.0.0.0/30", "10.0.0.2/31"])
    assert (first.hosts, second.hosts) == (("10.0.0.1", "10.0.0.2"), ("10.0.0.3",))
