"""The page of trends: signals of the whole plant side by side, and the views of them that were saved for everybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.model import clock
from app.model.clock import NS_PER_S
from app.plant.trend_views import TrendView, TrendViewError, read_views, remove_view, save_view
from widgets.choice import ChoiceBox
from widgets.feed import Feed
from widgets.finder import Finder
from widgets.help.link import HelpLink
from widgets.keyboard.shortcut import bind
from widgets.navigation import Navigation
from widgets.number import day_and_millisecond, day_and_time, plain_duration, zone_text
from widgets.station_text import station_text
from widgets.theme import theme
from widgets.translation import local, tr
from widgets.trend.export import FILTERS, TrendExport
from widgets.trend.free_grid import FreeGrid
from widgets.trend.live_samples import LiveSamples
from widgets.trend.page_picker import PagePicker
from widgets.trend.range_bar import RangeBar
from widgets.trend.sheet import Sheet
from widgets.trend.signal_finder import find_signal
from widgets.trend.statistics_panel import FINE_NS, StatisticsPanel
from widgets.trend.time_window import TimeWindow

if TYPE_CHECKING:
    from widgets.trend.analysis import AnalysisDialog

GAP = 8
DAY_NS = 86_400 * NS_PER_S


class TrendPage(QWidget):
    """Importing it brings the plots in, so a window builds it when it is first shown."""

    def __init__(self, feed: Feed, navigation: Navigation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed, self._navigation = feed, navigation
        self._path = feed.folder.trend_views
        self.window_of_time = TimeWindow(parent=self)
        self.views = ChoiceBox()
        self.save, self.remove, self.export = QAction(self), QAction(self), QAction(self)
        self.analyse = QAction(self)
        self.add, self.compare, self.more = QPushButton(), QPushButton(), QPushButton()
        self.exporting = TrendExport(feed, self)
        self.notice = QLabel()
        self.pages = PagePicker()
        self.range = RangeBar(self.window_of_time)
        self.range.replay_asked.connect(navigation.replay_asked)
        live = LiveSamples(feed, self)
        self.grid = FreeGrid(feed, self.window_of_time, live, equipment=lambda: navigation.equipment)
        HelpLink(self.grid.empty, "trends#empty", navigation)
        self.statistics = StatisticsPanel(feed, self.window_of_time, self.grid.tags_in_view)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.renew_views()
        self.pages.show_pages(0, self.grid.pages)
        if navigation.trended:
            self.grid.add(navigation.trended)

    def show_view(self, name: str) -> None:
        """Show the saved view of that name."""
        self.renew_views(name)
        view = self.views.currentData()
        if not isinstance(view, TrendView) or view.name != name:
            return
        lost = self.grid.show_panes(view.panes)
        span = round(view.span_s * NS_PER_S)
        if view.end:
            self.window_of_time.show(view.end - span, view.end)
        else:
            self.window_of_time.go_live()
            self.window_of_time.set_span(span)
        self._tell(tr("Not in this plant: {tags}", tags=", ".join(lost)) if lost else "")

    def save_as(self, name: str) -> None:
        """Save what is shown under a name, in place of a view that has it."""
        window = self.window_of_time
        end = 0 if window.is_live else window.edges(clock.now_ns())[1]
        view = TrendView(name.strip(), self.grid.shown, window.span / NS_PER_S, end)
        try:
            save_view(self._path, view)
        except (OSError, TrendViewError) as error:
            self._tell(station_text(error))
            return
        self.renew_views(view.name)
        self._tell("")

    def remove_chosen(self) -> None:
        """Take the chosen view away; what is shown stays."""
        view = self.views.currentData()
        if isinstance(view, TrendView):
            try:
                remove_view(self._path, view.name)
            except (OSError, TrendViewError) as error:
                self._tell(station_text(error))
                return
            self.renew_views()

    def renew_views(self, chosen: str = "") -> None:
        """Read the saved views again: other windows save some too."""
        try:
            views = read_views(self._path)
        except (OSError, TrendViewError) as error:
            self._tell(station_text(error))
            return
        chosen = chosen or self.views.currentText()
        self.views.clear()
        self.views.addItem(tr("Saved views…"), None)
        for view in views:
            self.views.addItem(view.name, view)
        place = next((at for at, view in enumerate(views, 1) if view.name == chosen), 0)
        self.views.setCurrentIndex(place)
        self.remove.setEnabled(place > 0)

    def ask_signal(self, place: int = -1) -> Finder:
        """Ask for a signal by name, for the pane at `place`, or for a new one."""
        return find_signal(self._feed, self.grid, self, place=place)

    def main_part(self) -> QWidget:
        """Return what the keyboard begins with: the first trend, else the button that adds one."""
        first = self.grid.main_part()
        return self.add if first is self.grid else first

    def retranslate(self) -> None:
        """Renew the texts after a change of language."""
        self.views.setAccessibleName(tr("Saved views"))
        self.views.setItemText(0, tr("Saved views…"))
        self.add.setText("+")
        self.add.setAccessibleName(tr("Add a signal"))
        self.add.setToolTip(tr("Add a signal by name (Insert)"))
        self.more.setText(tr("More"))
        self._show_comparison()
        for action, text, tip in (
            (self.save, tr("Save view…"), tr("Save what is shown for everybody (Ctrl+S)")),
            (self.remove, tr("Remove view"), tr("Take the chosen view off the list")),
            (self.analyse, tr("Analyse…"), tr("Histogram, XY and spectrum of the time shown (Ctrl+A)")),
            (self.export, self._export_text(), tr("Write what is shown as PDF, PNG or a table (Ctrl+E)")),
        ):
            action.setText(text)
            action.setToolTip(tip)
        self.pages.retranslate()
        self.grid.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()

    def _lay_out(self) -> None:
        look = theme()
        self.views.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.views.setMinimumContentsLength(10)
        self.views.setMaximumWidth(look.px(260))
        self.notice.setProperty("tone", "dim")
        self.notice.setWordWrap(True)
        self.notice.hide()
        bar = QHBoxLayout()
        bar.setSpacing(GAP)
        bar.addWidget(self.views)
        self.add.setMinimumWidth(look.hit(28))
        for button in (self.add, self.compare, self.more):
            button.setProperty("kind", "flat")
            bar.addWidget(button)
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addActions([self.analyse, self.export, self.save, self.remove])
        self.more.setMenu(menu)
        bar.addStretch(1)
        bar.addWidget(self.pages)
        bar.addWidget(self.range)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(bar)
        column.addWidget(self.notice)
        column.addWidget(self.grid, 1)
        column.addWidget(self.statistics)

    def _connect(self) -> None:
        self.views.activated.connect(self._choose)
        self.add.clicked.connect(lambda _=False: self.ask_signal())
        self.analyse.triggered.connect(lambda _=False: self.show_analysis())
        self.export.triggered.connect(self._ask_file)
        self.compare.clicked.connect(self._ask_comparison)
        self.window_of_time.changed.connect(self._show_comparison)
        self.exporting.told.connect(self._tell)
        self.exporting.ended.connect(self.retranslate)
        self.save.triggered.connect(self._ask_name)
        self.remove.triggered.connect(self.remove_chosen)
        for name, call in (
            ("trends.add", self.ask_signal),
            ("trends.save", self._ask_name),
            ("trends.export", self._ask_file),
            ("trends.analyse", self.show_analysis),
        ):
            bind(name, self, call)
        self.grid.pages_changed.connect(self.pages.show_pages)
        self.grid.pages_changed.connect(lambda *_: self.statistics.renew())
        self.grid.signal_asked.connect(self.ask_signal)
        self.grid.write_asked.connect(self._navigation.write_asked)
        self.pages.page_asked.connect(self.grid.open_page)
        self._navigation.trend_asked.connect(self.grid.add)
        self._navigation.view_asked.connect(self.show_view)

    def _choose(self, place: int) -> None:
        if place:
            self.show_view(self.views.itemText(place))
        self.remove.setEnabled(place > 0)

    def _ask_name(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("Save view…"))
        dialog.setLabelText(tr("Name of the view"))
        dialog.setTextValue(self.views.currentText() if self.views.currentIndex() > 0 else "")
        dialog.textValueSelected.connect(lambda name: self.save_as(name) if name.strip() else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def sheet(self) -> Sheet:
        """Return what is shown as a sheet for paper."""
        start, end = self.window_of_time.edges(clock.now_ns())
        text = day_and_millisecond if end - start < FINE_NS else day_and_time
        view = self.views.currentText() if self.views.currentIndex() > 0 else tr("Trends")
        return Sheet(
            view,
            local(self._feed.plant.name),
            f"{text(start)} \N{EN DASH} {text(end)}  ({zone_text(end)})",
            tr("Made {time}", time=day_and_time(clock.now_ns())),
            self.grid,
            tuple(pane for pane in self.grid.panes if pane.tags),
            self.statistics.span.text() if self.statistics.isVisible() else "",
            self.statistics.cells() if self.statistics.isVisible() else (),
        )

    def write(self, target: Path) -> None:
        """Write what is shown to a file whose suffix says its kind."""
        if not target.suffix:
            target = target.with_suffix(".pdf")
        span = self.window_of_time.edges(clock.now_ns())
        self.exporting.write(target, self.grid.tags_in_view(), span, self.sheet)
        self.export.setText(self._export_text())

    def comparisons(self) -> QMenu:
        """Return what the time shown can be compared with: a former time, or a run that was saved as a view."""
        menu = QMenu(self)
        window = self.window_of_time
        for earlier, text in (
            (0, tr("Nothing")),
            (window.span, tr("The time just before")),
            (DAY_NS, tr("A day earlier")),
            (7 * DAY_NS, tr("A week earlier")),
            (364 * DAY_NS, tr("A year earlier (52 weeks)")),
        ):
            self._offer(menu, text, earlier)
        end = window.edges(clock.now_ns())[1]
        runs = [view for place in range(1, self.views.count()) if (view := self.views.itemData(place)).end]
        if runs:
            menu.addSection(tr("Saved runs"))
        for view in runs:
            self._offer(menu, view.name, end - view.end)
        return menu

    def _offer(self, menu: QMenu, text: str, earlier: int) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(earlier == self.window_of_time.earlier)
        action.triggered.connect(lambda: self.window_of_time.compare(earlier))

    def _ask_comparison(self) -> None:
        menu = self.comparisons()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.compare.mapToGlobal(QPoint(0, self.compare.height())))

    def _show_comparison(self) -> None:
        earlier = self.window_of_time.earlier
        text = tr("Compare")
        if earlier:
            text = tr("{duration} earlier", duration=plain_duration(earlier // NS_PER_S))
        self.compare.setText(text)
        self.compare.setToolTip(tr("Draw a former time with it, thin and pale"))

    def show_analysis(self) -> AnalysisDialog | None:
        """Show the signals in view in other pictures: of the time between the marks, else of the time shown."""
        from widgets.trend.analysis import AnalysisDialog  # noqa: PLC0415 - few need it

        window, tags = self.window_of_time, self.grid.tags_in_view()
        if not tags:
            self._tell(tr("There is nothing to analyse yet: add a signal."))
            return None
        span = (window.marks[0], window.marks[1]) if len(window.marks) == 2 else window.edges(clock.now_ns())
        dialog = AnalysisDialog(self._feed, tags, span, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()
        return dialog

    def _export_text(self) -> str:
        return tr("Cancel export") if self.exporting.is_running else tr("Export…")

    def _ask_file(self) -> None:
        if self.exporting.is_running:
            self.exporting.cancel()
            return
        if not self.grid.tags_in_view():
            self._tell(tr("There is nothing to export yet: add a signal."))
            return
        dialog = QFileDialog(self, tr("Export…"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(FILTERS.split(";;"))
        dialog.selectFile("trends")
        dialog.setDefaultSuffix("pdf")
        dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(text.rpartition(".")[2].rstrip(")")))
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _tell(self, text: str) -> None:
        self.notice.setText(text)
        self.notice.setVisible(bool(text))
