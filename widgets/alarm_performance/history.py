"""Evaluates an alarm of a plant over its recorded history, off the GUI thread."""

from __future__ import annotations

import shlex
from hashlib import sha256

from app.acquisition.registry import driver_names
from app.alarm.refusal import AlarmError
from app.alarm.what_if.numbers import numbers_of, tags_needed
from app.alarm.what_if.proposal import propose
from app.history.reader import HistoryReader
from app.model import clock
from app.model.plant import Plant
from app.plant.alarm_revision import difference, revised_alarms, written_keys
from app.plant.file import examine_text
from app.plant.folder import PlantFolder
from app.plant.replacement import plant_text
from app.plant.tag_list.revision import CannotRevise
from widgets.alarm_performance.take_over import Change
from widgets.alarm_performance.what_if import Answer, AskWhatIf
from widgets.editor.reading import known_text

BACK_NS = 30 * 86_400 * clock.NS_PER_S


def what_if_of(folder: PlantFolder, plant: Plant) -> AskWhatIf:
    """Return what answers for the alarms of a plant, in any thread.

    An alarm counts as the plant file has it now: it may have been changed since the window was opened.
    """

    def ask(alarm: str) -> Answer:
        text = known_text(folder)
        present = examine_text(text, drivers=driver_names(), grammars={}, folder=str(folder.path)).plant or plant
        tags = {tag.name: tag for tag in present.tags}
        definition = next((each for each in present.alarms if each.id == alarm), None)
        if definition is None:
            raise AlarmError(f"{alarm}: is not defined in this plant's file any more, or is about the station itself")
        end = clock.now_ns()
        with HistoryReader(folder.history) as reader:
            series = {name: reader.raw(name, end - BACK_NS, end) for name in tags_needed(definition)}
        proposal = propose(definition, numbers_of(definition, tags, series, end), end)
        unit = tags[definition.tag].unit if definition.tag in tags else ""
        told, change = "", None
        if proposal.best is not None:
            keys = proposal.best.settings.keys()
            former = _written(text, alarm)
            try:
                told = difference(text, revised_alarms(text, {alarm: keys}))
                change = Change(alarm, keys, {key: former.get(key) for key in keys}, _digest(text))
            except CannotRevise as reason:  # what cannot be changed by rule is said instead
                told = str(reason)
        command = f"foreshift alarms what-if {shlex.quote(str(folder.path))} {shlex.quote(alarm)} --apply"
        return Answer(proposal, unit, told, command, change)

    return ask


def seen_of(folder: PlantFolder) -> str:
    """Return the SHA-256 of the text of the plant file as it is now, in hexadecimal; "" where it cannot be read."""
    try:
        return _digest(plant_text(folder.configuration))
    except (OSError, UnicodeDecodeError):
        return ""


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _written(text: str, alarm: str) -> dict[str, float]:
    """Return the numbers that the plant file itself says of an alarm, by their keys."""
    return {key: float(value) for key, value in written_keys(text, alarm).items() if isinstance(value, int | float)}
