"""Small plants, streams and shapes for the tests of predictions."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from app.model import status
from app.model.alarm import ConditionKind
from app.model.block import Block, block_of
from app.model.clock import NS_PER_S
from app.model.equipment import Equipment
from app.model.forecast import Forecast, ForecastDefinition, Health
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.prediction.foresight import Foresight

START = 1_700_000_000 * NS_PER_S
Array = NDArray[np.float64]


def at(second: float) -> int:
    return START + round(second * NS_PER_S)


def tag(handle: int, *, equipment: str = "PU02", kind: TagKind = TagKind.ANALOG, scan_ms: int = 250) -> TagDefinition:
    name = f"{equipment}.{kind[0].upper()}{handle}"
    return TagDefinition(
        handle, name, equipment, LocalText(name), "line", f"HR{handle}", kind=kind, decimals=3, scan_ms=scan_ms
    )


def forecast_of(
    limit: float,
    *,
    name: str = "PU02.A0",
    direction: ConditionKind = ConditionKind.HIGH,
    window_h: float = 8.0,
    horizon_h: float = 240.0,
) -> ForecastDefinition:
    return ForecastDefinition(
        id=f"{name}.{direction}",
        equipment=name.partition(".")[0],
        tag=name,
        limit=limit,
        direction=direction,
        cause=LocalText("Strainer", "滤网"),
        action=LocalText("Clean", "清洗"),
        window_h=window_h,
        horizon_h=horizon_h,
    )


def plant_of(
    tags: Sequence[TagDefinition], forecasts: Iterable[ForecastDefinition] = (), *, time_scale: float = 300.0
) -> Plant:
    names = dict.fromkeys(entry.equipment for entry in tags)
    return Plant(
        id="test",
        name=LocalText("Test"),
        equipment=tuple(Equipment(name, LocalText(name)) for name in names),
        connections=(),
        tags=tuple(tags),
        forecasts=tuple(forecasts),
        time_scale=time_scale,
    )


def row(second: float, values: Sequence[float] | Array, code: ArrayLike = status.GOOD) -> Block:
    """Return one sample of each of the tags 0, 1, ... at one instant."""
    return block_of(np.arange(len(values)), at(second), values, code)


class Stream:
    """Feeds a Foresight as the collector does and keeps the newest of all that it told."""

    def __init__(self, plant: Plant) -> None:
        self.foresight = Foresight(plant)
        self.forecasts: dict[str, Forecast] = {}
        self.healths: dict[str, Health] = {}
        self.told: list[Forecast | Health] = []
        self._next = 0.0

    def feed(self, seconds: Array, values: Array) -> None:
        """Take rows of values (shape (n, tags)) at `seconds`, asking for results once a second."""
        for second, entry in zip(seconds.tolist(), values, strict=True):
            self.foresight.update(row(second, entry))
            if second >= self._next:
                self._next = second + 1.0
                self.ask(second)

    def ask(self, second: float) -> None:
        for finding in self.foresight.results(at(second)):
            self.told.append(finding)
            if isinstance(finding, Health):
                self.healths[finding.equipment] = finding
            else:
                self.forecasts[finding.forecast] = finding


def healthy_pump(count: int, *, seed: int = 1, signals: int = 8) -> Array:
    """Return correlated, stationary signals of one machine, shape (count, signals)."""
    random = np.random.default_rng(seed)
    common = random.normal(size=(count, 2)) @ random.normal(size=(2, signals))
    return 50.0 + 0.5 * common + random.normal(scale=0.5, size=(count, signals))
