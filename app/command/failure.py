"""A command that was asked for something that cannot be."""

from __future__ import annotations


class UsageFailure(Exception):
    """The command cannot run as it was called; the message names what is wrong and the remedy."""
