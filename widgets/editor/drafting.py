"""The draft that is being worked on: each step is on disk before it is seen, and is checked in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.acquisition.registry import driver_names, grammars
from app.audit.configuration import VersionMissing
from app.database import DatabaseError
from app.model import clock
from app.plant.cell import CellRefused
from app.plant.draft import Draft, Step
from app.plant.draft_check import DraftProblem, draft_problems
from app.plant.draft_file import DraftDamaged, DraftElsewhere, DraftFile
from app.plant.draft_rebase import Carried, carried
from app.plant.folder import PlantFolder
from app.plant.renaming import following
from app.plant.tag_list.revision import CannotRevise
from widgets import number
from widgets.editor.reading import known_text
from widgets.operation import Operation
from widgets.translation import tr

CHECK_MS = 300
_TOLD = (OSError, CannotRevise, DraftDamaged, UnicodeDecodeError, CellRefused, VersionMissing, DatabaseError)


@dataclass(frozen=True, slots=True)
class _Loaded:
    draft: Draft
    present: str


class Drafting(QObject):
    """`changed`: the draft is another; `checked`: `problems` are those of it; `told` carries what somebody should know.

    `present`: the text of the plant file when it was read last. `is_stale`: the draft began from another one.
    """

    changed = Signal()
    checked = Signal()
    told = Signal(str)

    def __init__(self, folder: PlantFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.draft: Draft | None = None
        self.problems: list[DraftProblem] = []
        self.present = ""
        self._file = DraftFile(folder.draft)
        self._turn = 0
        self._is_loading = self._is_yielding = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(CHECK_MS)
        self._pause.timeout.connect(self._check)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else has changed the plant file since the draft began."""
        return self.draft is not None and self.draft.text != self.present

    def load(self) -> None:
        """Read the plant file, and the draft that was left, if any; in the background."""
        if self._is_loading:
            return
        self._is_loading = True
        draft = self.draft

        def work() -> _Loaded:
            present = known_text(self.folder)
            if clock.is_replaying():
                return _Loaded(draft if draft is not None and draft.text == present else Draft(present), present)
            if self._file.is_changed:  # another window has worked on it
                return _Loaded(self._file.look() or Draft(present), present)
            if draft is not None and (draft.text == present or draft.steps):
                return _Loaded(draft, present)
            if draft is None and self._file.exists:
                return _Loaded(self._file.load(), present)
            return _Loaded(Draft(present), present)

        Operation(self, work).success(self._take).failure(self._fail).start()

    def do(self, make: Callable[[Draft], Step]) -> bool:
        """Make a step; return whether it was made. Raise CellRefused."""
        if self.draft is None or self._is_past():
            return False
        asked = make(self.draft)
        step = following(self.draft, asked)
        if not step.edits:
            return False
        try:
            self._file.note(self.draft, step)
        except DraftElsewhere:
            return self._give_way()
        except OSError as error:
            self.told.emit(tr("Not done, since the draft cannot be kept: {reason}", reason=str(error)))
            return False
        self.draft.do(step)
        own = {(edit.array, edit.at) for edit in asked.edits}
        followers = len({(edit.array, edit.at) for edit in step.edits} - own)
        if followers:
            self.told.emit(tr("Renamed; what names it follows: {n}", n=number.count(followers)))
        self._tell()
        return True

    def undo(self) -> None:
        """Take the last step back."""
        self._turn_back("undo")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._turn_back("redo")

    def discard(self) -> None:
        """Begin anew with the plant file as it is."""
        if self._is_past():
            return
        if self._file.is_changed:
            self._give_way()
            return
        self._file.remove()
        self.draft = None
        self.load()

    def carry(self) -> None:
        """Bring the draft onto the plant file as it is now."""
        draft, present = self.draft, self.present
        if draft is None or self._is_past():
            return

        def done(found: Carried) -> None:
            self._file.begin(found.draft)
            self.draft = found.draft
            parts = [tr("The draft stands on the new file.")]
            if found.contested:
                parts.append(tr("Changed by both, as the draft has it: {names}", names=_named(found.contested)))
            if found.lost:
                parts.append(tr("No longer there: {names}", names=_named(found.lost)))
            if found.step.edits:
                self._file.note(found.draft, found.step)
                found.draft.do(found.step)
            self.told.emit("  ".join(parts))
            self._tell()

        Operation(self, lambda: carried(draft, present, "carry")).success(done).failure(self._fail).start()

    def forget(self) -> None:
        """Take the draft away once it was taken over; what another window has added since stays."""
        if not self._file.is_changed:
            self._file.remove()
        self.draft = None

    def _turn_back(self, turn: str) -> None:
        draft = self.draft
        if draft is None or not (draft.undoable if turn == "undo" else draft.redoable) or self._is_past():
            return
        try:
            self._file.note_turn(turn)
        except DraftElsewhere:
            self._give_way()
            return
        except OSError as error:
            self.told.emit(tr("Not done, since the draft cannot be kept: {reason}", reason=str(error)))
            return
        if turn == "undo":
            draft.undo()
        else:
            draft.redo()
        self._tell()

    def _take(self, loaded: _Loaded) -> None:
        self._is_loading = False
        is_other = self.draft is not loaded.draft
        self.draft, self.present = loaded.draft, loaded.present
        is_yielding, self._is_yielding = self._is_yielding, False
        if is_other and loaded.draft.steps and not is_yielding:
            self.told.emit(tr("A draft that was left is open again, with {n} steps.", n=loaded.draft.steps))
        self._tell()

    def _fail(self, error: Exception) -> None:
        self._is_loading = False
        if not isinstance(error, _TOLD):
            raise error
        self.told.emit(str(error))

    def _is_past(self) -> bool:
        """Say, and return, whether this is a replay: the draft of today must not be touched from there."""
        if clock.is_replaying():
            self.told.emit(tr("This is a replay: go back to live (F8) to act"))
        return clock.is_replaying()

    def _give_way(self) -> bool:
        """Say that somebody works on the draft in another window, and show it as it is there."""
        self.told.emit(tr("Not done: somebody works on this draft in another window. It is shown as it is there now."))
        self._is_yielding = True
        self.load()
        return False

    def _tell(self) -> None:
        self.changed.emit()
        self._pause.start()

    def _check(self) -> None:
        draft = self.draft
        if draft is None:
            return
        self._turn += 1
        turn, document = self._turn, draft.document()

        def done(problems: list[DraftProblem]) -> None:
            if turn == self._turn:
                self.problems = problems
                self.checked.emit()

        def work() -> list[DraftProblem]:
            return draft_problems(document, drivers=driver_names(), grammars=grammars(), folder=str(self.folder.path))

        Operation(self, work).success(done).failure(self._fail).start()


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
