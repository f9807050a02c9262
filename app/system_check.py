"""Whether this computer can show the operator's window: Qt's system libraries and the display.

Qt ends the whole process without a Python exception when one of them is absent, so both are looked at first.
The module needs the standard library alone and runs as `python3 app/system_check.py` before anything is installed.
"""

import argparse
import ctypes
import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

Loader = Callable[[str], object]
"""Loads a shared library by its soname, as `ctypes.CDLL` does; raises OSError where it is absent."""

QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
"""Soname to Debian package: needed to import Qt and to draw off screen."""

X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""Soname to Debian package: needed besides QT_LIBRARIES for a window under X11."""

WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""Soname to Debian package: needed besides QT_LIBRARIES for a window under Wayland."""


def missing_libraries(
    environment: Mapping[str, str] = os.environ, *, load: Loader = ctypes.CDLL, platform: str = sys.platform
) -> list[tuple[str, str]]:
    """Qt's system libraries that are absent, as (soname, Debian package).

    The X11 libraries are asked for only where the environment names an X11 display. Empty off Linux, where
    Qt's wheels bring everything.
    """
    if not platform.startswith("linux"):
        return []
    wanted = QT_LIBRARIES | (X11_LIBRARIES if environment.get("DISPLAY") else {})
    return _absent(wanted, load)


def missing_libraries_text(missing: list[tuple[str, str]]) -> str:
    """Names each missing library with its package and gives the one line that installs them."""
    names = "\n".join(f"  {soname} (Debian package {package})" for soname, package in missing)
    packages = " ".join(package for _, package in missing)
    return (
        f"Qt needs system libraries that this computer does not have:\n{names}\n"
        f"Install them with: apt-get install -y --no-install-recommends {packages}"
    )


def display_problem(
    environment: Mapping[str, str] = os.environ, *, load: Loader = ctypes.CDLL, platform: str = sys.platform
) -> str | None:
    """Why no window can be opened here, with the remedy, or None where one can be.

    On Linux it follows Qt's own choice: an X11 display, else a Wayland display, is enough. None off Linux,
    and where QT_QPA_PLATFORM names a platform that needs no display.
    """
    if not platform.startswith("linux"):
        return None
    chosen = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    if chosen and chosen not in {"xcb", "wayland"}:
        return None
    problems: list[str] = []
    for name, find_problem in (("DISPLAY", _x11_problem), ("WAYLAND_DISPLAY", _wayland_problem)):
        if not environment.get(name):
            continue
        problem = find_problem(environment, load)
        if problem is None:
            return None
        problems.append(problem)
    return "\n".join(problems) or "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set."


def _absent(libraries: Mapping[str, str], load: Loader) -> list[tuple[str, str]]:
    absent = []
    for soname, package in libraries.items():
        try:
            load(soname)
        except OSError:
            absent.append((soname, package))
    return absent


def _x11_problem(environment: Mapping[str, str], load: Loader) -> str | None:
    missing = _absent(X11_LIBRARIES, load)
    if missing:
        return missing_libraries_text(missing)
    display = environment["DISPLAY"]
    if not _x11_answers(display, load):
        return (
            f"The X11 display {display} (from DISPLAY) cannot be reached: is its server running, may this user use it?"
        )
    return None


def _x11_answers(display: str, load: Loader) -> bool:
    xcb = load("libxcb.so.1")
    connect, has_error, disconnect = xcb.xcb_connect, xcb.xcb_connection_has_error, xcb.xcb_disconnect  # type: ignore[attr-defined]
    connect.restype = ctypes.c_void_p
    connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    has_error.argtypes = disconnect.argtypes = [ctypes.c_void_p]
    connection = connect(display.encode(), None)
    answers = bool(has_error(connection) == 0)
    disconnect(connection)
    return answers


def _wayland_problem(environment: Mapping[str, str], load: Loader) -> str | None:
    missing = _absent(WAYLAND_LIBRARIES, load)
    if missing:
        return missing_libraries_text(missing)
    display = environment["WAYLAND_DISPLAY"]
    path = Path(environment.get("XDG_RUNTIME_DIR", "/")) / display
    try:
        with socket.socket(socket.AF_UNIX) as compositor:
            compositor.connect(str(path))
    except OSError as error:
        return f"The Wayland display {path} (from WAYLAND_DISPLAY) cannot be reached: {error.strerror}."
    return None


def main() -> int:
    """Prints what is missing, or with --packages only the names of its packages; returns 1 if anything is."""
    parser = argparse.ArgumentParser(description="Look for the system libraries that Qt needs.")
    parser.add_argument("--packages", action="store_true", help="print only the Debian packages of what is missing")
    only_packages = parser.parse_args().packages
    missing = missing_libraries()
    if missing:
        print(" ".join(package for _, package in missing) if only_packages else missing_libraries_text(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
