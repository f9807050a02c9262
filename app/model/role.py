"""What a signed-in user of a plant may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Each role may do whatever the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ENGINEER = "engineer"

    def includes(self, other: Role) -> bool:
        """Return whether this role may do what `other` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)
