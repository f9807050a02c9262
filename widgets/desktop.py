"""The composition root of the window's process: which window is in view, on which plant, in which look and language."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType

from PySide6.QtCore import QObject, QSize, Qt, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.model import clock
from app.model.plant import Plant
from app.plant.catalogue import PlantCatalogue
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError
from app.plant.writer import write_plant
from widgets import theme
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.connection.certificates import Certificates
from widgets.engineering.devices import Devices
from widgets.engineering.editing import Editing
from widgets.feed import Feed
from widgets.icon import window_icon
from widgets.main_window import MainWindow
from widgets.navigation import PageFactory
from widgets.off_screen import OffScreen, OffScreenRun, displays_of
from widgets.operation import Operation, wait_for_all
from widgets.pages import pages_of
from widgets.preference import Preferences
from widgets.qt_log import log_qt
from widgets.replay.dialog import InstantDialog
from widgets.size import fitting, stepped
from widgets.start.plant_problems import problems_text
from widgets.start.setups import Setups
from widgets.start.window import StartWindow
from widgets.station_text import station_text
from widgets.tidying import Tidying
from widgets.translation import set_language, tr
from widgets.window_place import fit

log = logging.getLogger(__name__)

PagesOf = Callable[[PlantFolder, Acknowledgement], Sequence[PageFactory]]

EXIT_UNUSABLE = 2
SIGNAL_POLL_MS = 200
OFF_SCREEN_SIZE = (1920, 1080)


def _adopt_nothing(folder: PlantFolder, plant: Plant) -> Plant:
    del folder
    return plant


def _open_nothing(folder: PlantFolder, page: str) -> None:
    del folder, page


def _replay_nothing(folder: PlantFolder, instant: int, speed: int) -> None:
    del folder, instant, speed


def _is_of_the_system(error: Exception) -> bool:
    return isinstance(error, OSError)


@dataclass(frozen=True, slots=True)
class Services:
    """What the window asks of the rest of the program; every call is made in a background thread.

    `ensure_collector`: see that a collector runs for the plant; called while it is silent, at most every three
    seconds. `open_demo`: start the demo plant and return its folder. `devices`: those that no plant has yet.
    `is_told`: whether the message of an error is all there is to say of it. `certificates`: whom devices say they are.
    `adopt`: take the certificates and passwords with which a new plant's devices were browsed into its folder, and
    return the plant that names them there. `editing`: changing the plant that is open. `open_replay`: show the plant's
    past in a window of its own, from an instant (int64 ns UTC) on, so many times as fast as it was. `open_page`: show a
    page in a window of its own. `setups`: the way back from a plant file that cannot be used.
    """

    ensure_collector: Callable[[PlantFolder], None]
    open_demo: Callable[[], PlantFolder]
    devices: Devices = field(default_factory=Devices)
    is_told: Callable[[Exception], bool] = _is_of_the_system
    certificates: Certificates = field(default_factory=Certificates)
    adopt: Callable[[PlantFolder, Plant], Plant] = _adopt_nothing
    editing: Editing = field(default_factory=Editing)
    open_replay: Callable[[PlantFolder, int, int], None] = _replay_nothing
    open_page: Callable[[PlantFolder, str], None] = _open_nothing
    setups: Setups = field(default_factory=Setups)


class Desktop(QObject):
    """Holds the one window that is in view: the start window, or the window on a plant."""

    def __init__(
        self,
        app: QApplication,
        services: Services,
        *,
        catalogue: PlantCatalogue,
        pages: PagesOf = pages_of,
        on_feed: Callable[[Feed], object] | None = None,
        run: OffScreenRun | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._services = services
        self._catalogue = catalogue
        self._pages = pages
        self._on_feed = on_feed
        self._run = run
        self._told = ""
        self.preferences = Preferences(catalogue.home / "window.ini")
        self.window: MainWindow | None = None
        self.start_window: StartWindow | None = None
        scale = fitting(self.preferences.scale, _screen(app))
        theme.apply(app, theme.load(self.preferences.theme, scale=scale))
        set_language(self.preferences.language)
        app.setWindowIcon(window_icon())

    def begin(self, folder: PlantFolder | None, *, plant: Plant | None = None, with_demo: bool = False) -> None:
        """Show the plant in `folder`, else the one that was open last, else what there is to choose from.

        `plant`: what `folder` holds, where its file has been read. `with_demo`: start the demo plant instead.
        """
        if folder is not None and plant is not None and not with_demo:
            self._show_plant(folder, plant)
            return
        chosen = folder if folder is not None else self._catalogue.last()
        if chosen is not None and not with_demo:
            self.open(chosen)
            return
        self.show_start()
        if with_demo:
            self.open_demo()

    def show_start(self, message: str = "", broken: PlantFolder | None = None) -> None:
        """Show the choice of plants, with a message where something went wrong; `broken`: in which plant's file."""
        given = self._services
        window = StartWindow(given.devices, self.preferences, given.certificates, setups=given.setups)
        window.page.demo_asked.connect(self.open_demo)
        window.page.plant_chosen.connect(self.open_soon)
        window.plant_made.connect(self.make)
        window.page.show_plants(self._catalogue.plants())
        window.page.show_message(message, broken=broken)
        fit(window)
        window.show()
        former, self.start_window = self.start_window, window
        self._close(former)
        self._close_plant()

    def open(self, folder: PlantFolder) -> bool:
        """Show the plant in `folder`; where its file cannot be used, show the start window with what is wrong."""
        try:
            plant = read_plant(folder.configuration)
        except PlantFileError as error:
            self.show_start(problems_text(error), folder)
            return False
        self._show_plant(folder, plant)
        return True

    def open_soon(self, folder: PlantFolder) -> None:
        """Show the plant in `folder` after reading its file in the background."""
        self._tell(tr("Opening {path}…", path=folder.path), is_busy=True)
        read = Operation(self, lambda: read_plant(folder.configuration))
        read.success(lambda plant: self._show_plant(folder, plant)).failure(self._tell_failure).start()

    def reopen(self, folder: PlantFolder) -> None:
        """Show the plant in `folder` as its file is now, since the collector works by that."""

        def show(plant: Plant) -> None:
            self._show_plant(folder, plant)
            self._tell(tr("The plant has another configuration now."))

        read = Operation(self, lambda: read_plant(folder.configuration))
        read.success(show).failure(self._tell_failure).start()

    def resize(self, folder: PlantFolder, plant: Plant, steps: int) -> None:
        """Draw everything larger by so many steps, the window on the plant anew; 0 for the usual size."""
        present = theme.theme().scale
        scale = stepped(present, steps, _screen(self._app))
        if scale == present:
            self._tell(tr("It is not drawn larger or smaller than this on this screen."))
            return
        self.preferences.scale = scale
        theme.apply(self._app, theme.load(self.preferences.theme, scale=scale))
        self._show_plant(folder, plant)
        self._tell(tr("Everything is drawn at {percent} %.", percent=f"{100 * scale:.0f}"))

    def replay(self, folder: PlantFolder, instant: int, speed: int = 1) -> None:
        """Show the past of a plant from `instant` (int64 ns UTC) on, 0: ask from when, in a window of its own."""
        if not instant:
            dialog = InstantDialog(now=clock.now_ns(), is_jump=False, parent=self.window)
            dialog.accepted.connect(lambda: self.replay(folder, dialog.instant, dialog.speed))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()
            return
        if self.window is not None:  # the other window begins where this one is
            self.window.place.save()
        self._tell(tr("Opening the replay…"))
        work = Operation(self, lambda: self._services.open_replay(folder, instant, speed))
        work.success(lambda _: self._tell("")).failure(self._tell_failure).start()

    def renew_pictures(self, feed: Feed, folder: PlantFolder) -> None:
        """Show the process pictures as their files are now; the first ones of a plant need a window anew."""

        def show(plant: Plant) -> None:
            if self.window is not None and self.window.feed is feed:
                if not feed.plant.pictures and plant.pictures:
                    self._show_plant(folder, plant)
                else:
                    feed.take_pictures(replace(feed.plant, pictures=plant.pictures, faceplates=plant.faceplates))

        read = Operation(self, lambda: read_plant(folder.configuration))
        read.success(show).failure(self._tell_failure).start()

    def open_page(self, folder: PlantFolder, page: str) -> None:
        """Show a page of a plant in a window of its own."""
        work = Operation(self, lambda: self._services.open_page(folder, page))
        work.failure(self._tell_failure).start()

    def open_demo(self) -> None:
        """Start the demo plant and show it."""
        self._tell(tr("Starting the demo plant…"), is_busy=True)
        Operation(self, self._services.open_demo).success(self.open_soon).failure(self._tell_failure).start()

    def make(self, plant: Plant) -> None:
        """Write a new plant into a folder of its own and show it."""
        folder = self._free_folder(plant.id)

        def write() -> None:
            write_plant(folder.configuration, self._services.adopt(folder, plant))

        work = Operation(self, write)
        work.success(lambda _: self.open_soon(folder)).failure(self._tell_failure).start()

    def close(self) -> None:
        """Close whatever is in view and let go of the collector."""
        self._close(self.start_window)
        self._close_plant()

    def _show_plant(self, folder: PlantFolder, plant: Plant) -> None:
        self._close_plant()
        feed = Feed(plant, folder, ensure_collector=lambda: self._ensure_collector(folder), parent=self)
        window = MainWindow(
            feed,
            preferences=self.preferences,
            pages=lambda acknowledgement: self._pages(folder, acknowledgement),
            certificates=self._services.certificates,
            devices=self._services.devices,
            editing=self._services.editing,
        )
        feed.configuration_taken.connect(lambda: self.reopen(folder))
        feed.pictures_taken.connect(lambda: self.renew_pictures(feed, folder))
        window.plants_asked.connect(self.show_start)
        window.size_asked.connect(lambda steps: self.resize(folder, plant, steps), Qt.ConnectionType.QueuedConnection)
        window.navigation.window_asked.connect(lambda page: self.open_page(folder, page))
        window.navigation.replay_asked.connect(lambda instant: self.replay(folder, instant))
        window.closed.connect(feed.close)
        if self._run is not None:
            window.resize(*OFF_SCREEN_SIZE)
            self._run.watch(feed, window)
        elif self.preferences.geometry.isEmpty():
            fit(window)
        self.window = window
        window.show()
        former, self.start_window = self.start_window, None
        self._close(former)
        self._remember(folder)
        if self._on_feed is not None:
            self._on_feed(feed)
        feed.start()

    def _close_plant(self) -> None:
        former, self.window = self.window, None
        if former is not None:
            former.close()
            former.deleteLater()
            former.feed.deleteLater()

    @staticmethod
    def _close(window: StartWindow | None) -> None:
        if window is not None:
            window.close()
            window.deleteLater()

    def _ensure_collector(self, folder: PlantFolder) -> None:
        start = Operation(self, lambda: self._services.ensure_collector(folder))
        start.failure(self._tell_failure).start()

    def _remember(self, folder: PlantFolder) -> None:
        try:
            self._catalogue.remember(folder)
        except OSError as error:
            log.warning("catalogue.unwritable reason=%s", error)

    def _free_folder(self, name: str) -> PlantFolder:
        folder = self._catalogue.new_folder(name)
        number = 2
        while folder.path.exists():
            folder = self._catalogue.new_folder(f"{name}-{number}")
            number += 1
        return folder

    def _tell(self, text: str, *, is_busy: bool = False, broken: PlantFolder | None = None) -> None:
        if self.start_window is not None:
            self.start_window.show_message(text, is_busy=is_busy, broken=broken)
        elif self.window is not None:
            self.window.status.show_notice(text)

    def _tell_failure(self, error: Exception) -> None:
        if not self._services.is_told(error):
            log.error("window.failure", exc_info=error)
        elif station_text(error) != self._told:
            log.warning("window.failure reason=%s", error)
        self._told = station_text(error)
        if isinstance(error, PlantFileError):
            self._tell(problems_text(error), broken=PlantFolder(error.path.parent))
        else:
            self._tell(self._told)


def _screen(app: QApplication) -> QSize:
    """Return how much room the screen has; where there is none, that of the pictures."""
    if app.platformName() in {"offscreen", "minimal"}:
        return QSize(*OFF_SCREEN_SIZE)
    return app.primaryScreen().availableSize()


def run_desktop(
    folder: PlantFolder | None,
    services: Services,
    *,
    plant: Plant | None = None,
    with_demo: bool = False,
    off_screen: OffScreen | None = None,
    on_feed: Callable[[Feed], object] | None = None,
    pages: PagesOf = pages_of,
    make: Callable[..., Desktop] = Desktop,
) -> int:
    """Run the window's process on the plant in `folder`, or on the one opened last, or on the start window.

    `plant`: what `folder` holds, where its file has been read. `with_demo`: begin by starting the demo plant.
    `make`: what holds the window. `on_feed` gets the feed of each plant that is opened.
    Return the exit code: 0, or 2 where a run without a display has no plant to show.
    """
    qInstallMessageHandler(log_qt)
    sys.excepthook = _log_exception
    with displays_of(off_screen):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("foreshift")
    tidying = Tidying(app)
    catalogue = PlantCatalogue()
    run = OffScreenRun(app, off_screen) if off_screen is not None else None
    desktop = make(app, services, catalogue=catalogue, pages=pages, on_feed=on_feed, run=run)
    ticker = _end_on_signal(app, app.quit if run is None else run.end)
    desktop.begin(folder, plant=plant, with_demo=with_demo)
    code = _run(app, desktop, run)
    ticker.stop()
    desktop.close()
    wait_for_all()
    tidying.close()
    return code


def _run(app: QApplication, desktop: Desktop, run: OffScreenRun | None) -> int:
    if run is None:
        return app.exec()
    if desktop.window is None:
        log.error("window.no_plant reason=%s", "there is no plant to show without a display: name one")
        return EXIT_UNUSABLE
    code = app.exec()
    if desktop.window is not None:
        run.finish(desktop.window)
    return code


def _end_on_signal(app: QApplication, end: Callable[[], object]) -> QTimer:
    """End the event loop on Ctrl+C and SIGTERM; Python sees signals only while it runs, hence the timer."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # a quit before the loop runs would be lost, so it waits in the loop's queue
        signal.signal(number, lambda *_: QTimer.singleShot(0, app, end))
    ticker = QTimer()
    ticker.timeout.connect(lambda: None)
    ticker.start(SIGNAL_POLL_MS)
    return ticker


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.error("window.error", exc_info=(kind, error, trace))
