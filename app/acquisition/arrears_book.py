"""What is still to be fetched from devices, by tag, and what of it is told of each connection."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.model.missed import Arrears, Break


class ArrearsBook:
    """Breaks that have ended and are not filled yet; a break is known by its tag and its end."""

    def __init__(self, connection_of: Mapping[int, str]) -> None:
        """Begin without any; `connection_of`: of the handles that may come."""
        self._connection_of = connection_of
        self._breaks: dict[int, dict[int, Break]] = {}
        self._problems: dict[str, str] = {}
        self._refused: dict[str, set[int]] = {}
        self._told: dict[str, Arrears] = {}

    def put(self, what: Break) -> None:
        """Take a break, or the new start of one that is known."""
        of_tag = self._breaks.setdefault(what.handle, {})
        connection, former = self._connection_of[what.handle], of_tag.get(what.end)
        of_tag[what.end] = what
        if former is None or connection not in self._told or former.start <= self._told[connection].since:
            self._told.pop(connection, None)

    def has(self, what: Break) -> bool:
        """Return whether a break is still to be filled as it is."""
        return self._breaks.get(what.handle, {}).get(what.end) == what

    def remove(self, what: Break) -> None:
        """Let go of a break."""
        of_tag = self._breaks[what.handle]
        del of_tag[what.end]
        if not of_tag:
            del self._breaks[what.handle]
        self._told.pop(self._connection_of[what.handle], None)

    def last_of(self, handle: int, *, at_least: int) -> Break | None:
        """Return the last break of a tag that has so many, None of one that has fewer."""
        of_tag = self._breaks.get(handle, {})
        return of_tag[max(of_tag)] if len(of_tag) >= at_least else None

    def all(self) -> list[Break]:
        """Return all breaks, those of a tag in the order of their ends."""
        return [of_tag[end] for of_tag in self._breaks.values() for end in sorted(of_tag)]

    def complain(self, connection: str, problem: str) -> None:
        """Take note of why a connection's breaks wait, "" where nothing is in the way."""
        if self._problems.get(connection, "") != problem:
            self._problems[connection] = problem
            self._told.pop(connection, None)

    def refuse(self, connection: str, handles: Collection[int]) -> None:
        """Take note of tags of which the device gave nothing."""
        self._refused.setdefault(connection, set()).update(handles)
        self._told.pop(connection, None)

    def of(self, connection: str) -> Arrears:
        """Return what is told of a connection."""
        if connection not in self._told:
            starts = [
                min(each.start for each in of_tag.values())
                for handle, of_tag in self._breaks.items()
                if self._connection_of[handle] == connection
            ]
            problem = self._problems.get(connection, "") if starts else ""
            refused = len(self._refused.get(connection, ()))
            self._told[connection] = Arrears(len(starts), min(starts, default=0), problem, refused)
        return self._told[connection]
