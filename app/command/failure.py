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
