"""Where a collector and its windows find each other: the address and the token are private to the one who runs them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.pubsub.channel import (
    EventClient,
    EventServer,
    RendezvousError,
    address_of,
    new_token,
    read_token,
    write_token,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="speaks to AF_UNIX sockets directly")

TOKEN = new_token()


def test_that_the_address_is_short_private_and_one_per_plant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    long = tmp_path / ("a" * 200) / ("厂" * 60)
    assert len(address_of(long)) < 100
    assert address_of(long) != address_of(tmp_path) == address
    assert address_of(tmp_path / "x" / "..") == address
    assert stat.S_IMODE(Path(address).parent.stat().st_mode) == 0o700
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/" + "long" * 40)
    assert len(address_of(tmp_path)) < 100


def test_that_a_socket_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    folder = Path(address).parent
    folder.chmod(0o755)
    address_of(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(RendezvousError, match="belongs to somebody else"):
        address_of(tmp_path)
    folder.unlink()
    folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4_242)
    with pytest.raises(RendezvousError, match="belongs to somebody else"):
        address_of(tmp_path)


def test_that_the_socket_and_the_token_are_private(tmp_path: Path, address: str) -> None:
    token_file = tmp_path / "run" / "token"
    with EventServer(address, TOKEN, lambda *_: None, token_file=token_file):
        assert stat.S_IMODE(Path(address).stat().st_mode) == 0o600
        assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
        EventClient.connect(address, read_token(token_file)).close()


def test_that_tokens_are_of_256_bits_and_checked(tmp_path: Path) -> None:
    assert len(bytes.fromhex(new_token())) == 32
    assert new_token() != new_token()
    with pytest.raises(RendezvousError, match="start the collector"):
        read_token(tmp_path / "token")
    (tmp_path / "token").write_text("short")
    with pytest.raises(RendezvousError, match="holds no token"):
        read_token(tmp_path / "token")
    (tmp_path / "token").write_bytes(b"\xff" * 64)
    with pytest.raises(RendezvousError, match="cannot be read"):
        read_token(tmp_path / "token")
    with pytest.raises(RendezvousError, match="cannot be written"):
        write_token(tmp_path / "token" / "below", TOKEN)
