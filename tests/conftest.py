"""What every test needs: Qt draws off screen, and recorded data is found beside the project."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def recorded_data() -> Path:
    """The folder of recorded machine data; the test skips where it is absent."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("FORESHIFT_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no recorded data at {folder} (set FORESHIFT_DATA)")
    return folder
