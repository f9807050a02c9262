"""Every screen that a window on a plant can show: its pages, their panels and its dialogs, each by its name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from app.model.alarm_command import AlarmAction
from app.model.case import Verdict
from app.model.model_command import ModelDeed
from app.model.provision import ProvisionDeed
from app.model.work_order import WorkStep
from widgets.dock.arrangement import Place
from widgets.dock.kinds import ALARMS, PICTURE, TREND, VALUES
from widgets.explain.subject import Subject, SubjectKind
from widgets.finder import Finder
from widgets.main_window import MainWindow
from widgets.screen import Screen
from widgets.trend_screens import telling_tags, trend_screens

if TYPE_CHECKING:
    from widgets.editor.page import EditorPage


def screens_of(window: MainWindow) -> list[Screen]:
    """Return the screens of a window, in the order of its pages."""
    known = {page.key for page in window.pages}
    screens = [
        Screen("overview", "overview"),
        *_of_equipment(window),
        *_of_alarms(window),
        *_of_cases(window),
        *_of_maintenance(window),
        *_of_handover(window),
        *_of_provision(window),
        *_of_performance(window),
        Screen("audit", "audit"),
        Screen("vibration", "vibration"),
        *trend_screens(window),
        *_of_models(window),
        *_of_engineering(window),
        *_of_window(window),
        Screen("panels", "overview", (partial(_show_panels, window),)),
        Screen("help", "alarms", (window.docks.clear, window.helping.open_here)),
        Screen("panels-window", "overview", (partial(_show_panel_window, window),)),
    ]
    return [screen for screen in screens if screen.page in known]


def _of_equipment(window: MainWindow) -> list[Screen]:
    from widgets.equipment.page import EquipmentPage  # noqa: PLC0415 - brings the plots in

    def ask_time() -> None:
        page = window.page("equipment")
        if isinstance(page, EquipmentPage):
            page.range.ask_time()

    writing = window.writing
    screens = [Screen("equipment", "equipment"), Screen("equipment-time", "equipment", (ask_time,))]
    screens += [Screen("faceplate", "equipment", (partial(writing.open, tag.name),)) for tag in writing.tags[:1]]
    screens += [
        Screen("faceplate-method", "equipment", (partial(writing.open_method, method.name),))
        for method in writing.methods[:1]
    ]
    return screens


def _of_alarms(window: MainWindow) -> list[Screen]:
    from widgets.alarm.page import ACTIVE, HIDDEN, JOURNAL, AlarmPage  # noqa: PLC0415
    from widgets.alarm.wording import order_of_urgency  # noqa: PLC0415

    def tab(number: int) -> None:
        page = window.page("alarms")
        if isinstance(page, AlarmPage):
            page.show_tab(number)

    def act(action: AlarmAction) -> None:
        page = window.page("alarms")
        if isinstance(page, AlarmPage):
            page.active.view.selectAll()
            page.active.act(action)
            page.active.view.clearSelection()

    def choose() -> None:
        """Show what to do about the most urgent alarm."""
        page = window.page("alarms")
        urgent = order_of_urgency(window.feed.alarms.values())
        if isinstance(page, AlarmPage) and urgent:
            page.active.select(urgent[0].alarm)

    active = partial(tab, ACTIVE)
    deeds = (
        ("acknowledge", AlarmAction.ACKNOWLEDGE),
        ("shelve", AlarmAction.SHELVE),
        ("suppress", AlarmAction.SUPPRESS),
        ("out-of-service", AlarmAction.REMOVE_FROM_SERVICE),
    )
    return [
        Screen("alarms", "alarms", (active,)),
        Screen("alarms-sheet", "alarms", (active, choose)),
        Screen("alarms-hidden", "alarms", (partial(tab, HIDDEN),)),
        Screen("alarms-journal", "alarms", (partial(tab, JOURNAL),)),
        *(Screen(f"alarms-{name}", "alarms", (active, partial(act, action))) for name, action in deeds),
    ]


def _of_cases(window: MainWindow) -> list[Screen]:
    from widgets.case.page import CHANGES, CLOSED, OPEN, SCORES, CasePage  # noqa: PLC0415 - brings the plots in

    def tab(number: int) -> None:
        page = window.page("cases")
        if isinstance(page, CasePage):
            page.open_tab(number)

    def judge() -> None:
        page = window.page("cases")
        if isinstance(page, CasePage):
            page.judge(Verdict.CONFIRMED)

    tabs = (("cases", OPEN), ("cases-closed", CLOSED), ("cases-changes", CHANGES), ("cases-scoreboard", SCORES))
    return [
        *(Screen(name, "cases", (partial(tab, number),)) for name, number in tabs),
        Screen("cases-verdict", "cases", (partial(tab, OPEN), judge)),
    ]


def _of_maintenance(window: MainWindow) -> list[Screen]:
    from widgets.maintenance.lists import MaintenanceList  # noqa: PLC0415 - brings SQLite's libraries in
    from widgets.maintenance.page import MaintenancePage  # noqa: PLC0415

    def choose(place: int) -> None:
        page = window.page("maintenance")
        if isinstance(page, MaintenancePage):
            page.list.setCurrentIndex(place)

    def request() -> None:
        page = window.page("maintenance")
        if isinstance(page, MaintenancePage):
            page.request.click()

    def step(kind: WorkStep) -> None:
        page = window.page("maintenance")
        if isinstance(page, MaintenancePage):
            page.detail.step_asked.emit(kind)

    return [
        *(
            Screen(f"maintenance-{name.value.replace('_', '-')}", "maintenance", (partial(choose, place),))
            for place, name in enumerate(MaintenanceList)
        ),
        Screen("maintenance-request", "maintenance", (partial(choose, 0), request)),
        Screen("maintenance-plan", "maintenance", (partial(choose, 0), partial(step, WorkStep.PLAN))),
        Screen("maintenance-complete", "maintenance", (partial(choose, 0), partial(step, WorkStep.COMPLETE))),
    ]


def _of_handover(window: MainWindow) -> list[Screen]:
    from app.model.handover import HandoverAction  # noqa: PLC0415
    from widgets.handover.page import HandoverPage  # noqa: PLC0415 - brings SQLite's libraries in

    def ask(action: HandoverAction) -> None:
        page = window.page("handover")
        if isinstance(page, HandoverPage):
            page.ask(action)

    def ask_time() -> None:
        page = window.page("handover")
        if isinstance(page, HandoverPage):
            page.ask_time()

    def report() -> None:
        """Show the report of the shift that runs."""
        page = window.page("handover")
        if isinstance(page, HandoverPage):
            page.shift_view.selectRow(0)

    return [
        Screen("handover", "handover"),
        Screen("handover-report", "handover", (report,)),
        Screen("handover-note", "handover", (partial(ask, HandoverAction.NOTE),)),
        Screen("handover-time", "handover", (ask_time,)),
        Screen("handover-sign", "handover", (partial(ask, HandoverAction.HAND_OVER),)),
    ]


def _of_provision(window: MainWindow) -> list[Screen]:
    from widgets.maintenance.lists import MaintenanceList  # noqa: PLC0415 - brings SQLite's libraries in
    from widgets.maintenance.page import MaintenancePage  # noqa: PLC0415

    def ask(name: MaintenanceList) -> None:
        page = window.page("maintenance")
        if isinstance(page, MaintenancePage):
            page.list.setCurrentIndex(list(MaintenanceList).index(name))
            if name is MaintenanceList.STOPS:
                page.provision.ask_stop(is_new=True)
            elif page.table.rows:
                page.view.selectRow(0)
                page.provision.ask(ProvisionDeed.COUNT)

    return [
        Screen("maintenance-stop", "maintenance", (partial(ask, MaintenanceList.STOPS),)),
        Screen("maintenance-part", "maintenance", (partial(ask, MaintenanceList.PARTS),)),
    ]


def _of_performance(window: MainWindow) -> list[Screen]:
    from widgets.alarm_performance.page import PerformancePage  # noqa: PLC0415 - brings SQLite's libraries in

    def what_if() -> None:
        page = window.page("alarm-performance")
        if not isinstance(page, PerformancePage):
            return
        for row in range(len(page.actors.rows)):
            page.actor_view.selectRow(row)
            if page.ask_what_if() is not None:
                break

    def suppression() -> None:
        page = window.page("alarm-performance")
        if isinstance(page, PerformancePage):
            page.ask_suppression()

    return [
        Screen("performance", "alarm-performance"),
        Screen("performance-what-if", "alarm-performance", (what_if,)),
        Screen("performance-suppression", "alarm-performance", (suppression,)),
    ]


def _of_models(window: MainWindow) -> list[Screen]:
    from widgets.learning.page import ModelPage  # noqa: PLC0415 - brings SQLite's libraries in

    def learn() -> None:
        page = window.page("models")
        if isinstance(page, ModelPage):
            page.ask_learning()

    def act(deed: ModelDeed) -> None:
        page = window.page("models")
        if isinstance(page, ModelPage):
            page.act(deed)

    return [
        Screen("models", "models"),
        Screen("models-learn", "models", (learn,)),
        Screen("models-promote", "models", (partial(act, ModelDeed.PROMOTE),)),
    ]


def _of_engineering(window: MainWindow) -> list[Screen]:
    from widgets.editor.bar import KINDS, RULES  # noqa: PLC0415 - few windows ever need it
    from widgets.editor.page import SHEETS, VERSIONS, EditorPage  # noqa: PLC0415

    def page() -> EditorPage | None:
        found = window.page("engineering")
        return found if isinstance(found, EditorPage) else None

    def panel(number: int) -> None:
        if (found := page()) is not None:
            found.open_panel(number)

    def kind(name: str) -> None:
        if (found := page()) is not None:
            found.bar.kinds[name].click()

    def bulk(name: str) -> None:
        found = page()
        if found is not None:
            found.view.selectColumn(5)
            (found.fill if name == "fill" else found.replace)()

    sheets = partial(panel, SHEETS)
    changed = (sheets, partial(kind, "tag"), partial(_change_title, window))
    discard = partial(_discard_draft, window)
    return [
        *(
            Screen(f"engineering-{name.replace('_', '-')}", "engineering", (sheets, partial(kind, name)))
            for name in (*KINDS, *RULES)
        ),
        *(
            Screen(f"engineering-{name}", "engineering", (sheets, partial(kind, "tag"), partial(bulk, name)), discard)
            for name in ("fill", "replace")
        ),
        Screen("engineering-draft", "engineering", changed, discard),
        Screen("engineering-difference", "engineering", (*changed, partial(_show_difference, window)), discard),
        Screen("engineering-versions", "engineering", (partial(panel, VERSIONS),)),
    ]


def _editor_page(window: MainWindow) -> EditorPage:
    return cast("EditorPage", window.page("engineering"))


def _change_title(window: MainWindow) -> None:
    """Let a title be another one in the draft."""
    table = _editor_page(window).table
    if table.rowCount():
        place = table.index(0, 2)
        table.setData(place, f"{place.data()} 1")


def _show_difference(window: MainWindow) -> None:
    _editor_page(window).review()


def _discard_draft(window: MainWindow) -> None:
    page = _editor_page(window)
    page.view.clearSelection()
    page.drafting.discard()


def _show_panels(window: MainWindow) -> None:
    """Show a page with a panel of each kind."""
    window.docks.clear()
    for kind, shown in ((ALARMS, ()), (TREND, telling_tags(window)[:1]), (VALUES, ()), (PICTURE, ())):
        window.docks.open(kind, shown)


def _show_panel_window(window: MainWindow) -> None:
    """Show a panel in a window of its own."""
    window.docks.clear()
    panel = window.docks.open(TREND, telling_tags(window)[:2])
    if panel is not None:
        window.docks.move(panel, Place.WINDOW)


def _search(window: MainWindow) -> None:
    """Show what a few letters find."""
    window.search()
    for finder in window.findChildren(Finder):
        finder.field.setText(window.navigation.equipment[:3])


def _save_picture(window: MainWindow) -> None:
    """Show what would be stored of a picture after a change."""
    from widgets.picture_editor.storing import draft_of  # noqa: PLC0415 - few windows ever need it

    editor = window.engineering.open_pictures()
    editor.edited.select(editor.edited.touchable())
    editor.commands.duplicate()
    editor.open_saving(draft_of(editor.edited))


def _repeat_in_picture(window: MainWindow, *, is_row: bool) -> None:
    """Ask how the first symbol of a picture is repeated, or what it is called instead."""
    editor = window.engineering.open_pictures()
    editor.edited.select(sorted(editor.edited.touchable())[:1])
    if is_row:
        editor.commands.repeat()
    else:
        editor.commands.replace_names()


def _of_window(window: MainWindow) -> list[Screen]:
    """Return the dialogs that belong to no page."""
    from widgets.replay.window import ReplayWindow  # noqa: PLC0415 - most windows are none

    def replay() -> None:
        """Ask for an instant; the live window asks only where something can open a replay."""
        if isinstance(window, ReplayWindow):
            window.ask_instant()
        else:
            window.navigation.replay_asked.emit(0)

    page, feed = "overview", window.feed
    explained = [Subject(SubjectKind.TAG, tag.name) for tag in feed.plant.tags[:1]]
    explained += [Subject(SubjectKind.HEALTH, equipment) for equipment in list(feed.healths)[:1]]
    kinds = {each.driver: each.id for each in window.feed.plant.connections}
    return [
        Screen("search", page, (window.search,)),
        Screen("search-found", page, (partial(_search, window),)),
        Screen("replay", page, (replay,)),
        *(Screen(f"explain-{each.kind}", page, (partial(window.explaining.explain, each),)) for each in explained),
        Screen("operator", page, (window.acknowledgement.ask_operator,)),
        Screen("sign-in", page, (window.writing.ask_sign_in,)),
        *(Screen(f"connection-{kind}", page, (partial(window.show_connection, name),)) for kind, name in kinds.items()),
        Screen("import-tags", page, (window.engineering.open_import,)),
        Screen("add-device", page, (window.engineering.open_addition,)),
        Screen("picture-editor", page, (window.engineering.open_pictures,)),
        Screen("picture-repeat", page, (partial(_repeat_in_picture, window, is_row=True),)),
        Screen("picture-names", page, (partial(_repeat_in_picture, window, is_row=False),)),
        Screen("picture-save", page, (partial(_save_picture, window),)),
        Screen("picture-versions", page, (lambda: window.engineering.open_pictures().open_versions(),)),
    ]
