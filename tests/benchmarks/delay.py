"""How long changes take to be seen: from the instants of the changes and a record of what was seen when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]


def delays(changes: Seconds, seen_at: Seconds, seen: Seconds) -> Seconds:
    """Return, for each change, the seconds until it or a newer one was seen, shape (n,); infinity where none was.

    All in seconds of one monotonic clock. `changes`: when each value was set, shape (n,), rising; the value is that
    instant itself. `seen_at`: when something was seen, shape (k,), rising; `seen`: the newest value that was seen then,
    shape (k,). A change that was overtaken before anyone looked counts as seen with the one that overtook it.
    """
    first = np.searchsorted(np.maximum.accumulate(seen), changes, side="left")
    return np.asarray(np.append(seen_at, np.inf)[first] - changes, np.float64)
