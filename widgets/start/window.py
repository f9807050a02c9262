"""The window without a plant: the start page, and behind it the way to a device of one's own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from app.plant.folder import PlantFolder
from widgets.connection.certificates import Certificates
from widgets.engineering.devices import Devices
from widgets.help.topics import ADD_DEVICE, FIRST_HOUR
from widgets.keyboard.shortcut import bind
from widgets.preference import Preferences
from widgets.start.connect import ConnectPage
from widgets.start.page import StartPage
from widgets.start.setups import Setups
from widgets.theme import apply, load, theme
from widgets.translation import language, set_language, tr


class StartWindow(QMainWindow):
    """`plant_made` carries a Plant that was put together on the connect page."""

    plant_made = Signal(object)

    def __init__(
        self,
        devices: Devices,
        preferences: Preferences,
        certificates: Certificates | None = None,
        parent: QWidget | None = None,
        *,
        setups: Setups | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.page = StartPage(setups=setups)
        self.connect_page = ConnectPage(devices, certificates)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.page)
        self.stack.addWidget(self.connect_page)
        self.setCentralWidget(self.stack)
        self.setMinimumSize(theme().px(1100), theme().px(640))
        self.resize(theme().px(1280), theme().px(800))
        self.page.connect_asked.connect(self.show_connect)
        self.page.theme_asked.connect(self.switch_theme)
        self.page.language_asked.connect(self.switch_language)
        self.page.help_asked.connect(self.open_help)
        bind("window.help", self, self.open_help)
        self.connect_page.back_asked.connect(lambda: self.stack.setCurrentWidget(self.page))
        self.connect_page.plant_made.connect(self.plant_made)
        self.retranslate()
        self.page.demo.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_connect(self) -> None:
        """Bring the way to a device into view, ready to search the network."""
        self.stack.setCurrentWidget(self.connect_page)
        self.connect_page.scan.start_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_message(self, text: str, *, is_busy: bool = False, broken: PlantFolder | None = None) -> None:
        """Tell what is being done or what went wrong, on the page in view; `broken`: in which plant's file."""
        self.page.show_message(text, is_busy=is_busy, broken=broken)
        self.connect_page.show_message(text)

    def open_help(self) -> None:
        """Open the help for the page in view in a window beside this one."""
        from widgets.help.window import open_beside  # noqa: PLC0415 - read when somebody asks for it

        open_beside(self, FIRST_HOUR if self.stack.currentWidget() is self.page else ADD_DEVICE)

    def switch_theme(self) -> None:
        """Change between dark and light."""
        self._preferences.theme = "light" if theme().is_dark else "dark"
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply(app, load(self._preferences.theme, scale=theme().scale))

    def switch_language(self) -> None:
        """Change between Chinese and English."""
        self._preferences.language = "en" if language() == "zh" else "zh"
        set_language(self._preferences.language)

    def retranslate(self) -> None:
        """Renew the window's own text."""
        self.setWindowTitle(tr("Foreshift – choose a plant"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.connect_page.leave()
        self._preferences.save()
        super().closeEvent(event)
