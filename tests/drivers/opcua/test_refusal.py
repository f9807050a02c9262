"""Why a server cannot be connected to, said with what to look at."""

from __future__ import annotations

import pytest

from drivers.driver import ConnectionLost
from drivers.opcua.refusal import why_not

URL = "opc.tcp://192.168.0.7:502"


@pytest.mark.parametrize("error", [ConnectionResetError(), ConnectionAbortedError(), BrokenPipeError()])
def test_that_whoever_hangs_up_before_a_session_may_be_no_opc_ua_server(error: Exception) -> None:
    told = why_not(URL, error)
    assert isinstance(told, ConnectionLost)
    assert str(told) == f"{URL}: the server closed the connection: is it an OPC UA server that listens on this port?"


def test_that_a_port_where_nothing_listens_is_told_as_such() -> None:
    assert str(why_not(URL, ConnectionRefusedError())).endswith("check host and port, and that the OPC UA server is on")
