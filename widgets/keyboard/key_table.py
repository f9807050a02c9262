"""All keys of the window: each by the name of what it does, so that the keys that are bound and the help agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from widgets.translation import tr

BY_LIST = ("Return", "Enter")


@dataclass(frozen=True, slots=True)
class KeyDeed:
    """What one key does, or several that do the same.

    `name`: of the deed, such as "alarms.shelve". `keys`: texts of QKeySequence. `within`: the module whose widget
    answers the key itself while it has the keyboard; "" where a shortcut is bound (`widgets/keyboard/shortcut.py`).
    """

    name: str
    keys: tuple[str, ...]
    text: Callable[[], str]
    within: str = ""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one page or part; `topic`: the help that tells of it."""

    topic: str
    title: Callable[[], str]
    deeds: Sequence[KeyDeed]


def deed(name: str) -> KeyDeed:
    """Return what a name stands for; raise KeyError where the table has no such name."""
    return _by_name()[name]


@cache
def _by_name() -> Mapping[str, KeyDeed]:
    return {each.name: each for group in GROUPS for each in group.deeds}


_ALARM_LIST = "widgets/alarm/active_panel.py"
_HIDDEN = "widgets/alarm/hidden_panel.py"
_JOURNAL = "widgets/alarm/journal_panel.py"
_PANE = "widgets/trend/pane.py"
_SCALE = "widgets/trend/scale_hand.py"
_PANEL = "widgets/dock/panel.py"
_LINES, _PLOT = "widgets/plot/line_plot.py", "widgets/plot/plot.py"
_PICTURE = "widgets/picture/view.py"
_ARROWS = "widgets/keyboard/reading_order.py"

GROUPS: tuple[KeyGroup, ...] = (
    KeyGroup(
        "keys",
        lambda: tr("On every page"),
        (
            KeyDeed("window.help", ("F1",), lambda: tr("Help for what is in front")),
            KeyDeed("window.acknowledge", ("F2",), lambda: tr("Acknowledge the alarms whose cards are in view")),
            KeyDeed("window.silence", ("F3",), lambda: tr("Silence what sounds now")),
            KeyDeed("window.replay", ("F8",), lambda: tr("Replay the past; in a replay: back to live")),
            KeyDeed("window.full-screen", ("F11",), lambda: tr("Full screen, and back")),
            KeyDeed("window.search", ("Ctrl+K",), lambda: tr("Find anything and go there")),
            KeyDeed(
                "window.explain",
                ("Alt+Return", "Alt+Enter", "Ctrl+I"),
                lambda: tr("Explain the value that has the focus"),
            ),
            KeyDeed("window.walk", ("Ctrl+Shift+I",), lambda: tr("Walk over all values that are seen")),
            KeyDeed("window.trend", ("Alt+T",), lambda: tr("Show the value that has the focus on the trends")),
            KeyDeed("window.larger", ("Ctrl++", "Ctrl+="), lambda: tr("Draw everything larger")),
            KeyDeed("window.smaller", ("Ctrl+-",), lambda: tr("Draw everything smaller")),
            KeyDeed("window.own", ("Ctrl+Shift+N",), lambda: tr("This page in a window of its own")),
        ),
    ),
    KeyGroup(
        "panels",
        lambda: tr("Panels"),
        (
            KeyDeed("panels.ask", ("Ctrl+Shift+P",), lambda: tr("Open a panel")),
            KeyDeed("panels.next", ("Ctrl+Tab",), lambda: tr("To the next panel, at last back to the page")),
            KeyDeed("panels.former", ("Ctrl+Shift+Tab",), lambda: tr("To the panel before")),
            KeyDeed("panels.beside", ("Alt+Shift+Right",), lambda: tr("Put the panel beside the page"), _PANEL),
            KeyDeed("panels.below", ("Alt+Shift+Down",), lambda: tr("Put the panel below the page"), _PANEL),
            KeyDeed("panels.window", ("Alt+Shift+Up",), lambda: tr("Give the panel a window of its own"), _PANEL),
            KeyDeed("panels.larger", ("Alt+Shift+PgUp",), lambda: tr("Larger panel"), _PANEL),
            KeyDeed("panels.smaller", ("Alt+Shift+PgDown",), lambda: tr("Smaller panel"), _PANEL),
            KeyDeed("panels.close", ("Ctrl+W",), lambda: tr("Close the panel"), _PANEL),
            KeyDeed("values.open", BY_LIST, lambda: tr("List of values: show the tag on its page")),
            KeyDeed("values.trend", ("Ctrl+Return", "Ctrl+Enter"), lambda: tr("List of values: show its trend")),
            KeyDeed("values.remove", ("Delete",), lambda: tr("List of values: take the tag off")),
        ),
    ),
    KeyGroup(
        "panels",
        lambda: tr("Help"),
        (
            KeyDeed("help.close", ("Escape",), lambda: tr("Close the help")),
            KeyDeed("help.search", ("Ctrl+F",), lambda: tr("Search in the help")),
            KeyDeed("help.contents", ("Alt+Home",), lambda: tr("Contents of the help")),
            KeyDeed("help.back", ("Alt+Left",), lambda: tr("Back to what was read before")),
            KeyDeed("help.print", ("Ctrl+P",), lambda: tr("Print what is in view")),
        ),
    ),
    KeyGroup(
        "alarms",
        lambda: tr("Alarms"),
        (
            KeyDeed("alarms.active", ("Ctrl+Shift+1",), lambda: tr("List of what stands")),
            KeyDeed("alarms.hidden", ("Ctrl+Shift+2",), lambda: tr("List of what is hidden")),
            KeyDeed("alarms.journal", ("Ctrl+Shift+3",), lambda: tr("Journal of what was")),
            KeyDeed("alarms.acknowledge", ("A",), lambda: tr("Acknowledge the selected alarms"), _ALARM_LIST),
            KeyDeed("alarms.shelve", ("S",), lambda: tr("Shelve the selected alarms"), _ALARM_LIST),
            KeyDeed("alarms.comment", ("C",), lambda: tr("Comment on the selected alarms"), _ALARM_LIST),
            KeyDeed("alarms.reset", ("R",), lambda: tr("Reset latched alarms"), _ALARM_LIST),
            KeyDeed("alarms.work", ("W",), lambda: tr("Ask for work on the alarm"), _ALARM_LIST),
            KeyDeed("alarms.open", BY_LIST, lambda: tr("Show the trend at the instant of the alarm"), _ALARM_LIST),
            KeyDeed("alarms.menu", ("Menu",), lambda: tr("All that can be done"), _ALARM_LIST),
            KeyDeed("alarms.equipment", ("E",), lambda: tr("Only the alarms of this equipment"), _ALARM_LIST),
            KeyDeed("alarms.group", ("G",), lambda: tr("Next way of grouping"), _ALARM_LIST),
            KeyDeed("alarms.fold", ("Left",), lambda: tr("Close the group"), _ALARM_LIST),
            KeyDeed("alarms.unfold", ("Right",), lambda: tr("Open the group"), _ALARM_LIST),
            KeyDeed("alarms.all", ("Escape",), lambda: tr("List everything again"), _ALARM_LIST),
            KeyDeed("alarms.filter", ("Ctrl+F",), lambda: tr("Into the text of the filter")),
            KeyDeed("alarms.waiting", ("Ctrl+U",), lambda: tr("Only what waits for an acknowledgement")),
            KeyDeed("alarms.priority-1", ("Alt+1",), lambda: tr("List priority 1, or no longer")),
            KeyDeed("alarms.priority-2", ("Alt+2",), lambda: tr("List priority 2, or no longer")),
            KeyDeed("alarms.priority-3", ("Alt+3",), lambda: tr("List priority 3, or no longer")),
            KeyDeed("alarms.priority-4", ("Alt+4",), lambda: tr("List priority 4, or no longer")),
            KeyDeed("hidden.back", ("U",), lambda: tr("Hidden list: bring back at once"), _HIDDEN),
            KeyDeed("hidden.filter", ("Ctrl+F",), lambda: tr("Hidden list: into the text of the filter")),
            KeyDeed("journal.replay", ("R",), lambda: tr("Journal: replay from this line"), _JOURNAL),
            KeyDeed("journal.open", BY_LIST, lambda: tr("Journal: the trend at that instant"), _JOURNAL),
            KeyDeed("journal.all", ("Escape",), lambda: tr("Journal: show everything again"), _JOURNAL),
            KeyDeed("journal.filter", ("Ctrl+F",), lambda: tr("Journal: into the text of the filter")),
        ),
    ),
    KeyGroup(
        "trends",
        lambda: tr("Trends"),
        (
            KeyDeed("trends.add", ("Insert",), lambda: tr("Add a signal by its name")),
            KeyDeed("trends.time", ("Ctrl+T",), lambda: tr("Type the time that is to be shown")),
            KeyDeed("trends.before", ("Alt+Left",), lambda: tr("The time that was shown before")),
            KeyDeed("trends.forward", ("Alt+Right",), lambda: tr("Forward again")),
            KeyDeed("trends.replay", ("Ctrl+R",), lambda: tr("Replay the station from there")),
            KeyDeed("trends.save", ("Ctrl+S",), lambda: tr("Save the view for everybody")),
            KeyDeed("trends.export", ("Ctrl+E",), lambda: tr("Export what is shown")),
            KeyDeed("trends.analyse", ("Ctrl+A",), lambda: tr("Histogram, XY, spectrum")),
            KeyDeed("pane.back", ("Left",), lambda: tr("Back in time"), _PANE),
            KeyDeed("pane.on", ("Right",), lambda: tr("On in time"), _PANE),
            KeyDeed("pane.in", ("+",), lambda: tr("Zoom in"), _PANE),
            KeyDeed("pane.out", ("-",), lambda: tr("Zoom out"), _PANE),
            KeyDeed("pane.cursor-back", ("Shift+Left",), lambda: tr("Cursor back; with Ctrl by larger steps"), _PANE),
            KeyDeed("pane.cursor-on", ("Shift+Right",), lambda: tr("Cursor on; with Ctrl by larger steps"), _PANE),
            KeyDeed("pane.mark", ("M",), lambda: tr("Put mark A, then mark B"), _PANE),
            KeyDeed("pane.escape", ("Escape",), lambda: tr("Remove the marks, else back to live"), _PANE),
            KeyDeed("pane.live", ("Home",), lambda: tr("Back to live"), _PANE),
            KeyDeed("pane.higher", ("Up",), lambda: tr("Show higher values"), _SCALE),
            KeyDeed("pane.lower", ("Down",), lambda: tr("Show lower values"), _SCALE),
            KeyDeed("pane.finer", ("Shift+Up",), lambda: tr("Spread the values"), _SCALE),
            KeyDeed("pane.coarser", ("Shift+Down",), lambda: tr("Draw the values together"), _SCALE),
            KeyDeed("pane.scale", ("0",), lambda: tr("Let the scales follow the curves again"), _SCALE),
        ),
    ),
    KeyGroup(
        "pictures",
        lambda: tr("Process pictures"),
        (
            KeyDeed("pictures.up", ("Alt+Up",), lambda: tr("To the picture above")),
            KeyDeed("pictures.down", ("Alt+Down",), lambda: tr("To the picture below")),
            KeyDeed("pictures.next", ("Right",), lambda: tr("To the next item or value"), _ARROWS),
            KeyDeed("pictures.former", ("Left",), lambda: tr("To the item or value before"), _ARROWS),
            KeyDeed("pictures.above", ("Up",), lambda: tr("To what stands above"), _ARROWS),
            KeyDeed("pictures.below", ("Down",), lambda: tr("To what stands below"), _ARROWS),
            KeyDeed("pictures.open", (*BY_LIST, "Space"), lambda: tr("Open the item, or write the value"), _PICTURE),
        ),
    ),
    KeyGroup(
        "replay",
        lambda: tr("Replay"),
        (
            KeyDeed("replay.run", ("F5",), lambda: tr("Run, or stand still")),
            KeyDeed("replay.next-alarm", ("F6",), lambda: tr("To the next alarm")),
            KeyDeed("replay.former-alarm", ("Shift+F6",), lambda: tr("To the alarm before")),
            KeyDeed("replay.second-on", ("F7",), lambda: tr("A second on")),
            KeyDeed("replay.second-back", ("Shift+F7",), lambda: tr("A second back")),
            KeyDeed("replay.minute-on", ("Ctrl+F7",), lambda: tr("A minute on")),
            KeyDeed("replay.minute-back", ("Ctrl+Shift+F7",), lambda: tr("A minute back")),
            KeyDeed("replay.faster", ("F9",), lambda: tr("Faster")),
            KeyDeed("replay.slower", ("Shift+F9",), lambda: tr("Slower")),
            KeyDeed("replay.instant", ("Ctrl+G",), lambda: tr("To any instant")),
        ),
    ),
    KeyGroup(
        "maintenance",
        lambda: tr("Maintenance"),
        (
            KeyDeed("maintenance.request", ("Ctrl+N",), lambda: tr("Request work")),
            KeyDeed("maintenance.search", ("Ctrl+F",), lambda: tr("Search the orders")),
        ),
    ),
    KeyGroup(
        "handover",
        lambda: tr("Handover"),
        (
            KeyDeed("handover.note", ("Ctrl+N",), lambda: tr("Note a point for the next shift")),
            KeyDeed("handover.sign", BY_LIST, lambda: tr("List of shifts: hand over, or take over")),
            KeyDeed("handover.search", ("Ctrl+F",), lambda: tr("Search the handovers")),
        ),
    ),
    KeyGroup(
        "vibration",
        lambda: tr("Plots of vibration and analysis"),
        (
            KeyDeed("vibration.back", ("Left",), lambda: tr("Cursor to the line before"), _LINES),
            KeyDeed("vibration.on", ("Right",), lambda: tr("Cursor to the next line"), _LINES),
            KeyDeed("vibration.escape", ("Escape",), lambda: tr("Take the cursor away"), _LINES),
            KeyDeed("plot.in", ("+", "="), lambda: tr("Zoom in"), _PLOT),
            KeyDeed("plot.out", ("-",), lambda: tr("Zoom out"), _PLOT),
            KeyDeed("plot.whole", ("Home",), lambda: tr("Show everything"), _PLOT),
        ),
    ),
    KeyGroup(
        "audit",
        lambda: tr("Audit trail"),
        (KeyDeed("audit.search", ("Ctrl+F",), lambda: tr("Search the audit trail")),),
    ),
    KeyGroup(
        "engineering",
        lambda: tr("Engineering"),
        (
            KeyDeed("engineering.undo", ("Ctrl+Z",), lambda: tr("Take the last step back")),
            KeyDeed("engineering.redo", ("Ctrl+Y",), lambda: tr("Do it again")),
            KeyDeed("engineering.replace", ("Ctrl+H",), lambda: tr("Replace in the chosen cells")),
        ),
    ),
)
