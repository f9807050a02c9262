"""Texts that somebody has begun to write: they outlive a refusal, a closed dialog and a window that is killed."""

from __future__ import annotations

from app.model.handover import HandoverCommand
from widgets.preference import Preferences


class TextDrafts:
    """The texts of one window and plant, each until what it belongs to is done."""

    def __init__(self, preferences: Preferences, plant: str) -> None:
        self._preferences, self._plant = preferences, plant

    def text(self, command: HandoverCommand) -> str:
        """Return what was written for a deed so far."""
        return self._preferences.draft(self._plant, _place(command))

    def keep(self, command: HandoverCommand, text: str) -> None:
        """Keep what is written for a deed, on disk at once; an empty text is forgotten."""
        self._preferences.set_draft(self._plant, _place(command), text)

    def forget(self, command: HandoverCommand) -> None:
        """Forget the text of what is done."""
        self.keep(command, "")


def _place(command: HandoverCommand) -> str:
    return f"{command.action}-{command.key.replace('/', '-') or command.number}"
