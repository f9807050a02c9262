"""asyncua's loggers, held down: it logs each request, and with a traceback every loss that the driver reports."""

from __future__ import annotations

import logging


def quiet_library() -> None:
    """Let asyncua log warnings and errors only, and its client nothing that is not fatal."""
    logging.getLogger("asyncua").setLevel(logging.WARNING)
    logging.getLogger("asyncua.client").setLevel(logging.CRITICAL)
