"""Says that what was written stands under a name that is another one now."""

from __future__ import annotations

from widgets.translation import tr


def former_text(name: str, present: str) -> str:
    """Return a name as it was written; `present`: what it is called now, "" where that is the same."""
    return tr("{former}, now {name}", former=name, name=present) if present else name


def as_then(text: str, former: str) -> str:
    """Return what something is called now; `former`: under which name it was written, "" where that is the same."""
    return tr("{name}, then {former}", name=text, former=former) if former else text
