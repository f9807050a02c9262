"""A state of a device as both its number and its name: what an enumeration or a status register holds."""

from __future__ import annotations

from collections.abc import Mapping


class State(int):
    """A value of an enumeration: a number with the name of its state."""

    name: str

    @classmethod
    def of(cls, value: int, names: Mapping[int, str]) -> int:
        """Return the value with its name, or as it is where it has none."""
        if value not in names:
            return value
        state = cls(value)
        state.name = names[value]
        return state

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def __repr__(self) -> str:
        """Return number and name."""
        return f"{int(self)} ({self.name})"
