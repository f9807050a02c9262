"""The page of engineering on a small plant, as somebody opens it who may change it, or may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.command.tag_taking import take_text
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from drivers import secret_store
from tests.widgets.editor.cells import LONG, TEXT
from widgets.editor.page import EditorPage, Writer
from widgets.feed import Feed


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    folder = PlantFolder(tmp_path)
    folder.configuration.write_text(TEXT, "utf-8")
    return folder


@pytest.fixture
def open_page(qtbot: QtBot, folder: PlantFolder) -> Iterator[Callable[..., EditorPage]]:
    """Return what opens the page on the plant, as Li Na or as somebody who may not change it."""
    feeds = []

    def opened(*, may: bool = True) -> EditorPage:
        feed = Feed(read_plant(folder.configuration), folder)
        feeds.append(feed)

        def writer(_: QWidget) -> Writer | None:
            return (lambda before, after, reason: take_text(folder, before, after, reason, "Li Na")) if may else None

        page = EditorPage(feed, writer=writer)
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        qtbot.waitUntil(lambda: page.table.rowCount() > 0, timeout=LONG)
        return page

    yield opened
    for feed in feeds:
        feed.close()
