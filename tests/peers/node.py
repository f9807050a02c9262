"""Software of others for Node.js, installed beside the project and run in processes of its own."""

from __future__ import annotations

import os
import shutil
import subprocess

import platformdirs
import pytest

INSTALL_TIMEOUT_S = 180
VERSIONS = {"modbus-serial": "8.0.25", "node-opcua": "2.182.2", "uplot": "1.6.32"}


def node_environment(package: str) -> dict[str, str]:
    """Return what lets node find a peer, installed on first use; skip the test where that is not possible."""
    folder = platformdirs.user_cache_path("foreshift") / "peers" / f"{package}-{VERSIONS[package]}-node"
    if not (folder / "complete").exists():
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            pytest.skip(f"{package} cannot run here: node and npm are not installed")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-fund", "--no-audit", "--prefix", str(folder), f"{package}@{VERSIONS[package]}"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            pytest.skip(f"{package} cannot be installed here: {error}")
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["npm gave no reason"]
            pytest.skip(f"{package} cannot be installed here: {lines[-1]}")
        (folder / "complete").touch()
    return {**os.environ, "NODE_PATH": str(folder / "node_modules")}
