"""What the window shows before a plant is open: the demo plant, a device of one's own, or a plant this PC knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.plant.folder import PlantFolder
from widgets.header.header import Logo
from widgets.icon import IconButton
from widgets.keyboard.shortcut import key_text
from widgets.line_delegate import ROW, LineDelegate, line
from widgets.start.broken_plant import BrokenPlant
from widgets.start.choice_card import ChoiceCard
from widgets.start.setups import Setups
from widgets.theme import theme
from widgets.translation import language, tr

WIDTH = 940
LIST_ROWS = 5


class StartPage(QWidget):
    """Two large choices and the list of known plants; `plant_chosen` carries a PlantFolder."""

    help_asked = Signal()
    demo_asked = Signal()
    connect_asked = Signal()
    plant_chosen = Signal(object)
    theme_asked = Signal()
    language_asked = Signal()

    def __init__(self, parent: QWidget | None = None, *, setups: Setups | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel()
        self.demo = ChoiceCard("play")
        self.device = ChoiceCard("link")
        self.plants_title = QLabel()
        self.plants = QListWidget()
        self.message = QLabel()
        self.broken = BrokenPlant(setups or Setups())
        self.other = QPushButton()
        self.help = IconButton("help")
        self.look = IconButton("theme")
        self.language = IconButton("language")
        self._lay_out()
        self.demo.clicked.connect(self.demo_asked)
        self.device.clicked.connect(self.connect_asked)
        self.other.clicked.connect(self._ask_folder)
        self.broken.opened.connect(self.plant_chosen)
        self.broken.told.connect(self.message.setText)
        self.plants.itemActivated.connect(self._choose)
        self.plants.itemClicked.connect(self._choose)
        self.help.clicked.connect(self.help_asked)
        self.look.clicked.connect(self.theme_asked)
        self.language.clicked.connect(self.language_asked)
        self.show_plants([])
        self.retranslate()

    def show_plants(self, folders: Sequence[PlantFolder]) -> None:
        """List the plants that this PC knows."""
        self.plants.clear()
        for folder in folders:
            item = line(folder.path.name, detail=str(folder.path), payload=folder)
            item.setToolTip(str(folder.path))
            self.plants.addItem(item)
        self.plants_title.setVisible(bool(folders))
        self.plants.setVisible(bool(folders))
        self.plants.setFixedHeight(theme().hit(ROW) * max(1, min(len(folders), LIST_ROWS)) + theme().px(10))

    def show_message(self, text: str, *, is_busy: bool = False, broken: PlantFolder | None = None) -> None:
        """Tell what is being done (`is_busy`), or what went wrong with its remedy; `broken`: in which plant's file."""
        self.message.setText(text)
        self.broken.show_plant(broken)
        for choice in (self.demo, self.device, self.plants, self.other):
            choice.setEnabled(not is_busy)

    def open_folder(self, path: Path) -> None:
        """Open the plant in a folder, be it one that was moved or restored; say so where there is none in it."""
        folder = PlantFolder(path)
        if folder.configuration.is_file():
            self.plant_chosen.emit(folder)
            return
        self.show_message(
            tr(
                "{path} holds no plant.toml: choose the folder of a plant itself, such as the one that a backup was "
                "restored to.",
                path=path,
            )
        )

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Folder of a plant"), str(Path.home()))
        if chosen:
            self.open_folder(Path(chosen))

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.title.setText(tr("Open a plant"))
        self.demo.show_text(
            tr("Open the demo plant"),
            tr(
                "A simulated heat-treatment plant behind real Modbus and OPC UA servers, with faults that develop. "
                "Nothing to set up."
            ),
        )
        self.device.show_text(
            tr("Connect to a device"),
            tr("Find OPC UA servers and Modbus devices in the network, choose their signals and watch them."),
        )
        self.other.setText(tr("Open a plant in another folder…"))
        self.plants_title.setText(tr("Plants on this PC"))
        self.plants.setAccessibleName(tr("Plants on this PC"))
        self.help.name(f"{tr('Help')} ({key_text('window.help')})")
        self.look.name(tr("Switch between dark and light"))
        self.language.name(tr("Switch to Chinese") if language() == "en" else tr("Switch to English"))
        self.language.setText("中文" if language() == "en" else "EN")  # each language under its own name
        self.language.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        self.title.setProperty("lettering", "counter")
        self.plants_title.setProperty("lettering", "title")
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setMinimumHeight(look.px(60))
        self.plants.setFrameShape(QFrame.Shape.NoFrame)
        self.plants.setItemDelegate(LineDelegate(self.plants))
        head = QHBoxLayout()
        head.addWidget(Logo())
        head.addStretch(1)
        head.addWidget(self.help)
        head.addWidget(self.look)
        head.addWidget(self.language)
        choices = QHBoxLayout()
        choices.setSpacing(look.px(16))
        choices.addWidget(self.demo)
        choices.addWidget(self.device)
        middle = QVBoxLayout()
        middle.setSpacing(look.px(14))
        middle.addWidget(self.title)
        middle.addLayout(choices)
        middle.addSpacing(look.px(10))
        middle.addWidget(self.plants_title)
        middle.addWidget(self.plants)
        middle.addWidget(self.other, alignment=Qt.AlignmentFlag.AlignLeft)
        middle.addWidget(self.message)
        middle.addWidget(self.broken)
        body = QWidget()
        body.setFixedWidth(look.px(WIDTH))
        body.setLayout(middle)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(look.px(20), look.px(4), look.px(20), look.px(20))
        whole.addLayout(head)
        whole.addStretch(2)
        whole.addWidget(body, alignment=Qt.AlignmentFlag.AlignHCenter)
        whole.addStretch(3)

    def _choose(self, item: QListWidgetItem) -> None:
        self.plant_chosen.emit(item.data(Qt.ItemDataRole.UserRole))
