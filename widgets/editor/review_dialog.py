"""What a new plant file changes, shown before it is taken over: in terms of the plant, with a reason, by one press."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.acquisition.registry import driver_names, grammars
from app.plant.configuration_difference import ConfigurationChange, Difference, Effect, configuration_changes, effects
from app.plant.file import examine_text
from app.plant.followed_file import NewNames, followed_pictures, new_names
from app.plant.problem import Problem
from widgets.editor.wording import change_text, effects_text, subject_text
from widgets.help.button import HelpButton
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Review:
    """A new plant file beside the present one: what is otherwise, and what is wrong with it.

    `followers`: process pictures that will name things by their new names; `renamed`: tags whose history goes along.
    """

    before: str
    after: str
    changes: tuple[ConfigurationChange, ...] = ()
    effects: tuple[Effect, ...] = ()
    problems: tuple[Problem, ...] = ()
    followers: tuple[str, ...] = ()
    renamed: frozenset[str] = frozenset()

    @property
    def is_usable(self) -> bool:
        """Return whether nothing speaks against taking it over."""
        return self.before != self.after and all(each.is_warning or each.picture for each in self.problems)


def review_of(before: str, after: str, folder: Path) -> Review:
    """Return what replacing one text of a plant file by another changes; raise TOMLDecodeError."""
    old, new = (tomllib.loads(text.removeprefix(MARK)) for text in (before, after))
    found = examine_text(after.removeprefix(MARK), drivers=driver_names(), grammars=grammars(), folder=str(folder))
    former = examine_text(before.removeprefix(MARK), drivers=(), grammars={}, folder=str(folder)).plant
    names = NewNames({}) if former is None or found.plant is None else new_names(former, found.plant)
    return Review(
        before,
        after,
        tuple(configuration_changes(old, new)),
        tuple(effects(old, new)),
        found.problems,
        tuple(saving.picture for saving in followed_pictures(folder, names)) if names else (),
        frozenset(names.plain.get("tag", {})),
    )


def _renaming(review: Review) -> Iterator[str]:
    """Yield what becomes of the history and the pictures of what has another name."""
    if review.renamed:
        yield tr("What was recorded of {names} is found under the new name.", names=_some(sorted(review.renamed)))
    tags = [each for each in review.changes if each.what is Difference.RENAMED and each.subject.kind == "tag"]
    lost = [str(each.before) for each in tags if not each.subject.owner and str(each.before) not in review.renamed]
    if lost:
        yield tr("A tag with another name begins a new history; the former one stays under {name}.", name=_some(lost))
    others = [each for each in review.changes if each.what is Difference.RENAMED and each.subject.kind == "equipment"]
    if others:
        yield tr(
            "Alarms, cases and work orders so far stay under {names}; recurring work of its class counts from now.",
            names=_some([str(each.before) for each in others]),
        )
    if review.followers:
        yield tr("Process pictures that follow: {names}", names=_some(review.followers))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


@dataclass(frozen=True, slots=True)
class _Told:
    """A review in the words of the screen: of 10,000 changes these take longer than a frame."""

    review: Review
    rows: Sequence[TextRow]

    @classmethod
    def of(cls, review: Review) -> _Told:
        """Return a review with its rows."""
        marks = {Difference.ADDED: "+", Difference.REMOVED: "−"}
        rows = [
            TextRow(str(number), (marks.get(each.what, "~"), subject_text(each), change_text(each)))
            for number, each in enumerate(review.changes)
        ]
        return cls(review, rows)


class ReviewDialog(QDialog):
    """`agreed(review, reason)`: it is to be taken over; the dialog stays until `tell` or `accept`."""

    agreed = Signal(object, str)

    def __init__(
        self, title: str, read: Callable[[], Review], *, reason: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.review: Review | None = None
        self._is_busy = False
        self.message, self.told = QLabel(tr("Comparing…")), QLabel()
        self.table = TextTable(right=())
        self.view = TextTableView(self.table, elastic=2)
        self.reason = QLineEdit(reason)
        self.take, self.leave = QPushButton(tr("Take over")), QPushButton(tr("Close"))
        self.setWindowTitle(title)
        self._lay_out()
        self.reason.textChanged.connect(self._allow)
        self.reason.returnPressed.connect(self.take.click)
        self.take.clicked.connect(self._agree)
        self.leave.clicked.connect(self.reject)
        self._allow()
        Operation(self, lambda: _Told.of(read())).success(self._show).failure(
            lambda error: self.message.setText(station_text(error))
        ).start()

    def tell(self, text: str) -> None:
        """Say what became of it, and let it be tried again."""
        self._is_busy = False
        self.told.setText(text)
        self._allow()

    def _agree(self) -> None:
        if self.review is not None:
            self._is_busy = True
            self.told.setText(tr("Writing…"))
            self._allow()
            self.agreed.emit(self.review, self.reason.text().strip())

    def _show(self, told: _Told) -> None:
        self.review = review = told.review
        self.table.show_rows(("", tr("What"), tr("Change")), told.rows)
        self.view.fit()
        grave = [problem for problem in review.problems if not problem.is_warning and not problem.picture]
        if grave:
            lines = [problem.at("plant.toml") for problem in grave[:5]]
            self.message.setText("\n".join([tr("This is not in order yet and cannot be taken over:"), *lines]))
        elif not review.changes:
            same = review.before == review.after
            self.message.setText(tr("Nothing is otherwise.") if same else tr("Only comments or the layout differ."))
        else:
            self.message.setText("\n".join([effects_text(review.effects) or tr("This changes:"), *_renaming(review)]))
        self._allow()

    def _allow(self) -> None:
        is_usable = self.review is not None and self.review.is_usable
        has_reason = bool(self.reason.text().strip())
        self.take.setEnabled(is_usable and has_reason and not self._is_busy)
        self.take.setToolTip("" if has_reason or not is_usable else tr("Say first why, in the field above."))

    def _lay_out(self) -> None:
        look = theme()
        for label in (self.message, self.told):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view.setAccessibleName(tr("What changes"))
        self.reason.setPlaceholderText(tr("Why, as it will stand in the audit trail"))
        self.reason.setAccessibleName(tr("Reason"))
        self.take.setProperty("kind", "primary")
        for button in (self.take, self.leave):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        row.addWidget(HelpButton())
        row.addWidget(self.told, 1)
        row.addWidget(self.take)
        row.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        column.setSpacing(look.px(10))
        column.addWidget(self.message)
        column.addWidget(self.view, 1)
        column.addWidget(self.reason)
        column.addLayout(row)
        self.resize(look.px(900), look.px(600))
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
