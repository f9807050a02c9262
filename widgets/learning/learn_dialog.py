"""Asks what is to be learned: what for, of what, from which time, row by row of how long, and by whom."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.model import clock
from app.model.learned_model import ModelKind
from app.model.model_command import ModelCommand, ModelDeed
from app.model.plant import Plant
from app.model.tag import TagKind
from widgets import number
from widgets.choice import ChoiceBox
from widgets.learning.wording import kind_text, purpose_text, subject_text
from widgets.theme import theme
from widgets.translation import tr

PERIODS_S = (1.0, 10.0, 60.0, 600.0, 3_600.0)
USUAL_S = {ModelKind.EQUIPMENT: 60.0, ModelKind.DIAGNOSIS: 60.0, ModelKind.REMAINING_LIFE: 3_600.0}
DAYS = (0, 1, 7, 30, 90, 365)
"""0: all that is recorded."""


class LearnDialog(QDialog):
    """`command` returns what was chosen."""

    def __init__(self, plant: Plant, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant = plant
        self.kind, self.subject, self.days, self.period = ChoiceBox(), ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.name = QLineEdit(operator)
        self.purpose, self.nothing = QLabel(), QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for kind in ModelKind:
            self.kind.addItem(kind_text(kind), kind)
        for days in DAYS:
            self.days.addItem(tr("the last {n} days", n=days) if days else tr("all that is recorded"), days)
        for period in PERIODS_S:
            self.period.addItem(number.plain_duration(period), period)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._show_kind)
        self.name.textChanged.connect(self._allow)
        self._show_kind()

    @property
    def command(self) -> ModelCommand:
        """Return what is to be learned."""
        days = int(self.days.currentData())
        now = clock.now_ns()
        scale = self._plant.time_scale
        begin = now - round(days * 86_400.0 / scale * clock.NS_PER_S) if days else 0
        return ModelCommand(
            ModelDeed.LEARN,
            kind=ModelKind(self.kind.currentData()),
            subject=str(self.subject.currentData() or ""),
            begin=begin,
            period_s=float(self.period.currentData()),
        )

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Learn a model"))
        self.setMinimumWidth(look.px(560))
        self.purpose.setWordWrap(True)
        self.purpose.setProperty("tone", "dim")
        self.nothing.setWordWrap(True)
        how = QLabel(
            tr(
                "It is learned from the first four fifths of that time and tried on the rest, in a process of the "
                "lowest priority. Nothing changes before somebody promotes it."
            )
        )
        how.setWordWrap(True)
        how.setProperty("tone", "dim")
        form = QFormLayout()
        form.setVerticalSpacing(look.px(8))
        for name, field in (
            (tr("What for"), self.kind),
            (tr("Of"), self.subject),
            (tr("Learned from"), self.days),
            (tr("One row every"), self.period),
            (tr("Your name"), self.name),
        ):
            field.setAccessibleName(name)
            form.addRow(name, field)
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addWidget(self.purpose)
        column.addLayout(form)
        column.addWidget(self.nothing)
        column.addWidget(how)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Learn"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_kind(self) -> None:
        kind = ModelKind(self.kind.currentData())
        self.purpose.setText(purpose_text(kind))
        self.period.setCurrentIndex(self.period.findData(USUAL_S[kind]))
        self.subject.clear()
        for subject, is_class in subjects_of(self._plant, kind):
            self.subject.addItem(subject_text(subject, self._plant, is_class=is_class), subject)
        is_there = self.subject.count() > 0
        self.nothing.setVisible(not is_there)
        self.nothing.setText(tr("No equipment has a class: give it one (kind) in the plant file."))
        self._allow()

    def _allow(self) -> None:
        is_told = bool(self.name.text().strip()) and self.subject.count() > 0
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told)


def subjects_of(plant: Plant, kind: ModelKind) -> list[tuple[str, bool]]:
    """Return of what a model of a kind may be learned, and whether that is a class: classes first, best shared."""
    measured = {tag.equipment for tag in plant.tags if tag.kind is TagKind.ANALOG and not tag.is_text}
    classes = sorted({each.kind for each in plant.equipment if each.kind and each.id in measured})
    machines = [each.id for each in plant.equipment if each.id in measured]
    found = [(name, True) for name in classes] if kind is not ModelKind.EQUIPMENT else []
    return found + ([(name, False) for name in machines] if kind is not ModelKind.REMAINING_LIFE else [])
