"""The window on one plant: header, alarm banner, equipment tree, pages, status bar, and the keys that reach them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGestureEvent,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.model.work_order import WorkRequest
from app.plant.folder import PlantFolder
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.banner import AlarmBanner
from widgets.connection.certificates import Certificates
from widgets.connection.connection_dialog import ConnectionDialog
from widgets.control.writing import Writing
from widgets.dock.docks import Docks
from widgets.engineering.deeds import EngineeringDeeds
from widgets.engineering.devices import Devices
from widgets.engineering.editing import Editing
from widgets.equipment.connections import ConnectionList
from widgets.equipment.tree import EquipmentPanel
from widgets.explain.reach import Explaining
from widgets.feed import Feed
from widgets.findable import Findable
from widgets.finder import Finder
from widgets.guarded_event import guarded_event
from widgets.header.header import Header
from widgets.help.reach import Helping
from widgets.keyboard.focus_ring import Keyboard
from widgets.keyboard.page_focus import PageFocus
from widgets.keyboard.shortcut import bind
from widgets.navigation import Navigation, PageFactory
from widgets.preference import Preferences
from widgets.size import LEAST_WINDOW
from widgets.sound.annunciator import Annunciator
from widgets.sound.player import SoundPlayer
from widgets.status_bar import StatusBar
from widgets.theme import apply, load, theme
from widgets.translation import language, local, set_language
from widgets.window_place import WindowPlace

if TYPE_CHECKING:
    from widgets.maintenance.orders import WorkOrders

TREE_WIDTH = 340
NARROW_TREE_WIDTH = 284
NARROW_WINDOW = 1600


class MainWindow(QMainWindow):
    """A plant's screens; pages are built when they are first shown, from what `pages` gives, in this order."""

    plants_asked = Signal()
    closed = Signal()
    size_asked = Signal(int)  # everything larger by so many steps, 0 for the usual size: the window is made anew

    def __init__(
        self,
        feed: Feed,
        *,
        preferences: Preferences,
        pages: Callable[[Acknowledgement], Sequence[PageFactory]],
        certificates: Certificates | None = None,
        devices: Devices | None = None,
        editing: Editing | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.feed = feed
        self.preferences = preferences
        self.certificates = certificates or Certificates()
        self.navigation = Navigation(feed.plant, parent=self)
        self.acknowledgement = Acknowledgement(feed, preferences, self)
        self.writing = Writing(feed, self)
        self.engineering = EngineeringDeeds(
            feed, self.writing, self, certificates=self.certificates, devices=devices, editing=editing
        )
        self.pages = tuple(pages(self.acknowledgement))
        self.header = Header(feed, self.navigation, pages=self.pages)
        self.annunciator = Annunciator(feed, preferences, self._player(), self)
        self.banner = AlarmBanner(feed, self.navigation, self.acknowledgement, self.annunciator)
        self.tree = EquipmentPanel(feed, self.navigation)
        self.connections = ConnectionList(feed)
        self.side = QFrame()
        self.stack = QStackedWidget()
        self.status = StatusBar(feed)
        self.findable = Findable(self)
        self.place = WindowPlace(self, preferences)
        self.explaining = Explaining(feed, self.navigation, self)
        self.keyboard = Keyboard(self)
        self.docks = Docks(self)
        self.helping = Helping(self)
        self._built: dict[str, QWidget] = {}
        self._work: WorkOrders | None = None
        self.page_focus = PageFocus(self)
        self._lay_out()
        self._connect()
        self._add_keys()
        self._restore()
        self.retranslate()
        (self.tree.view.setFocus if self.side.isVisibleTo(self) else self.page_focus.enter)()

    def _player(self) -> SoundPlayer | None:
        """Return what plays sounds; a window that nobody can see is not heard either."""
        return None if QGuiApplication.platformName() in {"offscreen", "minimal"} else SoundPlayer(parent=self)

    def page(self, key: str) -> QWidget:
        """Return a page, built now where it has not been shown before."""
        if key not in self._built:
            factory = next(page for page in self.pages if page.key == key)
            self._built[key] = factory.build(self.feed, self.navigation)
            self.stack.addWidget(self._built[key])
        return self._built[key]

    def switch_theme(self) -> None:
        """Change between dark and light."""
        self.preferences.theme = "light" if theme().is_dark else "dark"
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply(app, load(self.preferences.theme, scale=theme().scale))

    def switch_language(self) -> None:
        """Change between Chinese and English."""
        self.preferences.language = "en" if language() == "zh" else "zh"
        set_language(self.preferences.language)

    def search(self) -> None:
        """Open the search."""
        plant = self.feed.plant.id
        below = self.header.mapToGlobal(QPoint(self.header.width() // 2, self.header.height() + 4))
        finder = Finder(self.findable, self, recent=self.preferences.recent(plant))
        finder.opened.connect(partial(self.preferences.add_recent, plant))
        finder.appear(below)

    def show_connection(self, name: str) -> ConnectionDialog:
        """Show one connection closely, for as long as somebody looks at it."""
        definition = next(each for each in self.feed.plant.connections if each.id == name)
        has_users = bool(definition.folder) and PlantFolder(Path(definition.folder)).users.exists()
        session = self.writing.session if has_users else None
        dialog = ConnectionDialog(definition, self.certificates, self, session=session)
        row = self.connections.rows[name]

        def follow() -> None:
            dialog.show_report(row.report, row.state_text())

        self.feed.collector_changed.connect(follow)
        dialog.finished.connect(lambda: self.feed.collector_changed.disconnect(follow))
        dialog.finished.connect(dialog.deleteLater)
        dialog.failed.connect(self.status.show_notice)
        follow()
        dialog.open()
        return dialog

    def toggle_full_screen(self) -> None:
        """Fill the screen, or return from that."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def retranslate(self) -> None:
        """Renew the window's own texts."""
        self.setWindowTitle(f"{local(self.feed.plant.name)} – Foreshift")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.explaining.answer_menu(event)

    @guarded_event
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QGestureEvent):
            self.explaining.press(event)
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        has_moved = super().focusNextPrevChild(is_next)
        self.keyboard.use()
        return has_moved

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        look = theme()
        is_narrow = self.width() < look.px(NARROW_WINDOW)
        self.side.setFixedWidth(look.px(NARROW_TREE_WIDTH if is_narrow else TREE_WIDTH))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.place.save()
        self.annunciator.close()
        self.closed.emit()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        look = theme()
        self._build_side()
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(look.px(8))
        body.addWidget(self.side)
        body.addWidget(self.docks.area, 1)
        middle = QVBoxLayout()
        middle.setContentsMargins(look.px(8), look.px(6), look.px(8), look.px(8))
        middle.setSpacing(look.px(8))
        middle.addWidget(self.banner)
        middle.addLayout(body, 1)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(middle, 1)
        whole.addWidget(self.status)
        central = QWidget()
        central.setLayout(whole)
        self.setCentralWidget(central)
        self.setMinimumSize(look.px(LEAST_WINDOW.width()), look.px(LEAST_WINDOW.height()))
        self.resize(look.px(1600), look.px(900))

    def _build_side(self) -> None:
        self.side.setProperty("surface", "panel")
        rule = QFrame()
        rule.setProperty("surface", "rule")
        rule.setFixedHeight(1)
        column = QVBoxLayout(self.side)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addWidget(rule)
        column.addWidget(self.connections)

    def _connect(self) -> None:
        self.header.search_asked.connect(self.search)
        self.header.theme_asked.connect(self.switch_theme)
        self.header.language_asked.connect(self.switch_language)
        self.header.operator_asked.connect(self.ask_operator)
        self.writing.session.changed.connect(self._take_session)
        self.writing.told.connect(self.status.show_notice)
        self.engineering.told.connect(self.status.show_notice)
        self.navigation.write_asked.connect(self.writing.open)
        self.navigation.limits_asked.connect(self.engineering.set_limits)
        self.navigation.work_asked.connect(self._ask_work)
        self.navigation.call_asked.connect(self.writing.open_method)
        self.header.set_operator(self.acknowledgement.operator)
        self.acknowledgement.operator_changed.connect(self.header.set_operator)
        self.acknowledgement.refused.connect(self.status.show_notice)
        self.annunciator.changed.connect(self._show_sound)
        self.feed.alarms_changed.connect(lambda _: self.status.end_notice())
        self.feed.refused.connect(self.status.show_notice)
        self.feed.collector_link_changed.connect(lambda _, __: self.status.show_notice(""))
        self.connections.connection_asked.connect(self.show_connection)
        self.connections.addition_asked.connect(self.engineering.add_device)
        self.connections.engineering_asked.connect(partial(self.navigation.open_page, "engineering"))
        self.navigation.page_changed.connect(self._show_page)
        self.navigation.equipment_changed.connect(self._remember_equipment)

    def _add_keys(self) -> None:
        keys: list[tuple[str, Callable[[], None]]] = [
            ("window.acknowledge", self.banner.acknowledge),
            ("window.silence", self.annunciator.silence),
            ("window.own", lambda: self.navigation.window_asked.emit(self.navigation.page)),
            ("window.replay", partial(self.navigation.replay_asked.emit, 0)),
            ("window.search", self.search),
            ("window.full-screen", self.toggle_full_screen),
            ("window.larger", partial(self.size_asked.emit, 1)),
            ("window.smaller", partial(self.size_asked.emit, -1)),
        ]
        for name, call in keys:
            bind(name, self, call)

    def _restore(self) -> None:
        plant = self.feed.plant
        self.place.restore()
        last = self.preferences.equipment(plant.id)
        first = next((item.id for item in plant.equipment if plant.tags_of(item.id)), "")
        self.navigation.select_equipment(last if last in self.feed.equipment else first)
        keys = [page.key for page in self.pages]
        if keys:
            self.navigation.open_page(self.preferences.page if self.preferences.page in keys else keys[0])

    def _show_sound(self) -> None:
        """Tell why nothing can be heard; leave other notices where there is no reason to."""
        if self.annunciator.problem:
            self.status.show_notice(self.annunciator.problem)

    def ask_operator(self) -> None:
        """Ask for a name and PIN where something can be written, else for a name alone."""
        if not self.feed.may_act():
            return
        if self.writing.tags or self.writing.methods:
            self.writing.sign_in_or_off()
        else:
            self.acknowledgement.ask_operator()

    def _ask_work(self, request: WorkRequest) -> None:
        """Ask for work of maintenance."""
        if self._work is None:
            from widgets.maintenance.orders import WorkOrders  # noqa: PLC0415 - the window is seen before it is needed

            has_users = self.feed.folder.users.exists
            self._work = WorkOrders(self.feed, self.acknowledgement, self, has_users=has_users)
            self._work.told.connect(self.status.show_notice)
        self._work.ask(request)

    def _take_session(self) -> None:
        """Let acknowledgements carry the name of who is signed in, and of nobody once that one has left."""
        self.acknowledgement.set_operator(self.writing.session.name)

    def _show_page(self, key: str) -> None:
        factory = next((page for page in self.pages if page.key == key), None)
        if factory is not None:
            self.stack.setCurrentWidget(self.page(key))
            self.side.setVisible(factory.has_tree)
            self.preferences.page = key

    def _remember_equipment(self, equipment: str) -> None:
        self.preferences.set_equipment(self.feed.plant.id, equipment)
