"""asyncua's loggers, held at warnings: it logs every request and each data change of every tag."""

from __future__ import annotations

import logging


def quiet_library() -> None:
    """Let asyncua log warnings and errors only."""
    logging.getLogger("asyncua").setLevel(logging.WARNING)
