"""A call of a method of a device."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from app.control import check
from app.control.check import ReadTag
from app.control.operation import Operation, Wish
from app.model.connection import LinkState
from app.model.content import Content, typed_content
from app.model.control import ControlRecord, Reason, ReasonCode
from app.model.method import MethodDefinition


class CallOperation(Operation):
    """A call of `method`."""

    def __init__(self, method: MethodDefinition, *, owner: Hashable, record: ControlRecord) -> None:
        """Select."""
        self.method = method
        key = ("method", method.name)
        super().__init__(key, method.connection, method, owner=owner, record=replace(record, method=method.name))

    @property
    def wish(self) -> tuple[Content, ...]:
        """Return the arguments that were checked."""
        return self.record.arguments

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the arguments."""
        return tuple(argument.name for argument in self.method.arguments)

    def readiness_refusal(self, link: LinkState, read: ReadTag) -> Reason | None:  # noqa: ARG002 - no value is replaced
        """Return why nothing can be called now: the connection."""
        return check.link_refusal(self.connection, link)

    def wish_refusal(self, wish: Wish) -> Reason | None:
        """Return which argument may not be given."""
        assert isinstance(wish, tuple)  # noqa: S101 - a window's SelectMethod has arguments
        wanted = self.method.arguments
        if len(wish) != len(wanted):
            return Reason(ReasonCode.ARGUMENTS, {"given": str(len(wish)), "wanted": str(len(wanted))})
        for argument, value in zip(wanted, wish, strict=True):
            refusal = check.value_refusal(argument.rule, value, argument.data_type, argument.name)
            if refusal is not None:
                return Reason(refusal.code, {**refusal.values, "argument": argument.name})
        return None

    def change_refusal(self, read: ReadTag) -> Reason | None:  # noqa: ARG002
        """Return None: a call replaces nothing that could have changed."""
        return None

    def with_wish(self, wish: Wish, read: ReadTag) -> ControlRecord:  # noqa: ARG002
        """Return the record with arguments in the types of the method."""
        assert isinstance(wish, tuple)  # noqa: S101
        typed = zip(wish, self.method.arguments, strict=True)
        return replace(
            self.record, arguments=tuple(typed_content(value, argument.data_type) for value, argument in typed)
        )
