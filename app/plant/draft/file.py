"""The draft of a plant file on disk: each step is there before it is seen, so that no crash loses one.

The first line is the plant file from which the draft began, each further one a step, or that one was taken back or
done again. A line that was cut off by a crash is left out.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from app.plant.atomic import naming, replace_bytes
from app.plant.draft.draft import ArrayPath, Draft, Edit, Row, Step
from app.plant.toml.text import toml_key, toml_value


class DraftDamaged(ValueError):
    """A draft cannot be read; the message names the file and what becomes of it."""


class DraftElsewhere(OSError):
    """Another window has worked on the draft since it was read here: a step on the former one would mix the two."""


class DraftFile:
    """The draft of one plant at `path`, as this window has read or written it."""

    def __init__(self, path: Path) -> None:
        """Write nothing yet."""
        self.path = path
        self._seen = 0

    @property
    def is_changed(self) -> bool:
        """Return whether another window has worked on it, or taken it over, since it was read or written here."""
        return self._size() != self._seen

    @property
    def exists(self) -> bool:
        """Return whether a draft is there."""
        return self.path.is_file()

    def look(self) -> Draft | None:
        """Return the draft as it is now, None where there is none; raise as `load` does."""
        self._seen = 0
        return self.load() if self.exists else None

    def begin(self, draft: Draft) -> None:
        """Begin anew with a draft that has no steps; raise OSError."""
        head = json.dumps({"text": draft.text}, ensure_ascii=False)
        replace_bytes(self.path, f"{head}\n".encode())
        self._seen = self._size()

    def note(self, draft: Draft, step: Step) -> None:
        """Put a step on disk that is made next in `draft`; raise OSError, DraftElsewhere with nothing changed."""
        self._check()
        if not self.exists:
            self.begin(draft)
        self._append({"name": step.name, "edits": [_edit_out(edit) for edit in step.edits]})

    def note_turn(self, turn: str) -> None:
        """Put on disk that the last step is taken back ("undo") or done again ("redo"); raise as `note` does."""
        self._check()
        self._append({"turn": turn})

    def load(self) -> Draft:
        """Return the draft as it was left; raise DraftDamaged, CannotRevise or OSError."""
        content = self.path.read_bytes()
        self._seen = len(content)
        lines = content.split(b"\n")
        whole = lines[:-1]  # what stands behind the last line end was cut off
        try:
            draft = Draft(str(json.loads(whole[0])["text"]))
            for line in whole[1:]:
                said = json.loads(line)
                match said.get("turn"):
                    case "undo":
                        draft.undo()
                    case "redo":
                        draft.redo()
                    case _:
                        draft.do_each(str(said["name"]), (_edit_in(draft, edit) for edit in said["edits"]))
        except (ValueError, LookupError, TypeError) as error:
            told = f"{self.path}: the draft cannot be read ({error}): look at it, then move it away"
            raise DraftDamaged(told) from error
        if lines[-1]:
            replace_bytes(self.path, b"\n".join(whole) + b"\n")
            self._seen = self._size()
        return draft

    def remove(self) -> None:
        """Take the draft away; raise OSError."""
        self.path.unlink(missing_ok=True)
        self._seen = 0

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def _check(self) -> None:
        if self.is_changed:
            raise DraftElsewhere(f"{self.path}: another window works on this draft: look at it as it is now")

    def _append(self, said: Mapping[str, object]) -> None:
        with naming(self.path), self.path.open("ab") as file:
            file.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._seen = self._size()


def _edit_out(edit: Edit) -> dict[str, object]:
    said: dict[str, object] = {"array": list(edit.array), "at": edit.at}
    if edit.after is None:
        return said
    if edit.before is None:
        return said | {"id": edit.after.id, "base": edit.after.base, "table": _out(edit.after.table)}
    before, after = edit.before.table, edit.after.table
    changed = {key: value for key, value in after.items() if key not in before or before[key] is not value}
    return said | {"set": _out(changed), "keys": list(after)}


def _edit_in(draft: Draft, said: Mapping[str, object]) -> Edit:
    array: ArrayPath = tuple(said["array"])  # type: ignore[arg-type]
    at = int(str(said["at"]))
    if "table" in said:
        draft.reserve(int(str(said["id"])))
        return Edit(array, at, None, Row(int(str(said["id"])), int(str(said["base"])), _in(said["table"])))
    former = draft.rows(array)[at]
    if "set" not in said:
        return Edit(array, at, former, None)
    new = {**former.table, **_in(said["set"])}
    keys = said["keys"]
    return draft.setting(array, at, {key: new[key] for key in keys if isinstance(keys, list)})  # type: ignore[attr-defined]


def _out(table: Mapping[str, object]) -> str:
    """Return a table as TOML, which has all that a plant file can say."""
    return "".join(f"{toml_key(key)} = {toml_value(value)}\n" for key, value in table.items())


def _in(text: object) -> dict[str, object]:
    return tomllib.loads(str(text))
