"""How far the model is that is being learned or tried, with the button that ends it, or what became of the last one."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.model.model_command import ModelJob
from app.model.plant import Plant
from widgets.elided_label import ElidedLabel
from widgets.learning.wording import job_text
from widgets.theme import theme
from widgets.translation import tr

BAR_WIDTH = 160
_STEPS = 100


class JobBar(QWidget):
    """Hidden while nothing was learned or tried since the collector began."""

    cancel_asked = Signal()

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plant = plant
        self._job: ModelJob | None = None
        self.text = ElidedLabel()
        self.bar = QProgressBar()
        self.cancel = QPushButton()
        look = theme()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(look.px(BAR_WIDTH), look.px(8))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(10))
        row.addWidget(self.text, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        self.cancel.clicked.connect(self.cancel_asked)
        self.retranslate()

    def show_job(self, job: ModelJob | None) -> None:
        """Show what runs, or became of it; None: nothing has run."""
        self._job = job
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        job = self._job
        self.setVisible(job is not None)
        self.cancel.setText(tr("Cancel"))
        self.bar.setAccessibleName(tr("How far it is"))
        if job is None:
            return
        self.text.set_text(job_text(job, self._plant))
        runs = not job.phase.is_over
        self.cancel.setVisible(runs)
        self.bar.setVisible(runs)
        is_known = not math.isnan(job.share)
        self.bar.setRange(0, _STEPS if is_known else 0)
        self.bar.setValue(round(_STEPS * job.share) if is_known else 0)
