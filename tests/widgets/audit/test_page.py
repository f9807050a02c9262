"""The page of the audit trail over a real file of a plant."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal
from app.database import open_writer
from app.model.audit import AuditAction, AuditRecord
from app.plant.folder import PlantFolder
from drivers import secret_store
from tests.widgets import plant
from widgets.audit.page import AuditTrailPage
from widgets.audit.reading import AuditReading
from widgets.audit.table import AuditColumn
from widgets.feed import Feed
from widgets.navigation import Navigation
from widgets.translation import set_language

NOW = plant.NOW
NAME = "PX-DISCHARGE"
"""Too long to stand in the signature of a checkpoint by chance."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    folder = PlantFolder(tmp_path)
    with closing(open_writer(folder.history)) as connection:
        journal = AuditJournal(connection)
        journal.append([AuditRecord(NOW, AuditAction.ALARM_CHANGED, alarm=f"LIMIT{n}", line=n) for n in range(1, 501)])
        journal.append(
            [
                AuditRecord(NOW, AuditAction.WRITE_INTENT, user="Li Na", tag="AC01.P_D", old=6.8, new=7.25),
                AuditRecord(NOW, AuditAction.CONFIGURATION_CHANGED, subject="plant.toml", detail="@@ 1 @@\n-a\n+b"),
            ]
        )
        CheckpointKeeper(journal).make()
    return folder


@pytest.fixture
def page(qtbot: QtBot, folder: PlantFolder) -> AuditTrailPage:
    feed = plant.feed(folder.path)
    page = AuditTrailPage(feed, Navigation(feed.plant), reading=AuditReading(folder))
    qtbot.addWidget(page)
    page.resize(1_500, 700)
    page.show()
    qtbot.waitUntil(lambda: page.table.rowCount() == 200 and bool(page.bound.text()))
    return page


def cells(page: AuditTrailPage, row: int) -> list[str]:
    return [str(page.table.index(row, column).data()) for column in AuditColumn]


@pytest.mark.parametrize("width", [814, 1_250, 1_900])
def test_that_all_columns_stand_on_a_page_that_has_little_room(page: AuditTrailPage, width: int) -> None:
    page.resize(width, 600)
    view, last = page.view, page.table.columnCount() - 1
    assert view.columnViewportPosition(last) + view.columnWidth(last) <= view.viewport().width()
    assert view.columnWidth(last) >= 110


def test_that_the_newest_deeds_stand_first_and_older_ones_come_as_one_scrolls(
    qtbot: QtBot, page: AuditTrailPage
) -> None:
    assert cells(page, 2)[3:] == ["Li Na", "AC01.P_D  Discharge pressure", "6.8 bar → 7.25 bar"]
    assert cells(page, 1)[2] == "Configuration changed"
    assert cells(page, 1)[5] == "-a   +b"
    assert "+b" in str(page.table.index(1, 0).data(0x3))  # Qt.ToolTipRole
    page.view.scrollToBottom()
    qtbot.waitUntil(lambda: page.table.rowCount() == 400)
    page.view.scrollToBottom()
    qtbot.waitUntil(lambda: page.table.is_complete)
    assert page.table.rowCount() == 503
    assert page.note.text() == "503 records"


def test_that_text_person_kind_and_period_narrow_the_list(qtbot: QtBot, page: AuditTrailPage) -> None:
    page.kind.setCurrentIndex(page.kind.findData("configuration"))
    qtbot.waitUntil(lambda: page.table.rowCount() == 1 and page.table.is_complete)
    page.kind.setCurrentIndex(0)
    qtbot.waitUntil(lambda: page.person.count() == 2)
    page.person.setCurrentIndex(1)
    qtbot.waitUntil(lambda: page.table.rowCount() == 1 and cells(page, 0)[3] == "Li Na")
    page.person.setCurrentIndex(0)
    page.text.setText("LIMIT77")
    qtbot.waitUntil(lambda: page.table.rowCount() == 1 and cells(page, 0)[4] == "LIMIT77")
    page.text.setText("nowhere")
    qtbot.waitUntil(lambda: page.nothing.text() == "Nothing of that kind is in the log")
    assert page.view.isHidden()
    page.text.clear()
    qtbot.waitUntil(lambda: page.table.rowCount() > 1)
    assert not page.view.isHidden(), "the list is back as soon as it has something"
    assert page.nothing.isHidden()


def test_that_a_record_leads_to_its_tag_at_that_time_and_to_the_alarms(page: AuditTrailPage, qtbot: QtBot) -> None:
    navigation = page._navigation
    with qtbot.waitSignal(navigation.instant_asked) as asked:
        page.open_row(page.table.index(2, 0))
    assert (navigation.tag, asked.args) == ("AC01.P_D", [NOW])
    page.open_row(page.table.index(3, 0))
    assert navigation.page == "alarms"


def test_that_it_is_told_how_the_log_is_bound_in_both_languages(qtbot: QtBot, page: AuditTrailPage) -> None:
    assert page.bound.text() == "503 records, signed up to 503  ·  never taken outside of this PC"
    set_language("zh")
    qtbot.waitUntil(lambda: page.bound.text() == "503 条记录，已签名至第 503 条  ·  从未带出本机")
    assert cells(page, 1)[2] == "组态变更"


def test_that_what_is_listed_is_written_as_csv(qtbot: QtBot, page: AuditTrailPage, tmp_path: Path) -> None:
    page.kind.setCurrentIndex(page.kind.findData("write"))
    page.write(tmp_path / "audit.csv")
    qtbot.waitUntil(lambda: page.told.text == "1 records written to audit.csv")
    assert "Li Na" in (tmp_path / "audit.csv").read_text("utf-8-sig")


def test_that_deeds_which_come_while_one_looks_stand_on_top(
    qtbot: QtBot, page: AuditTrailPage, folder: PlantFolder
) -> None:
    with closing(open_writer(folder.history)) as connection:
        AuditJournal(connection).append([AuditRecord(NOW, AuditAction.SIGN_IN, user="otto")])
    page.renew()
    qtbot.waitUntil(lambda: cells(page, 0)[3] == "otto" and page.person.count() == 3)


def test_that_a_record_from_before_a_renaming_is_found_by_the_new_name_and_marked(
    qtbot: QtBot, folder: PlantFolder
) -> None:
    plain = plant.feed(folder.path)
    tags = [replace(tag, name=NAME, former=(tag.name,)) if tag.name == "AC01.P_D" else tag for tag in plain.plant.tags]
    feed = Feed(replace(plain.plant, tags=tuple(tags)), folder)
    page = AuditTrailPage(feed, Navigation(feed.plant), reading=AuditReading(folder))
    qtbot.addWidget(page)
    page.text.setText(NAME)
    page.choose()
    qtbot.waitUntil(lambda: page.table.rowCount() == 1, timeout=20_000)
    assert cells(page, 0)[4] == f"AC01.P_D, now {NAME}  Discharge pressure"
    with qtbot.waitSignal(page._navigation.tag_changed) as opened:
        page.open_row(page.table.index(0, 0))
    assert opened.args[0] == NAME
    feed.close()
