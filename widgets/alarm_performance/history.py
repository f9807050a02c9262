"""Evaluates an alarm of a plant over its recorded history, off the GUI thread."""

from __future__ import annotations

import shlex

from app.alarm.refusal import AlarmError
from app.alarm.what_if.numbers import numbers_of, tags_needed
from app.alarm.what_if.proposal import propose
from app.history.reader import HistoryReader
from app.model import clock
from app.model.plant import Plant
from app.plant.alarm_revision import difference, revised_alarms
from app.plant.folder import PlantFolder
from app.plant.tag_list.revision import CannotRevise
from widgets.alarm_performance.what_if import Answer, AskWhatIf

BACK_NS = 30 * 86_400 * clock.NS_PER_S


def what_if_of(folder: PlantFolder, plant: Plant) -> AskWhatIf:
    """Return what answers for the alarms of a plant, in any thread."""
    definitions = {alarm.id: alarm for alarm in plant.alarms}
    tags = {tag.name: tag for tag in plant.tags}

    def ask(alarm: str) -> Answer:
        if alarm not in definitions:
            raise AlarmError(f"{alarm}: is not defined in this plant's file any more, or is about the station itself")
        definition = definitions[alarm]
        end = clock.now_ns()
        with HistoryReader(folder.history) as reader:
            series = {name: reader.raw(name, end - BACK_NS, end) for name in tags_needed(definition)}
        proposal = propose(definition, numbers_of(definition, tags, series, end), end)
        unit = tags[definition.tag].unit if definition.tag in tags else ""
        change = ""
        if proposal.best is not None:
            change = _change(folder, alarm, proposal.best.settings.keys())
        command = f"foreshift alarms what-if {shlex.quote(str(folder.path))} {shlex.quote(alarm)} --apply"
        return Answer(proposal, unit, change, command)

    return ask


def _change(folder: PlantFolder, alarm: str, keys: dict[str, object]) -> str:
    """Return the difference of the plant file; what cannot be changed by rule is said instead."""
    text = folder.configuration.read_text("utf-8-sig")
    try:
        return difference(text, revised_alarms(text, {alarm: keys}))
    except CannotRevise as reason:
        return str(reason)
