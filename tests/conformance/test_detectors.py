import io

import numpy as np
import pytest
from numpy.typing import NDArray

from app.anomaly.equipment import EquipmentModel, Reading
from app.anomaly.univariate import UnivariateBank
from app.diagnosis.diagnoser import Diagnoser
from app.diagnosis.fault_model import Diagnosis
from app.model.clock import NS_PER_S
from app.model.forecast import Health
from app.prediction.health import HealthModel
from app.prediction.trend import TrendForecast
from app.remaining_life.history import MachineHistory
from app.remaining_life.model import LifeEstimate, LifeModel, from_bytes
from app.remaining_life.training import learn
from tests.app.diagnosis.faults import model_of_faults
from tests.app.prediction.plants import forecast_of, tag
from tests.app.remaining_life.machines import fleet
from tests.conformance.detector import START, TAGS, Array, DetectorConformance, Maker, rows_of

_LARGEST = 1e100


class Equipment:
    """The multivariate model."""

    def __init__(self) -> None:
        self.model = EquipmentModel(TAGS, period_s=1.0)

    def take(self, time: int, row: Array) -> None:
        self.model.update(time, row)

    def answer(self) -> list[object]:
        reading: Reading = self.model.reading()
        return [reading.phase, reading.score, reading.progress, reading.contributions.tolist(), reading.shift.tolist()]

    def keep(self) -> bytes:
        return self.model.save()

    def bring_back(self, kept: bytes) -> None:
        self.model.restore(kept)


class Bank:
    """The bank of single tags; its last scores are part of what it says."""

    def __init__(self) -> None:
        self.bank = UnivariateBank(TAGS)

    def take(self, time: int, row: Array) -> None:
        self.bank.update(time, row)

    def answer(self) -> list[float]:
        told: list[float] = self.bank.told.tolist()
        return told

    def keep(self) -> bytes:
        return self.bank.save()

    def bring_back(self, kept: bytes) -> None:
        self.bank.restore(kept)


class Faults:
    """The diagnosis; its model is made once, since making it is learning."""

    model = model_of_faults()

    def __init__(self) -> None:
        self.diagnoser = Diagnoser(self.model, period_s=1.0)

    def take(self, time: int, row: Array) -> None:
        self.diagnoser.update(time, row)

    def answer(self) -> Diagnosis | None:
        return self.diagnoser.diagnosis()

    def keep(self) -> bytes:
        return self.diagnoser.save()

    def bring_back(self, kept: bytes) -> None:
        self.diagnoser.restore(kept)


class Replayed:
    """A predictor whose past is the history's: after a restart it is given the newest rows again."""

    def __init__(self) -> None:
        self.times: list[int] = []
        self.rows: list[Array] = []

    def keep(self) -> bytes:
        file = io.BytesIO()
        np.savez(file, times=np.array(self.times, np.int64), rows=np.array(self.rows).reshape(-1, TAGS))
        return file.getvalue()

    def bring_back(self, kept: bytes) -> None:
        with np.load(io.BytesIO(kept)) as file:
            for time, row in zip(file["times"].tolist(), file["rows"], strict=True):
                self.take(time, row)

    def take(self, time: int, row: Array) -> None:
        self.times.append(time)
        self.rows.append(row.copy())
        self.judge(time, row)

    def judge(self, time: int, row: Array) -> None:
        raise NotImplementedError

    def __getstate__(self) -> dict[str, object]:
        """Leave out the history, which is a file: only what the predictor itself holds counts as its memory."""
        return {name: value for name, value in self.__dict__.items() if name not in {"times", "rows"}}


class HealthOfOne(Replayed):
    def __init__(self) -> None:
        super().__init__()
        self.model = HealthModel("PU02", [tag(place) for place in range(TAGS)], time_scale=10.0)
        self.now = 0

    def judge(self, time: int, row: Array) -> None:
        usable = np.abs(row) < _LARGEST
        self.model.add(np.arange(TAGS), np.full(TAGS, time), row, usable=usable)
        self.now = time

    def answer(self) -> Health:
        return self.model.health(self.now)


class TrendOfOne(Replayed):
    def __init__(self) -> None:
        super().__init__()
        self.trend = TrendForecast(forecast_of(200.0, window_h=0.1))
        self.now = 0

    def judge(self, time: int, row: Array) -> None:
        if abs(row[0]) < _LARGEST:
            self.trend.add(time, float(row[0]))
        else:
            self.trend.lose()
        self.now = time

    def answer(self) -> object:
        return self.trend.forecast(self.now)


class TestEquipmentModel(DetectorConformance):
    @pytest.fixture
    def make(self) -> Maker:
        return Equipment


class TestUnivariateBank(DetectorConformance):
    most_bytes = 10_000

    @pytest.fixture
    def make(self) -> Maker:
        return Bank


class TestDiagnoser(DetectorConformance):
    most_bytes = 1_000

    @pytest.fixture
    def make(self) -> Maker:
        return Faults


class TestHealthModel(DetectorConformance):
    @pytest.fixture
    def make(self) -> Maker:
        return HealthOfOne


class TestTrendForecast(DetectorConformance):
    @pytest.fixture
    def make(self) -> Maker:
        return TrendOfOne

    def test_that_rows_that_come_twice_change_nothing(self, make: Maker) -> None:
        """A bucket's median counts each sample, so numbers may differ here; the kind of answer must not."""
        once, twice = TrendOfOne(), TrendOfOne()
        for place, row in enumerate(rows_of(500)):
            for detector, times in ((once, 1), (twice, 2)):
                for _ in range(times):
                    detector.take(START + place * NS_PER_S, row)
        assert once.trend.forecast(once.now).state is twice.trend.forecast(twice.now).state


@pytest.fixture(scope="module")
def model() -> LifeModel:
    pytest.importorskip("lightgbm")
    return learn(fleet(24), machine_class="pump", unit="cycle")


class TestLifeModel:
    """It takes a whole history at once, so what concerns streams does not apply to it."""

    def estimate(self, model: LifeModel, rows: NDArray[np.float64]) -> LifeEstimate:
        return model.estimate(MachineHistory("P1", rows[:, :1] - 50.0, rows))

    def test_that_asking_changes_neither_the_model_nor_the_rows(self, model: LifeModel) -> None:
        rows = fleet(1).machines[0].signals
        before, kept = rows.copy(), model.to_bytes()
        assert self.estimate(model, rows) == self.estimate(model, rows)
        assert np.array_equal(rows, before)
        assert model.to_bytes() == kept

    def test_that_what_was_kept_tells_the_same_bit_by_bit(self, model: LifeModel) -> None:
        rows = fleet(1).machines[0].signals
        other = from_bytes(model.to_bytes())
        assert self.estimate(other, rows) == self.estimate(model, rows)
        assert other.to_bytes() == model.to_bytes()

    def test_that_wild_values_are_told_between_nothing_and_the_cap(self, model: LifeModel) -> None:
        rows = fleet(1).machines[0].signals.copy()
        rows[::7] = 1e30
        told = self.estimate(model, rows)
        assert 0.0 <= told.p10 <= told.p50 <= told.p90 <= model.cap
