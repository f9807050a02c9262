"""Models of the test plant as its file has them: one that counts, a better candidate, and one of another plant."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.database import open_writer
from app.learning.store import ModelStore
from app.model.clock import NS_PER_S
from app.model.learned_model import ModelKind, ModelRecord, ModelScore, ModelState, ModelStep, ModelTrial

DAY = 86_400 * NS_PER_S
FIRST = "share_of_cases_with_true_cause_first"


def record(now: int, **changes: object) -> ModelRecord:
    """A diagnosis of the class of pumps, learned a month ago."""
    values: dict[str, object] = {
        "number": 0, "kind": ModelKind.DIAGNOSIS, "subject": "centrifugal_pump", "is_class": True,
        "made": now - 30 * DAY, "author": "L. Chen", "data_begin": now - 200 * DAY, "data_end": now - 60 * DAY,
        "data_digest": "5f1c9a0e7d42", "code_version": "0.1.0", "tags": ("VIB", "DP"), "units": ("mm/s", "kPa"),
        "period_s": 60.0, "parameters": b"arrays",
    }  # fmt: skip
    return ModelRecord(**{**values, **changes})  # type: ignore[arg-type] # as the record has them


def trial(number: int, now: int, share: float, *, beside: int = 0, other: float | None = None) -> ModelTrial:
    """How often the true cause stood first, beside another model where one counted."""
    others = () if other is None else (ModelScore(FIRST, other, 25, bound=0.5),)
    scores = (ModelScore(FIRST, share, 25, bound=0.5),)
    return ModelTrial(number, beside, now - DAY, now - 50 * DAY, now - DAY, scores, others)


def write_models(folder: Path, now: int) -> None:
    """Write three models: 1 counts, 2 is a candidate that did better, 3 came from elsewhere and was never tried."""
    with closing(open_writer(folder / "history.sqlite")) as connection:
        store = ModelStore(connection)
        store.add(record(now))
        store.try_out(trial(1, now, 0.88))
        store.note([ModelStep(1, now - 20 * DAY, ModelState.ACTIVE, "E. Sommer", "a month without a wrong cause")])
        store.add(record(now, made=now - 2 * DAY, author="E. Sommer"), reason="learned")
        store.try_out(trial(2, now, 0.96, beside=1, other=0.88))
        store.add(
            record(now, kind=ModelKind.EQUIPMENT, subject="P01", is_class=False, made=now - DAY, data_begin=0,
                   data_end=0, source="pump.json of qingdao"),
            reason="imported from pump.json",
        )  # fmt: skip
