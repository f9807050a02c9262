"""One measured figure: ours, the peer's, their ratio and whether the goal holds."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass

_GOAL = re.compile(r"(ours|ratio) (<=|>=) (\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one run; `peer` is None where nothing stands beside ours.

    `goal` reads "ratio >= 1.5", "ratio <= 0.2", "ours <= 300", or "" where there is none; raise ValueError for others.
    """

    figure: str
    unit: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    goal: str = ""

    def __post_init__(self) -> None:
        """Refuse a goal that cannot be read."""
        if self.goal and not _GOAL.fullmatch(self.goal):
            raise ValueError(f'goal "{self.goal}": write "ours" or "ratio", "<=" or ">=", and a number')

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's; None where the peer is absent or 0."""
        return self.ours / self.peer if self.peer else None

    @property
    def holds(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if not self.goal:
            return None
        subject, relation, bound = self.goal.split()
        value = self.ours if subject == "ours" else self.ratio
        if value is None:
            return False
        return bool(value >= float(bound) if relation == ">=" else value <= float(bound))

    def as_json(self) -> str:
        """Return the figure as one line of JSON, null for what is no finite number."""
        return json.dumps(
            {
                "figure": self.figure,
                "unit": self.unit,
                "ours": _finite(self.ours),
                "peer": _finite(self.peer),
                "peer_name": self.peer_name,
                "ratio": _finite(self.ratio),
                "goal": self.goal,
                "holds": self.holds,
            }
        )

    def as_text(self) -> str:
        """Return the figure as one line for people."""
        text = f"{self.figure}: {self.ours:,.4g} {self.unit}"
        if self.peer is not None:
            text += f", {self.peer_name} {self.peer:,.4g} {self.unit}"
        if self.ratio is not None:
            text += f", ratio {self.ratio:.3g}"
        if self.goal:
            text += f"  [goal {self.goal}: {'holds' if self.holds else 'MISSED'}]"
        return text


def _finite(number: float | None) -> float | None:
    """JSON knows no infinity, and its writer no numbers of numpy."""
    return float(number) if number is not None and math.isfinite(number) else None
