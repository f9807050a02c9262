"""Asks, for a verdict on a case or for taking a change back, what must be known: who, why, and what was found."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model.case import UNKNOWN_CAUSE, CaseAction, CaseCommand, CaseEffect, CaseRecord, Verdict
from widgets.case.wording import effect_text, verdict_text
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr

OWN = ""


class VerdictDialog(QDialog):
    """Gives a case a verdict; says before what that will change."""

    def __init__(self, record: CaseRecord, verdict: Verdict, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record, self._verdict = record, verdict
        self.name = QLineEdit(operator)
        self.reason = QLineEdit()
        self.cause = ChoiceBox()
        self.own = QLineEdit()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.setWindowTitle(tr("Case {n}: {verdict}", n=record.number, verdict=verdict_text(verdict)))
        self._lay_out()
        for field in (self.name, self.reason, self.own):
            field.textChanged.connect(self._allow)
        self.cause.currentIndexChanged.connect(self._allow)
        self._allow()
        (self.reason if operator else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def command(self) -> CaseCommand:
        """Return what is to be done."""
        cause = (self.cause.currentData() or self.own.text()).strip() if self._is_confirming else ""
        return CaseCommand(
            CaseAction.CLOSE, self._record.number, self._verdict, self.reason.text().strip(), cause=cause
        )

    @property
    def _is_confirming(self) -> bool:
        return self._verdict is Verdict.CONFIRMED

    def _lay_out(self) -> None:
        self.setMinimumWidth(theme().px(520))
        column = QVBoxLayout(self)
        column.setSpacing(theme().px(12))
        change = QLabel(change_texts()[self._verdict])
        change.setWordWrap(True)
        change.setProperty("tone", "dim")
        column.addWidget(change)
        form = QFormLayout()
        form.addRow(tr("Your name"), self.name)
        if self._is_confirming:
            for each in self._record.causes:
                if each.id != UNKNOWN_CAUSE:
                    self.cause.addItem(local(each.cause), each.id)
            self.cause.addItem(tr("Another one, in your own words"), OWN)
            form.addRow(tr("Cause"), self.cause)
            form.addRow("", self.own)
            self.own.setPlaceholderText(tr("What was found"))
        form.addRow(tr("Why"), self.reason)
        column.addLayout(form)
        column.addWidget(self.buttons)
        for field, name in ((self.name, tr("Your name")), (self.reason, tr("Why")), (self.own, tr("Cause"))):
            field.setAccessibleName(name)
        self.cause.setAccessibleName(tr("Cause"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(verdict_text(self._verdict))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _allow(self) -> None:
        is_own = self._is_confirming and not self.cause.currentData()
        self.own.setVisible(is_own)
        is_told = bool(self.name.text().strip() and self.reason.text().strip())
        has_cause = not is_own or bool(self.own.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told and has_cause)


class UndoDialog(QDialog):
    """Takes back what a verdict changed."""

    def __init__(self, effect: CaseEffect, feed: Feed, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._effect = effect
        self.name = QLineEdit(operator)
        self.reason = QLineEdit()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.setWindowTitle(tr("Undo a change"))
        self.setMinimumWidth(theme().px(480))
        column = QVBoxLayout(self)
        column.setSpacing(theme().px(12))
        what = QLabel(f"{effect.equipment}  {effect_text(effect, feed)}")
        what.setWordWrap(True)
        column.addWidget(what)
        form = QFormLayout()
        form.addRow(tr("Your name"), self.name)
        form.addRow(tr("Why"), self.reason)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.name.setAccessibleName(tr("Your name"))
        self.reason.setAccessibleName(tr("Why"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Undo"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for field in (self.name, self.reason):
            field.textChanged.connect(self._allow)
        self._allow()
        (self.reason if operator else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def command(self) -> CaseCommand:
        """Return what is to be done."""
        return CaseCommand(CaseAction.UNDO, self._effect.number, reason=self.reason.text().strip())

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip() and self.reason.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)


def change_texts() -> Mapping[Verdict, str]:
    """Return what each verdict will change."""
    return {
        Verdict.CONFIRMED: tr(
            "The pattern of the tags will be known as this cause at all equipment of the class. It can be undone."
        ),
        Verdict.FALSE: tr(
            "The limits of the indicators of this case will be raised, by half at the most. It can be undone. "
            "No alarm changes."
        ),
        Verdict.EXPECTED: tr(
            "Such a pattern will open no case any more, up to what was seen and a fifth more. It can be undone."
        ),
    }
