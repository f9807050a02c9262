"""Which pages the window on a plant has, from left to right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.model import clock
from app.plant.folder import PlantFolder
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.alarm.page import AlarmPage
from widgets.feed import Feed
from widgets.handover.waiting import WaitingHandovers
from widgets.help.topics import FIRST_HOUR
from widgets.model.journal_table import JournalQuery, ReadPage
from widgets.navigation import Navigation, PageFactory
from widgets.translation import tr

if TYPE_CHECKING:
    from app.alarm.journal_search import AlarmNames, JournalPage
    from widgets.alarm_performance.suppression_dialog import SuppressionDialog
    from widgets.editor.file_change import Writer


def pages_of(folder: PlantFolder, acknowledgement: Acknowledgement) -> Sequence[PageFactory]:
    """Return the pages of the plant in `folder`."""

    def overview(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.overview.page import OverviewPage  # noqa: PLC0415 - the window is seen before pictures are read

        page = OverviewPage(feed, navigation)
        page.first_steps.asked.connect(lambda step: _first_step(step, feed, page))
        return page

    def equipment(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.equipment.page import EquipmentPage  # noqa: PLC0415 - brings the plots in

        return EquipmentPage(feed, navigation)

    def alarms(feed: Feed, navigation: Navigation) -> QWidget:
        page = AlarmPage(feed, navigation, acknowledgement=acknowledgement, read_journal=journal_of(folder))
        page.active.sheet.trial_asked.connect(lambda alarm: _try_suppression(feed, alarm, page))
        return page

    def cases(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.case.page import CasePage  # noqa: PLC0415 - brings the plots in
        from widgets.case.reading import CaseReading  # noqa: PLC0415

        return CasePage(feed, navigation, reading=CaseReading(folder), acknowledgement=acknowledgement)

    def maintenance(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.maintenance.orders import WorkOrders  # noqa: PLC0415 - brings SQLite's libraries in
        from widgets.maintenance.page import MaintenancePage  # noqa: PLC0415
        from widgets.maintenance.reading import MaintenanceReading  # noqa: PLC0415

        def orders(page: QWidget) -> WorkOrders:
            return WorkOrders(feed, acknowledgement, page, has_users=folder.users.exists)

        return MaintenancePage(feed, navigation, orders=orders, reading=MaintenanceReading(folder, feed.plant))

    def performance(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.alarm_performance.history import seen_of, what_if_of  # noqa: PLC0415
        from widgets.alarm_performance.page import PerformancePage  # noqa: PLC0415 - brings SQLite's libraries in
        from widgets.alarm_performance.reading import performance_of  # noqa: PLC0415
        from widgets.alarm_performance.take_over import TakeOver  # noqa: PLC0415

        return PerformancePage(
            feed,
            navigation,
            read=performance_of(folder),
            ask=what_if_of(folder, feed.plant),
            take_over=None if feed.is_replay else lambda: TakeOver(feed, acknowledgement, lambda: seen_of(folder)),
            try_suppression=lambda alarm, page: _try_suppression(feed, alarm, page),
        )

    def audit(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.audit.page import AuditTrailPage  # noqa: PLC0415 - brings SQLite's libraries in
        from widgets.audit.reading import AuditReading  # noqa: PLC0415

        return AuditTrailPage(feed, navigation, reading=AuditReading(folder))

    def trends(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.trend.page import TrendPage  # noqa: PLC0415 - brings the plots in

        return TrendPage(feed, navigation)

    return (
        PageFactory("overview", lambda: tr("Overview"), overview, has_tree=False),
        PageFactory("equipment", lambda: tr("Equipment"), equipment),
        PageFactory("alarms", lambda: tr("Alarms"), alarms, has_tree=False),
        PageFactory("cases", lambda: tr("Cases"), cases, has_tree=False),
        PageFactory("maintenance", lambda: tr("Maintenance"), maintenance, has_tree=False),
        PageFactory(
            "handover",
            lambda: tr("Handover"),
            _handover_in(folder, acknowledgement),
            has_tree=False,
            badge=lambda feed, parent: WaitingHandovers(feed, folder, acknowledgement, parent),
        ),
        PageFactory("vibration", lambda: tr("Vibration"), _vibration_in(folder), has_tree=False),
        PageFactory("alarm-performance", lambda: tr("Performance"), performance, has_tree=False),
        PageFactory("audit", lambda: tr("Audit trail"), audit, has_tree=False),
        PageFactory("trends", lambda: tr("Trends"), trends),
        PageFactory("models", lambda: tr("Models"), _models_in(folder, acknowledgement), has_tree=False),
        PageFactory("engineering", lambda: tr("Engineering"), _editor, has_tree=False, has_tab=False),
    )


def _writer(feed: Feed) -> Callable[[QWidget], Writer | None]:
    """Return what gives who sits at the window of a page the right to write the plant file, or asks for a sign-in."""
    from widgets.main_window import MainWindow  # noqa: PLC0415 - it holds the pages

    def writer(page: QWidget) -> Writer | None:
        window = page.window()
        owner = window.parentWidget()  # of a dialog
        window = owner.window() if not isinstance(window, MainWindow) and owner is not None else window
        if not isinstance(window, MainWindow) or not window.engineering.may():
            return None
        change, user = window.engineering.editing.change, window.engineering.user
        return lambda before, after, reason: change(feed.folder, before, after, reason, user)

    return writer


def _try_suppression(feed: Feed, alarm: str, page: QWidget) -> SuppressionDialog:
    """Open what tries a suppression of an alarm, above a page."""
    from widgets.alarm_performance.suppression_dialog import SuppressionDialog  # noqa: PLC0415 - few ever need it
    from widgets.alarm_performance.trial_reading import trial_of  # noqa: PLC0415
    from widgets.editor.file_change import FileChange  # noqa: PLC0415

    change = None if feed.is_replay else FileChange(feed, _writer(feed), page)
    dialog = SuppressionDialog(alarm, feed.plant.alarms, trial_of(feed.folder, feed.plant), change=change, parent=page)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _first_step(step: str, feed: Feed, page: QWidget) -> None:
    """Do what a plant in which nothing is set up needs next."""
    from widgets.main_window import MainWindow  # noqa: PLC0415 - it holds the pages
    from widgets.overview.first_steps import FirstSteps  # noqa: PLC0415

    window = page.window()
    if not isinstance(window, MainWindow):
        return
    signal = next((tag.name for tag in feed.plant.tags if tag.has_limits), "")
    deeds: Mapping[str, Callable[[], object]] = {
        FirstSteps.DEVICE: window.engineering.add_device,
        FirstSteps.LIST: window.engineering.import_tags,
        FirstSteps.PICTURE: window.engineering.draw_pictures,
        FirstSteps.SHEETS: lambda: window.navigation.open_page("engineering"),
        FirstSteps.HELP: lambda: window.navigation.help_asked.emit(FIRST_HOUR),
    }
    if step == FirstSteps.LIMITS and signal:
        window.engineering.set_limits(signal)
    else:
        deeds.get(step, deeds[FirstSteps.SHEETS])()


def _editor(feed: Feed, _: Navigation) -> QWidget:
    from widgets.editor.page import EditorPage  # noqa: PLC0415 - few windows ever need it
    from widgets.main_window import MainWindow  # noqa: PLC0415 - it holds the pages

    def show_pictures() -> None:
        window = page.window()
        if isinstance(window, MainWindow):
            window.engineering.show_picture_versions()

    page = EditorPage(feed, writer=_writer(feed))
    page.versions.pictures_asked.connect(show_pictures)
    return page


def _vibration_in(folder: PlantFolder) -> Callable[[Feed, Navigation], QWidget]:
    def vibration(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.vibration.page import VibrationPage  # noqa: PLC0415 - brings SQLite's libraries in
        from widgets.vibration.reading import VibrationReading  # noqa: PLC0415

        return VibrationPage(feed, navigation, reading=VibrationReading(folder, feed.plant))

    return vibration


def _handover_in(folder: PlantFolder, acknowledgement: Acknowledgement) -> Callable[[Feed, Navigation], QWidget]:
    def handover(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.handover.deeds import HandoverDeeds  # noqa: PLC0415
        from widgets.handover.page import HandoverPage  # noqa: PLC0415 - brings SQLite's libraries in
        from widgets.handover.reading import HandoverReading  # noqa: PLC0415

        return HandoverPage(
            feed,
            navigation,
            deeds=lambda page: HandoverDeeds(feed, acknowledgement, page),
            reading=HandoverReading(folder, feed.plant),
            has_users=folder.users.exists,
        )

    return handover


def _models_in(folder: PlantFolder, acknowledgement: Acknowledgement) -> Callable[[Feed, Navigation], QWidget]:
    def models(feed: Feed, navigation: Navigation) -> QWidget:
        from widgets.learning.deeds import ModelDeeds  # noqa: PLC0415
        from widgets.learning.page import ModelPage  # noqa: PLC0415 - brings SQLite's libraries in
        from widgets.learning.reading import ModelReading  # noqa: PLC0415

        return ModelPage(
            feed,
            navigation,
            deeds=lambda page: ModelDeeds(feed, acknowledgement, page),
            reading=ModelReading(folder, feed.plant),
        )

    return models


def journal_of(folder: PlantFolder) -> ReadPage:
    """Return what reads a page of the plant's alarm journal, in any thread; a plant without a history has no lines."""
    names: list[AlarmNames] = []
    lock = Lock()

    def read(query: JournalQuery) -> JournalPage:
        # SQLite's libraries take a third of a second to import: the window does not wait for them
        from app.alarm.journal_search import AlarmNames, JournalPage, JournalReader  # noqa: PLC0415
        from app.database import DatabaseMissing, open_reader  # noqa: PLC0415

        try:
            connection = open_reader(folder.history)
        except DatabaseMissing:
            return JournalPage(())
        with lock, closing(connection):
            names[:] = names or [AlarmNames()]
            reader = JournalReader(connection, names[0])
            search = query.search.until(clock.now_ns()) if clock.is_replaying() else query.search
            return reader.page(search, query.before, limit=query.limit, alarms=query.alarms)

    return read
