"""The page "Models": every learned model of the plant with one of them closely, and what is being learned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.model.learned_model import ModelState
from app.model.model_command import ModelCommand, ModelDeed, ModelJob
from widgets import number
from widgets.feed import Feed
from widgets.help.link import HelpLink
from widgets.learning.deeds import ModelDeeds
from widgets.learning.detail_panel import DetailPanel
from widgets.learning.import_dialog import ImportDialog
from widgets.learning.job_bar import JobBar
from widgets.learning.learn_dialog import LearnDialog
from widgets.learning.reading import KnownModel, ModelReading, OfferedModel
from widgets.learning.step_dialog import StepDialog
from widgets.learning.wording import kind_text, state_text, subject_text, trial_text
from widgets.navigation import Navigation
from widgets.operation import Operation
from widgets.renewed_page import RenewedPage
from widgets.station_text import station_text
from widgets.text_table import TextRow, TextTable, TextTableView
from widgets.theme import theme
from widgets.translation import tr

RENEW_MS = 5_000
DETAIL_SHARE = 0.43
_ORDER = (ModelState.ACTIVE, ModelState.CANDIDATE, ModelState.RETIRED)


class ModelPage(RenewedPage):
    """Models are read from the file every five seconds while the page is seen; what is being learned comes live.

    `deeds`: makes, for the page, what sends commands.
    """

    def __init__(
        self,
        feed: Feed,
        navigation: Navigation,
        *,
        deeds: Callable[[QWidget], ModelDeeds],
        reading: ModelReading,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RENEW_MS, parent)
        self.setProperty("surface", "panel")
        self._feed, self._deeds, self._reading = feed, deeds(self), reading
        self._models: dict[str, KnownModel] = {}
        self._wanted = 0
        self.learn, self.take = QPushButton(), QPushButton()
        self.note, self.nothing = QLabel(), QLabel()
        HelpLink(self.nothing, "models#empty", navigation)
        self.job = JobBar(feed.plant)
        self.table = TextTable(right=(0,))
        self.view = TextTableView(self.table, elastic=5)
        self.detail = DetailPanel(feed.plant)
        self._lay_out()
        self._connect()
        self.retranslate()

    def renew(self) -> None:
        """Read the models anew."""
        Operation(self, self._reading.models).success(self._take).failure(self._tell_error).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.view.setAccessibleName(tr("Models"))
        self.learn.setText(tr("Learn…"))
        self.take.setText(tr("Import…"))
        self.take.setToolTip(tr("Takes a model that was exported from another plant, for equipment of the same class"))
        self.nothing.setText(
            tr(
                "Nothing was learned yet. Limits, trends and health work without: a learned model adds what only this "
                "plant's own past can tell. Learn… begins with one."
            )
        )
        self.job.retranslate()
        self._show()

    def ask_learning(self) -> LearnDialog | None:
        """Ask what is to be learned, and begin with it."""
        if not self._deeds.may_act():
            return None
        dialog = LearnDialog(self._feed.plant, operator=self._deeds.operator, parent=self)
        dialog.accepted.connect(lambda: self._deeds.send(dialog.command, operator=dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def act(self, deed: ModelDeed) -> StepDialog | None:
        """Do something with the model in view, after asking who and why where it changes what counts."""
        known = self.detail.known
        if known is None or not self._deeds.may_act():
            return None
        if deed is ModelDeed.TRY:
            self._deeds.send(ModelCommand(deed, known.record.number))
            return None
        dialog = StepDialog(self._feed.plant, known, deed, operator=self._deeds.operator, parent=self)
        dialog.accepted.connect(lambda: self._deeds.send(dialog.command, operator=dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def write(self, target: Path) -> None:
        """Write the model in view into a file, in the background."""
        known = self.detail.known
        if known is None:
            return
        chosen = known.record.number
        work = Operation(self, lambda: self._reading.write(chosen, target))
        work.success(lambda _: self._tell(tr("Model {n} was written to {file}", n=chosen, file=target.name)))
        work.failure(self._tell_error).start()

    def open_file(self, path: Path) -> None:
        """Look at a model in a file, in the background, and ask what it is for here."""
        Operation(self, lambda: self._reading.offered(path)).success(self._offer).failure(self._tell_error).start()

    def offer(self, offered: OfferedModel) -> ImportDialog:
        """Ask what a model of another plant is for here, and take it."""
        dialog = ImportDialog(self._feed.plant, offered, operator=self._deeds.operator, parent=self)
        dialog.accepted.connect(lambda: self._deeds.send(dialog.command, operator=dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setFixedWidth(round(DETAIL_SHARE * self.width()))

    def _lay_out(self) -> None:
        look = theme()
        bar = QHBoxLayout()
        bar.setSpacing(look.px(8))
        self.note.setProperty("tone", "dim")
        self.note.setWordWrap(True)
        bar.addWidget(self.learn)
        bar.addWidget(self.take)
        bar.addSpacing(look.px(8))
        bar.addWidget(self.note, 1)
        self.nothing.setProperty("tone", "dim")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(look.px(12))
        row.addWidget(self.view, 1)
        row.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(12))
        column.setSpacing(look.px(10))
        column.addLayout(bar)
        column.addWidget(self.job)
        column.addLayout(row, 1)
        column.addWidget(self.nothing, 1)

    def _connect(self) -> None:
        self.learn.clicked.connect(self.ask_learning)
        self.take.clicked.connect(self._choose_file)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.detail.deed_asked.connect(self.act)
        self.detail.export_asked.connect(self._choose_target)
        self.job.cancel_asked.connect(lambda: self._deeds.send(ModelCommand(ModelDeed.CANCEL)))
        self._deeds.told.connect(self._tell)
        self._deeds.done.connect(self.renew)
        self._feed.learning_changed.connect(self._follow)

    def _follow(self, job: ModelJob) -> None:
        if job.phase.is_over:
            self._wanted = job.model
            self.renew()
        self._show_job()

    def _show_job(self) -> None:
        job = self._feed.learning
        self.job.show_job(job)
        self.learn.setEnabled(not self._is_busy)
        self.detail.show_model(self.detail.known, is_busy=self._is_busy)

    @property
    def _is_busy(self) -> bool:
        return self._feed.learning is not None and not self._feed.learning.phase.is_over

    def _take(self, models: Sequence[KnownModel]) -> None:
        self._models = {str(each.record.number): each for each in models}
        self._show()

    def _show(self) -> None:
        known = sorted(self._models.values(), key=lambda each: _ORDER.index(each.state))
        heads = (
            tr("No."),
            tr("State"),
            tr("What for"),
            tr("Of"),
            tr("Learned at"),
            tr("How it did (the other)"),
        )
        chosen = str(self._wanted) if str(self._wanted) in self._models else self.view.chosen()
        self._wanted = 0
        self.table.show_rows(heads, [self._row(each) for each in known])
        self.view.fit()
        keys = [row.key for row in self.table.rows]
        if keys:
            self.view.selectRow(keys.index(chosen) if chosen in keys else 0)
        self.view.setVisible(bool(keys))
        self.detail.setVisible(bool(keys))
        self.nothing.setVisible(not keys)
        self._choose()
        self._show_job()

    def _row(self, known: KnownModel) -> TextRow:
        record = known.record
        cells = (
            str(record.number),
            state_text(known.state),
            kind_text(record.kind),
            subject_text(record.subject, self._feed.plant, is_class=record.is_class),
            number.moment(record.made, now=clock.now_ns()),
            trial_text(known.trials[-1] if known.trials else None),
        )
        return TextRow(str(record.number), cells, is_strong=known.state is ModelState.ACTIVE)

    def _choose(self) -> None:
        self.detail.show_model(self._models.get(self.view.chosen()), is_busy=self._is_busy)

    def _choose_file(self) -> None:
        if not self._deeds.may_act():
            return
        dialog = QFileDialog(self, tr("Import a model"))
        dialog.setNameFilter(tr("Model (*.json)"))
        dialog.fileSelected.connect(lambda file: self.open_file(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _offer(self, offered: OfferedModel) -> None:
        self.offer(offered)

    def _choose_target(self) -> None:
        known = self.detail.known
        if known is None:
            return
        dialog = QFileDialog(self, tr("Export model {n}", n=known.record.number))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Model (*.json)"))
        dialog.setDefaultSuffix("json")
        dialog.selectFile(f"{known.record.subject}-{known.record.kind}-{known.record.number}.json")
        dialog.fileSelected.connect(lambda file: self.write(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell(self, text: str) -> None:
        self.note.setText(text)

    def _tell_error(self, error: Exception) -> None:
        self._tell(station_text(error))
