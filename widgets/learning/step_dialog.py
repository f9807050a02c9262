"""Asks who promotes or returns a model, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model.model_command import ModelCommand, ModelDeed
from app.model.plant import Plant
from widgets.learning.reading import KnownModel
from widgets.learning.wording import model_text, trial_text
from widgets.theme import theme
from widgets.translation import tr


class StepDialog(QDialog):
    """A promotion proposes its trial as the reason, so that one press is enough; a return asks what went wrong."""

    def __init__(
        self, plant: Plant, known: KnownModel, deed: ModelDeed, *, operator: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._number, self._deed = known.record.number, deed
        is_promotion = deed is ModelDeed.PROMOTE
        trial = trial_text(known.trials[-1] if known.trials else None)
        self.name = QLineEdit(operator)
        self.reason = QLineEdit(trial if is_promotion and known.trials else "")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        what, effect = QLabel(model_text(known.record, plant)), QLabel()
        effect.setText(
            tr("It counts from the next round on, within ten seconds; the model that counts now is retired.")
            if is_promotion
            else tr("The model that counted before counts again; where there was none, nothing counts.")
        )
        self.setWindowTitle(tr("Promote a model") if is_promotion else tr("Return to the former model"))
        look = theme()
        self.setMinimumWidth(look.px(520))
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        effect.setProperty("tone", "dim")
        for label in (what, effect):
            label.setWordWrap(True)
            column.addWidget(label)
        form = QFormLayout()
        form.addRow(tr("Your name"), self.name)
        form.addRow(tr("Why"), self.reason)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.name.setAccessibleName(tr("Your name"))
        self.reason.setAccessibleName(tr("Why"))
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(tr("Promote") if is_promotion else tr("Return"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for field in (self.name, self.reason):
            field.textChanged.connect(self._allow)
        self._allow()
        (self.reason if operator else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def command(self) -> ModelCommand:
        """Return what is to be done."""
        return ModelCommand(self._deed, self._number, reason=self.reason.text().strip())

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip() and self.reason.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)
