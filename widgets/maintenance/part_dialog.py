"""Asks how many of a part were counted, received or taken, or from which quantity on it has to be ordered."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.model.provision import PartStock, ProvisionCommand, ProvisionDeed
from widgets.maintenance.provision_wording import stock_text
from widgets.stepped_field import NumberField
from widgets.theme import theme
from widgets.translation import tr


def deed_text(deed: ProvisionDeed) -> str:
    """Return what is done, as its button says it."""
    texts: Mapping[ProvisionDeed, str] = {
        ProvisionDeed.SET_STOP: tr("Change…"),
        ProvisionDeed.REMOVE_STOP: tr("Remove…"),
        ProvisionDeed.COUNT: tr("Count…"),
        ProvisionDeed.RECEIVE: tr("Receive…"),
        ProvisionDeed.WITHDRAW: tr("Take…"),
        ProvisionDeed.SET_RULE: tr("Minimum, place…"),
    }
    return texts[deed]


class PartDialog(QDialog):
    """`command` returns what was filled in."""

    def __init__(
        self, stock: PartStock, title: str, deed: ProvisionDeed, *, operator: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._stock, self._deed = stock, deed
        self.quantity, self.place = NumberField(), QLineEdit(stock.place)
        self.reason, self.name = QLineEdit(), QLineEdit(operator)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._lay_out(title)
        self.name.textChanged.connect(self._allow)
        self.quantity.valueChanged.connect(self._allow)
        self._allow()
        self.quantity.setFocus(Qt.FocusReason.OtherFocusReason)
        self.quantity.selectAll()

    @property
    def command(self) -> ProvisionCommand:
        """Return what is to be done."""
        value, part = self.quantity.value(), self._stock.part
        reason = self.reason.text().strip()
        if self._deed is ProvisionDeed.SET_RULE:
            return ProvisionCommand(self._deed, part=part, minimum=value, place=self.place.text(), reason=reason)
        return ProvisionCommand(self._deed, part=part, quantity=value, reason=reason)

    def _lay_out(self, title: str) -> None:
        look, deed, stock = theme(), self._deed, self._stock
        self.setWindowTitle(f"{deed_text(deed).rstrip('…')}: {stock.part}")
        self.setMinimumWidth(look.px(420))
        self.quantity.setDecimals(2)
        self.quantity.setMaximum(1e9)
        begin = {ProvisionDeed.SET_RULE: stock.minimum, ProvisionDeed.COUNT: max(stock.on_hand or 0.0, 0.0)}
        self.quantity.setValue(begin.get(deed, 1.0))
        heads: Mapping[ProvisionDeed, str] = {
            ProvisionDeed.COUNT: tr("Counted"),
            ProvisionDeed.RECEIVE: tr("Received"),
            ProvisionDeed.WITHDRAW: tr("Taken"),
            ProvisionDeed.SET_RULE: tr("Minimum (0: none)"),
        }
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        rows: list[tuple[str, QWidget]] = [(heads[deed], self.quantity)]
        if deed is ProvisionDeed.SET_RULE:
            rows.append((tr("Place"), self.place))
        rows += [(tr("Why"), self.reason), (tr("Your name"), self.name)]
        for name, field in rows:
            field.setAccessibleName(name)
            form.addRow(name, field)
        about = QLabel(tr("{part}  {name}: {n} on hand by the books", part=stock.part, name=title, n=stock_text(stock)))
        about.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addWidget(about)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _allow(self) -> None:
        needs_some = self._deed in {ProvisionDeed.RECEIVE, ProvisionDeed.WITHDRAW}
        is_told = bool(self.name.text().strip()) and (self.quantity.value() > 0.0 or not needs_some)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)
