"""What every test needs: Qt draws off screen, and recorded data is found beside the project."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.turnstile import Turnstile, turnstile_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from xdist.workermanage import WorkerController

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How long an example takes says nothing on a machine that others load as well.
settings.register_profile("loaded", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("loaded")

# As in the window's process (widgets/tidying.py): a timer of Qt that another thread collects ends the process.
gc.disable()
_YOUNG, _MIDDLE = 5_000, 50

_turnstile = pytest.StashKey[Turnstile | None]()
_locks = pytest.StashKey[TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Find out whether other workers run tests beside this one."""
    config.stash[_turnstile] = turnstile_of(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Give all workers one folder for their locks."""
    stash = node.config.stash
    if _locks not in stash:
        stash[_locks] = TemporaryDirectory(prefix="foreshift-tests-")
    node.workerinput["locks"] = stash[_locks].name


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let the OPC UA servers of the tests be made quickly, where there are any."""
    if "asyncua" in sys.modules:
        from tests.standard_nodes import keep_standard_nodes

        keep_standard_nodes()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the locks when all workers have ended."""
    if _locks in config.stash:
        config.stash[_locks].cleanup()


@pytest.hookimpl(wrapper=True, tryfirst=True)  # outside of the time limit, which is for the test and not for its turn
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test have its turn, and one that is `alone` the whole machine; tidy up after it."""
    turnstile = item.config.stash[_turnstile]
    if turnstile is None:
        told = yield
    else:
        with turnstile.pass_through(alone=item.get_closest_marker("alone") is not None):
            told = yield
    _tidy()
    return told


def _tidy() -> None:
    """Collect what tests have left; what outlives that is not looked through again."""
    young, middle, _ = gc.get_count()
    if middle >= _MIDDLE:
        gc.collect()
        gc.freeze()
    elif young >= _YOUNG:
        gc.collect(0)


@pytest.fixture(scope="session")
def qapp_cls() -> Callable[[Sequence[str]], QApplication]:
    """Make the QApplication of the tests: it has displays of several ratios, the first one as most have it."""
    from PySide6.QtWidgets import QApplication

    from tests.displays import APART, DISPLAYS
    from widgets.display import off_screen_displays

    def make(arguments: Sequence[str]) -> QApplication:
        with off_screen_displays(DISPLAYS, apart=APART):
            return QApplication(list(arguments))

    return make


@pytest.fixture(scope="session")
def recorded_data() -> Path:
    """The folder of recorded machine data; the test skips where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("FORESHIFT_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no recorded data at {folder} (set FORESHIFT_DATA)")
    return folder
