"""One measured figure: ours, the peer's, their ratio and whether the goal holds."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one run; `peer` is None where nothing stands beside ours.

    `goal` reads "ratio >= 1.5", "ratio <= 0.2", "ours <= 300", or "" where there is none.
    """

    figure: str
    unit: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's."""
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
        return value >= float(bound) if relation == ">=" else value <= float(bound)

    def as_json(self) -> str:
        """Return the figure as one line of JSON."""
        return json.dumps(
            {
                "figure": self.figure,
                "unit": self.unit,
                "ours": self.ours,
                "peer": self.peer,
                "peer_name": self.peer_name,
                "ratio": self.ratio,
                "goal": self.goal,
                "holds": self.holds,
            }
        )

    def as_text(self) -> str:
        """Return the figure as one line for people."""
        text = f"{self.figure}: {self.ours:,.4g} {self.unit}"
        if self.peer is not None:
            text += f", {self.peer_name} {self.peer:,.4g} {self.unit}, ratio {self.ratio:.3g}"
        if self.goal:
            text += f"  [goal {self.goal}: {'holds' if self.holds else 'MISSED'}]"
        return text
