"""Who does something to the plant, and from which window."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.role import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`name`, `role`: of who is signed in, "" and None where nobody is; `window`: the process that it comes from."""

    window: str
    name: str = ""
    role: Role | None = None
