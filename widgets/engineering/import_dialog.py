"""Taking tags over from a list into the open plant: a dry run as a table first, then one press that writes it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.acquisition.registry import driver_names, grammars
from app.model.plant import Plant
from app.plant.folder import PlantFolder
from app.plant.tag_list.difference import Placing
from app.plant.tag_list.entry import Reading, TagList
from app.plant.tag_list.read import read_tag_list
from app.plant.tag_list.revised_file import Comparison, compare
from widgets.choice import ChoiceBox
from widgets.engineering.decoding_panel import ORDERS
from widgets.engineering.editing import Editing
from widgets.engineering.layout import line_of, plain_table
from widgets.engineering.taking import Taking
from widgets.help.button import HelpButton
from widgets.model.import_table import ImportColumn, ImportTable
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import tr

_WIDTHS = {int(ImportColumn.WHAT): 90, int(ImportColumn.LINE): 60, int(ImportColumn.NAME): 220}


class ImportDialog(QDialog):
    """Shows what a list would change in the plant of `folder`; nothing is written before `write`.

    `taking` then lets the collector work by it; without one it does once it is started again.
    """

    def __init__(
        self,
        plant: Plant,
        folder: PlantFolder,
        parent: QWidget | None = None,
        *,
        editing: Editing,
        user: str = "",
        taking: Taking | None = None,
    ) -> None:
        """Prepare; `user`: who is signed in, whose name the audit trail gets."""
        super().__init__(parent)
        self._editing, self._user = editing, user
        self._taking = taking
        self._folder = folder
        self._comparison: Comparison | None = None
        self._turn = 0
        self.file = QLineEdit()
        self.choose_button = QPushButton(tr("Choose a file…"))
        self.connection = ChoiceBox()
        self.equipment = ChoiceBox()
        self.order = ChoiceBox()
        self.message = QLabel()
        self.table = ImportTable(self)
        self.view = QTableView()
        self.write_button = QPushButton()
        self.close_button = QPushButton(tr("Close"))
        for box, found, names in (
            (self.connection, tr("Connection: found by itself"), [each.id for each in plant.connections]),
            (self.equipment, tr("Equipment: found by itself"), [each.id for each in plant.equipment]),
            (self.order, tr("Byte order: usual in that program"), list(ORDERS)),
        ):
            box.addItem(found, "")
            for name in names:
                box.addItem(name, name)
            box.currentIndexChanged.connect(self.compare)
            box.setAccessibleName(found)
        self._lay_out()
        self.file.returnPressed.connect(self.compare)
        self.choose_button.clicked.connect(self.choose)
        self.write_button.clicked.connect(self.write)
        self.close_button.clicked.connect(self.reject)
        self.message.setText(
            tr(
                "Choose a list: the CSV of Kepware, the JSON or CSV of Ignition, a NodeSet2 XML, or a table with name "
                "and address. What would change is shown here before anything is written."
            )
        )
        if taking is not None:
            taking.taken.connect(self.accept)
            taking.refused.connect(
                lambda reason: self.message.setText("\n".join([tr("plant.toml is written."), reason]))
            )
        self._allow()

    def choose(self) -> None:
        """Let a file be chosen, and look into it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            tr("List of tags"),
            str(Path.home()),
            tr("Lists of tags (*.csv *.xlsx *.txt *.json *.xml);;All files (*)"),
        )
        if chosen:
            self.file.setText(chosen)
            self.compare()

    def compare(self) -> None:
        """Look into the file, and show what it would change."""
        name = self.file.text().strip()
        if not name:
            return
        self._turn += 1
        turn = self._turn
        reading = Reading(order=str(self.order.currentData()))
        connection = str(self.connection.currentData())
        placing = Placing({"": connection} if connection else {}, str(self.equipment.currentData()))

        def work() -> tuple[TagList, Comparison]:
            found = read_tag_list(Path(name), reading)
            path = self._folder.configuration
            return found, compare(path, found, placing, drivers=driver_names(), grammars=grammars())

        def done(result: tuple[TagList, Comparison]) -> None:
            if turn == self._turn:
                self._show(*result)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self._comparison = None
                self.table.show_difference(None)
                self.message.setText(station_text(error))
                self._allow()

        self.message.setText(tr("Reading {path}…", path=name))
        Operation(self, work).success(done).failure(failed).start()

    def write(self) -> None:
        """Write what is shown to plant.toml."""
        comparison = self._comparison
        if comparison is None:
            return
        self._comparison = None
        self._allow()

        def done(former: Path) -> None:
            self.table.show_difference(None)
            if self._taking is None:
                self.message.setText(
                    tr(
                        "Written. The former file is {former}. The collector reads the new tags once it is started "
                        "again.",
                        former=former.name,
                    )
                )
                return
            self.message.setText(
                tr("Written; the former file is {former}. The collector takes the new one…", former=former.name)
            )
            self._taking.ask()

        source = Path(self.file.text().strip()).name

        def work() -> Path:
            return self._editing.take(self._folder, comparison, source, self._user)

        Operation(self, work).success(done).failure(lambda error: self.message.setText(station_text(error))).start()

    def _show(self, found: TagList, comparison: Comparison) -> None:
        self._comparison = comparison
        difference = comparison.difference
        self.table.show_difference(difference)
        counts = tr(
            "{kind}: {new} new, {changed} changed, {same} unchanged, {out} lines left out",
            kind=found.kind,
            new=len(difference.new),
            changed=len(difference.changed),
            same=len(difference.unchanged),
            out=len(difference.problems),
        )
        self.message.setText("\n".join([counts, *found.notes]))
        self._allow()

    def _allow(self) -> None:
        difference = None if self._comparison is None else self._comparison.difference
        count = 0 if difference is None else len(difference.new) + len(difference.changed)
        self.write_button.setText(tr("Write {n} tags to plant.toml", n=count))
        self.write_button.setEnabled(count > 0)

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Take tags over from a list"))
        self.resize(look.px(1100), look.px(680))
        self.file.setPlaceholderText(tr("List of tags"))
        self.file.setAccessibleName(tr("List of tags"))
        self.view.setAccessibleName(tr("List of tags"))
        self.write_button.setProperty("kind", "primary")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        plain_table(self.view, self.table, _WIDTHS)
        self.view.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        column.setSpacing(look.px(12))
        column.addLayout(line_of(self.file, self.choose_button))
        column.addLayout(line_of(self.connection, self.equipment, self.order, None))
        column.addWidget(self.message)
        column.addWidget(self.view, 1)
        column.addLayout(line_of(HelpButton(), None, self.write_button, self.close_button))
