"""A write of a tag."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from app.control import check
from app.control.check import ReadTag
from app.control.operation import Operation, Wish
from app.model.connection import LinkState
from app.model.content import Content, content_of, content_text, typed_content
from app.model.control import ControlRecord, Reason, ReasonCode
from app.model.tag import TagDefinition
from app.model.write_rule import WriteRule


class WriteOperation(Operation):
    """A write of `tag` under `rule`."""

    def __init__(
        self, tag: TagDefinition, rule: WriteRule, *, owner: Hashable, record: ControlRecord, read: ReadTag
    ) -> None:
        """Select."""
        self.tag, self.rule = tag, rule
        old = self._present(read)
        super().__init__(
            ("tag", tag.name), tag.connection, rule, owner=owner, record=replace(record, tag=tag.name, old=old)
        )

    @property
    def wish(self) -> Content:
        """Return the value that was checked."""
        return self.record.new

    def readiness_refusal(self, link: LinkState, read: ReadTag) -> Reason | None:
        """Return why the device cannot be written now: its connection, or the value that would be replaced."""
        return check.link_refusal(self.connection, link) or check.present_refusal(read(self.tag.name), self.tag)

    def wish_refusal(self, wish: Wish) -> Reason | None:
        """Return why a value may not be written."""
        assert not isinstance(wish, tuple)  # noqa: S101 - a window's Select has one value
        return check.value_refusal(self.rule, wish, self.tag.data_type, self.tag.name)

    def change_refusal(self, read: ReadTag) -> Reason | None:
        """Return that the present value has left the one that was shown by more than the tolerance."""
        present = self._present(read)
        if self.rule.is_as_written(self.record.old, present):
            return None
        return Reason(ReasonCode.CHANGED, {"value": content_text(present)})

    def with_wish(self, wish: Wish, read: ReadTag) -> ControlRecord:
        """Return the record with a value, in the type of the tag, and what it would replace."""
        assert not isinstance(wish, tuple)  # noqa: S101
        return replace(self.record, new=typed_content(wish, self.tag.data_type), old=self._present(read))

    def _present(self, read: ReadTag) -> Content:
        return content_of(read(self.tag.name), self.tag.data_type)
