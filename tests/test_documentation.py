"""Tests of the documentation's own shape: every page is found from the index, and every link leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
PLACE = re.compile(r"`((?:app|widgets|drivers|tests|resources|docs|\.ci)/[\w./-]+)`")
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])


def links(page: Path) -> Iterator[Path]:
    """The files and folders that a page leads to, by links within the project."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            yield (page.parent / target).resolve()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_that_each_link_of_a_page_leads_somewhere(page: Path) -> None:
    assert [target.as_posix() for target in links(page) if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_that_each_file_of_the_project_that_a_page_names_is_there(page: Path) -> None:
    named = PLACE.findall(page.read_text(encoding="utf-8"))
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_that_the_index_leads_to_every_page_but_single_decisions() -> None:
    found = set(links(DOCS / "README.md"))
    pages = {page for folder in ("how-to", "explanations", "reference") for page in (DOCS / folder).glob("*.md")}
    assert sorted(page.name for page in pages - found) == []
    assert DOCS / "decisions" in found


def test_that_decisions_are_numbered_once() -> None:
    numbers = [page.name.split("-")[0] for page in (DOCS / "decisions").glob("*.md")]
    assert sorted(numbers) == sorted(set(numbers))
