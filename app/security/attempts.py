"""The patience with wrong PINs: after five of a name each further one must wait, longer every time."""

from __future__ import annotations

from app.model.clock import NS_PER_S

FREE_TRIES = 5
FIRST_WAIT_S = 15.0
LONGEST_WAIT_S = 900.0


class Attempts:
    """Counts wrong tries by name; `now` is always monotonic ns. A right one, and a day of quiet, forgets them."""

    def __init__(self) -> None:
        """Begin without any."""
        self._wrong: dict[str, tuple[int, int]] = {}

    def wait_s(self, name: str, now: int) -> float:
        """Return for how many seconds a name must not be tried yet, 0.0 where it may."""
        wrong, last = self._wrong.get(name, (0, now))
        if wrong < FREE_TRIES:
            return 0.0
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(wrong - FREE_TRIES, 10))
        return max(0.0, wait - (now - last) / NS_PER_S)

    def note_wrong(self, name: str, now: int) -> None:
        """Note a wrong try."""
        self._wrong = {known: kept for known, kept in self._wrong.items() if now - kept[1] < 86_400 * NS_PER_S}
        self._wrong[name] = (self._wrong.get(name, (0, 0))[0] + 1, now)

    def note_right(self, name: str) -> None:
        """Forget the wrong tries of a name."""
        self._wrong.pop(name, None)
