"""Tests of the look for Qt's system libraries and the display, with libraries and displays that are absent."""

import ctypes
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import system_check
from app.system_check import display_problem, missing_libraries, missing_libraries_text

LINUX = "linux"


def loader(*absent: str, x11_answers: bool = True) -> Callable[[str], object]:
    """A loader on a computer that lacks the named libraries and whose X11 server answers or not."""

    def load(soname: str) -> object:
        if soname in absent:
            message = f"{soname}: cannot open shared object file: No such file or directory"
            raise OSError(message)
        return SimpleNamespace(
            xcb_connect=lambda name, screen: 1,
            xcb_connection_has_error=lambda connection: 0 if x11_answers else 1,
            xcb_disconnect=lambda connection: None,
        )

    return load


def test_that_a_missing_library_is_named_with_its_debian_package() -> None:
    missing = missing_libraries({}, load=loader("libEGL.so.1"), platform=LINUX)

    assert missing == [("libEGL.so.1", "libegl1")]
    assert "libEGL.so.1 (Debian package libegl1)" in missing_libraries_text(missing)
    assert missing_libraries_text(missing).endswith("apt-get install -y --no-install-recommends libegl1")


def test_that_every_missing_library_is_in_the_one_line_that_installs_them() -> None:
    missing = missing_libraries({}, load=loader(*system_check.QT_LIBRARIES), platform=LINUX)

    assert missing_libraries_text(missing).splitlines()[-1].split("recommends ")[1].split() == list(
        system_check.QT_LIBRARIES.values()
    )


def test_that_x11_libraries_are_asked_for_only_where_there_is_an_x11_display() -> None:
    load = loader("libxcb-cursor.so.0")

    assert missing_libraries({}, load=load, platform=LINUX) == []
    assert missing_libraries({"DISPLAY": ":0"}, load=load, platform=LINUX) == [("libxcb-cursor.so.0", "libxcb-cursor0")]


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_that_nothing_is_asked_for_off_linux(platform: str) -> None:
    load = loader(*system_check.QT_LIBRARIES)

    assert missing_libraries({}, load=load, platform=platform) == []
    assert display_problem({}, load=load, platform=platform) is None


def test_that_a_computer_without_display_variables_has_no_display() -> None:
    problem = display_problem({}, load=loader(), platform=LINUX)

    assert problem is not None
    assert "neither DISPLAY nor WAYLAND_DISPLAY" in problem


def test_that_a_missing_cursor_library_is_named_before_qt_would_abort() -> None:
    problem = display_problem({"DISPLAY": ":0"}, load=loader("libxcb-cursor.so.0"), platform=LINUX)

    assert problem is not None
    assert "libxcb-cursor.so.0 (Debian package libxcb-cursor0)" in problem


def test_that_an_x11_display_that_does_not_answer_is_named() -> None:
    problem = display_problem({"DISPLAY": ":55"}, load=loader(x11_answers=False), platform=LINUX)

    assert problem is not None
    assert ":55" in problem


def test_that_an_x11_display_that_answers_is_no_problem() -> None:
    assert display_problem({"DISPLAY": ":0"}, load=loader(), platform=LINUX) is None


def test_that_a_wayland_compositor_that_listens_is_no_problem(tmp_path: Path) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        compositor.listen()

        assert display_problem(environment, load=loader(), platform=LINUX) is None


def test_that_a_wayland_display_without_compositor_is_named(tmp_path: Path) -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}

    problem = display_problem(environment, load=loader(), platform=LINUX)

    assert problem is not None
    assert str(tmp_path / "wayland-0") in problem


def test_that_wayland_stands_in_for_an_x11_display_that_does_not_answer(tmp_path: Path) -> None:
    environment = {"DISPLAY": ":55", "WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        compositor.listen()

        assert display_problem(environment, load=loader(x11_answers=False), platform=LINUX) is None


def test_that_a_platform_chosen_by_name_needs_no_display() -> None:
    environment = {"QT_QPA_PLATFORM": "offscreen"}

    assert display_problem(environment, load=loader(), platform=LINUX) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is asked for on Linux only")
def test_that_the_real_x11_library_reports_a_display_that_is_not_there() -> None:
    def load(soname: str) -> object:
        return ctypes.CDLL("libxcb.so.1")

    try:
        load("libxcb.so.1")
    except OSError as error:
        pytest.skip(str(error))

    problem = display_problem({"DISPLAY": ":4711"}, load=load)

    assert problem is not None
    assert ":4711" in problem


def test_that_the_check_runs_as_a_script_without_the_installed_packages() -> None:
    script = Path(system_check.__file__)

    result = subprocess.run(
        [sys.executable, "-I", "-S", str(script), "--packages"], capture_output=True, text=True, timeout=30, check=False
    )

    assert result.returncode in {0, 1}
    assert result.stderr == ""
    assert (result.returncode == 1) == bool(result.stdout.strip())
