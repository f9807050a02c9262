"""A command that was asked for something that cannot be, and how it is told."""

from __future__ import annotations

import errno
import sys

_REMEDIES = {
    errno.ENOSPC: "the disk is full: free some space",
    errno.EROFS: "the disk is read-only: choose a folder elsewhere",
    errno.EACCES: "the rights do not allow it: change them, or choose a folder elsewhere",
    errno.EPERM: "the rights do not allow it: change them, or choose a folder elsewhere",
}


TOLD_ERRORS = (
    ("app.audit.key", "KeyUnreachable"),
    ("app.audit.merkle", "ProofError"),
    ("app.case.signature_file", "SignatureFileError"),
    ("app.collector.lock", "AlreadyCollecting"),
    ("app.database", "DatabaseError"),
    ("app.exchange.failure", "ExchangeError"),
    ("app.learning.refusal", "ModelRefused"),
    ("app.model.shift", "UnknownPeriod"),
    ("app.plant.problem", "PlantFileError"),
    ("app.plant.tag_list.entry", "TagListError"),
    ("app.plant.tag_list.revision", "CannotRevise"),
    ("app.pubsub.channel", "ChannelClosed"),
    ("app.pubsub.channel", "RendezvousError"),
    ("app.pubsub.live", "LiveUnavailable"),
    ("app.remaining_life.history", "LifeError"),
    ("app.report.failure", "ReportError"),
    ("app.security.users", "UserError"),
    ("drivers.driver", "DriverError"),
    ("drivers.replay.failure", "RecordingError"),
    ("drivers.simulation.script", "ScriptError"),
)
"""The classes, by module and name, whose message names what is wrong and the remedy."""


class UsageFailure(Exception):
    """The command cannot run as it was called; the message names what is wrong and the remedy."""


def os_error_text(error: OSError) -> str:
    """Return what the system refused, with the file and, where the usual causes have one, the remedy."""
    what = _REMEDIES.get(error.errno or 0) or error.strerror or str(error)
    return what if error.filename is None else f"{error.filename}: {what}"


def is_told(error: Exception) -> bool:
    """Return whether the error's message is all that a user needs.

    A class whose module has not been imported has no instances, so that none is imported in order to ask.
    """
    known = (getattr(sys.modules[module], name) for module, name in TOLD_ERRORS if module in sys.modules)
    return isinstance(error, (OSError, UsageFailure, *known))
