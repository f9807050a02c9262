"""The help of a whole window: F1 at what is in front, links, search, language, look, keys, and back again."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

import widgets
from app.model.alarm import ConditionKind
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant, screen
from tests.widgets.keys import let_go
from widgets import theme
from widgets.alarm.page import ACTIVE, HIDDEN, JOURNAL, AlarmPage
from widgets.dock.arrangement import Place, arrangement_of
from widgets.dock.help_content import HelpContent
from widgets.dock.panel import Panel
from widgets.engineering.devices import Devices
from widgets.help.book import chapter
from widgets.help.button import HelpButton
from widgets.help.link import HelpLink
from widgets.help.signs import names, sign
from widgets.help.topics import TOPICS
from widgets.help.view import HelpView, Reading
from widgets.help.window import HelpWindow
from widgets.main_window import MainWindow
from widgets.preference import Preferences
from widgets.screen import open_dialogs
from widgets.start.window import StartWindow
from widgets.translation import set_language

EARLY = "widgets.dock.docks, widgets.help.link, widgets.help.reach"
WITH_LINKS = (
    "alarm", "alarm_performance", "audit", "case", "dock", "equipment", "handover", "learning", "maintenance", "trend",
    "vibration",
)  # fmt: skip
LINKED = re.compile(r'HelpLink\([^"]*"([a-z-]+#[a-z-]+)"')
LATE = {"widgets.help.view", "widgets.help.book", "widgets.help.chapter", "widgets.dock.help_content"}
"""What is read only when somebody asks for help, or searches."""
pytestmark = pytest.mark.qt_log_ignore("does not support raise")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    window.docks.restore()
    yield window
    let_go()
    window.close()
    window.feed.close()


@pytest.fixture
def view(qtbot: QtBot) -> HelpView:
    view = HelpView()
    qtbot.addWidget(view)
    view.resize(460, 700)
    view.show()
    QApplication.processEvents()
    return view


def press_f1(window: MainWindow) -> None:
    found = [key for key in window.findChildren(QShortcut) if key.key() == QKeySequence("F1")]
    assert len(found) == 1
    found[0].activated.emit()
    QApplication.processEvents()


def panels(window: MainWindow) -> list[Panel]:
    return [each for each in window.docks.panels if isinstance(each.content, HelpContent)]


def content(window: MainWindow) -> HelpContent:
    (panel,) = panels(window)
    assert isinstance(panel.content, HelpContent)
    return panel.content


def shown(view: HelpView) -> str:
    assert view.text is not None
    return view.text.toPlainText()


def color_of_title(view: HelpView) -> str:
    assert view.text is not None
    (first, *_) = view.text.headings()[0].textFormats()
    form = first.format  # held, or Qt's wrappers are gone before they are read
    return form.foreground().color().name()


def test_that_f1_opens_the_help_of_the_page_in_front_beside_it(window: MainWindow) -> None:
    window.navigation.open_page("alarms")
    press_f1(window)
    (panel,) = panels(window)
    assert panel.place is Place.BESIDE
    assert panel.head.title.text == "Help: Alarms"
    assert window.docks.pages.isVisible()
    window.navigation.open_page("equipment")
    assert content(window).view.present.topic == "alarms", "what is read stays until it is asked for again"
    press_f1(window)
    assert content(window).view.present.topic == "equipment"
    assert panels(window) == [panel]


def test_that_f1_tells_of_the_list_that_is_in_view(window: MainWindow) -> None:
    window.navigation.open_page("alarms")
    page = window.page("alarms")
    assert isinstance(page, AlarmPage)
    for tab, anchor in ((ACTIVE, ""), (HIDDEN, "hidden"), (JOURNAL, "journal")):
        page.show_tab(tab)
        press_f1(window)
        assert content(window).view.present == Reading("alarms", chapter("alarms").place_of(anchor))


def test_that_the_question_mark_and_a_link_of_a_page_open_it_too(window: MainWindow) -> None:
    window.header.help.click()
    assert content(window).view.present.topic == "equipment"
    window.navigation.help_asked.emit("trouble#disk")
    assert "disk" in chapter("trouble").sections[content(window).view.present.number].title


def test_that_f1_opens_the_help_beside_a_dialog_that_waits_for_an_answer(
    window: MainWindow, qapp: QApplication
) -> None:
    window.acknowledgement.ask_operator()
    (dialog,) = open_dialogs(window)
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    for _ in range(2):
        qapp.focusChanged.emit(None, field)
    found = [key for key in dialog.findChildren(QShortcut) if key.key() == QKeySequence("F1")]
    assert len(found) == 1, "once, however often it gets the keyboard"
    for _ in range(2):
        found[0].activated.emit()
    (shown,) = dialog.findChildren(HelpButton)
    assert (shown.text(), shown.accessibleName()) == ("F1", "Help (F1)")
    (box,) = dialog.findChildren(QDialogButtonBox)
    assert shown.x() < min(each.x() for each in box.buttons() if each is not shown)
    QTest.keyClick(shown, Qt.Key.Key_Return)
    (beside,) = dialog.findChildren(HelpWindow)
    assert dialog.isVisible(), "it does not answer the dialog"
    assert beside.windowTitle() == "Help: Alarms"
    assert beside.isVisible()
    set_language("zh")
    QApplication.processEvents()
    assert beside.windowTitle() == "帮助：报警"
    dialog.close()


def test_that_f1_opens_the_first_hour_before_a_plant_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    start = StartWindow(Devices(), Preferences(tmp_path / "window.ini"))
    qtbot.addWidget(start)
    start.show()
    start.page.help.click()
    (beside,) = start.findChildren(HelpWindow)
    assert beside.view.present.topic == "first-hour"
    start.show_connect()
    (key,) = [key for key in start.findChildren(QShortcut) if key.key() == QKeySequence("F1")]
    key.activated.emit()
    assert beside.view.present == Reading("connections", chapter("connections").place_of("add"))


def test_that_where_nothing_is_listed_one_click_leads_to_the_help(window: MainWindow) -> None:
    window.navigation.open_page("alarms")
    QApplication.processEvents()
    page = window.page("alarms")
    assert isinstance(page, AlarmPage)
    label = page.active.nothing
    assert label.text() == "No alarm stands"
    label.grab()
    (link,) = label.findChildren(HelpLink)
    assert label.rect().contains(link.geometry())
    assert link.y() > label.rect().center().y(), "below the words"
    link.click()
    assert content(window).view.present == Reading("alarms", chapter("alarms").place_of("empty"))


def test_that_what_is_wrong_with_the_collector_leads_to_its_remedy(window: MainWindow) -> None:
    window.feed.is_linked = False
    window.status.refresh()
    assert window.status.remedy.isVisible()
    window.status.remedy.click()
    assert content(window).view.present == Reading("trouble", chapter("trouble").place_of("collector"))
    screen.bad_day(window.feed)
    window.status.refresh()
    assert not window.status.remedy.isVisible()


def test_that_an_alarm_of_the_station_leads_to_its_remedy(window: MainWindow) -> None:
    lost = replace(plant.alarm("P01.VIB"), alarm="station/connection/line", condition=ConditionKind.FAULT)
    window.feed.receive([AlarmsChanged((lost,))])
    window.navigation.open_page("alarms")
    page = window.page("alarms")
    assert isinstance(page, AlarmPage)
    page.active.select(lost.alarm)
    page.active.sheet.help.click()
    assert content(window).view.present == Reading("trouble", chapter("trouble").place_of("device"))
    menu = page.active.menu()
    (entry,) = [action for action in menu.actions() if action.text() == "Help on this"]
    assert entry.isEnabled()
    menu.deleteLater()


def test_that_the_help_of_a_panel_is_told_where_the_keyboard_is_in_it(window: MainWindow) -> None:
    window.docks.open("values")
    press_f1(window)
    assert content(window).view.present.topic == "panels"


def test_that_escape_ends_the_search_first_and_closes_then(window: MainWindow) -> None:
    press_f1(window)
    view = content(window).view
    view.field.setText("shelve")
    assert "Found in the help" in shown(view)
    QTest.keyClick(view.field, Qt.Key.Key_Escape)
    assert view.field.text() == ""
    assert panels(window)
    QTest.keyClick(view.browser, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert panels(window) == []


def test_that_it_comes_back_at_the_section_that_was_read(window: MainWindow) -> None:
    window.helping.open("trouble#clock")
    kept, problems = arrangement_of(window.docks.arrangement().to_text())
    assert not problems
    assert kept.panels[0].marks == {"topic": "trouble", "number": chapter("trouble").place_of("clock")}
    again = HelpView()
    again.open_link("trouble#3")
    assert again.place().number == 3
    again.deleteLater()


def test_that_the_search_of_the_window_finds_headings_in_both_languages(window: MainWindow) -> None:
    window.findable.prepare(lambda: None)
    for words, link in (("disk nearly", "trouble#4"), ("磁盘快满", "trouble#4")):
        found = window.findable.search(words)
        assert [each.keys[0] for each in found if each.kind == "Help"] == [f"help/{link}"]
        found[0].open()
        assert content(window).view.present.topic == "trouble"
    pages = [each.kind for each in window.findable.search("alarms")]
    assert pages.index("Help") > pages.index("Page"), "what is asked for mostly comes first"


def test_that_links_lead_on_and_back(view: HelpView) -> None:
    view.open_link("alarms#shelve")
    view.browser.anchorClicked.emit("trouble#disk")
    assert view.title == "When something is wrong"
    view.go_back()
    assert (view.title, view.present.number) == ("Alarms", chapter("alarms").place_of("shelve"))
    view.open_link("nowhere#at-all")
    assert view.title == "Alarms"


def test_that_the_section_that_a_link_names_is_at_the_top(view: HelpView) -> None:
    view.open_link("trouble#disk")
    QApplication.processEvents()
    assert view.text is not None
    block = view.text.headings()[view.present.number]
    top = round(view.text.documentLayout().blockBoundingRect(block).top())
    assert view.browser.verticalScrollBar().value() == top > 0


def test_that_keys_scroll_and_go_from_link_to_link(view: HelpView) -> None:
    view.open_link("first-hour")
    view.take_focus()
    bar = view.browser.verticalScrollBar()
    QTest.keyClick(view.browser, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(view.browser, Qt.Key.Key_Up)
    QTest.keyClick(view.browser, Qt.Key.Key_Tab)
    QTest.keyClick(view.browser, Qt.Key.Key_Return)
    assert view.present.topic != "first-hour"


def test_that_enter_opens_what_was_found_first(view: HelpView) -> None:
    view.field.setText("certificate expired")
    QTest.keyClick(view.field, Qt.Key.Key_Return)
    assert (view.title, view.field.text()) == ("When something is wrong", "")


def test_that_language_and_look_change_while_it_is_read(view: HelpView, qtbot: QtBot, qapp: QApplication) -> None:
    view.open_link("trouble#disk")
    QApplication.processEvents()
    before = view.browser.grab().toImage()
    set_language("zh")
    qtbot.waitUntil(lambda: "磁盘快满了" in shown(view), timeout=20_000)
    assert view.place().number == chapter("trouble").place_of("disk"), "at the same section"
    theme.apply(qapp, theme.load("light"))
    qtbot.waitUntil(lambda: color_of_title(view) == theme.theme().color("text").name(), timeout=20_000)
    after = view.browser.grab().toImage()
    assert after.pixelColor(5, 5).lightness() > before.pixelColor(5, 5).lightness()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_that_every_chapter_is_laid_out_without_being_cut(view: HelpView, language: str, qapp: QApplication) -> None:
    theme.apply(qapp, theme.load("dark", scale=1.3))
    set_language("zh" if language == "zh" else "en")
    for topic in TOPICS:
        view.open_link(topic)
        QApplication.processEvents()
        assert view.text is not None
        assert view.text.idealWidth() <= view.browser.viewport().width() + 1, topic


@pytest.mark.usefixtures("dark")
def test_that_every_sign_is_drawn() -> None:
    pictures = {name: sign(name) for name in sorted(names())}
    for name, picture in pictures.items():
        assert any(picture.pixelColor(x, x).alpha() for x in range(picture.width())), name
    different = [pictures[f"high-{state}"] for state in ("acknowledged", "returned", "latched", "shelved", "none")]
    assert all(one != other for place, one in enumerate(different) for other in different[:place])


def test_that_a_link_stands_below_the_text_that_it_belongs_to(qtbot: QtBot, window: MainWindow) -> None:
    for alignment in (Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignBottom):
        label = QLabel("Nothing is here yet.")
        qtbot.addWidget(label)
        label.setWordWrap(True)
        label.setAlignment(alignment)
        link = HelpLink(label, "alarms#empty", window.navigation)
        label.resize(300, label.sizeHint().height())
        label.show()
        label.grab()  # where it stands is known with the first paint
        text = label.fontMetrics().boundingRect(label.contentsRect(), int(alignment), label.text())
        assert link.geometry().top() >= text.bottom(), alignment
        assert label.rect().contains(link.geometry()), alignment


@pytest.mark.parametrize("package", WITH_LINKS)
def test_that_an_empty_list_leads_to_what_the_help_says_of_it(package: str) -> None:
    home = Path(widgets.__file__).parent / package
    links = [link for path in home.glob("*.py") for link in LINKED.findall(path.read_text("utf-8"))]
    assert links
    for link in links:
        topic, _, anchor = link.partition("#")
        assert chapter(topic).place_of(anchor), link


def test_that_it_asks_for_a_printer_and_nothing_stands_still_meanwhile(view: HelpView) -> None:
    dialog = view.ask_print()
    assert dialog.isVisible()
    assert view.isVisible()
    dialog.reject()
    assert not dialog.isVisible()


def test_that_a_window_starts_without_reading_the_help() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys, {EARLY}; print(sorted({LATE} & set(sys.modules)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"
