"""A plain model of one alarm under ISA-18.2: bare facts, no table, no record; the state machine must agree with it."""

from dataclasses import dataclass, field


@dataclass
class PlainAlarm:
    """Each fact for itself; the state is worked out from all of them."""

    latches: bool
    active: bool = False
    waits_for_acknowledgement: bool = False
    waits_for_reset: bool = False
    seen: bool = True
    shelf_until: int = 0
    one_shot: bool = False
    suppressed_until: int = 0
    service_until: int = 0
    design: tuple[str, ...] = ()
    raised: int = 0
    raised_hidden: int = 0
    happened: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> bool:
        return bool(self.shelf_until or self.suppressed_until or self.service_until or self.design)

    @property
    def course(self) -> str:
        if self.active:
            return "unacknowledged" if self.waits_for_acknowledgement else "acknowledged"
        if self.waits_for_acknowledgement:
            return "returned"
        return "latched" if self.waits_for_reset else "normal"

    @property
    def state(self) -> str:
        if self.service_until:
            return "out_of_service"
        if self.shelf_until:
            return "shelved"
        return "suppressed" if self.suppressed_until or self.design else self.course

    def come(self, now: int) -> None:
        if self.active:
            return
        if self.hidden:
            self.raised_hidden += 1
            if self.course == "normal":
                self.seen = False
        else:
            self.raised_hidden = 0
            self.seen = True
        self.active = self.waits_for_acknowledgement = True
        self.waits_for_reset = self.latches
        self.raised = now

    def go(self) -> None:
        if not self.active:
            return
        self.active = False
        if not self.seen and not self.latches:
            self.waits_for_acknowledgement = False
        if self.shelf_until and self.one_shot:
            self.shelf_until = 0
        self.look()

    def acknowledge(self, shown: int) -> bool:
        if not self.waits_for_acknowledgement or shown != self.raised:
            return False
        self.waits_for_acknowledgement, self.seen = False, True
        return True

    def reset(self) -> bool:
        if self.active or self.waits_for_acknowledgement or not self.waits_for_reset:
            return False
        self.waits_for_reset = False
        return True

    def hide(self, what: str, until: int, *, one_shot: bool = False) -> bool:
        if getattr(self, what) or (one_shot and not self.active):
            return False
        if not self.hidden:
            self.raised_hidden = 0
        setattr(self, what, until)
        if what == "shelf_until":
            self.one_shot = one_shot
        return True

    def show(self, what: str) -> bool:
        if not getattr(self, what):
            return False
        setattr(self, what, 0)
        self.look()
        return True

    def by_design(self, reasons: tuple[str, ...]) -> None:
        if reasons and not self.hidden:
            self.raised_hidden = 0
        self.design = reasons
        self.look()

    def pass_time(self, now: int) -> None:
        for what in ("shelf_until", "suppressed_until", "service_until"):
            if 0 < getattr(self, what) <= now:
                self.show(what)

    def look(self) -> None:
        """Whatever is not hidden has been shown."""
        if not self.hidden or self.course == "normal":
            self.seen = True
