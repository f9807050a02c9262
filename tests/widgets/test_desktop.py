"""The window's process: which plant is shown, what the first run offers, and a run without a display."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmState, Priority
from app.model.connection import ConnectionDefinition
from app.model.forecast import Forecast, ForecastState
from app.model.text import LocalText
from app.plant.catalogue import PlantCatalogue
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.frame import AlarmsChanged, ConfigurationTaken, ForecastsChanged
from drivers.driver import BrowseEntry
from tests.widgets import plant, screen
from tests.widgets.engineering.lines import SilentLine
from widgets import theme
from widgets.desktop import Desktop, Services
from widgets.engineering.devices import Devices, Found, Offer, OnStep
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pictures import most_telling_tag, take_pictures
from widgets.translation import language


@dataclass
class Program:
    """Stands for the rest of the program: notes what the window asks of it, and in which thread."""

    demo: PlantFolder
    ensured: list[PlantFolder] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    error: Exception | None = None

    def services(self) -> Services:
        return Services(self.ensure_collector, self.open_demo, Devices(look=self.look, line=self.line))

    def ensure_collector(self, folder: PlantFolder) -> None:
        self.ensured.append(folder)
        self._note()

    def open_demo(self) -> PlantFolder:
        self._note()
        return self.demo

    def look(self, definition: ConnectionDefinition, units: Sequence[int], on_step: OnStep) -> Offer:
        self._note()
        return Offer((Found(0, BrowseEntry("HR0", "HR0")), Found(0, BrowseEntry("HR1", "HR1"))))

    def line(self, definition: ConnectionDefinition) -> SilentLine:
        return SilentLine()

    def _note(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.error is not None:
            raise self.error


@pytest.fixture
def catalogue(tmp_path: Path) -> PlantCatalogue:
    return PlantCatalogue(tmp_path / "home")


@pytest.fixture
def folder(catalogue: PlantCatalogue) -> PlantFolder:
    folder = catalogue.new_folder("huangdao")
    folder.path.mkdir(parents=True)
    write_plant(folder.configuration, plant.plant())
    return folder


@pytest.fixture
def program(folder: PlantFolder) -> Program:
    return Program(folder)


@pytest.fixture
def desktop(qapp: QApplication, catalogue: PlantCatalogue, program: Program) -> Iterator[Desktop]:
    qapp.setQuitOnLastWindowClosed(False)
    desktop = Desktop(
        qapp, program.services(), catalogue=catalogue, pages=lambda _, acknowledgement: screen.pages(acknowledgement)
    )
    yield desktop
    desktop.close()
    qapp.setQuitOnLastWindowClosed(True)


def test_that_a_plant_is_opened_and_remembered(
    desktop: Desktop, folder: PlantFolder, catalogue: PlantCatalogue
) -> None:
    assert desktop.open(folder)
    assert desktop.window is not None
    assert desktop.window.isVisible()
    assert catalogue.last() == folder


def test_that_a_silent_collector_is_asked_for_off_the_gui_thread(
    qtbot: QtBot, desktop: Desktop, folder: PlantFolder, program: Program
) -> None:
    desktop.open(folder)
    qtbot.waitUntil(lambda: program.ensured == [folder])
    assert threading.current_thread().name not in program.threads


def test_that_a_collector_that_cannot_be_started_is_told(
    qtbot: QtBot, desktop: Desktop, folder: PlantFolder, program: Program
) -> None:
    program.error = PermissionError("collector.lock: cannot be written: check the rights of the folder")
    desktop.open(folder)
    window = desktop.window
    assert window is not None
    qtbot.waitUntil(lambda: "cannot be written" in window.status.problem.text)
    window.feed.collector_link_changed.emit(True, "")
    assert "cannot be written" not in window.status.problem.text, "it runs after all"


def test_that_what_is_told_is_logged_once_in_one_line_and_the_unexpected_as_a_whole(
    qtbot: QtBot, desktop: Desktop, program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    desktop.show_start()
    assert desktop.start_window is not None
    page = desktop.start_window.page
    errors: list[Exception] = [OSError("disk full"), OSError("disk full"), KeyError("unexpected")]
    for error in errors:
        program.error = error
        desktop.open_demo()
        assert not page.demo.isEnabled()
        qtbot.waitUntil(page.demo.isEnabled)
    assert [record.getMessage() for record in caplog.records] == ["window.failure reason=disk full", "window.failure"]
    assert [record.exc_info is None for record in caplog.records] == [True, False]


def test_that_the_window_can_begin_with_the_demo_plant(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.begin(None, with_demo=True)
    qtbot.waitUntil(lambda: desktop.window is not None)


def test_that_the_window_begins_with_the_plant_of_the_last_time(
    desktop: Desktop, folder: PlantFolder, catalogue: PlantCatalogue
) -> None:
    desktop.begin(None)
    assert desktop.start_window is not None, "there was no last time"
    catalogue.remember(folder)
    desktop.begin(None)
    assert desktop.window is not None


def test_that_a_wrong_plant_file_leads_to_the_start_window_with_its_lines(
    desktop: Desktop, folder: PlantFolder
) -> None:
    folder.configuration.write_text("[plant]\nid = 5\n", "utf-8")
    assert not desktop.open(folder)
    assert desktop.window is None
    assert desktop.start_window is not None
    told = desktop.start_window.page.message.text()
    assert told.startswith(f"{folder.configuration} cannot be used:\nplant.toml:")
    assert "more" not in told


def test_that_a_screen_is_not_filled_with_more_problems_than_it_holds(desktop: Desktop, folder: PlantFolder) -> None:
    folder.configuration.write_text("[plant]\n" + "".join(f"wrong{n} = 1\n" for n in range(40)), "utf-8")
    desktop.open(folder)
    assert desktop.start_window is not None
    lines = desktop.start_window.page.message.text().splitlines()
    assert len(lines) == 12
    assert lines[-1].startswith("and 3")
    assert lines[-1].endswith(f"foreshift check {folder.configuration}")


def test_that_the_first_run_opens_the_demo_plant_in_one_press(qtbot: QtBot, desktop: Desktop) -> None:
    desktop.show_start()
    assert desktop.start_window is not None
    desktop.start_window.page.demo.click()
    assert not desktop.start_window.page.demo.isEnabled(), "it is being started already"
    qtbot.waitUntil(lambda: desktop.window is not None)
    assert desktop.start_window is None


def test_that_a_demo_plant_that_cannot_start_says_why_and_can_be_tried_again(
    qtbot: QtBot, desktop: Desktop, program: Program
) -> None:
    program.error = OSError("port 15020 is in use: end the other program")
    desktop.show_start()
    start = desktop.start_window
    assert start is not None
    start.page.demo.click()
    qtbot.waitUntil(lambda: "port 15020" in start.page.message.text())
    assert start.page.demo.isEnabled()


def test_that_known_plants_are_offered(qtbot: QtBot, desktop: Desktop, folder: PlantFolder) -> None:
    desktop.show_start()
    assert desktop.start_window is not None
    plants = desktop.start_window.page.plants
    assert plants.item(0).text() == "huangdao"
    assert plants.item(0).toolTip() == str(folder.path)
    plants.itemActivated.emit(plants.item(0))
    qtbot.waitUntil(lambda: desktop.window is not None)


def test_that_a_plant_is_made_from_a_device_and_opened(
    qtbot: QtBot, desktop: Desktop, catalogue: PlantCatalogue
) -> None:
    desktop.show_start()
    assert desktop.start_window is not None
    page = desktop.start_window.connect_page
    page.url.setText("modbus://127.0.0.1:15020?unit=1")
    page.look()
    qtbot.waitUntil(lambda: page.device.tree.readable == 2)
    page.device.tree.tick_all(is_ticked=True)
    page.device.next.click()
    page.naming.name.setText("huangdao")
    page.make()
    qtbot.waitUntil(lambda: desktop.window is not None)
    made = catalogue.last()
    assert made is not None
    assert made.path.name == "huangdao-2", "an existing plant is never written over"
    assert [tag.address for tag in read_plant(made.configuration).tags] == ["HR0", "HR1"]


def test_that_another_plant_can_be_opened_from_the_window(desktop: Desktop, folder: PlantFolder) -> None:
    desktop.open(folder)
    assert desktop.window is not None
    desktop.window.plants_asked.emit()
    assert desktop.window is None
    assert desktop.start_window is not None
    assert desktop.start_window.isVisible()


def test_that_everything_is_drawn_larger_and_stays_so(qtbot: QtBot, desktop: Desktop, folder: PlantFolder) -> None:
    assert desktop.open(folder)

    def stepped(steps: int) -> MainWindow:
        former = desktop.window
        assert former is not None
        former.size_asked.emit(steps)
        qtbot.waitUntil(lambda: desktop.window not in {None, former}, timeout=20_000)
        assert desktop.window is not None
        return desktop.window

    window = stepped(-1)
    assert theme.theme().scale == desktop.preferences.scale == 0.85
    assert "85 %" in window.status.problem.text
    window.size_asked.emit(-1)
    qtbot.waitUntil(lambda: "not drawn larger or smaller" in window.status.problem.text, timeout=20_000)
    assert desktop.window is window
    stepped(0)
    assert theme.theme().scale == desktop.preferences.scale == 1.0
    assert stepped(1).minimumWidth() == 1265


def test_that_pictures_show_every_page_in_both_looks(desktop: Desktop, folder: PlantFolder, tmp_path: Path) -> None:
    desktop.open(folder)
    window = desktop.window
    assert window is not None
    window.resize(1366, 768)
    before = language(), window.navigation.page
    paths = take_pictures(window, tmp_path / "pictures", moment="end", tag="")
    assert [path.name for path in paths] == [
        "end-equipment-dark-en.png", "end-alarms-dark-en.png", "end-equipment-light-zh.png", "end-alarms-light-zh.png",
    ]  # fmt: skip
    images = [QImage(str(path)) for path in paths]
    assert all((image.width(), image.height()) == (1366, 768) for image in images)
    assert images[0] != images[1]
    assert (language(), window.navigation.page) == before


def test_that_pictures_show_what_has_most_to_tell(tmp_path: Path) -> None:
    feed = plant.feed(tmp_path)
    assert most_telling_tag(feed) == ""
    soon = Forecast("pump", "P01", "P01.DP", ForecastState.FORECAST, plant.NOW, p50=plant.NOW + 9 * plant.SECOND)
    late = Forecast("oil", "T01", "T01.T", ForecastState.FORECAST, plant.NOW, p50=plant.NOW + 99 * plant.SECOND)
    feed.receive([ForecastsChanged((late, soon))])
    assert most_telling_tag(feed) == "P01.DP"
    steady = plant.alarm("P01.VIB", priority=Priority.CRITICAL, state=AlarmState.ACKNOWLEDGED)
    feed.receive([AlarmsChanged((steady,))])
    assert most_telling_tag(feed) == "P01.VIB"
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    assert most_telling_tag(feed) == "AC01.T_D", "it still waits for somebody"


def test_that_each_feed_is_handed_out_and_closed_with_its_window(
    qapp: QApplication, catalogue: PlantCatalogue, program: Program, folder: PlantFolder
) -> None:
    feeds: list[Feed] = []
    desktop = Desktop(qapp, program.services(), catalogue=catalogue, pages=lambda *_: (), on_feed=feeds.append)
    desktop.open(folder)
    assert len(feeds) == 1
    assert feeds[0]._timer.isActive()
    desktop.close()
    assert not feeds[0]._timer.isActive()


def test_that_a_window_opens_the_plant_anew_once_the_collector_works_by_another_file(
    qtbot: QtBot, desktop: Desktop, folder: PlantFolder
) -> None:
    desktop.open(folder)
    former = desktop.window
    assert former is not None
    write_plant(folder.configuration, replace(read_plant(folder.configuration), name=LocalText("Another")))
    former.feed.receive([ConfigurationTaken()])
    qtbot.waitUntil(lambda: desktop.window is not former and desktop.window is not None)
    assert desktop.window is not None
    assert desktop.window.feed.plant.name.en == "Another"
