"""What a device has taught, kept as long as the process lives, of which `keeping` carries a part over to the next.

Holes are addresses that the device refuses, cuts are offsets across which it cannot be read at once, blocks are limited
where large ones got no answer, and `window` is how many requests at once it was found to bear (where that could not be
found out it is tried again at `tried_again`, monotonic ns). Refusals are tried again
after a while (`hole_s`): the program in a device may have changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.modbus.address import Table

NEVER = 1 << 63
Place = tuple[int, Table]
"""A unit and one of its tables."""
Span = tuple[int, int]
"""The offset of a value, and its registers or bits."""


@dataclass(slots=True)
class Hole:
    """A refused address: the StatusCode of its tags, and when it is asked for again, monotonic ns."""

    status: int
    asked_again: int


@dataclass(slots=True)
class Traits:
    """What one device has taught; `version` grows with all that changes how it is best read.

    `kept`: the version that is in its file.
    """

    version: int = 0
    kept: int = 0
    window: int | None = None
    tried_again: int = NEVER
    holes: dict[Place, dict[Span, Hole]] = field(default_factory=dict)
    cuts: dict[Place, dict[int, int]] = field(default_factory=dict)
    limits: dict[Place, int] = field(default_factory=dict)

    def hole(self, place: Place, span: Span) -> Hole | None:
        """Return what is known of an address that was refused."""
        return self.holes[place].get(span) if place in self.holes else None

    def refuse(self, place: Place, span: Span, status: int, asked_again: int) -> None:
        """Remember that an address was refused."""
        holes = self.holes.setdefault(place, {})
        if span not in holes:
            self.version += 1
        holes[span] = Hole(status, asked_again)

    def accept(self, place: Place, span: Span) -> None:
        """Forget a hole that answers now."""
        if self.hole(place, span) is not None:
            del self.holes[place][span]
            self.version += 1

    def cut(self, place: Place, offset: int, until: int) -> None:
        """Remember that what lies before `offset` and what lies behind are to be read apart, until monotonic ns."""
        self.cuts.setdefault(place, {})[offset] = until
        self.version += 1

    def limit(self, place: Place, count: int) -> None:
        """Remember the largest block that gets an answer."""
        self.limits[place] = count
        self.version += 1

    def expire(self, now: int) -> None:
        """Forget cuts that are to be tried again."""
        for place, cuts in self.cuts.items():
            kept = {offset: until for offset, until in cuts.items() if until > now}
            if len(kept) < len(cuts):
                self.cuts[place] = kept
                self.version += 1

    def is_parted(self, place: Place, first: int, last: int) -> bool:
        """Return whether a cut lies behind offset `first`, up to offset `last`."""
        return any(first < offset <= last for offset in self.cuts.get(place, ()))


_KNOWN: dict[str, Traits] = {}


def traits_of(url: str) -> Traits:
    """Return what the device at a URL has taught in this process."""
    return _KNOWN.setdefault(url, Traits())
