"""uPlot in a Chromium without a window, as a contestant that draws when it is its turn."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import psutil
import pytest

from app.model.block import ValueArray
from tests.peers.node import node_environment

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FRAMES = 3
WAIT_S = 40.0
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}


class UplotPage:
    """A page with one chart; skips (`pytest.skip`) where there is no Chromium, or uPlot cannot be installed.

    The page and its turns come from a server on this computer alone.
    """

    def __init__(self, courses: Sequence[Sequence[ValueArray]], *, width: int, height: int, line_px: int) -> None:
        """Start the server and the browser, and wait until the first chart is drawn."""
        browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
        if browser is None:
            pytest.skip("Chromium is not installed")
        library = Path(node_environment("uplot")["NODE_PATH"]) / "uplot" / "dist"
        page = Path(__file__).with_name("uplot.html")
        plan = {"width": width, "height": height, "line": line_px, "frames": FRAMES}
        plan |= {"pens": len(courses[0]), "points": len(courses[0][0]), "courses": len(courses)}
        self._files = {
            "/uplot.html": page.read_bytes(),
            "/uPlot.min.css": (library / "uPlot.min.css").read_bytes(),
            "/uPlot.iife.min.js": (library / "uPlot.iife.min.js").read_bytes(),
            "/plan": json.dumps(plan).encode(),
            "/values": np.array(courses, np.float64).tobytes(),
        }
        self._turns: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._waiting, self._done = threading.Event(), threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="uplot-page", daemon=True).start()
        self._profile = tempfile.TemporaryDirectory(prefix="foreshift-chromium-", ignore_cleanup_errors=True)
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"]
        flags += ["--disable-background-networking", f"--user-data-dir={self._profile.name}"]
        flags += [f"--window-size={width + 40},{height + 120}"]
        address = f"http://127.0.0.1:{self._server.server_address[1]}/uplot.html"
        self._process = subprocess.Popen(
            [browser, *flags, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._is_begun = False

    def __enter__(self) -> Self:
        if not self._waiting.wait(WAIT_S):
            self._close()
            pytest.skip(f"Chromium did not show uPlot's page within {WAIT_S:.0f} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def frame_s(self, number: int) -> float:
        """Let the page draw; return the processor seconds of a frame, of all of Chromium's processes."""
        del number
        began = self._cpu_s()
        self._done.clear()
        self._turns.put(json.dumps({"frames": FRAMES}).encode())
        if not self._done.wait(WAIT_S):
            raise TimeoutError(f"uPlot did not draw {FRAMES} frames within {WAIT_S:.0f} s")
        return (self._cpu_s() - began) / FRAMES

    def _cpu_s(self) -> float:
        process = psutil.Process(self._process.pid)
        times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        return float(sum(time.user + time.system for time in times))

    def _close(self) -> None:
        for process in psutil.Process(self._process.pid).children(recursive=True):
            process.kill()
        self._process.kill()
        self._process.wait()
        self._server.shutdown()
        self._server.server_close()
        self._profile.cleanup()

    def _answer(self, path: str) -> bytes | None:
        if path == "/turn":
            self._waiting.set()
            return self._turns.get()
        if path == "/done":
            self._done.set()
            return b""
        return self._files.get(path)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self._answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = answer(self.path)
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Type", _KINDS.get(Path(self.path).suffix, "application/octet-stream"))
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name
                del format, args

        return Handler
