"""Why something is not done with a model."""

from __future__ import annotations


class ModelRefused(Exception):
    """A model cannot be used, promoted, returned or taken; the message names the place and the remedy."""
