"""What can be done about a plant whose file cannot be used: try again, or return to its last set-up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError
from widgets.engineering.layout import line_of
from widgets.number import day_and_time
from widgets.operation import Operation
from widgets.start.plant_problems import problems_text
from widgets.start.setups import Setup, Setups
from widgets.station_text import station_text
from widgets.translation import tr


class BrokenPlant(QWidget):
    """Hidden while nothing is broken; `opened` asks for the plant to be opened anew, `told` carries what went wrong."""

    opened = Signal(object)
    told = Signal(str)

    def __init__(self, setups: Setups, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setups = setups
        self._folder: PlantFolder | None = None
        self.setup: Setup | None = None
        self.again, self.back = QPushButton(), QPushButton()
        self.meant, self.agree, self.leave = QLabel(), QPushButton(), QPushButton()
        self._lay_out()
        self.again.clicked.connect(self._open)
        self.back.clicked.connect(lambda: self._ask(is_asked=True))
        self.leave.clicked.connect(lambda: self._ask(is_asked=False))
        self.agree.clicked.connect(self._take)
        self.show_plant(None)

    def show_plant(self, folder: PlantFolder | None) -> None:
        """Offer what can be done about the plant in `folder`; nothing for None."""
        self._folder, self.setup = folder, None
        self.setVisible(folder is not None)
        self._ask(is_asked=False)
        self.retranslate()
        if folder is not None:
            look = Operation(self, lambda: self._setups.last(folder))
            look.success(lambda setup: self._offer(folder, setup)).failure(self._fail).start()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.again.setText(tr("Open it again"))
        self.agree.setText(tr("Return to it"))
        self.leave.setText(tr("Leave it"))
        setup = self.setup
        self.back.setVisible(setup is not None)
        if setup is not None:
            time = day_and_time(setup.time)
            self.back.setText(tr("Return to the set-up of {time}…", time=time))
            self.meant.setText(
                tr(
                    "plant.toml becomes again what was in use since {time}: {reason}. The file as it is now is kept "
                    "beside it under another name.",
                    time=time,
                    reason=station_text(setup.reason),
                )
            )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _offer(self, folder: PlantFolder, setup: Setup | None) -> None:
        if folder is self._folder:  # another one may have been opened meanwhile
            self.setup = setup
            self.retranslate()

    def _ask(self, *, is_asked: bool) -> None:
        for widget in (self.meant, self.agree, self.leave):
            widget.setVisible(is_asked)
        if is_asked:
            self.leave.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self) -> None:
        if self._folder is not None:
            self.opened.emit(self._folder)

    def _take(self) -> None:
        folder, setup = self._folder, self.setup
        if folder is not None and setup is not None:
            work = Operation(self, lambda: self._setups.take(folder, setup))
            work.success(lambda _: self.opened.emit(folder)).failure(self._fail).start()

    def _fail(self, error: Exception) -> None:
        self.told.emit(problems_text(error) if isinstance(error, PlantFileError) else station_text(error))

    def _lay_out(self) -> None:
        self.meant.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line_of(self.again, self.back, None))
        column.addWidget(self.meant)
        column.addLayout(line_of(self.agree, self.leave, None))
