"""Why something was not done with a model, in words of the operator's language and with the remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.model.model_command import ModelRefusal
from app.model.model_command import ModelRefusalCode as Code
from widgets.station_text import station_text
from widgets.translation import tr


def refusal_text(refusal: ModelRefusal) -> str:
    """Return why something was not done; a reason that has no words of ours is told as the station says it."""
    values = defaultdict(str, refusal.values)
    return (_of_deeds(values) | _of_learning(values) | _of_steps(values)).get(refusal.code, refusal.text)


def _of_deeds(values: Mapping[str, str]) -> dict[Code, str]:
    return {
        Code.NOT_SIGNED_IN: tr("sign in first"),
        Code.ROLE: tr("{name} may not: this needs an engineer", name=values["name"]),
        Code.NO_NAME: tr("say who operates"),
        Code.NO_REASON: tr("say why"),
        Code.LONG_REASON: tr("the reason is longer than {most} characters", most=values["most"]),
        Code.NOT_STORED: tr("it is not on disk yet: {reason}", reason=station_text(values["reason"])),
        Code.BUSY: tr(
            "{by} lets {subject} be learned or tried: wait, or cancel it", by=values["by"], subject=values["subject"]
        ),
        Code.NOTHING_RUNS: tr("nothing is being learned or tried"),
        Code.CANCELLED: tr("it was cancelled; nothing of it is kept"),
        Code.OTHER_FILE: tr("the file is another one than was shown: choose it again"),
        Code.NO_MODEL: tr("there is no whole model {model}", model=values["model"]),
    }


def _of_learning(values: Mapping[str, str]) -> dict[Code, str]:
    return {
        Code.NOTHING_RECORDED: tr("nothing is recorded yet"),
        Code.NOTHING_SINCE: tr("nothing was recorded since it has learned: try it later"),
        Code.TOO_FEW_ROWS: tr(
            "{rows} healthy rows, {needed} are needed: choose a longer time or a shorter period",
            rows=values["rows"],
            needed=values["needed"],
        ),
        Code.TOO_MANY_ROWS: tr("too many rows: choose a longer period or a shorter time"),
        Code.NOT_STILL: tr(
            "its signals have not stood still in this time: choose a time behind its start, or a longer one"
        ),
        Code.NO_CONFIRMED_CASE: tr("no case with a cause was confirmed in this time: confirm cases first"),
        Code.TOO_FEW_FAILURES: tr(
            "{failures} failures are recorded, {needed} are needed; until then a trend to its limit says more",
            failures=values["failures"],
            needed=values["needed"],
        ),
    }


def _of_steps(values: Mapping[str, str]) -> dict[Code, str]:
    model, other = values["model"], values["other"]
    return {
        Code.NOT_CANDIDATE: tr("model {model} is no candidate", model=model),
        Code.NEVER_TRIED: tr("model {model} was never tried: try it first", model=model),
        Code.TRIED_BESIDE_ANOTHER: tr("another model counts now than it was tried beside: try it again"),
        Code.NOTHING_COUNTED: tr("nothing that counts had happened when it was tried: try it again later"),
        Code.NOT_GOOD_ENOUGH: tr("model {model} does not reach what it has to: see its figures", model=model),
        Code.WORSE: tr("model {model} is worse than model {other}: see its figures", model=model, other=other),
        Code.NOT_ACTIVE: tr("model {model} does not count, so that nothing can be returned", model=model),
    }
