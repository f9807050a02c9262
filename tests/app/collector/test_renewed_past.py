"""What a collector learns from at its start: nothing of before a renewal."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.collector.recovery import warmed_foresight
from app.database import open_writer
from app.history.writer import HistoryWriter
from app.maintenance.desk import WorkChange
from app.maintenance.store import WorkStore
from app.model import status
from app.model.actor import Actor
from app.model.block import block_of, concatenate
from app.model.forecast import Health, HealthState
from app.model.role import Role
from tests.app.maintenance.plants import FROM_SERVICE, completed, desk
from tests.app.prediction.plants import at, healthy_pump, plant_of, tag


def test_that_the_past_before_a_renewal_is_not_learned_from(tmp_path: Path) -> None:
    plant = plant_of([tag(place, equipment="AC01") for place in range(4)])
    path = tmp_path / "history.sqlite"
    seconds = np.arange(0.0, 80.0, 0.25)
    rows = healthy_pump(len(seconds), signals=4)
    times = np.array([at(second) for second in seconds], np.int64)
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, plant.tags, is_defining=True)
        writer.write(concatenate([block_of(n, times, rows[:, n], status.GOOD) for n in range(4)]))
        WorkStore(connection)

    def state() -> HealthState:
        found = warmed_foresight(path, plant, at(80.0)).results(at(80.0))
        (health,) = [each for each in found if isinstance(each, Health)]
        return health.state

    assert state() is HealthState.NORMAL
    order = replace(completed(desk(), FROM_SERVICE), completed=at(79.0))
    with closing(open_writer(path)) as connection:
        WorkStore(connection).record([WorkChange(order, Actor("window", "Li", Role.OPERATOR), "")])
    assert state() is HealthState.LEARNING
