"""Names that tags and equipment had before: what was written under them is found under the present ones, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from app.model.plant import Plant

SHORTEST = 2
"""Of a text with fewer characters nothing else is meant than what it says."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Meant:
    """What else a text may stand for. `names`: whole names; `texts`: it with a name that was another then."""

    names: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether it stands for anything else."""
        return bool(self.names or self.texts)

    def is_in(self, found: Iterable[str]) -> bool:
        """Return whether one of some texts is a name that is meant, or holds a text that is."""
        return any(each in self.names or any(text in each.casefold() for text in self.texts) for each in found)


class FormerNames:
    """The former names of a plant; one that the plant has again is nobody's former one."""

    def __init__(self, plant: Plant) -> None:
        """Note what has another name now."""
        self._present: dict[str, str] = {}
        named = [*((tag.name, tag.former) for tag in plant.tags), *((each.id, each.former) for each in plant.equipment)]
        used = {name for name, _ in named}
        for name, former in named:
            self._present |= {each: name for each in former if each not in used}

    def present(self, name: str) -> str:
        """Return what is called otherwise now than `name`, "" where it is not."""
        return self._present.get(name, "")

    def every(self, name: str) -> tuple[str, ...]:
        """Return all names of what is or was called `name`: the present one, then those before it."""
        now = self.present(name) or name
        return (now, *(former for former, present in self._present.items() if present == now))

    def with_former(self, names: Collection[str]) -> frozenset[str]:
        """Return names with those that the same had before."""
        wanted = frozenset(names)
        return wanted | {former for former, present in self._present.items() if present in wanted}

    def meant(self, text: str) -> Meant:
        """Return what else a text may stand for that somebody looks for; upper and lower case do not count."""
        wanted = text.strip().casefold()
        if len(wanted) < SHORTEST:
            return Meant()
        names: list[str] = []
        texts: list[str] = []
        for former, present in self._present.items():
            for this, other in ((present, former), (former, present)):
                name = this.casefold()
                if wanted in name:
                    names.append(other)
                elif name in wanted:
                    texts.append(wanted.replace(name, other.casefold()))
        return Meant(frozenset(names[:MOST]), tuple(dict.fromkeys(texts))[:MOST])

    def words(self, text: str) -> Iterator[tuple[str, Meant]]:
        """Yield each word of a text with what else it may stand for."""
        for word in text.split():
            yield word, self.meant(word)
