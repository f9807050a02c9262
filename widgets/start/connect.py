"""Connecting to a device: its address, what it offers, which of that becomes a tag, and the plant made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from drivers.driver import BrowseEntry
from drivers.trust import Identity, Untrusted
from widgets.connection.certificates import Certificates
from widgets.connection.trust_dialog import TrustDialog
from widgets.icon import IconButton
from widgets.model.browse_table import BrowseColumn, BrowseTable
from widgets.operation import Operation
from widgets.start.new_plant import DEVICE, UnknownScheme, driver_of, plant_of
from widgets.theme import theme
from widgets.translation import tr

Browse = Callable[[str], Sequence[BrowseEntry]]
EXAMPLES = "opc.tcp://192.168.0.10:4840     modbus://192.168.0.20:502?unit=1"


class ConnectPage(QWidget):
    """`browse(url)` lists what a device offers; it is called in a background thread and may raise what it likes.

    `plant_made` carries the Plant that was put together.
    """

    back_asked = Signal()
    plant_made = Signal(object)

    def __init__(self, browse: Browse, certificates: Certificates | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._browse = browse
        self._certificates = certificates or Certificates()
        self._operation: Operation[Sequence[BrowseEntry]] | None = None
        self.table = BrowseTable(self)
        self.back = IconButton("back")
        self.title = QLabel()
        self.url = QLineEdit()
        self.look_up = QPushButton()
        self.message = QLabel()
        self.filter = QLineEdit()
        self.all = QPushButton()
        self.none = QPushButton()
        self.view = QTableView()
        self.name_label = QLabel()
        self.name = QLineEdit()
        self.make_button = QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()
        self._show_found(is_found=False)

    def look(self) -> None:
        """Ask the device what it offers."""
        url = self.url.text().strip()
        try:
            driver_of(url)
        except UnknownScheme:
            self.message.setText(
                tr("Begin the address with opc.tcp:// or modbus://, as in: {examples}", examples=EXAMPLES)
            )
            return
        self._show_found(is_found=False)
        self.message.setText(tr("Asking {url} what it offers…", url=url))
        self.look_up.setText(tr("Stop"))
        operation = Operation(self, lambda: self._browse(url))
        self._operation = operation.success(self._found).failure(self._failed).start()

    def stop(self) -> None:
        """Wait for the device no longer."""
        if self._operation is not None:
            self._operation.cancel()
            self._operation = None
        self.look_up.setText(tr("Browse"))
        self.message.setText("")

    def make(self) -> None:
        """Make a plant of what was ticked."""
        if self.make_button.isEnabled():
            self.plant_made.emit(self.plant())

    def plant(self) -> Plant:
        """Return the plant that would be made now."""
        return plant_of(self.name.text(), self.url.text(), self.table.ticked)

    def show_message(self, text: str) -> None:
        """Tell what went wrong, with its remedy."""
        self.message.setText(text)

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.back.name(tr("Back"))
        self.title.setText(tr("Connect to a device"))
        self.url.setPlaceholderText(EXAMPLES)
        self.url.setAccessibleName(tr("Address of the device"))
        self.look_up.setText(tr("Browse") if self._operation is None else tr("Stop"))
        self.filter.setPlaceholderText(tr("Filter…"))
        self.filter.setAccessibleName(tr("Filter the signals"))
        self.all.setText(tr("Tick all"))
        self.none.setText(tr("Tick none"))
        self.view.setAccessibleName(tr("Signals of the device"))
        self.name_label.setText(tr("Name of the plant"))
        self.name.setAccessibleName(tr("Name of the plant"))
        self._allow()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _found(self, entries: Sequence[BrowseEntry]) -> None:
        self._operation = None
        self.look_up.setText(tr("Browse"))
        self.table.show_entries(entries)
        self.message.setText(tr("Signals found: {n}", n=self.table.rowCount()))
        self._show_found(is_found=self.table.rowCount() > 0)
        if not self.name.text():
            self.name.setText(urlsplit(self.url.text().strip()).hostname or "")
        self._fit()

    def _failed(self, error: Exception) -> None:
        self._operation = None
        self.look_up.setText(tr("Browse"))
        self.message.setText(str(error))
        if isinstance(error, Untrusted) and error.identity.is_waiting:
            self.ask_trust(error.identity)

    def ask_trust(self, identity: Identity) -> TrustDialog:
        """Show the certificate of the device and let the user judge it."""
        dialog = TrustDialog(identity, self)
        definition = ConnectionDefinition(DEVICE, driver_of(identity.url), identity.url)
        dialog.trusted.connect(
            lambda mark: self._judge(lambda: self._certificates.trust(definition, mark, ""), self.look)
        )
        dialog.refused.connect(lambda mark: self._judge(lambda: self._certificates.refuse(definition, mark, ""), None))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _judge(self, deed: Callable[[], object], then: Callable[[], None] | None) -> None:
        def done(_: object) -> None:
            if then is not None:
                then()

        Operation(self, deed).success(done).failure(lambda error: self.message.setText(str(error))).start()

    def _show_found(self, *, is_found: bool) -> None:
        for widget in (self.filter, self.all, self.none, self.view, self.name_label, self.name, self.make_button):
            widget.setVisible(is_found)
        self._allow()

    def _allow(self) -> None:
        ticked = len(self.table.ticked)
        self.make_button.setText(tr("Make the plant with {n} signals", n=ticked))
        self.make_button.setEnabled(bool(ticked and self.name.text().strip()))

    def _toggle(self) -> None:
        if self._operation is None:
            self.look()
        else:
            self.stop()

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_asked)
        self.url.returnPressed.connect(self.look)
        self.look_up.clicked.connect(self._toggle)
        self.filter.textChanged.connect(self.table.filter)
        self.all.clicked.connect(lambda: self.table.tick_all(is_ticked=True))
        self.none.clicked.connect(lambda: self.table.tick_all(is_ticked=False))
        self.table.ticks_changed.connect(self._allow)
        self.name.textChanged.connect(self._allow)
        self.name.returnPressed.connect(self.make)
        self.make_button.clicked.connect(self.make)

    def _fit(self) -> None:
        head = self.view.horizontalHeader()
        for column in BrowseColumn:
            head.resizeSection(column, min(max(self.view.sizeHintForColumn(column) + 24, 90), 380))

    def _lay_out(self) -> None:
        look = theme()
        self.title.setProperty("lettering", "counter")
        self.look_up.setProperty("kind", "primary")
        self.make_button.setProperty("kind", "primary")
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view.setModel(self.table)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setShowGrid(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(look.px(28))
        self.view.horizontalHeader().setStretchLastSection(True)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(24), look.px(16), look.px(24), look.px(24))
        column.setSpacing(look.px(12))
        column.addLayout(_row(self.back, self.title, None))
        column.addLayout(_row(self.url, self.look_up))
        column.addWidget(self.message)
        column.addLayout(_row(self.filter, self.all, self.none))
        column.addWidget(self.view, 1)
        column.addLayout(_row(self.name_label, self.name, self.make_button))
        column.addStretch(0)


def _row(*parts: QWidget | None) -> QHBoxLayout:
    """Return widgets side by side; None is empty space."""
    row = QHBoxLayout()
    row.setSpacing(theme().px(10))
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part, 1 if isinstance(part, QLineEdit) else 0)
    return row
