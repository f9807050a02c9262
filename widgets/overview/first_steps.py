"""What is to be done next in a plant in which nothing is set up but its signals."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.theme import theme
from widgets.translation import tr


class FirstSteps(QFrame):
    """Each button asks for one deed of an engineer, by its name in `NAMES`; `asked` carries it."""

    asked = Signal(str)
    LIMITS, DEVICE, LIST, PICTURE, SHEETS, HELP = NAMES = ("limits", "device", "list", "picture", "sheets", "help")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.told = QLabel(), QLabel()
        self.buttons = {name: QPushButton() for name in self.NAMES}
        self._lay_out()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.asked.emit(name))
        self.retranslate()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.title.setText(tr("The next steps"))
        self.told.setText(
            tr(
                "This plant has no limits yet, so that nothing alarms and nothing is foreseen. The right button on a "
                "value, or a finger kept on it, sets its own."
            )
        )
        texts = {
            self.LIMITS: tr("Set the limits of the first signal…"),
            self.DEVICE: tr("Add a device…"),
            self.LIST: tr("Take over a list…"),
            self.PICTURE: tr("Draw a picture…"),
            self.SHEETS: tr("All of Engineering"),
            self.HELP: tr("First hour"),
        }
        for name, text in texts.items():
            self.buttons[name].setText(text)

    def _lay_out(self) -> None:
        look = theme()
        self.setProperty("surface", "card")
        self.title.setProperty("lettering", "title")
        self.told.setWordWrap(True)
        self.told.setProperty("tone", "dim")
        self.buttons[self.LIMITS].setProperty("kind", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        column.setSpacing(look.px(8))
        column.addWidget(self.title)
        column.addWidget(self.told)
        grid = QGridLayout()
        grid.setSpacing(look.px(8))
        first, *others = self.buttons.values()
        grid.addWidget(first, 0, 0, 1, 2)
        for place, button in enumerate(others):
            last = place == len(others) - 1 and place % 2 == 0
            grid.addWidget(button, 1 + place // 2, place % 2, 1, 2 if last else 1)
        column.addLayout(grid)
