"""The shadow run: a candidate and the active model on the same rows, all later than what either has learned from."""

from __future__ import annotations

from collections.abc import Callable

from app.learning.refusal import ModelRefused
from app.model import clock
from app.model.learned_model import ModelKind, ModelRecord, ModelScore, ModelTrial
from app.model.model_command import ModelRefusalCode as Code
from app.training.equipment_lesson import try_equipment
from app.training.fault_lesson import try_faults
from app.training.lesson import School
from app.training.life_lesson import try_life

PURGED_ROWS = 120
"""Left out behind what was learned from: neighbouring rows tell of one another."""

Judge = Callable[[School, ModelRecord, int, int], tuple[ModelScore, ...]]
JUDGES: dict[ModelKind, Judge] = {
    ModelKind.EQUIPMENT: try_equipment,
    ModelKind.DIAGNOSIS: try_faults,
    ModelKind.REMAINING_LIFE: try_life,
}


def shadow(school: School, record: ModelRecord, active: ModelRecord | None) -> ModelTrial:
    """Return how a candidate would have done beside the active model since both have learned; raise ModelRefused."""
    judge = JUDGES[record.kind]
    is_of_lives = record.kind is ModelKind.REMAINING_LIFE  # whole ones, of which none is on both sides
    purged = 0 if is_of_lives else round(PURGED_ROWS * record.period_s * clock.NS_PER_S)
    extent = school.reader.extent()
    begin = max(record.data_end, active.data_end if active else 0) + purged
    end = extent[1] + 1 if extent else 0
    begin = max(begin, extent[0] if extent else 0)
    if begin >= end:
        text = f"model {record.number}: nothing was recorded since it has learned: try it later"
        raise ModelRefused(text, Code.NOTHING_SINCE, model=record.number)
    return ModelTrial(
        record.number,
        active.number if active else 0,
        clock.now_ns(),
        begin,
        end,
        judge(school, record, begin, end),
        judge(school, active, begin, end) if active else (),
    )
