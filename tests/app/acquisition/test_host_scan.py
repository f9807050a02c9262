"""Which addresses of a network answer: real ports on this computer, and networks that are too large."""

from __future__ import annotations

import asyncio

import pytest

from app.acquisition.host_scan import USUAL_PORTS, BadNetwork, hosts_in, open_ports


async def test_that_a_port_that_takes_connections_is_found_with_the_url_of_its_protocol() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    shares: list[float] = []
    found = [each async for each in open_ports(["127.0.0.1"], ports=(port, 1), further=(), on_share=shares.append)]
    server.close()
    await server.wait_closed()
    assert [(each.host, each.port) for each in found] == [("127.0.0.1", port)]
    assert shares == [0.45, 0.9, 1.0]


async def test_that_further_ports_are_tried_only_where_somebody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setitem(USUAL_PORTS, port, "opc.tcp://{host}:{port}")
    shares: list[float] = []
    # nobody answers in a network that is kept for documents (RFC 5737)
    hosts = ["127.0.0.1", "192.0.2.1"]
    found = [
        each.url
        async for each in open_ports(hosts, ports=(1,), further=(port,), timeout_s=0.05, on_share=shares.append)
    ]
    server.close()
    await server.wait_closed()
    assert found == [f"opc.tcp://127.0.0.1:{port}"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


async def test_that_a_scan_that_is_left_leaves_nothing_running() -> None:
    scan = open_ports(["127.0.0.1"] * 500, ports=(1,))
    before = len(asyncio.all_tasks())
    task = asyncio.ensure_future(anext(scan, None))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await scan.aclose()
    assert len(asyncio.all_tasks()) == before


def test_that_a_network_is_its_hosts_and_an_address_itself() -> None:
    assert hosts_in("192.168.0.0/30") == ["192.168.0.1", "192.168.0.2"]
    assert hosts_in("192.168.0.17/30") == ["192.168.0.17", "192.168.0.18"]
    assert hosts_in("10.0.0.7") == ["10.0.0.7"]


@pytest.mark.parametrize("text", ["", "plc", "10.0.0.0/8", "::/64", "10.0.0.0/33", "10.0.0.1-20"])
def test_that_what_cannot_be_scanned_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(BadNetwork, match=r"such as \d+|such as ::"):
        hosts_in(text)
