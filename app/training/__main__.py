"""The child process: a Lesson or an Exam comes in as JSON, shares done and the result go out as MessagePack."""

from __future__ import annotations

import sys

import msgspec

from app.database import DatabaseError
from app.learning.refusal import ModelRefused
from app.plant.problem import PlantFileError
from app.training.child import Refused, Share, work_here, write_answer
from app.training.lesson import Exam, Lesson

LEAST_STEP = 0.01


def main() -> int:
    """Do the lesson or the trial on standard input; answers go to standard output, the share done before the result."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Lesson | Exam)
    out = sys.stdout.buffer
    told = -1.0

    def tell(share: float) -> None:
        nonlocal told
        if share >= told + LEAST_STEP:
            told = share
            write_answer(out, Share(share))

    try:
        write_answer(out, work_here(task, tell))
    except ModelRefused as refused:
        write_answer(out, Refused(refused.refusal))
    except (DatabaseError, PlantFileError, OSError) as error:
        write_answer(out, Refused(ModelRefused(str(error)).refusal))
    return 0


if __name__ == "__main__":
    sys.exit(main())
