"""Where the operator is: the page and the equipment in view, shared by tree, header, search and pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.model.former_name import FormerNames
from app.model.plant import Plant
from widgets.feed import Feed
from widgets.header.badge import Badge


class Navigation(QObject):
    """One place for "show me that": whoever wants a page, an equipment or a tag in view asks here."""

    page_changed = Signal(str)
    equipment_changed = Signal(str)
    tag_changed = Signal(str)
    instant_asked = Signal(object)  # int64 ns UTC: what is to be in view on the trends
    trend_asked = Signal(object)  # Sequence[str]: tags that are to be seen on the page of trends
    view_asked = Signal(str)  # a saved view of trends
    order_changed = Signal(int)
    case_asked = Signal(int)
    shift_asked = Signal(str)  # the key of a shift, day or month whose report is to be seen
    alarm_asked = Signal(str)  # an alarm that is to be seen in the list
    write_asked = Signal(str)
    limits_asked = Signal(str)  # a tag whose limits somebody wants to set
    work_asked = Signal(object)  # WorkRequest: what is known of work that somebody wants to ask for
    call_asked = Signal(str)
    explanation_asked = Signal(object)  # Subject: a value that somebody wants to have explained
    window_asked = Signal(str)  # a page that is to have a window of its own
    panel_asked = Signal(str, object)  # a kind of panel, and Sequence[str]: tags that it is to show
    help_asked = Signal(str)  # a place in the help: a chapter, or with # one of its headings
    replay_asked = Signal(object)  # int64 ns UTC: from when on the station is to be replayed, 0 to be asked

    def __init__(self, plant: Plant, *, equipment_page: str = "equipment", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plant = plant
        self._equipment_of = {tag.name: tag.equipment for tag in plant.tags}
        self._equipment_page = equipment_page
        self.page = ""
        self.equipment = ""
        self.tag = ""
        self.order = 0
        self.case = 0
        self.shift = ""
        self.alarm = ""
        self.trended: tuple[str, ...] = ()

    def open_page(self, page: str) -> None:
        """Bring a page into view, by its key."""
        if page != self.page:
            self.page = page
            self.page_changed.emit(page)

    def select_equipment(self, equipment: str) -> None:
        """Make an equipment the present one, on whatever page is in view."""
        if equipment != self.equipment:
            self.equipment = equipment
            self.equipment_changed.emit(equipment)

    @cached_property
    def former(self) -> FormerNames:
        """Return the names that tags and equipment had before: records that keep them lead to what it is called now."""
        return FormerNames(self._plant)

    def open_equipment(self, equipment: str) -> None:
        """Bring the equipment page with this equipment into view, under whichever of its names it is asked for."""
        self.select_equipment(self.former.present(equipment) or equipment)
        self.open_page(self._equipment_page)

    def open_trend(self, tags: Sequence[str]) -> None:
        """Bring the page of trends into view, with these tags added to what it shows."""
        self.trended = tuple(tags)
        self.open_page("trends")
        self.trended = ()  # a page that was built only now has taken them
        self.trend_asked.emit(tuple(tags))

    def open_view(self, name: str) -> None:
        """Bring a saved view of trends into view."""
        self.open_page("trends")
        self.view_asked.emit(name)

    def open_case(self, case: int) -> None:
        """Bring the page of cases with this case into view."""
        self.case = case
        self.open_page("cases")
        self.case = 0  # a page that was built only now has taken it
        self.case_asked.emit(case)

    def open_shift(self, key: str) -> None:
        """Bring the page of handovers with the report of this shift, day or month into view."""
        self.shift = key
        self.open_page("handover")
        self.shift = ""
        self.shift_asked.emit(key)

    def open_order(self, order: int) -> None:
        """Bring the page of maintenance with this work order into view."""
        self.order = order
        self.open_page("maintenance")
        self.order_changed.emit(order)

    def open_alarm(self, alarm: str) -> None:
        """Bring the list of alarms with this alarm into view."""
        self.alarm = alarm
        self.open_page("alarms")
        self.alarm = ""  # a page that was built only now has taken it
        self.alarm_asked.emit(alarm)

    def open_tag(self, tag: str, *, instant: int = 0) -> None:
        """Bring a tag's equipment into view and say which of its tags is meant; unknown names are ignored.

        `instant`: when, int64 ns UTC; 0 leaves the time of the trends as it is.
        """
        equipment = self._equipment_of.get(tag)
        if equipment is not None:
            self.open_equipment(equipment)
            self.tag = tag
            self.tag_changed.emit(tag)
            if instant:
                self.instant_asked.emit(instant)


@dataclass(frozen=True, slots=True)
class PageFactory:
    """How the window gets one of its pages: `title` in the present language, `build` when it is first shown.

    `has_tree`: whether the equipment tree stands beside it. `has_tab`: whether it stands in the header; others are
    opened from the search, and from where they are needed. `badge`: makes what tells, for as long as its parent lives,
    how much waits on the page.
    """

    key: str
    title: Callable[[], str]
    build: Callable[[Feed, Navigation], QWidget]
    has_tree: bool = True
    has_tab: bool = True
    badge: Callable[[Feed, QObject], Badge] | None = None


def page_keys(pages: Sequence[PageFactory]) -> dict[str, str]:
    """Return the keys that open the first pages, by the pages' keys: Ctrl+1 to Ctrl+0, then Ctrl+F1 and so on."""
    keys = [*"1234567890", *(f"F{number}" for number in range(1, 5))]
    return {page.key: f"Ctrl+{key}" for page, key in zip(pages, keys, strict=False)}
