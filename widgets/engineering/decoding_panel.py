"""Registers of unknown type: the four byte orders side by side, live, and one press takes the right one."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from drivers.probe import Decoding
from widgets.theme import theme
from widgets.translation import tr

ORDERS = ("ABCD", "CDAB", "BADC", "DCBA")
TYPES = ("F32", "I32", "U32", "F64", "I16", "U16")
REGISTERS = 4
_LONGEST = 10


class DecodingPanel(QFrame):
    """Each button shows what the registers would mean; `taken` carries the Decoding that was pressed."""

    taken = Signal(object)
    others_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.hint = QLabel()
        self.others = QPushButton()
        self._others = 0
        self.buttons: dict[tuple[str, str], QPushButton] = {}
        self._decodings: dict[tuple[str, str], Decoding] = {}
        self._address = ""
        self._lay_out()
        self.retranslate()

    def show_decodings(self, address: str, decodings: Sequence[Decoding]) -> None:
        """Show what the registers from `address` on may mean; the most plausible is marked."""
        self._address = address
        self._decodings = {(each.data_type, each.order): each for each in decodings}
        best = max(decodings, key=lambda each: each.plausibility, default=None)
        for key, button in self.buttons.items():
            each = self._decodings.get(key)
            button.setEnabled(each is not None)
            button.setText("" if each is None else value_of(each))
            is_best = each is not None and each is best
            if button.property("kind") != ("primary" if is_best else ""):
                button.setProperty("kind", "primary" if is_best else "")
                button.style().unpolish(button)
                button.style().polish(button)
            button.setAccessibleName(" ".join([*key, button.text()]))
            if each is not None:
                button.setToolTip(f"{each.addresses[0]}   {round(each.plausibility * 100)} %")
        self.retranslate()

    def offer_others(self, count: int) -> None:
        """Offer to understand so many values behind the one that was taken in the same way."""
        self._others = count
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.others.setVisible(self._others > 0)
        self.others.setText(tr("The same for the {n} values behind it", n=self._others))
        self.title.setText(
            tr("Byte order of {address}", address=self._address) if self._address else tr("Byte order and type")
        )
        self.hint.setText(
            tr("Press the value that the device itself shows. The likeliest is framed.")
            if self._address
            else tr("Select a register: its value is shown here in all four byte orders.")
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _take(self, key: tuple[str, str]) -> None:
        if key in self._decodings:
            self.taken.emit(self._decodings[key])

    def _lay_out(self) -> None:
        look = theme()
        self.setProperty("surface", "panel")
        self.title.setProperty("lettering", "title")
        self.hint.setWordWrap(True)
        self.hint.setProperty("tone", "dim")
        grid = QGridLayout()
        grid.setSpacing(look.px(6))
        for column, order in enumerate(ORDERS, 1):
            grid.addWidget(_head(order), 0, column)
            grid.setColumnStretch(column, 1)
        for row, data_type in enumerate(TYPES, 1):
            grid.addWidget(_head(data_type), row, 0)
            orders = ORDERS if data_type not in {"I16", "U16"} else ("ABCD", "BADC")
            for order in orders:
                button = QPushButton()
                button.setEnabled(False)
                button.setMinimumSize(QSize(look.px(92), look.px(40)))  # a finger in a glove
                button.clicked.connect(lambda _=False, key=(data_type, order): self._take(key))
                self.buttons[data_type, order] = button
                grid.addWidget(button, row, 1 + ORDERS.index(order))
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column_of_all.setSpacing(look.px(6))
        column_of_all.addWidget(self.title)
        column_of_all.addWidget(self.hint)
        column_of_all.addLayout(grid)
        column_of_all.addWidget(self.others)
        self.others.clicked.connect(self.others_asked)


def value_of(decoding: Decoding) -> str:
    """Return the value as a button shows it."""
    value = decoding.values[0]
    if math.isnan(value):
        return "NaN"
    exact = f"{value:.7g}"
    return exact if len(exact) <= _LONGEST else f"{value:.3g}"


def _head(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", "dim")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
