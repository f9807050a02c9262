"""The command line `foreshift`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.command.line import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
