"""The head of every screen: the pages, the search, whether devices are there, who operates, the time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from app.model import clock
from app.model.collector import CollectorReport
from app.model.connection import LinkState
from app.model.plant import Plant
from widgets import number
from widgets.feed import Feed
from widgets.header.page_tab import HEIGHT, PageTab
from widgets.icon import IconButton, paint_icon
from widgets.keyboard.shortcut import key_text
from widgets.navigation import Navigation, PageFactory, page_keys
from widgets.theme import SEMIBOLD, theme
from widgets.translation import language, tr

PROGRAM = "Foreshift"
NARROW = 1360
"""Below this width names give way to what they name, so that every page can be reached."""
DRIVER_NAMES = {"opcua": "OPC UA", "modbus": "Modbus"}


class Logo(QWidget):
    """The program's sign and name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_narrow = False
        self.setAccessibleName(PROGRAM)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show the sign alone, or with the name."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(32 if self._is_narrow else 124), theme().px(HEIGHT - 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        side = look.px(24)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            paint_icon(painter, QRectF(0, (self.height() - side) / 2, side, side), "logo", look.color("accent"))
            if self._is_narrow:
                return
            painter.setFont(look.font("large", weight=SEMIBOLD))
            painter.setPen(look.color("text"))
            rect = self.rect().adjusted(side + look.px(8), 0, 0, 0)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, PROGRAM)


class LinkCount(QWidget):
    """How many connections of one driver run; a diagnostic sign stands before it where some do not."""

    def __init__(self, driver: str, total: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = DRIVER_NAMES.get(driver, driver)
        self._running = 0
        self._total = total
        self._is_known = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tell()

    def show_count(self, running: int, *, is_known: bool) -> None:
        """Show that `running` connections run; `is_known`: False while the collector is silent."""
        if (running, is_known) != (self._running, self._is_known):
            self._running, self._is_known = running, is_known
            self._tell()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        look = theme()
        counts = QFontMetrics(look.font("body", weight=SEMIBOLD)).horizontalAdvance(self._text()) + look.px(18)
        name = QFontMetrics(look.font("tiny")).horizontalAdvance(self._name)
        return QSize(max(counts, name) + 2, look.px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        half = self.height() // 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(look.font("tiny"))
            painter.setPen(look.color("dim"))
            painter.drawText(QRectF(0, 0, self.width(), half), Qt.AlignmentFlag.AlignVCenter, self._name)
            left = 0
            if not self._is_whole:
                side = look.px(11)
                painter.setBrush(look.color("priority_4"))
                painter.setPen(QPen(look.color("priority_outline"), 1))
                painter.drawEllipse(QRectF(0.5, half + (half - side) / 2, side, side))
                left = side + look.px(5)
            painter.setFont(look.font("body", weight=SEMIBOLD))
            painter.setPen(look.color("text"))
            painter.drawText(QRectF(left, half, self.width(), half), Qt.AlignmentFlag.AlignVCenter, self._text())

    @property
    def _is_whole(self) -> bool:
        return self._is_known and self._running == self._total

    def _text(self) -> str:
        return f"{self._running if self._is_known else number.NO_VALUE} / {self._total}"

    def _tell(self) -> None:
        numbers = {"running": self._running if self._is_known else number.NO_VALUE, "total": self._total}
        text = tr("{driver}: {running} of {total} connections run", driver=self._name, **numbers)
        self.setAccessibleName(text)
        self.setToolTip(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._tell()
        super().changeEvent(event)


class Clock(QWidget):
    """Local time and date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.time = QLabel()
        self.time.setProperty("lettering", "large")
        self.date = QLabel()
        self.date.setProperty("lettering", "tiny")
        self.date.setProperty("tone", "dim")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addStretch(1)
        for label in (self.time, self.date):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            rows.addWidget(label)
        rows.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.tick()

    def tick(self) -> None:
        """Show the present time."""
        now = clock.now_ns()
        self.time.setText(number.time_of_day(now))
        self.date.setText(number.day(now))


class Header(QFrame):
    """The head of the window: pages, search, connections, look and language, operator, clock."""

    search_asked = Signal()
    theme_asked = Signal()
    language_asked = Signal()
    operator_asked = Signal()
    help_asked = Signal()

    def __init__(
        self, feed: Feed, navigation: Navigation, *, pages: Sequence[PageFactory], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "header")
        self._feed = feed
        self._operator_name = ""
        self._is_narrow = False
        self.logo = Logo()
        self.tabs = [PageTab(page, self, takes_tags=page.key == "trends") for page in pages if page.has_tab]
        self._keys = page_keys(pages)
        for tab in self.tabs:
            tab.watch(feed)
            tab.badge_changed.connect(self._fit)
        self.search = QPushButton()
        self.links = _links(feed.plant)
        self.look = IconButton("theme")
        self.language = IconButton("language")
        self.help = IconButton("help")
        self.operator = QPushButton()
        self.clock = Clock()
        self._lay_out()
        self._connect(navigation)
        self.retranslate()
        self._show_page(navigation.page)
        self._show_links()

    def set_operator(self, name: str) -> None:
        """Show who operates; "" while nobody has said it."""
        self._operator_name = name
        self.operator.setAccessibleName(self._operator_text(is_narrow=False))
        self._fit()

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        for tab in self.tabs:
            tab.retranslate(self._keys.get(tab.page.key, ""))
        self.search.setAccessibleName(tr("Search"))
        self.look.name(tr("Switch between dark and light"))
        self.help.setAccessibleName(tr("Help"))
        self.help.setToolTip(f"{tr('Help for what is in front')} ({key_text('window.help')})")
        self.language.name(tr("Switch to Chinese") if language() == "en" else tr("Switch to English"))
        self.language.setText("中文" if language() == "en" else "EN")  # each language under its own name
        self.language.updateGeometry()
        self.operator.setToolTip(tr("Say who operates; acknowledgements carry this name"))
        self.set_operator(self._operator_name)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest that all pages have room in, so that no page more makes a small screen too small."""
        return QSize(self._needed(is_narrow=True), theme().px(HEIGHT))

    def _fit(self) -> None:
        """Take the form that this width and these texts have room for."""
        self._is_narrow = self.width() < max(theme().px(NARROW), self._needed(is_narrow=False))
        has_room = self.width() >= self._needed(is_narrow=True) + self.help.sizeHint().width()
        self.help.setVisible(not self._is_narrow or has_room)  # F1 is told at the foot of the window too
        self.logo.set_narrow(is_narrow=self._is_narrow)
        for tab in self.tabs:
            tab.set_narrow(is_narrow=self._is_narrow)
        self.operator.setText(self._operator_text(is_narrow=self._is_narrow))
        text = _search_text(is_narrow=self._is_narrow)
        self.search.setText(text)
        self.search.setMinimumWidth(_width_with(self.search, text))  # the room beside it would be shared otherwise

    def _needed(self, *, is_narrow: bool) -> int:
        """Return the width that the header wants in one of its two forms, whichever it has now."""
        look = theme()
        tabs = sum(tab.width_in(is_narrow=is_narrow) for tab in self.tabs)
        search = _width_with(self.search, _search_text(is_narrow=is_narrow))
        operator = _width_with(self.operator, self._operator_text(is_narrow=is_narrow))
        others: list[QWidget] = [*self.links.values(), self.look, self.language, self.clock]
        others += [] if is_narrow else [self.help]
        rest = operator + sum(widget.sizeHint().width() for widget in others)
        return tabs + search + rest + look.px((32 if is_narrow else 124) + 44) + look.px(10) * len(self.links)

    def _operator_text(self, *, is_narrow: bool) -> str:
        name = self._operator_name
        if is_narrow:
            return name or tr("Not named")
        return tr("Operator: {name}", name=name) if name else tr("Operator: not named")

    def _lay_out(self) -> None:
        look = theme()
        self.setFixedHeight(look.px(HEIGHT))
        self.search.setProperty("kind", "search")
        self.search.setFixedHeight(look.hit(30))
        self.search.setMaximumWidth(look.px(360))
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.operator.setProperty("kind", "flat")
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(8), 0, look.px(8), 0)
        row.setSpacing(0)
        row.addWidget(self.logo)
        row.addSpacing(look.px(8))
        for tab in self.tabs:
            row.addWidget(tab)
        row.addStretch(1)
        row.addWidget(self.search, 6)
        row.addStretch(1)
        for link in self.links.values():
            row.addSpacing(look.px(10))
            row.addWidget(link)
        row.addSpacing(look.px(8))
        for widget in (self.help, self.look, self.language, self.operator):
            row.addWidget(widget)
        row.addSpacing(look.px(8))
        row.addWidget(self.clock)

    def _connect(self, navigation: Navigation) -> None:
        for tab in self.tabs:
            tab.clicked.connect(lambda _=False, key=tab.page.key: navigation.open_page(key))
            tab.tags_dropped.connect(navigation.open_trend)
        navigation.page_changed.connect(self._show_page)
        self.search.clicked.connect(self.search_asked)
        self.help.clicked.connect(self.help_asked)
        self.look.clicked.connect(self.theme_asked)
        self.language.clicked.connect(self.language_asked)
        self.operator.clicked.connect(self.operator_asked)
        self._feed.collector_changed.connect(self._show_links)
        self._feed.collector_link_changed.connect(self._show_links)

    def _show_page(self, page: str) -> None:
        for tab in self.tabs:
            tab.setChecked(tab.page.key == page)

    def _show_links(self) -> None:
        running = _running(self._feed.report)
        is_known = self._feed.is_linked and self._feed.report is not None
        for driver, link in self.links.items():
            link.show_count(running[driver], is_known=is_known)


def _width_with(button: QPushButton, text: str) -> int:
    """Return how wide a button is with a text, px, whatever it says now: its style adds edges that only it knows."""
    button.ensurePolished()
    option = QStyleOptionButton()
    button.initStyleOption(option)
    option.text = text
    size = QFontMetrics(button.font()).size(Qt.TextFlag.TextShowMnemonic, text)
    return button.style().sizeFromContents(QStyle.ContentsType.CT_PushButton, option, size, button).width()


def _search_text(*, is_narrow: bool) -> str:
    return "Ctrl+K" if is_narrow else tr("Search tags, equipment, pages   Ctrl+K")


def _links(plant: Plant) -> dict[str, LinkCount]:
    totals = Counter(connection.driver for connection in plant.connections)
    return {driver: LinkCount(driver, total) for driver, total in sorted(totals.items(), reverse=True)}


def _running(report: CollectorReport | None) -> Counter[str]:
    connections = report.connections if report is not None else ()
    return Counter(connection.driver for connection in connections if connection.state is LinkState.RUNNING)
