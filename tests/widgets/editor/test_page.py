"""The page of engineering: sheets of a draft that survives a crash, and versions that return."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.command.tag_taking import take_text
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.collector.writing import trail
from tests.widgets.editor.cells import LONG, OWN, TEXT, choose, names, shown, write
from tests.widgets.editor.settled import settle
from widgets.editor.page import VERSIONS, EditorPage


def test_that_what_was_written_is_there_after_a_crash(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()
    assert names(page) == ["T0", "PU01.P", "PU01.RUN", "PU02.P", "PU02.RUN"]
    write(page, "T0", "unit", "bar")
    write(page, "PU01.P", "range.1", "25")
    again = open_page()  # the first one ended without a word
    assert shown(again, "T0", "unit") == "bar"
    assert shown(again, "PU01.P", "range.1") == "25"
    assert "2" in again.message.text()
    again.bar.undo.click()
    assert shown(again, "PU01.P", "range.1") == "16.0"
    again.bar.redo.click()
    assert shown(again, "PU01.P", "range.1") == "25"


def test_that_a_draft_is_taken_over_with_a_reason_and_in_the_name_of_who_is_signed_in(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    page = open_page()
    write(page, "PU02.RUN", "unit", "1")
    page.review()
    dialog = page.change.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.review is not None, timeout=LONG)
    assert not dialog.take.isEnabled()
    assert dialog.table.rows[0].cells == ("~", "Equipment PU02", "override.tag.PU02.RUN.unit: – → 1")
    dialog.reason.setText("a unit was missing")
    dialog.take.click()
    qtbot.waitUntil(lambda: not folder.draft.exists() and "No collector runs now" in page.message.text(), timeout=LONG)
    assert read_plant(folder.configuration).tag("PU02.RUN").unit == "1"
    record = trail(folder)[-1]
    assert (record.user, record.action) == ("Li Na", "configuration.changed")
    assert record.reason.endswith("a unit was missing")
    qtbot.waitUntil(lambda: page.drafting.draft is not None and not page.drafting.draft.is_changed, timeout=LONG)


def test_that_who_may_not_change_the_plant_is_told_and_nothing_is_written(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    page = open_page(may=False)
    write(page, "T0", "unit", "bar")
    page.review()
    dialog = page.change.dialog
    assert dialog is not None
    dialog.reason.setText("why not")
    qtbot.waitUntil(dialog.take.isEnabled, timeout=LONG)
    dialog.take.click()
    assert "Sign in as engineer" in dialog.told.text()
    assert folder.configuration.read_text("utf-8") == TEXT
    assert folder.draft.exists()


def test_that_a_problem_is_marked_keeps_the_draft_from_being_taken_over_and_leads_to_its_cell(
    qtbot: QtBot, open_page: Callable[..., EditorPage]
) -> None:
    page = open_page()
    write(page, "T0", "connection", "lne")
    qtbot.waitUntil(lambda: bool(page.drafting.problems), timeout=LONG)
    assert not page.bar.review.isEnabled()
    assert page.problems.table.rows[0].cells[1:] == (
        "Tag  T0  connection",
        'there is no connection "lne": write "line"',
    )
    page.bar.choose_kind("alarm")
    page.problems.chosen.emit(0)
    settle(page)
    ((row, column),) = page.view.cells()
    assert (row.name, column.name) == ("T0", "connection")
    index = page.view.currentIndex()
    assert page.table.data(index, Qt.ItemDataRole.DecorationRole) is not None
    assert 'write "line"' in str(page.table.data(index, Qt.ItemDataRole.ToolTipRole))
    page.bar.only_problems.click()
    assert names(page) == ["T0"]
    page.bar.undo.click()
    qtbot.waitUntil(lambda: not page.drafting.problems, timeout=LONG)


def test_that_a_cell_refuses_what_it_cannot_be_and_says_what_it_takes(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()
    write(page, "T0", "kind", "analogue")
    assert page.message.text() == ("Kind: “analogue” cannot stand there. It takes: analog, discrete, counter.")
    assert shown(page, "T0", "kind") == ""


def test_that_instances_of_a_class_are_filled_by_a_pattern(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()
    assert page.drafting.draft is not None
    page.tree.choose_class(page.drafting.draft.rows(("equipment_class",))[0].id)
    assert names(page) == ["{id}.P", "{id}.RUN"]
    page.bar.kinds["equipment"].click()
    choose(page, "parameters.base")
    dialog = page.fill()
    dialog.fields[0].setText("{500 + 10 * n}")
    assert dialog.shown.text() == "PU01: 100 → 500\nPU02: 200 → 510"
    dialog.accept()
    page.bar.kinds["tag"].click()
    page.tree.choose_plant()
    assert [shown(page, name, "address") for name in ("PU01.P", "PU02.RUN")] == ["HR500:F32", "HR512:U16"]


def test_that_text_is_replaced_in_all_that_is_shown(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()
    page.bar.filter.setText("pu02")
    assert names(page) == ["T0", "PU02.P", "PU02.RUN"]
    dialog = page.replace()
    dialog.fields[0].setText("line")
    dialog.fields[1].setText("{x}")
    assert len(dialog.changes) == 3
    dialog.reject()
    assert shown(page, "T0", "connection") == "line"


def test_that_a_sheet_goes_to_a_spreadsheet_and_comes_back_with_new_rows(
    qtbot: QtBot, open_page: Callable[..., EditorPage]
) -> None:
    page = open_page()
    QGuiApplication.clipboard().setText("")
    page.copy()
    qtbot.waitUntil(lambda: bool(QGuiApplication.clipboard().text()), timeout=LONG)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 6
    more = lines[1].replace("T0", "T9").replace("HR1", "HR9")
    QGuiApplication.clipboard().setText("\n".join([*lines, more]).replace("HR102:U16", "HR302:U16"))
    page.paste()
    assert names(page) == ["T0", "T9", "PU01.P", "PU01.RUN", "PU02.P", "PU02.RUN"]
    assert shown(page, "PU01.RUN", "address") == "HR302:U16"
    page.bar.undo.click()
    assert len(names(page)) == 5
    choose(page, "decimals")
    QGuiApplication.clipboard().setText("3")
    page.paste()
    assert {shown(page, name, "decimals") for name in names(page)} == {"3"}
    page.clear()
    assert {shown(page, name, "decimals") for name in names(page)} == {""}


def test_that_rows_are_added_like_the_chosen_one_and_taken_away(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()
    page.view.go_to(("tag", 0), "name")
    page.add()
    assert names(page)[:2] == ["T0", "T0-2"]
    assert shown(page, "T0-2", "address") == "HR1"
    page.view.go_to(("tag", 2), "name")
    page.remove()
    assert names(page) == ["T0", "T0-2", "PU01.RUN", "PU02.P", "PU02.RUN"]


def test_that_a_draft_is_brought_onto_a_file_that_somebody_else_has_changed(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    page = open_page()
    write(page, "T0", "unit", "bar")
    folder.configuration.write_text(TEXT.replace("base = 100", "base = 700"), "utf-8")
    page.drafting.load()
    qtbot.waitUntil(lambda: page.drafting.is_stale, timeout=LONG)
    assert not page.bar.review.isEnabled()
    assert page.carry.isVisible()
    page.carry.click()
    qtbot.waitUntil(lambda: not page.drafting.is_stale, timeout=LONG)
    assert (shown(page, "T0", "unit"), shown(page, "PU01.P", "address")) == ("bar", "HR700:F32")
    page.bar.discard.click()
    qtbot.waitUntil(lambda: shown(page, "T0", "unit") == "", timeout=LONG)
    assert not folder.draft.exists()


def test_that_a_version_is_told_by_what_it_changed_and_returns_by_one_press(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    take_text(folder, TEXT, TEXT.replace("span = 16.0", "span = 25.0"), "stronger pumps", "Wang")
    page = open_page()
    page.open_panel(1)
    panel = page.versions
    with qtbot.waitSignal(panel.pictures_asked):
        panel.pictures.click()
    qtbot.waitUntil(lambda: len(panel.table.rows) == 2 and len(panel.changes.rows) == 1, timeout=LONG)
    assert panel.table.rows[0].cells[2] == "Wang"
    assert panel.changes.rows[0].cells == ("Class pump", "defaults.span: 16.0 → 25.0")
    panel.view.selectAll()
    assert panel.title.text() == "From version 1 to version 2:"
    assert not panel.back.isEnabled()
    panel.view.clearSelection()
    panel.view.selectRow(1)
    panel.back.click()
    dialog = page.change.dialog
    assert dialog is not None
    dialog.reason.setText(dialog.reason.text() + "they were not")
    qtbot.waitUntil(dialog.take.isEnabled, timeout=LONG)
    dialog.take.click()
    qtbot.waitUntil(lambda: len(panel.table.rows) == 3, timeout=LONG)
    assert folder.configuration.read_text("utf-8") == TEXT
    assert trail(folder)[-1].reason.endswith("Return to version 1: they were not")


def test_that_a_renamed_tag_takes_what_names_it_and_its_history_along(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    (folder.path / "pictures").mkdir()
    picture = folder.path / "pictures" / "mill.toml"
    readout = 'title = "Mill"\nequipment = "PU02"\nsize = [9, 9]\n\n[[readout]]\ntag = "T0"\nat = [1, 1]\n'
    picture.write_text(readout, "utf-8")
    forecast = '\n[[forecast]]\nid = "wear"\nequipment = "PU02"\ntag = "T0"\nlimit = 8\ndirection = "high"\n'
    text = TEXT + forecast + 'cause = "Wear"\naction = "Renew"\n'
    folder.configuration.write_text(text, "utf-8")
    page = open_page()
    write(page, "T0", "name", "T-101")
    assert "1" in page.message.text()
    page.review()
    dialog = page.change.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.review is not None, timeout=LONG)
    assert [row.cells for row in dialog.table.rows] == [
        ("~", "Tag T-101", "was T0"),
        ("~", "Forecast wear", "tag: T0 → T-101"),
    ]
    assert "What was recorded of T0 is found under the new name." in dialog.message.text()
    assert "Process pictures that follow: mill" in dialog.message.text()
    dialog.reason.setText("as on the drawing")
    dialog.take.click()
    qtbot.waitUntil(lambda: not folder.draft.exists() and "No collector" in page.message.text(), timeout=LONG)
    plant = read_plant(folder.configuration)
    assert (plant.tag("T-101").former, plant.forecasts[0].tag) == (("T0",), "T-101")
    assert picture.read_text("utf-8") == readout.replace("T0", "T-101")


def test_that_two_windows_never_mix_their_steps_in_one_draft(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    first, second = open_page(), open_page()
    write(first, "T0", "unit", "bar")
    first.view.go_to(("tag", 0), "name")
    first.add()
    write(second, "PU02.P", "unit", "MPa")
    assert "another window" in second.message.text()
    qtbot.waitUntil(lambda: names(second) == names(first), timeout=LONG)
    assert (shown(second, "T0", "unit"), shown(second, "PU02.P", "unit")) == ("bar", "kPa")
    write(second, "PU02.P", "unit", "MPa")
    first.bar.undo.click()
    qtbot.waitUntil(lambda: shown(first, "PU02.P", "unit") == "MPa", timeout=LONG)
    first.bar.discard.click()
    qtbot.waitUntil(lambda: not folder.draft.exists(), timeout=LONG)
    write(second, "T0", "unit", "Pa")
    qtbot.waitUntil(lambda: shown(second, "T0", "unit") == "", timeout=LONG)
    write(second, "T0", "unit", "Pa")
    assert shown(second, "T0", "unit") == "Pa"
    first.bar.discard.click()
    assert "another window" in first.message.text()
    assert folder.draft.exists()


def test_that_the_rules_of_the_plant_have_sheets_whose_problems_lead_to_their_cells(
    qtbot: QtBot, open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    page = open_page()
    page.bar.kinds["report"].click()
    assert names(page) == [""]
    write(page, "", "zone", "Mars/North")
    qtbot.waitUntil(lambda: bool(page.drafting.problems), timeout=LONG)
    page.bar.kinds["shift"].click()
    page.problems.chosen.emit(0)
    settle(page)
    ((_, column),) = page.view.cells()
    assert (page.bar.kind, column.name) == ("report", "zone")
    assert page.table.data(page.view.currentIndex(), Qt.ItemDataRole.DecorationRole) is not None
    write(page, "", "zone", "Asia/Shanghai")
    page.bar.kinds["shift"].click()
    page.add()
    write(page, "NEW", "start", "06:00")
    qtbot.waitUntil(lambda: {each.path for each in page.drafting.problems} == {("shift", 0, "name")}, timeout=LONG)


def test_that_the_head_of_a_column_says_what_stands_there_and_f1_leads_to_all_of_them(
    open_page: Callable[..., EditorPage],
) -> None:
    page = open_page()
    heads = {
        str(page.table.headerData(place, Qt.Orientation.Horizontal)): str(
            page.table.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        )
        for place in range(page.table.columnCount())
    }
    assert heads["Low end"] == "The least that it can measure. Below it the value is doubtful.\nrange.0"
    assert heads["Title in Chinese"] == "title.zh"
    assert page.help_link() == "engineering"
    page.open_panel(VERSIONS)
    assert page.help_link() == "engineering#versions"


def test_that_rows_are_dragged_by_their_numbers_and_moved_by_keys(
    open_page: Callable[..., EditorPage], folder: PlantFolder
) -> None:
    more = OWN.replace("T0", "T1") + OWN.replace("T0", "T2")
    folder.configuration.write_text(TEXT + more, "utf-8")
    page = open_page()
    assert names(page)[:3] == ["T0", "T1", "T2"]
    header = page.view.verticalHeader()
    header.moveSection(2, 0)  # as the mouse does
    assert names(page)[:3] == ["T2", "T0", "T1"]
    assert [header.logicalIndex(place) for place in range(3)] == [0, 1, 2]
    assert [row.name for row in page.view.chosen_rows()] == ["T2"]
    QTest.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(page)[:3] == ["T0", "T2", "T1"]
    page.bar.undo.click()
    page.bar.undo.click()
    assert names(page)[:3] == ["T0", "T1", "T2"]
    header.moveSection(3, 0)
    assert names(page)[:4] == ["T0", "T1", "T2", "PU01.P"]
    assert page.message.text() == "What a class makes stands in the order of its class: change it there."


def test_that_what_a_chosen_cell_names_is_dragged_as_from_anywhere_else(open_page: Callable[..., EditorPage]) -> None:
    page = open_page()

    def carried(row: str, column: str) -> list[str]:
        names_, columns = names(page), [each.name for each in page.table.columns]
        index = page.table.index(names_.index(row), columns.index(column))
        page.view.scrollTo(index)
        place = QPointF(page.view.visualRect(index).center())
        page.view.clearSelection()
        assert page._carried(place) == ()  # a press there begins a choice of cells
        page.view.setCurrentIndex(index)
        return list(page._carried(place))

    assert carried("PU01.P", "address") == ["PU01.P"]
    page.bar.kinds["alarm"].click()
    assert carried("PU01.P.H", "suppress_when") == ["PU01.RUN"]
    assert carried("PU01.P.H", "limit") == ["PU01.P"]
    page.bar.kinds["maintenance_definition"].click()
    assert carried("PU01.oil", "every_days") == []
