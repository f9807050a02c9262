"""Work on a draft is done in the background: told where it takes long, given up, and right whatever waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, current_thread, main_thread

import pytest
from pytestqt.qtbot import QtBot

from app.plant.draft.draft import Draft, Step
from app.plant.draft.renaming import following
from app.plant.folder import PlantFolder
from tests.widgets.editor.cells import LONG, names, shown
from tests.widgets.editor.settled import settle
from widgets.editor import drafting
from widgets.editor.page import EditorPage


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, list[str]]]:
    """Return what lets steps go on that are being worked out, and the names of the threads in which they are."""
    go, threads = Event(), list[str]()

    def held_following(draft: Draft, step: Step) -> Step:
        threads.append(current_thread().name)
        assert go.wait(LONG / 1_000)
        return following(draft, step)

    monkeypatch.setattr(drafting, "following", held_following)
    yield go, threads
    go.set()


def test_that_work_on_the_draft_is_done_in_the_background_and_told_where_it_takes_long(
    qtbot: QtBot, open_page: Callable[..., EditorPage], held: tuple[Event, list[str]]
) -> None:
    page, (go, threads) = open_page(), held
    settle(page)
    page._change("set", [(page.table.rows[0], page.table.columns[0], "T-1")])
    page._change("set", [(page.table.rows[0], page.table.columns[4], "bar")])  # waits, for the row as it is then
    qtbot.waitUntil(page.progress.isVisible, timeout=LONG)
    assert page.table.rows[0].name == "T0"
    go.set()
    settle(page)
    assert (names(page)[0], shown(page, "T-1", "connection")) == ("T-1", "bar")
    assert main_thread().name not in threads
    assert len(threads) == 2
    assert not page.progress.isVisible()


def test_that_work_that_is_given_up_changes_nothing(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder, held: tuple[Event, list[str]]
) -> None:
    page, (go, threads) = open_page(), held
    settle(page)
    page._change("set", [(page.table.rows[0], page.table.columns[0], "T-1")])
    page._change("set", [(page.table.rows[1], page.table.columns[0], "T-2")])
    qtbot.waitUntil(lambda: page.progress.isVisible() and bool(threads), timeout=LONG)
    page.progress.cancel.click()
    go.set()
    settle(page)
    assert names(page)[:2] == ["T0", "PU01.P"]
    assert page.message.text() == "Given up; nothing was changed."
    assert len(threads) == 1
    assert not folder.draft.exists()


def test_that_what_waits_for_a_row_that_was_taken_away_meanwhile_is_told(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()
    settle(page)
    page.view.go_to(("tag", 0), "name")
    page.remove()
    page._change("set", [(page.table.rows[0], page.table.columns[0], "T-1")])
    assert names(page)[0] == "PU01.P"
    assert page.message.text() == "Not done, since it is not in the draft any more: T0"
