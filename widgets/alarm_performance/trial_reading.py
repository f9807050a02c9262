"""Tries a suppression or shelving of an alarm on the recorded history, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.acquisition.registry import driver_names
from app.alarm.refusal import AlarmError
from app.alarm.simulation import Simulation, SuppressedOccurrence, simulated, tags_needed
from app.alarm.statistics.journal import AlarmCodes, read_lines
from app.alarm.trial import Danger, Trial, dangers_of, run_trial, tried
from app.database import open_reader
from app.history.reader import HistoryReader
from app.history.stretch_blocks import stretch_blocks
from app.model import clock
from app.model.alarm import AlarmDefinition, Priority
from app.model.plant import Plant
from app.plant.alarm_revision import revised_alarms
from app.plant.file import examine_text
from app.plant.folder import PlantFolder
from app.plant.sheet_assembly import sheet_of
from app.plant.tag_list.revision import CannotRevise
from widgets.editor.reading import known_text


@dataclass(frozen=True, slots=True)
class HiddenOccurrence:
    """One occurrence that nobody would have seen, or seen late, and why that would have been dangerous."""

    occurrence: SuppressedOccurrence
    dangers: tuple[Danger, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What a trial does from `start` to `end` (ns UTC); what would have been dangerous to hide comes first.

    `before`, `after`: the text of the plant file as it is and with the rule; `after` is "" where there is nothing to
    write, for the reason in `unwritten`, if any. `folder`: that of the plant.
    """

    trial: Trial
    simulation: Simulation
    hidden: tuple[HiddenOccurrence, ...]
    start: int
    end: int
    folder: Path
    before: str
    after: str = ""
    unwritten: str = ""

    @property
    def dangerous(self) -> int:
        """Return how many occurrences it would have been dangerous to hide."""
        return sum(bool(each.dangers) for each in self.hidden)


AskTrial: TypeAlias = Callable[[Trial, int, Callable[[float], None]], TrialAnswer]
"""Tries something on the newest so many ns, in a background thread; what hears of its progress may raise to end it."""


def trial_of(folder: PlantFolder, plant: Plant) -> AskTrial:
    """Return what tries suppressions of a plant; an alarm counts as the plant file has it now."""

    def ask(trial: Trial, span: int, told: Callable[[float], None]) -> TrialAnswer:
        text = known_text(folder)
        present = examine_text(text, drivers=driver_names(), grammars={}, folder=str(folder.path)).plant or plant
        definitions = tried(present.alarms, trial)
        definition = next(each for each in definitions if each.id == trial.alarm)
        names = tags_needed([definition]) if trial.shelve_min else tags_needed(simulated(definitions))
        tags = [tag for tag in present.tags if tag.name in names]
        with HistoryReader(folder.history) as reader:
            extent = reader.extent()
            if extent is None:
                raise AlarmError(f"{trial.alarm}: nothing is recorded yet")
            end = min(clock.now_ns(), extent[1] + 1)
            start = max(end - span, extent[0])
            blocks = stretch_blocks(reader, tags, start, end, told=told)
            found = run_trial(present.tags, definitions, trial, blocks)
        critical = _critical(folder, present, definition, start, end)
        sheet = sheet_of(present, definition)
        own = [each for each in found.suppressed if each.alarm == trial.alarm]
        hidden = [HiddenOccurrence(each, dangers_of(each, sheet, end, critical)) for each in own]
        hidden.sort(key=lambda each: (-len(each.dangers), each.occurrence.raised))
        after, unwritten = _written(text, trial)
        return TrialAnswer(trial, found, tuple(hidden), start, end, folder.path, text, after, unwritten)

    return ask


def _critical(folder: PlantFolder, plant: Plant, definition: AlarmDefinition, start: int, end: int) -> list[int]:
    """Return when other critical alarms of the same equipment came, by the journal."""
    owner = definition.equipment or next((tag.equipment for tag in plant.tags if tag.name == definition.tag), "")
    codes = AlarmCodes()
    own = codes[definition.id]
    with closing(open_reader(folder.history)) as connection:
        return [
            int(time)
            for lines in (read_lines(connection, codes, start, end, equipment=(owner,)) if owner else ())
            for time in lines.time[lines.is_raise & (lines.priority == Priority.CRITICAL) & (lines.alarm != own)]
        ]


def _written(text: str, trial: Trial) -> tuple[str, str]:
    """Return the plant file with the rule, or why it cannot be written."""
    if not trial.when and not trial.causes:
        return "", ""
    try:
        return revised_alarms(text, {trial.alarm: trial.keys()}), ""
    except CannotRevise as reason:
        return "", str(reason)
