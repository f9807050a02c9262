"""The conformance suite: what every driver must do, for drivers of ours and of others alike.

`docs/how-to/write-a-driver.md` says how it is used; it needs the extra `conformance` (pytest).
"""

import pytest

pytest.register_assert_rewrite(
    "drivers.conformance.browsing",
    "drivers.conformance.delivery",
    "drivers.conformance.grammar",
    "drivers.conformance.historian",
    "drivers.conformance.life",
    "drivers.conformance.loss",
    "drivers.conformance.reading",
    "drivers.conformance.writing",
)

from drivers.conformance.contract import DriverContract  # noqa: E402 - asserts are rewritten where they are imported later
from drivers.conformance.device import Device, opened, specs, take, until  # noqa: E402 - the same
from drivers.conformance.relay import Relay, relay_to  # noqa: E402 - the same

__all__ = ["Device", "DriverContract", "Relay", "opened", "relay_to", "specs", "take", "until"]
