"""The help is the same in both languages, and names nothing that the window does not have: it cannot go stale."""

from __future__ import annotations

import ast
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

import resources
from app.command.line import parser
from app.model.alarm import AlarmRecord, ConditionKind
from app.model.collector import ProblemKind
from app.plant.draft.column import COLUMNS
from tests.widgets.plant import alarm
from widgets import pages
from widgets.editor.column_title import column_title
from widgets.help.book import chapter, found_by, places
from widgets.help.chapter import KEY, Chapter, parse, plain
from widgets.help.column_help import column_help
from widgets.help.page_text import PageText
from widgets.help.signs import names
from widgets.help.topics import (
    CONTENTS,
    FIRST_HOUR,
    KEYS,
    TOPICS,
    link_of_dialog,
    sheet_link,
    topic_of_page,
    topic_of_panel,
    trouble_of_alarm,
    trouble_of_collector,
)
from widgets.keyboard.key_table import GROUPS, deed
from widgets.translation import Language, catalogue, set_language

WIDGETS = Path(pages.__file__).parent
HELP = Path(resources.__file__).parent / "help"
WRITTEN = [topic for topic in TOPICS if topic != KEYS]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
NAME = re.compile(r"(?<!\*)\*(?!\*)([^*\n]+)\*(?!\*)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)]*)\)")
SIGN = re.compile(r"!\[([^\]]*)\]\(sign:([^)]*)\)")
FENCE = re.compile(r"```\n(.*?)```", re.DOTALL)
CAP = re.compile(r"`([^`]*)`")
STANDARD = {"Enter", "Esc", "Tab"}
"""Keys that do the same everywhere in Qt; all others stand as the name of their deed."""


STATION = ("connection/plc", "clock/plc", "certificate/plc", "worker", "disk", "history", "part/6313", "of tomorrow")
COLLECTOR = (
    trouble_of_collector(None, is_linked=False),
    *(trouble_of_collector(kind, is_linked=True) for kind in ProblemKind),
)


def alarm_of_station(name: str) -> AlarmRecord:
    return replace(alarm("P01.VIB"), alarm=f"station/{name}", condition=ConditionKind.FAULT)


def source(topic: str, language: Language) -> str:
    return (HELP / language / f"{topic}.md").read_text("utf-8")


def heads(found: Chapter) -> list[tuple[int, str]]:
    return [(section.level, section.anchor) for section in found.sections]


def keys_of_pages() -> list[str]:
    """Return the keys of all pages that the window has, as its list of pages names them."""
    calls = (
        node
        for node in ast.walk(ast.parse(Path(pages.__file__).read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PageFactory"
    )
    firsts = (call.args[0] for call in calls)
    return [first.value for first in firsts if isinstance(first, ast.Constant) and isinstance(first.value, str)]


def test_that_every_page_of_the_window_has_help_and_every_file_is_in_the_contents() -> None:
    known = keys_of_pages()
    assert len(known) >= 12
    assert [key for key in known if topic_of_page(key) != key] == []
    for language in LANGUAGES:
        assert sorted(path.stem for path in (HELP / language).iterdir()) == sorted(WRITTEN)


@pytest.mark.parametrize("topic", TOPICS)
def test_that_both_languages_have_the_same_headings(topic: str) -> None:
    english, chinese = (chapter(topic, within=language) for language in LANGUAGES)
    assert heads(english) == heads(chinese)
    anchors = [section.anchor for section in english.sections if section.anchor]
    assert len(anchors) == len(set(anchors))
    assert all(section.text or later.level > section.level for section, later in pairwise(english.sections))
    assert english.sections[-1].text


@pytest.mark.parametrize("topic", WRITTEN)
def test_that_both_languages_name_the_same_keys_links_signs_and_names(topic: str) -> None:
    english, chinese = (source(topic, language) for language in LANGUAGES)
    assert sorted(KEY.findall(english)) == sorted(KEY.findall(chinese))
    assert LINK.findall(english) == LINK.findall(chinese)
    assert [name for _, name in SIGN.findall(english)] == [name for _, name in SIGN.findall(chinese)]
    texts = catalogue()
    named, spoken = ({name.replace("\\|", "|") for name in NAME.findall(text)} for text in (english, chinese))
    assert sorted(named - set(texts)) == [], "on no screen"
    assert {texts[name] for name in named} == spoken


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", WRITTEN)
def test_that_every_key_link_and_sign_is_there(topic: str, language: Language) -> None:
    text = source(topic, language)
    for name in KEY.findall(text):
        assert deed(name).keys
    assert set(CAP.findall(FENCE.sub("", text))) <= STANDARD
    assert {name for _, name in SIGN.findall(text)} <= names()
    assert all(words for words, _ in SIGN.findall(text)), "Qt draws no picture without words"
    for link in LINK.findall(text):
        place, _, anchor = link.partition("#")
        found = chapter(place or topic, within=language)
        assert not anchor or found.place_of(anchor), link


@pytest.mark.usefixtures("dark")
@pytest.mark.parametrize("topic", TOPICS)
def test_that_no_mark_of_the_files_is_left_in_what_is_read(topic: str) -> None:
    for language in LANGUAGES:
        text = PageText(chapter(topic, within=language).markdown).toPlainText()
        assert [line for line in text.splitlines() if re.search(r"[*`{}\[\]]|\]\(", line)] == []


def test_that_the_keys_are_those_of_the_table_in_both_languages() -> None:
    texts = set(CAP.findall(chapter(KEYS).markdown))
    assert {text.strip("\N{NARROW NO-BREAK SPACE}") for text in texts} >= {
        "F1",
        "F2",
        "Alt+Enter",
        "Ctrl+Shift+P",
        "Esc",
    }
    for language in LANGUAGES:
        set_language(language)
        told = chapter(KEYS).markdown
        assert all(each.text() in told for group in GROUPS for each in group.deeds)


def test_that_every_group_of_keys_and_every_panel_has_its_chapter() -> None:
    assert {group.topic for group in GROUPS} <= set(TOPICS)
    assert topic_of_panel("trend") == "trends"
    assert topic_of_panel("help") == ""
    assert topic_of_page("a page of tomorrow") == FIRST_HOUR


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_column_of_every_sheet_is_told_and_no_other(language: Language) -> None:
    set_language(language)
    told = chapter("columns")
    for kind, columns in COLUMNS.items():
        place = told.place_of(sheet_link(kind).partition("#")[2])
        assert place, kind
        wanted = [column_title(each) for each in columns if not each.name.endswith(".zh")]
        rows = re.findall(r"^\| \*+(.+?)\*+ \|", told.sections[place].text, re.MULTILINE)
        heads = [each.replace("\\|", "|") for each in rows]
        assert heads == wanted, kind
        assert all(column_help(kind, title) for title in wanted)
    assert len(told.sections) == 1 + len(COLUMNS)
    assert column_help("tag", "nothing of that name") == ""


def test_that_every_line_for_a_terminal_is_one_that_the_program_takes() -> None:
    commands = parser()
    for topic in WRITTEN:
        english, chinese = (FENCE.findall(source(topic, language)) for language in LANGUAGES)
        assert english == chinese
        for line in "".join(english).split("\n"):
            if line:
                program, *arguments = shlex.split(line)
                assert program == "foreshift"
                commands.parse_args(arguments)  # ends the test where the program would not take the line
    assert FENCE.findall(source("station", "en"))


def source_of(module: str) -> str:
    return (WIDGETS.parent / f"{module.replace('.', '/')}.py").read_text("utf-8")


def test_that_every_dialog_and_every_trouble_leads_to_a_section() -> None:
    homes = {
        ".".join(path.relative_to(WIDGETS.parent).with_suffix("").parts)
        for path in WIDGETS.rglob("*.py")
        if re.search(r"^class \w+\(.*\bQDialog\b", path.read_text("utf-8"), re.MULTILINE)
    } - {"widgets.finder"}
    assert len(homes) > 20
    assert [home for home in sorted(homes) if not link_of_dialog(home)] == []
    assert link_of_dialog("PySide6.QtWidgets") == ""
    shown = re.compile(r"QDialogButtonBox\(|HelpButton\(|judgement_row\(|ConnectPage\(")
    assert [home for home in sorted(homes) if not shown.search(source_of(home))] == []
    records = [replace(alarm("P01.VIB"), condition=ConditionKind.BAD_QUALITY), *map(alarm_of_station, STATION)]
    links = [*map(link_of_dialog, homes), *map(trouble_of_alarm, records), *COLLECTOR]
    for link in links:
        topic, _, anchor = link.partition("#")
        assert not anchor or chapter(topic).place_of(anchor), link
    assert trouble_of_alarm(alarm("P01.VIB")) == ""
    assert COLLECTOR == ("trouble#collector", "trouble#disk", "trouble#history", "trouble#report")
    assert trouble_of_collector(None, is_linked=True) == ""
    assert [trouble_of_alarm(each) for each in records[:3]] == ["trouble#device", "trouble#device", "trouble#clock"]


@pytest.mark.parametrize(
    ("language", "words", "first"),
    [("en", "disk full", "trouble"), ("en", "shelve", "alarms"), ("zh", "磁盘", "trouble"), ("zh", "jjb", "handover")],
)
def test_that_the_search_finds_words_and_initials(language: Language, words: str, first: str) -> None:
    set_language(language)
    links = LINK.findall(found_by(words))
    assert any(link.startswith(f"{first}#") for link in links[:3]), links


def test_that_a_search_for_nothing_says_so() -> None:
    assert LINK.findall(found_by("zebra crossing")) == []
    assert "another word" in found_by("zebra crossing")


def test_that_the_contents_lead_to_every_chapter() -> None:
    for language in LANGUAGES:
        assert LINK.findall(chapter(CONTENTS, within=language).markdown) == list(TOPICS)
    assert {place.topic for place in places()} == set(TOPICS)


def test_that_a_chapter_is_read_by_its_headings() -> None:
    found = parse("x", "# Title\n\nOne {window.search}.\n\n## Two {#two}\n\n- *Name* [link](y)\n")
    assert [(each.title, each.anchor, each.text) for each in found.sections] == [
        ("Title", "", "One `\u202fCtrl+K\u202f`."),
        ("Two", "two", "- *Name* [link](y)"),
    ]
    assert found.markdown.endswith("## Two\n\n- \u200a*Name*\u200a [link](y)")
    assert (found.place_of("two"), found.place_of("1"), found.place_of("9"), found.place_of("three")) == (1, 1, 1, 0)
    assert plain(found.sections[1].text) == "Name link"
    for wrong in ("", "text first\n\n# Title", "## no title"):
        with pytest.raises(ValueError, match="help/x"):
            parse("x", wrong)
