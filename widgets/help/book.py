"""All chapters of the help together: the two that the program makes itself, links between them, and the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.model.initials import every_initials
from widgets.help.chapter import Chapter, as_key, parse, plain, read
from widgets.help.topics import CONTENTS, KEYS, PARTS, TOPICS
from widgets.keyboard.key_table import GROUPS, KeyDeed
from widgets.keyboard.shortcut import printed
from widgets.translation import Language, language, speaking, tr

EXCERPT = 90
MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A section of the help: the number of it in its chapter, its title and that of the chapter."""

    topic: str
    number: int
    title: str
    chapter: str

    @property
    def link(self) -> str:
        """Return what leads there."""
        return f"{self.topic}#{self.number}"


def chapter(topic: str, *, within: Language | None = None) -> Chapter:
    """Return a chapter in the present language, or in another one; raise FileNotFoundError where there is none."""
    spoken = within or language()
    with speaking(spoken):
        if topic == CONTENTS:
            return parse(topic, _contents())
        return parse(topic, _keys()) if topic == KEYS else read(topic, spoken)


def places(within: Language | None = None) -> Iterator[Place]:
    """Yield every section of the help, in the order of its contents."""
    for topic in TOPICS:
        found = chapter(topic, within=within)
        for number, section in enumerate(found.sections):
            yield Place(topic, number, section.title, found.title)


def found_by(text: str) -> str:
    """Return what a search finds as Markdown: sections that hold every word, those in whose title it is first."""
    words = text.casefold().split()
    hits = sorted(_hits(words), key=lambda hit: hit[0])[:MOST_FOUND]
    lines = [f"[{place.title}]({place.link}) – {place.chapter}  \n{excerpt}" for _, place, excerpt in hits]
    title = tr("Found in the help: {n}", n=len(hits)) if hits else tr("Nothing found: try another word")
    return "\n\n".join([f"# {title}", *lines])


def _hits(words: Sequence[str]) -> Iterator[tuple[int, Place, str]]:
    for topic in TOPICS:
        found = chapter(topic)
        for number, section in enumerate(found.sections):
            title, text = section.title.casefold(), plain(section.text)
            whole = f"{title} {' '.join(every_initials(section.title))} {found.title.casefold()} {text.casefold()}"
            if all(word in whole for word in words):
                in_title = all(word in title for word in words)
                yield 0 if in_title else 1, Place(topic, number, section.title, found.title), _excerpt(text, words)


def _excerpt(text: str, words: Sequence[str]) -> str:
    """Return the part of a text where the first of the words stands, else its beginning."""
    at = min((place for word in words if (place := text.casefold().find(word)) >= 0), default=0)
    begin = max(0, text.rfind(" ", 0, max(0, at - EXCERPT // 3)))
    end = text.find(" ", begin + EXCERPT)
    end = end if 0 <= end <= begin + 2 * EXCERPT else begin + EXCERPT
    return f"{'… ' if begin else ''}{text[begin:end].strip()}{' …' if end < len(text) else ''}"


def _contents() -> str:
    lines = [f"# {tr('Contents')}", ""]
    for part in PARTS:
        lines += [f"## {part.title()}", ""]
        for topic in part.topics:
            lines.append(f"- [{chapter(topic).title}]({topic})")
        lines.append("")
    return "\n".join(lines)


def _keys() -> str:
    lines = [f"# {tr('Keys')}", "", tr("The keys of lists and plots count while the keyboard is in them."), ""]
    for group in GROUPS:
        lines += [f"## {group.title()}", "", f"| {tr('Press')} | {tr('What it does')} |", "|---|---|"]
        lines += [f"| {_caps(each)} | {each.text()} |" for each in group.deeds]
        lines.append("")
    lines += [f"## {tr('Pages')}", "", tr("Ctrl with a digit opens the pages from left to right.")]
    return "\n".join(lines)


def _caps(each: KeyDeed) -> str:
    """Return the keys of a deed; two that bear the same name, as those of the block of digits, are one."""
    return " ".join(as_key(text) for text in dict.fromkeys(map(printed, each.keys)))
