"""The page "Engineering": the plant file as sheets, worked on as a draft, and its versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.audit.configuration import Version
from app.plant.class_grammar import MEMBERS
from app.plant.draft.bulk import copied, pasted
from app.plant.draft.cell import CellRefused
from app.plant.draft.column import Column
from app.plant.draft.draft import Draft, Step
from app.plant.draft.row_order import NotMovable, moving_step
from app.plant.draft.sheet import Change, SheetRow, changes_step, removal_step
from app.plant.expansion import Memory
from app.plant.problem import KeyPath
from widgets.drag.value_drag import ValueDrag
from widgets.editor.bar import EditorBar
from widgets.editor.bulk_dialog import BulkDialog, fill_dialog, replace_dialog
from widgets.editor.chosen_cells import ChosenCells, all_cells
from widgets.editor.draft_work import Job, Stop, checked
from widgets.editor.drafting import Drafting
from widgets.editor.file_change import FileChange, Writer
from widgets.editor.named_tags import MOST_CARRIED, tags_named
from widgets.editor.placing import Shown, new_rows_step, pasting_step
from widgets.editor.problem_list import ProblemList
from widgets.editor.reading import VersionReading
from widgets.editor.review_dialog import Review, review_of
from widgets.editor.scope_tree import ScopeTree
from widgets.editor.sheet_request import RowGone, SheetRequest, ShownSheet, place_of
from widgets.editor.sheet_table import SheetTable
from widgets.editor.sheet_view import SheetView
from widgets.editor.version_panel import VersionPanel
from widgets.editor.wording import empty_text, refusal_text, step_text
from widgets.editor.work_strip import WorkStrip
from widgets.feed import Feed
from widgets.help.topics import sheet_link
from widgets.keyboard.shortcut import bind
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

SHEETS, VERSIONS = 0, 1
__all__ = ["SHEETS", "VERSIONS", "EditorPage", "Writer"]


class EditorPage(QFrame):
    """`writer` gives what writes the plant file for who sits here, None where that one may not and is asked to sign in.

    What it gives is called in a background thread.
    """

    def __init__(
        self,
        feed: Feed,
        *,
        writer: Callable[[QWidget], Writer | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._feed = feed
        self._memory = Memory()
        self._moved: tuple[str, ...] = ()
        self._sought: tuple[SheetRequest, KeyPath, str] | None = None
        self.drafting = Drafting(feed.folder, self)
        self.change = FileChange(feed, writer, self)
        self.bar = EditorBar()
        self.tree, self.table = ScopeTree(), SheetTable(self)
        self.view = SheetView(self.table)
        ValueDrag(self.view.viewport(), self._carried)
        self.problems = ProblemList()
        self.versions = VersionPanel(VersionReading(feed.folder))
        self.message = QLabel()
        self.carry = QPushButton()
        self.progress = WorkStrip(self.drafting.work)
        self.stack = QStackedWidget()
        self.setProperty("surface", "panel")
        self._lay_out()
        self._connect()
        self.retranslate()

    def main_part(self) -> QWidget:
        """Return what the keyboard begins with."""
        return self.tree

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.bar.retranslate()
        self.versions.retranslate()
        self.problems.retranslate()
        self.progress.retranslate()
        self.carry.setText(tr("Bring the draft onto the new file"))
        self.tree.setAccessibleName(tr("Parts of the plant"))
        self.view.setAccessibleName(tr("Sheet"))
        if self.drafting.draft is not None:
            self.tree.show_draft(self.drafting.draft)
        self._renew()

    def open_panel(self, number: int) -> None:
        """Show the sheets (0) or the versions (1)."""
        self.stack.setCurrentIndex(number)
        self.bar.show_panel(number)

    def fill(self) -> BulkDialog:
        """Ask for a pattern that fills the chosen cells."""
        return self._ask_bulk("fill", fill_dialog, self.view.chosen())

    def replace(self) -> BulkDialog:
        """Ask for a text that takes the place of another in the chosen cells, in all that are shown where one is."""
        cells = self.view.chosen()
        if len(cells) <= 1:
            cells = all_cells(self.table.rows, self.table.columns)
        return self._ask_bulk("replace", replace_dialog, cells)

    def copy(self) -> None:
        """Put the chosen cells on the clipboard, all that are shown with their heads where at most one is chosen."""
        cells = self.view.chosen()
        is_all = len(cells) <= 1
        if is_all:
            cells = all_cells(self.table.rows, self.table.columns)

        def work() -> str:
            return copied(cells.chosen_rows(), cells.chosen_columns(), heads=is_all)

        Operation(self, work).success(QGuiApplication.clipboard().setText).start()

    def paste(self) -> None:
        """Write what is on the clipboard from the chosen cell on; rows beyond the last one are new."""
        text, cells, columns = QGuiApplication.clipboard().text(), self.view.chosen(), self.table.columns
        request = self._request()

        def make(draft: Draft, rows: Sequence[SheetRow], stop: Stop) -> Step:
            grid = pasted(text)
            stop.check()
            chosen = replace(cells, rows=rows).cells()
            return pasting_step(draft, Shown(request.kind, request.scope, rows, columns), chosen, grid)

        if text.strip():
            self._do(self.table.rows, make)

    def clear(self) -> None:
        """Empty the chosen cells; what a class makes is then as the class has it."""
        cells = self.view.chosen()

        def make(draft: Draft, rows: Sequence[SheetRow], stop: Stop) -> Step:
            emptied = [(row, column, "") for row, column in replace(cells, rows=rows).cells()]
            return changes_step(draft, "set", checked(emptied, stop))

        self._do(self.table.rows, make)

    def add(self) -> None:
        """Add a row behind the chosen one, with what it has but its name."""
        request = self._request()
        self._do(
            self.view.chosen_rows()[-1:],
            lambda draft, rows, _: new_rows_step(draft, request.kind, request.scope, rows[-1] if rows else None),
        )

    def remove(self) -> None:
        """Take the chosen rows away; an instance then omits what its class makes."""
        self._do(self.view.chosen_rows(), lambda draft, rows, _: removal_step(draft, "remove", rows))

    def move_rows(self, rows: Sequence[SheetRow], target: SheetRow, is_behind: bool) -> None:  # noqa: FBT001 - of a signal
        """Put rows in front of another one, or behind it; they stay chosen."""

        def make(draft: Draft, now: Sequence[SheetRow], _: Stop) -> Step:
            return moving_step(draft, "move", now[:-1], now[-1], is_behind=is_behind)

        self._moved = tuple(row.name for row in rows)
        self._do([*rows, target], make)

    def review(self) -> None:
        """Show what the draft changes, to be taken over."""
        draft = self.drafting.draft
        if draft is not None:
            folder = self._feed.folder.path
            self.change.ask(tr("Take over the draft"), lambda: review_of(draft.text, draft.revised_text(), folder))

    def ask_return(self, version: Version, read: Callable[[], Review]) -> None:
        """Show what a return to a version changes, to be taken over."""
        reason = tr("Return to version {n}: ", n=version.number)
        self.change.ask(tr("Return to version {n}", n=version.number), read, reason=reason)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.drafting.load()

    def _ask_bulk(self, name: str, ask: Callable[[ChosenCells, QWidget], BulkDialog], cells: ChosenCells) -> BulkDialog:
        dialog = ask(cells, self)
        dialog.accepted.connect(lambda: self._change(name, dialog.changes))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _write(self, row: SheetRow, column: Column, text: str) -> None:
        self._change("set", [(row, column, text)])

    def _change(self, name: str, changes: Sequence[Change]) -> None:
        def make(draft: Draft, rows: Sequence[SheetRow], stop: Stop) -> Step:
            now = [(row, column, text) for row, (_, column, text) in zip(rows, changes, strict=True)]
            return changes_step(draft, name, checked(now, stop))

        self._do([row for row, _, _ in changes], make)

    def _do(self, rows: Sequence[SheetRow], make: Callable[[Draft, Sequence[SheetRow], Stop], Step]) -> None:
        """Let the draft make a step that is about rows in view, wherever they stand once its turn has come."""
        self.message.setText("")
        before, request, memory = self.table.draft, self._request(), self._memory
        if before is not None:
            self.drafting.do(lambda draft, stop: make(draft, request.now(rows, before, draft, memory), stop))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, NotMovable):
            self.message.setText(tr("What a class makes stands in the order of its class: change it there."))
            return
        is_gone = isinstance(error, RowGone)
        gone = tr("Not done, since it is not in the draft any more: {name}", name=str(error))
        self.message.setText(
            refusal_text(error) if isinstance(error, CellRefused) else gone if is_gone else station_text(error)
        )

    def _carried(self, place: QPointF) -> Sequence[str]:
        """Return the tags that a chosen cell names, to be dragged onto trends and pictures; of other cells none."""
        index = self.view.indexAt(place.toPoint())
        if not index.isValid() or not self.view.selectionModel().isSelected(index):
            return ()
        named: dict[str, None] = {}
        for row, column in self.view.cells()[:MOST_CARRIED]:
            named |= dict.fromkeys(tags_named(self.bar.kind, row, column))
        return [name for name in named if name in self._feed.tags]

    def _request(self) -> SheetRequest:
        problems = self.table.problems if self.bar.only_problems.isChecked() else None
        return SheetRequest(self.bar.kind, self.tree.scope, self.bar.filter.text(), problems)

    def _show_sheet(self) -> None:
        """Show the sheet that is asked for, as the draft has it."""

        def begin() -> Callable[[Stop], ShownSheet] | None:
            draft, request, memory = self.drafting.draft, self._request(), self._memory
            return None if draft is None else lambda _: request.answer(draft, memory)

        def done(shown: ShownSheet) -> None:
            self.table.show_sheet(shown)
            asked = shown.request
            is_filtered = bool(asked.text.strip()) or asked.problems is not None
            is_class = asked.scope.owner >= 0 and asked.kind in MEMBERS
            self.view.show_hint(empty_text(asked.kind, is_filtered=is_filtered, is_class=is_class))
            moved, self._moved = self._moved, ()
            self.view.choose_rows(moved)
            if self._sought is not None and self._sought[0] == shown.request:
                self.view.go_to(*self._sought[1:])
                self._sought = None

        self.drafting.work.add(Job(begin, done, self._refuse, key="view"))

    def _renew(self) -> None:
        """Show the draft as it is now."""
        draft = self.drafting.draft
        is_stale = self.drafting.is_stale
        self.carry.setVisible(is_stale)
        if is_stale:
            self.message.setText(tr("Somebody else has changed the plant file since this draft was begun."))
        self.bar.show_draft(
            undo=step_text(draft.undoable) if draft else "",
            redo=step_text(draft.redoable) if draft else "",
            steps=draft.steps if draft else 0,
            is_stale=is_stale,
        )
        if draft is not None:
            self.tree.show_draft(draft)
            self._show_sheet()

    def _checked(self) -> None:
        self.problems.show_problems(self.drafting.problems)
        self.table.show_problems(self.drafting.problems)
        self.bar.show_problems(self.drafting.problems)
        if self.bar.only_problems.isChecked():
            self._show_sheet()

    def _go_to(self, number: int) -> None:
        """Bring the cell of a problem into view."""
        draft = self.drafting.draft
        place, key = place_of(self.drafting.problems[number].path)
        kind = str(place[-2] if len(place) > 1 else place[0]) if place else ""
        if draft is None or kind not in self.bar.kinds:
            return
        self.bar.choose_kind(kind)
        if place[0] == "equipment_class" and kind != "equipment_class":
            self.tree.choose_class(draft.rows(("equipment_class",))[int(place[1])].id)
        else:
            self.tree.choose_plant()
        self.bar.filter.clear()
        self._sought = self._request(), place, key
        self._renew()

    def _forget_taken(self, review: Review) -> None:
        """Begin anew with the file that was written, which may be the draft or a former version."""
        draft = self.drafting.draft
        if draft is not None and draft.text == review.before and draft.is_changed:
            self.drafting.forget()
        self.drafting.load()
        self.versions.renew()

    def help_link(self) -> str:
        """Return where the help tells of the versions, or of the columns of the sheet that has the keyboard."""
        if self.stack.currentIndex() == VERSIONS:
            return "engineering#versions"
        return sheet_link(self.bar.kind) if self.view.hasFocus() else "engineering"

    def _connect(self) -> None:
        drafting, view, bar = self.drafting, self.view, self.bar
        drafting.changed.connect(self._renew)
        drafting.checked.connect(self._checked)
        drafting.told.connect(self.message.setText)
        drafting.refused.connect(self._refuse)
        self.table.written.connect(self._write)
        self.tree.chosen.connect(lambda _: self._renew())
        view.copy_asked.connect(self.copy)
        view.paste_asked.connect(self.paste)
        view.clear_asked.connect(self.clear)
        view.add_asked.connect(self.add)
        view.remove_asked.connect(self.remove)
        view.move_asked.connect(self.move_rows)
        for button, call in (
            (bar.undo, drafting.undo),
            (bar.redo, drafting.redo),
            (bar.add, self.add),
            (bar.remove, self.remove),
            (bar.fill, self.fill),
            (bar.replace, self.replace),
            (bar.copy, self.copy),
            (bar.paste, self.paste),
            (bar.discard, drafting.discard),
            (bar.review, self.review),
            (self.carry, drafting.carry),
        ):
            button.clicked.connect(lambda _=False, call=call: call())
        bar.kind_chosen.connect(self._renew)
        bar.panel_chosen.connect(self.stack.setCurrentIndex)
        bar.filter.textChanged.connect(lambda _: self._show_sheet())
        bar.only_problems.toggled.connect(lambda _: self._show_sheet())
        self.problems.chosen.connect(self._go_to)
        self.versions.return_asked.connect(self.ask_return)
        self.change.told.connect(self.message.setText)
        self.change.written.connect(self._forget_taken)
        for name, call in (
            ("engineering.undo", drafting.undo),
            ("engineering.redo", drafting.redo),
            ("engineering.replace", self.replace),
        ):
            bind(name, self, call, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _lay_out(self) -> None:
        look = theme()
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.carry.setVisible(False)
        below = QSplitter(Qt.Orientation.Vertical)
        below.addWidget(self.view)
        below.addWidget(self.problems)
        below.setStretchFactor(0, 5)
        below.setStretchFactor(1, 1)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self.tree)
        beside.addWidget(below)
        beside.setStretchFactor(1, 1)
        beside.setSizes([look.px(230), look.px(1000)])
        self.stack.addWidget(beside)
        self.stack.addWidget(self.versions)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
        column.setSpacing(look.px(6))
        column.addWidget(self.bar)
        column.addWidget(self.message)
        column.addWidget(self.progress)
        column.addWidget(self.carry, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.stack, 1)
