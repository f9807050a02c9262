"""Reads the help: one chapter at a time, its contents, and a search through all of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from widgets.help.book import chapter, found_by
from widgets.help.page_text import PageText
from widgets.help.printing import ask_and_print
from widgets.help.topics import CONTENTS, FIRST_HOUR, TOPICS
from widgets.icon import IconButton
from widgets.keyboard.shortcut import bind, key_text
from widgets.theme import theme
from widgets.translation import tr

MOST_BACK = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """Where somebody reads: a chapter, and the number of a section of it."""

    topic: str
    number: int = 0


class HelpView(QWidget):
    """`changed`: another chapter or section is shown; `close_asked`: Escape was pressed while nothing is searched."""

    changed = Signal()
    close_asked = Signal()

    def __init__(self, topic: str = FIRST_HOUR, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.present = Reading(topic)
        self._former: list[Reading] = []
        self._is_followed = True
        self.back, self.contents, self.printer = IconButton("back"), IconButton("contents"), IconButton("print")
        self.field = QLineEdit()
        self.browser = QTextBrowser()
        self.text: PageText | None = None
        self._lay_out()
        self._connect()
        self.retranslate()

    @property
    def title(self) -> str:
        """Return what the chapter in view is called."""
        return chapter(self.present.topic).title

    def open_link(self, link: str) -> None:
        """Show the chapter, and of it the section, that a link such as `alarms#shelve` names; others are ignored."""
        topic, _, anchor = link.partition("#")
        topic = topic or self.present.topic
        if topic not in {*TOPICS, CONTENTS}:
            return
        self._former = [*self._former, self.place()][-MOST_BACK:]
        self._show(Reading(topic, chapter(topic).place_of(anchor)))

    def go_back(self) -> None:
        """Show what was read before."""
        if self._former:
            self._show(self._former.pop())

    def open_contents(self) -> None:
        """Show the list of all chapters."""
        self.open_link(CONTENTS)

    def place(self) -> Reading:
        """Return where somebody reads now: the section at the top of what is in view."""
        if self.field.text() or self.text is None:
            return self.present
        top, number = self.browser.verticalScrollBar().value() + theme().px(24), 0
        layout = self.text.documentLayout()
        for place, block in enumerate(self.text.headings()):
            if layout.blockBoundingRect(block).top() <= top:
                number = place
        return Reading(self.present.topic, max(number, self.present.number) if self._is_followed else number)

    def ask_print(self) -> QDialog:
        """Ask where the chapter in view is to be printed; from the contents, all of the help."""
        is_whole = self.present.topic == CONTENTS
        return ask_and_print([chapter(each) for each in (TOPICS if is_whole else (self.present.topic,))], self)

    def retranslate(self) -> None:
        """Show the same section in the present language."""
        self.field.setPlaceholderText(tr("Search in the help"))
        self.field.setAccessibleName(tr("Search in the help"))
        self.browser.setAccessibleName(tr("Help"))
        for button, name, deed in (
            (self.back, tr("Back"), "help.back"),
            (self.contents, tr("Contents"), "help.contents"),
            (self.printer, tr("Print"), "help.print"),
        ):
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({key_text(deed)})")
        self._render()

    def escape(self) -> None:
        """End the search; where nothing is searched, ask to be closed."""
        if self.field.text():
            self.field.clear()
            self.browser.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.close_asked.emit()

    def take_focus(self) -> None:
        """Bring the keyboard to the text."""
        self.browser.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.LanguageChange}:
            self.present = self.place()
            QTimer.singleShot(0, self, self.retranslate)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_followed:
            QTimer.singleShot(0, self, self._scroll)

    def _show(self, reading: Reading) -> None:
        self.present = reading
        self._is_followed = True
        self.field.blockSignals(True)  # the chapter takes the place of what was found, and is rendered once
        self.field.clear()
        self.field.blockSignals(False)
        self._render()
        self.changed.emit()

    def _render(self) -> None:
        former, searched = self.text, self.field.text().strip()
        self.text = PageText(found_by(searched) if searched else chapter(self.present.topic).markdown, self.browser)
        self.browser.setDocument(self.text)
        if former is not None:
            former.deleteLater()
        self.back.setEnabled(bool(self._former))
        self._scroll()
        QTimer.singleShot(0, self, self._scroll)  # once it knows how wide it is

    def _scroll(self) -> None:
        """Bring the section that was asked for to the top."""
        if self.text is None or not self._is_followed:
            return
        blocks = self.text.headings()
        number = 0 if self.field.text() else self.present.number
        top = self.text.documentLayout().blockBoundingRect(blocks[number]).top() if 0 < number < len(blocks) else 0
        self.browser.verticalScrollBar().setValue(round(top))

    def _let_go(self) -> None:
        """Somebody scrolls: what is in view is theirs from now on."""
        self._is_followed = False

    def _lay_out(self) -> None:
        look = theme()
        self.browser.setFrameShape(QFrame.Shape.NoFrame)
        self.browser.setOpenLinks(False)
        self.browser.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(look.px(90))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(2))
        for button in (self.back, self.contents):
            row.addWidget(button)
        row.addWidget(self.field, 1)
        row.addWidget(self.printer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(6))
        column.addLayout(row)
        column.addWidget(self.browser, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(lambda _=False: self.go_back())
        self.contents.clicked.connect(lambda _=False: self.open_contents())
        self.printer.clicked.connect(lambda _=False: self.ask_print())
        self.field.textChanged.connect(lambda _: self._render())
        self.field.returnPressed.connect(self._open_first)
        self.browser.anchorClicked.connect(self._follow)
        self.browser.verticalScrollBar().actionTriggered.connect(lambda _: self._let_go())
        for name, call in (
            ("help.close", self.escape),
            ("help.search", self.field.setFocus),
            ("help.contents", self.open_contents),
            ("help.back", self.go_back),
            ("help.print", self.ask_print),
        ):
            bind(name, self, call)

    def _follow(self, link: QUrl) -> None:
        self.open_link(link.toString())

    def _open_first(self) -> None:
        """Open what was found first."""
        block = self.text.begin() if self.text is not None else None
        while block is not None and block.isValid():
            for each in block.textFormats():
                if each.format.isAnchor():
                    self.open_link(each.format.anchorHref())
                    self.take_focus()
                    return
            block = block.next()
