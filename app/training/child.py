"""Learning in a process of its own with the lowest priority, so that nothing that is watched or shown waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec

from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelKind, ModelRecord
from app.plant.folder import PlantFolder
from app.training.equipment_lesson import learn_equipment
from app.training.fault_lesson import learn_faults
from app.training.lesson import Lesson, school_of
from app.training.life_lesson import learn_life

EXIT_REFUSED = 3
_LOWEST = 19
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

PUPILS = {
    ModelKind.EQUIPMENT: learn_equipment,
    ModelKind.DIAGNOSIS: learn_faults,
    ModelKind.REMAINING_LIFE: learn_life,
}


def learn_apart(lesson: Lesson) -> ModelRecord:
    """Learn in a child process and return the model, not yet stored; raise ModelRefused, OSError."""
    flags = getattr(subprocess, "IDLE_PRIORITY_CLASS", 0)
    child = subprocess.run(
        [sys.executable, "-P", "-m", "app.training"],
        input=msgspec.json.encode(lesson),
        capture_output=True,
        check=False,
        creationflags=flags,
        env={**os.environ, **_ONE_THREAD},
    )
    said = child.stderr.decode(errors="replace").strip()
    if child.returncode == EXIT_REFUSED:
        raise ModelRefused(said)
    if child.returncode:
        raise ModelRefused(f"learning ended with code {child.returncode}: {said[-2_000:]}")
    try:
        return msgspec.msgpack.decode(child.stdout, type=ModelRecord)
    except msgspec.DecodeError as error:
        raise ModelRefused(f"learning gave no model: {error}") from error


def learn_here(lesson: Lesson) -> ModelRecord:
    """Learn in this process, which has nothing else to do; raise ModelRefused, DatabaseError, PlantFileError."""
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    with school_of(PlantFolder(Path(lesson.folder))) as school:
        return PUPILS[lesson.kind](school, lesson)
