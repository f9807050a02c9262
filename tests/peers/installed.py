"""Software of others, installed beside the project's environment and run in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs
import pytest

INSTALL_TIMEOUT_S = 90
VERSIONS = {"modbus_tk": "1.1.5", "mqtt-spb-wrapper": "2.1.2", "o6": "2.2.0", "pyModbusTCP": "0.3.1", "pydm": "1.29.0"}
_NEEDS = {
    "mqtt-spb-wrapper": ("paho-mqtt==1.6.1", "protobuf==3.20.3"),
    "pydm": (
        *("PyQt5==5.15.11", "PyQt5-Qt5==5.15.19", "PyQt5_sip==12.20.0", "QtPy==2.4.3"),
        *("entrypoints", "six", "pyepics==3.5.10", "pyparsing"),
    ),
}
"""What a peer imports beside what its folder holds anyway."""


def path_of(package: str) -> Path:
    """Return the folder that holds a peer, installed on first use; skip the test where that is not possible."""
    name = f"{package}-{VERSIONS[package]}-py{sys.version_info.major}{sys.version_info.minor}"
    folder = platformdirs.user_cache_path("foreshift") / "peers" / name
    if not (folder / "complete").exists():
        _install([f"{package}=={VERSIONS[package]}", *_NEEDS.get(package, ())], folder)
    return folder


def environment(package: str) -> dict[str, str]:
    """Return the environment in which a process finds a peer."""
    return {**os.environ, "PYTHONPATH": str(path_of(package))}


def _install(requirements: Sequence[str], folder: Path) -> None:
    requirement = " ".join(requirements)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(folder)]
    try:
        done = subprocess.run(
            [*command, *requirements], capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"{requirement} cannot be installed here: {error}")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["pip gave no reason"]
        pytest.skip(f"{requirement} cannot be installed here: {lines[-1]}")
    (folder / "complete").touch()
