"""The draft that is being worked on: each step is on disk before it is seen, and all of it is done in the background.

A draft is never changed once it is in view: a step is made on a copy, which takes its place when the step is on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.acquisition.registry import driver_names, grammars
from app.audit.configuration import VersionMissing
from app.database import DatabaseError
from app.model import clock
from app.plant.draft.cell import CellRefused
from app.plant.draft.check import DraftProblem, draft_problems
from app.plant.draft.draft import Draft, Step
from app.plant.draft.file import DraftDamaged, DraftElsewhere, DraftFile
from app.plant.draft.rebase import Carried, carried
from app.plant.draft.renaming import following
from app.plant.draft.row_order import NotMovable
from app.plant.folder import PlantFolder
from app.plant.tag_list.revision import CannotRevise
from widgets import number
from widgets.editor.draft_work import DraftWork, GivenUp, Job, Stop
from widgets.editor.reading import known_text
from widgets.editor.sheet_request import RowGone
from widgets.operation import Operation
from widgets.station_text import station_text
from widgets.translation import tr

CHECK_MS = 300
_TOLD = (OSError, CannotRevise, DraftDamaged, UnicodeDecodeError, VersionMissing, DatabaseError)
Make = Callable[[Draft, Stop], Step]
"""Returns the step that is asked for, in a background thread; `Stop` tells whether it is given up meanwhile."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    draft: Draft
    present: str


@dataclass(frozen=True, slots=True)
class _Done:
    """The draft with a step, and how many tables followed what the step renames."""

    draft: Draft
    followers: int = 0


class Drafting(QObject):
    """`changed`: the draft is another; `checked`: `problems` are those of it; `told` carries what somebody should know.

    `refused` carries why a step cannot be made (CellRefused, RowGone, NotMovable). `present`: the text of the plant
    file when it was read last. `is_stale`: the draft began from another one. `work`: what is being done to the draft.
    """

    changed = Signal()
    checked = Signal()
    told = Signal(str)
    refused = Signal(object)

    def __init__(self, folder: PlantFolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.draft: Draft | None = None
        self.problems: list[DraftProblem] = []
        self.present = ""
        self.work = DraftWork(self)
        self._file = DraftFile(folder.draft)
        self._turn = 0
        self._is_yielding = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(CHECK_MS)
        self._pause.timeout.connect(self._check)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else has changed the plant file since the draft began."""
        return self.draft is not None and self.draft.text != self.present

    def load(self) -> None:
        """Read the plant file, and the draft that was left, if any."""

        def begin() -> Callable[[Stop], _Loaded]:
            file, folder, draft = self._file, self.folder, self.draft
            return lambda _: _loaded(file, folder, draft)

        self.work.add(Job(begin, self._take, self._fail, key="load"))

    def do(self, make: Make) -> None:
        """Make a step; `refused` tells where a cell cannot be what was written."""
        if not self._is_past():
            self._add(lambda file, draft, stop: _made(file, draft, make, stop))

    def undo(self) -> None:
        """Take the last step back."""
        self._turn_back("undo")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._turn_back("redo")

    def discard(self) -> None:
        """Begin anew with the plant file as it is."""
        if not self._is_past():
            self._remove(is_asked=True)
            self.load()

    def forget(self) -> None:
        """Take the draft away once it was taken over; what another window has added since stays."""
        self._remove(is_asked=False)

    def carry(self) -> None:
        """Bring the draft onto the plant file as it is now."""
        if self._is_past():
            return

        def begin() -> Callable[[Stop], Carried] | None:
            file, draft, present = self._file, self.draft, self.present
            return None if draft is None else lambda stop: _carried(file, draft, present, stop)

        def done(found: Carried) -> None:
            self.draft = found.draft
            parts = [tr("The draft stands on the new file.")]
            if found.contested:
                parts.append(tr("Changed by both, as the draft has it: {names}", names=_named(found.contested)))
            if found.lost:
                parts.append(tr("No longer there: {names}", names=_named(found.lost)))
            self.told.emit("  ".join(parts))
            self._tell()

        self.work.add(Job(begin, done, self._fail))

    def _turn_back(self, turn: str) -> None:
        if not self._is_past():
            self._add(lambda file, draft, stop: _turned(file, draft, turn, stop))

    def _add(self, work: Callable[[DraftFile, Draft, Stop], _Done | None]) -> None:
        def begin() -> Callable[[Stop], _Done | None] | None:
            file, draft = self._file, self.draft
            return None if draft is None else lambda stop: work(file, draft, stop)

        def done(found: _Done | None) -> None:
            if found is None:
                return
            self.draft = found.draft
            if found.followers:
                self.told.emit(tr("Renamed; what names it follows: {n}", n=number.count(found.followers)))
            self._tell()

        self.work.add(Job(begin, done, self._fail_to_keep))

    def _remove(self, *, is_asked: bool) -> None:
        def begin() -> Callable[[Stop], None]:
            file = self._file
            return lambda _: _removed(file, is_asked=is_asked)

        def done(_: None) -> None:
            self.draft = None

        self.work.add(Job(begin, done, self._fail_to_keep))

    def _take(self, loaded: _Loaded) -> None:
        is_other = self.draft is not loaded.draft
        self.draft, self.present = loaded.draft, loaded.present
        if is_other and loaded.draft.steps and not self._is_yielding:
            self.told.emit(tr("A draft that was left is open again, with {n} steps.", n=loaded.draft.steps))
        self._is_yielding = False
        self._tell()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, CellRefused | RowGone | NotMovable):
            self.refused.emit(error)
        elif isinstance(error, GivenUp):
            self.told.emit(tr("Given up; nothing was changed."))
        elif isinstance(error, _TOLD):
            self.told.emit(station_text(error))
        else:
            raise error

    def _fail_to_keep(self, error: Exception) -> None:
        if isinstance(error, DraftElsewhere):
            self._give_way()
        elif isinstance(error, OSError):
            self.told.emit(tr("Not done, since the draft cannot be kept: {reason}", reason=station_text(error)))
        else:
            self._fail(error)

    def _is_past(self) -> bool:
        """Say, and return, whether this is a replay: the draft of today must not be touched from there."""
        if clock.is_replaying():
            self.told.emit(tr("This is a replay: go back to live (F8) to act"))
        return clock.is_replaying()

    def _give_way(self) -> None:
        """Say that somebody works on the draft in another window, and show it as it is there."""
        self.told.emit(tr("Not done: somebody works on this draft in another window. It is shown as it is there now."))
        self._is_yielding = True
        self.load()

    def _tell(self) -> None:
        self.changed.emit()
        self._pause.start()

    def _check(self) -> None:
        draft = self.draft
        if draft is None:
            return
        self._turn += 1
        turn, folder = self._turn, str(self.folder.path)

        def done(problems: list[DraftProblem]) -> None:
            if turn == self._turn:
                self.problems = problems
                self.checked.emit()

        def work() -> list[DraftProblem]:
            return draft_problems(draft.document(), drivers=driver_names(), grammars=grammars(), folder=folder)

        Operation(self, work).success(done).failure(self._fail).start()


def _loaded(file: DraftFile, folder: PlantFolder, draft: Draft | None) -> _Loaded:
    present = known_text(folder)
    if clock.is_replaying():
        return _Loaded(draft if draft is not None and draft.text == present else Draft(present), present)
    if file.is_changed:  # another window has worked on it
        return _Loaded(file.look() or Draft(present), present)
    if draft is not None and (draft.text == present or draft.steps):
        return _Loaded(draft, present)
    if draft is None and file.exists:
        return _Loaded(file.load(), present)
    return _Loaded(Draft(present), present)


def _made(file: DraftFile, draft: Draft, make: Make, stop: Stop) -> _Done | None:
    new = draft.copied()
    asked = make(new, stop)
    stop.check()
    step = following(new, asked)
    if not step.edits:
        return None
    stop.keep()
    file.note(new, step)
    new.do(step)
    own = {(edit.array, edit.at) for edit in asked.edits}
    return _Done(new, len({(edit.array, edit.at) for edit in step.edits} - own))


def _turned(file: DraftFile, draft: Draft, turn: str, stop: Stop) -> _Done | None:
    if not (draft.undoable if turn == "undo" else draft.redoable):
        return None
    stop.keep()
    file.note_turn(turn)
    new = draft.copied()
    if turn == "undo":
        new.undo()
    else:
        new.redo()
    return _Done(new)


def _carried(file: DraftFile, draft: Draft, present: str, stop: Stop) -> Carried:
    found = carried(draft, present, "carry")
    stop.keep()
    file.begin(found.draft)
    if found.step.edits:
        file.note(found.draft, found.step)
        found.draft.do(found.step)
    return found


def _removed(file: DraftFile, *, is_asked: bool) -> None:
    """Take the draft away; raise DraftElsewhere where another window has added to it and somebody asked to."""
    if not file.is_changed:
        file.remove()
    elif is_asked:
        raise DraftElsewhere(str(file.path))


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
