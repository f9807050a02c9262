"""Shows what a file of another plant offers, and binds it to equipment of the same class, signal by signal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.learning.binding import roles_for, subjects_for
from app.model.model_command import ModelCommand, ModelDeed
from app.model.plant import Plant
from app.model.unit_symbol import unit_symbol
from widgets import number
from widgets.choice import ChoiceBox
from widgets.learning.reading import OfferedModel
from widgets.learning.wording import kind_text, subject_text, trial_text
from widgets.theme import theme
from widgets.translation import tr

LIST_HEIGHT = 260


class ImportDialog(QDialog):
    """`command` returns how the model is bound; only signals of the model's units can be chosen."""

    def __init__(self, plant: Plant, offered: OfferedModel, *, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant, self._offered = plant, offered
        self.subject, self.name, self.problem = ChoiceBox(), QLineEdit(operator), QLabel()
        self.roles: dict[str, ChoiceBox] = {role: ChoiceBox() for role in offered.shared.record.tags}
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        is_class = offered.shared.record.is_class
        for subject in subjects_for(offered.shared, plant):
            self.subject.addItem(subject_text(subject, plant, is_class=is_class), subject)
        self._lay_out()
        self.subject.currentIndexChanged.connect(self._show_roles)
        for box in self.roles.values():
            box.currentIndexChanged.connect(self._allow)
        self.name.textChanged.connect(self._allow)
        self._show_roles()

    @property
    def command(self) -> ModelCommand:
        """Return what is to be taken, and what its signals are called here."""
        names = {role: str(box.currentData()) for role, box in self.roles.items() if box.currentData() != role}
        subject = str(self.subject.currentData() or "")
        return ModelCommand(
            ModelDeed.TAKE, subject=subject, path=str(self._offered.path), digest=self._offered.digest, names=names
        )

    def about(self) -> str:
        """Return what the file holds."""
        shared = self._offered.shared
        lines = [
            tr(
                "{kind} of the class {name}, from plant {plant}, learned by {by} at {when}",
                kind=kind_text(shared.record.kind),
                name=shared.equipment_class or number.NO_VALUE,
                plant=shared.plant,
                by=shared.record.author,
                when=number.day_and_time(shared.record.made)[:-3],
            ),
            tr("How it did there: {trial}", trial=trial_text(shared.trial)),
            tr("It arrives as a candidate and has to prove itself on this plant's own history."),
        ]
        return "\n".join(lines)

    def _lay_out(self) -> None:
        look = theme()
        self.setWindowTitle(tr("Take a model from {file}", file=self._offered.path.name))
        self.setMinimumWidth(look.px(560))
        about = QLabel(self.about())
        about.setWordWrap(True)
        form, signals = QFormLayout(), QFormLayout()
        for name, field in ((tr("For which equipment"), self.subject), (tr("Your name"), self.name)):
            field.setAccessibleName(name)
            form.addRow(name, field)
        shared = self._offered.shared.record
        for (role, box), unit in zip(self.roles.items(), shared.units, strict=True):
            box.setAccessibleName(role)
            signals.addRow(f"{role}  {unit_symbol(unit)}".rstrip(), box)
        inner = QWidget()
        inner.setLayout(signals)
        self._signals = QScrollArea()
        self._signals.setWidgetResizable(True)
        self._signals.setWidget(inner)
        self._signals.setMaximumHeight(look.px(LIST_HEIGHT))
        self.problem.setWordWrap(True)
        head = QLabel(tr("What its signals are called here"))
        head.setProperty("tone", "dim")
        column = QVBoxLayout(self)
        column.setSpacing(look.px(12))
        column.addWidget(about)
        column.addLayout(form)
        column.addWidget(head)
        column.addWidget(self._signals)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Take it as a candidate"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_roles(self) -> None:
        subject = str(self.subject.currentData() or "")
        known = roles_for(self._offered.shared, self._plant, subject) if subject else {}
        for role, box in self.roles.items():
            box.blockSignals(True)
            box.clear()
            for here in known.get(role, []):
                box.addItem(here, here)
            box.setEnabled(box.count() > 0)
            box.blockSignals(False)
        self._allow()

    def _allow(self) -> None:
        problem = self._problem()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        is_told = bool(self.name.text().strip())
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_told and not problem)

    def _problem(self) -> str:
        shared = self._offered.shared
        if not self.subject.count():
            name = shared.equipment_class or number.NO_VALUE
            return tr("This plant has no equipment of the class {name}: give it that class (kind) in the plant file.",
                      name=name)  # fmt: skip
        missing = [role for role, box in self.roles.items() if not box.count()]
        if missing:
            units = dict(zip(shared.record.tags, shared.record.units, strict=True))
            names = ", ".join(f"{role} ({unit_symbol(units[role]) or '1'})" for role in missing)
            return tr("No signal here has the unit of {names}: give the tag that unit in the plant file.", names=names)
        chosen = [str(box.currentData()) for box in self.roles.values()]
        twice = sorted({each for each in chosen if chosen.count(each) > 1})
        return tr("{name} is chosen twice.", name=twice[0]) if twice else ""
