"""The child process: a Lesson comes in as JSON, the model goes out as MessagePack."""

from __future__ import annotations

import sys

import msgspec

from app.database import DatabaseError
from app.learning.refusal import ModelRefused
from app.plant.problem import PlantFileError
from app.training.child import EXIT_REFUSED, learn_here
from app.training.lesson import Lesson


def main() -> int:
    """Learn once."""
    lesson = msgspec.json.decode(sys.stdin.buffer.read(), type=Lesson)
    try:
        record = learn_here(lesson)
    except (DatabaseError, ModelRefused, PlantFileError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    sys.stdout.buffer.write(msgspec.msgpack.encode(record))
    return 0


if __name__ == "__main__":
    sys.exit(main())
