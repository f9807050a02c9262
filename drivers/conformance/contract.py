"""The whole suite: a driver keeps its contract if it passes this against a real server."""

from __future__ import annotations

from drivers.conformance.browsing import BrowsingContract
from drivers.conformance.delivery import DeliveryContract
from drivers.conformance.grammar import GrammarContract
from drivers.conformance.life import LifeContract
from drivers.conformance.loss import LossContract
from drivers.conformance.reading import ReadingContract
from drivers.conformance.writing import WritingContract


class DriverContract(
    GrammarContract,
    ReadingContract,
    DeliveryContract,
    WritingContract,
    BrowsingContract,
    LossContract,
    LifeContract,
):
    """All that `drivers.driver.Driver` promises.

    A subclass gives a fixture `device`, and `definition`, `make`, `browsed` and `is_worth_opening`.
    """
