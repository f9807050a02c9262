"""What the window's process does not do before its first picture."""

from __future__ import annotations

import linecache
import subprocess
import sys

SCRIPT = """
import widgets.desktop
import linecache
print(sum(len(lines[2]) for lines in linecache.cache.values() if len(lines) > 2))
"""


def test_that_no_source_is_read_when_the_window_is_imported() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert int(ended.stdout) < len(linecache.getlines(subprocess.__file__))
