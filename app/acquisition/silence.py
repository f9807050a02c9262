"""How long a worker has been silent of itself: time in which it was ready and got no processor does not count.

On a computer that is busy with something else a healthy event loop turns seconds late. To take it for hung would make
its tags bad and start a process more, which is the last thing such a computer needs.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.model.clock import NS_PER_S

LOOK_S = 0.2
LONGEST_S = 15.0
"""Of a worker that gets no processor for so long nobody knows any more how it is."""
_READY = "R"


@dataclass(frozen=True, slots=True)
class Turns:
    """What a process has had of the processors: `ran` and `waited` for one, ns; `is_ready`: it wants one now."""

    ran: int
    waited: int
    is_ready: bool


def turns_of(pid: int, proc: Path = Path("/proc")) -> Turns | None:
    """Return the turns of a process's main thread, which runs the loop; None where the system does not tell (Linux).

    See proc_pid_schedstat in https://docs.kernel.org/scheduler/sched-stats.html and proc_pid_stat(5).
    """
    with suppress(OSError, ValueError, IndexError):
        ran, waited, _ = (proc / str(pid) / "schedstat").read_text(encoding="ascii").split()
        # the name of the process, which may hold anything, stands in parentheses before its state
        state = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        return Turns(int(ran), int(waited), is_ready=state == _READY)
    return None


class Silence:
    """The silence of one worker; a look at it every LOOK_S."""

    def __init__(self) -> None:
        """Begin with none."""
        self.own_s = 0.0
        self.whole_s = 0.0
        self._turns: Turns | None = None

    @property
    def is_longest(self) -> bool:
        """Return whether it has lasted too long, whoever is to blame."""
        return self.whole_s > LONGEST_S

    def end(self) -> None:
        """Note that the worker was heard."""
        self.own_s = self.whole_s = 0.0

    def look(self, passed_s: float, turns: Turns | None) -> None:
        """Take note that `passed_s` more have passed, and of the turns up to now.

        What is longer than two looks is time in which the looking process was held up itself.
        """
        passed_s = min(passed_s, 2.0 * LOOK_S)
        before, self._turns = self._turns, turns
        self.whole_s += passed_s
        if before is None or turns is None:
            self.own_s += passed_s
            return
        # a wait is told once it has ended
        is_starved = turns.is_ready and turns.ran == before.ran
        waited_s = passed_s if is_starved else (turns.waited - before.waited) / NS_PER_S
        self.own_s += max(0.0, passed_s - waited_s)
