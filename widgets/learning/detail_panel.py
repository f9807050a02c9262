"""One model closely: where it stands and who decided that, what it has learned from, and how it did beside another."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.model.learned_model import ModelState, ModelStep
from app.model.model_command import ModelDeed
from app.model.plant import Plant
from widgets import number
from widgets.explain.subject import Subject, of_figure
from widgets.learning.figure import trial_figure
from widgets.learning.reading import KnownModel
from widgets.learning.wording import bound_text, model_text, purpose_text, score_name, score_text, state_text
from widgets.text_table import ROW, TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

DIGEST = 12
MOST_FACTS = 8
DEEDS = (ModelDeed.PROMOTE, ModelDeed.RETURN, ModelDeed.TRY)


class DetailPanel(QFrame):
    """`deed_asked`: what somebody wants to do with the model in view; `export_asked`: to give it to another plant."""

    deed_asked = Signal(object)  # ModelDeed
    export_asked = Signal()

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._plant = plant
        self.known: KnownModel | None = None
        self.title, self.purpose, self.state = QLabel(), QLabel(), QLabel()
        self.trial_head, self.steps_head, self.steps = QLabel(), QLabel(), QLabel()
        self.trials = TextTable(right=(1, 2, 3, 4))
        self.trial_view = TextTableView(self.trials, elastic=0)
        self.trial_view.explains = self._score_of
        self.buttons = {deed: QPushButton() for deed in DEEDS}
        self.export = QPushButton()
        self._fact_labels = [(QLabel(), QLabel()) for _ in range(MOST_FACTS)]
        self._lay_out()
        for deed, button in self.buttons.items():
            button.clicked.connect(lambda _=False, deed=deed: self.deed_asked.emit(deed))
        self.export.clicked.connect(lambda _=False: self.export_asked.emit())

    def show_model(self, known: KnownModel | None, *, is_busy: bool) -> None:
        """Show a model; `is_busy`: something is being learned or tried, so that nothing else can be."""
        self.known = known
        self.setVisible(known is not None)
        if known is None:
            return
        self.setAccessibleName(tr("Model {n}", n=known.record.number))
        self.title.setText(model_text(known.record, self._plant))
        self.purpose.setText(purpose_text(known.record.kind))
        self.state.setText(standing_text(known))
        self._show_facts()
        self._show_trial(known)
        self.steps_head.setText(tr("Who decided what"))
        self.steps.setText("\n".join(map(_step_text, reversed(known.steps))))
        self.buttons[ModelDeed.PROMOTE].setText(tr("Promote…"))
        self.buttons[ModelDeed.RETURN].setText(tr("Return…"))
        self.buttons[ModelDeed.TRY].setText(tr("Try again") if known.trials else tr("Try"))
        self.export.setText(tr("Export…"))
        self.buttons[ModelDeed.PROMOTE].setVisible(known.state is ModelState.CANDIDATE)
        self.buttons[ModelDeed.PROMOTE].setEnabled(bool(known.trials))
        self.buttons[ModelDeed.RETURN].setVisible(known.state is ModelState.ACTIVE)
        self.buttons[ModelDeed.TRY].setEnabled(not is_busy)
        self.buttons[ModelDeed.RETURN].setToolTip(tr("The model that counted before counts again"))
        self.buttons[ModelDeed.TRY].setToolTip(tr("On all that was recorded since, beside the model that counts"))
        self.export.setToolTip(tr("A file that another plant can take for equipment of the same class"))

    def facts(self) -> list[tuple[str, str]]:
        """Return the headings and texts that are shown."""
        if self.known is None:
            return []
        record = self.known.record
        span = ""
        if record.data_begin:
            span = f"{number.day_and_time(record.data_begin)[:-3]} – {number.day_and_time(record.data_end)[:-3]}"
        rows = [
            (tr("Learned at"), number.day_and_time(record.made)[:-3]),
            (tr("Asked for by"), record.author),
            (tr("From the time"), span or tr("of another plant")),
            (tr("One row every"), number.plain_duration(record.period_s)),
            (tr("Signals"), ", ".join(record.tags)),
            (tr("Modes of operation by"), ", ".join(record.modes)),
            (tr("Comes from"), record.source),
            (tr("Version"), tr("{n}, by program {version}", n=record.number, version=record.code_version)),
            (tr("Data"), f"SHA-256 {record.data_digest[:DIGEST]}…"),
        ]
        return [(head, text) for head, text in rows if text]

    def _lay_out(self) -> None:
        look = theme()
        self.title.setProperty("lettering", "large")
        self.state.setProperty("lettering", "title")
        for label in (self.purpose, self.trial_head, self.steps_head):
            label.setProperty("tone", "dim")
        for label in (self.title, self.purpose, self.state, self.trial_head, self.steps):
            label.setWordWrap(True)
        self.steps.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        facts = QGridLayout()
        facts.setColumnStretch(1, 1)
        facts.setHorizontalSpacing(look.px(12))
        for place, (name, value) in enumerate(self._fact_labels):
            name.setProperty("tone", "dim")
            name.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            facts.addWidget(name, place, 0)
            facts.addWidget(value, place, 1)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        inner.setSpacing(look.px(8))
        for widget in (self.title, self.purpose, self.state, self.trial_head, self.trial_view):
            inner.addWidget(widget)
        inner.addLayout(facts)
        inner.addWidget(self.steps_head)
        inner.addWidget(self.steps)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        row = QHBoxLayout()
        row.setContentsMargins(look.px(14), 0, look.px(14), look.px(12))
        row.setSpacing(look.px(8))
        for deed in DEEDS:
            row.addWidget(self.buttons[deed])
        self.buttons[ModelDeed.PROMOTE].setProperty("kind", "primary")
        row.addStretch(1)
        row.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll, 1)
        column.addLayout(row)

    def _show_facts(self) -> None:
        rows = self.facts()
        for place, (name, value) in enumerate(self._fact_labels):
            head, text = rows[place] if place < len(rows) else ("", "")
            name.setText(head)
            value.setText(text)
            name.setVisible(bool(text))
            value.setVisible(bool(text))

    def _show_trial(self, known: KnownModel) -> None:
        trial = known.trials[-1] if known.trials else None
        self.trial_view.setVisible(trial is not None)
        if trial is None:
            self.trial_head.setText(tr("Not tried yet: it cannot be promoted before it was."))
            return
        span = f"{number.day_and_time(trial.begin)[:-3]} – {number.day_and_time(trial.end)[:-3]}"
        beside = tr("model {n}", n=trial.beside) if trial.beside else tr("no model")
        self.trial_head.setText(
            tr("Shadow run over {span}, which neither has learned from, beside {beside}", span=span, beside=beside)
        )
        others = {score.name: score for score in trial.beside_scores}
        heads = (tr("Figure"), tr("This model"), beside[:1].upper() + beside[1:], tr("Has to be"), tr("Judged by"))
        rows = [
            TextRow(
                score.name,
                (
                    score_name(score.name),
                    score_text(score),
                    score_text(others.get(score.name)),
                    bound_text(score),
                    number.count(score.count),
                ),
                is_strong=score.misses,
            )
            for score in trial.scores
        ]
        self.trials.show_rows(heads, rows)
        self.trial_view.setFixedHeight(theme().hit(ROW) * (len(rows) + 1) + theme().px(6))
        self.trial_view.fit()

    def _score_of(self, name: str) -> Subject | None:
        """Return how a figure of the shadow run came about."""
        trial = self.known.trials[-1] if self.known is not None and self.known.trials else None
        row = next((each for each in self.trials.rows if each.key == name), None)
        if trial is None or row is None:
            return None
        return of_figure(trial_figure(name, row.cells, start=trial.begin, end=trial.end, beside=trial.beside))


def standing_text(known: KnownModel) -> str:
    """Return where a model stands, since when and by whom."""
    step = known.steps[-1] if known.steps else None
    if step is None:
        return state_text(known.state)
    when = number.day_and_time(step.time)[:-3]
    match known.state:
        case ModelState.ACTIVE:
            return tr("Counts since {when}, promoted by {by}", when=when, by=step.by)
        case ModelState.RETIRED:
            return tr("Retired since {when}, by {by}", when=when, by=step.by)
    return tr("A candidate: nothing of it counts before somebody promotes it")


def _step_text(step: ModelStep) -> str:
    parts = (number.day_and_time(step.time)[:-3], state_text(step.state), step.by, step.reason)
    return "  ·  ".join(part for part in parts if part)
