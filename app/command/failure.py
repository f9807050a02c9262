"""A command that was asked for something that cannot be, and how it is told."""

from __future__ import annotations

import errno

_REMEDIES = {
    errno.ENOSPC: "the disk is full: free some space",
    errno.EROFS: "the disk is read-only: choose a folder elsewhere",
    errno.EACCES: "the rights do not allow it: change them, or choose a folder elsewhere",
    errno.EPERM: "the rights do not allow it: change them, or choose a folder elsewhere",
}


class UsageFailure(Exception):
    """The command cannot run as it was called; the message names what is wrong and the remedy."""


def os_error_text(error: OSError) -> str:
    """Return what the system refused, with the file and, where the usual causes have one, the remedy."""
    what = _REMEDIES.get(error.errno or 0) or error.strerror or str(error)
    return what if error.filename is None else f"{error.filename}: {what}"


def told_errors() -> tuple[type[Exception], ...]:
    """Return the errors whose message is all that a user needs; only looked up when there is one."""
    from app.audit.key import KeyUnreachable
    from app.audit.merkle import ProofError
    from app.case.signature_file import SignatureFileError
    from app.collector.lock import AlreadyCollecting
    from app.database import DatabaseError
    from app.exchange.failure import ExchangeError
    from app.learning.refusal import ModelRefused
    from app.model.shift import UnknownPeriod
    from app.plant.problem import PlantFileError
    from app.plant.tag_list.entry import TagListError
    from app.plant.tag_list.revision import CannotRevise
    from app.pubsub.channel import ChannelClosed, RendezvousError
    from app.pubsub.live import LiveUnavailable
    from app.remaining_life.history import LifeError
    from app.report.failure import ReportError
    from app.security.users import UserError
    from drivers.driver import DriverError
    from drivers.replay.failure import RecordingError
    from drivers.simulation.script import ScriptError

    return (
        AlreadyCollecting,
        CannotRevise,
        ChannelClosed,
        DatabaseError,
        DriverError,
        ExchangeError,
        KeyUnreachable,
        LifeError,
        LiveUnavailable,
        ModelRefused,
        OSError,
        PlantFileError,
        ProofError,
        RecordingError,
        RendezvousError,
        ReportError,
        ScriptError,
        SignatureFileError,
        TagListError,
        UnknownPeriod,
        UsageFailure,
        UserError,
    )
