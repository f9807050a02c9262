"""A chapter of the help as it is written: Markdown with names of keys, anchors of headings and pictures of signs.

In the files `*Shelve*` is a name that stands on a screen, `{alarms.shelve}` the key of that deed, `## Title {#anchor}`
a heading that links lead to, `[text](alarms#shelve)` a link to another chapter, `![blinks](sign:high-returned)` a
sign, and a fenced block holds lines for a terminal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from widgets.keyboard.shortcut import key_text
from widgets.translation import Language

THIN, HAIR = "\N{NARROW NO-BREAK SPACE}", "\N{HAIR SPACE}"
"""The rules of Markdown want a space at a mark beside punctuation, and Chinese has none: a hair is hardly seen."""
KEY = re.compile(r"\{([a-z]+\.[a-z0-9-]+)\}")
_HEADING = re.compile(r"^(#{1,3}) +(.*?)(?: *\{#([a-z0-9-]+)\})?$")
_STRONG = re.compile(r"(\*{1,2})(?![*\s])[^*\n]+\1")
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|[*`|\[\]]|^ *(?:#+|-|\d+\.) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it up to the next one: `level` 1 to 3, `anchor` "" where it has none."""

    level: int
    title: str
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter in one language; its first section bears its title."""

    topic: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """Return what the chapter is called."""
        return self.sections[0].title

    @property
    def markdown(self) -> str:
        """Return all of it as Markdown, without anchors and with keys as code."""
        parts = (f"{'#' * each.level} {each.title}\n\n{each.text}" for each in self.sections)
        return _STRONG.sub(f"{HAIR}\\g<0>{HAIR}", "\n\n".join(parts))

    def place_of(self, anchor: str) -> int:
        """Return the number of the section with an anchor, or that is named by its number; 0 for none."""
        if anchor.isdigit():
            return min(int(anchor), len(self.sections) - 1)
        return next((place for place, each in enumerate(self.sections) if each.anchor and each.anchor == anchor), 0)


def parse(topic: str, text: str) -> Chapter:
    """Return the chapter that a text holds; raise ValueError where it does not begin with a heading."""
    sections: list[Section] = []
    lines: list[str] = []
    head = None
    for line in [*_with_keys(text).splitlines(), "# "]:
        found = _HEADING.match(line) if line != "# " else None
        if found is None and line != "# ":
            lines.append(line)
            continue
        if head is not None:
            level, title, anchor = head.groups()
            sections.append(Section(len(level), title, anchor or "", "\n".join(lines).strip()))
        elif any(lines):
            raise ValueError(f"help/{topic}: text before the first heading")
        head, lines = found, []
    if not sections or sections[0].level != 1:
        raise ValueError(f"help/{topic}: does not begin with its title")
    return Chapter(topic, tuple(sections))


@cache
def read(topic: str, language: Language) -> Chapter:
    """Return a chapter that is a file; raise FileNotFoundError where there is none."""
    return parse(topic, (files("resources") / "help" / language / f"{topic}.md").read_text("utf-8"))


def plain(markdown: str) -> str:
    """Return the words of a text without its marks, in one line."""
    return " ".join(_MARKS.sub("", markdown).split())


def as_key(text: str) -> str:
    """Return the Markdown of a key, with a little room around what is on it."""
    return f"`{THIN}{text}{THIN}`"


def _with_keys(text: str) -> str:
    return KEY.sub(lambda found: as_key(key_text(found[1])), text)
