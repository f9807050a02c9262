"""Why something is not done with a model."""

from __future__ import annotations

from app.model.model_command import ModelRefusal, ModelRefusalCode


class ModelRefused(Exception):
    """A model cannot be used, promoted, returned or taken; the message names the place and the remedy."""

    def __init__(self, text: str, code: ModelRefusalCode = ModelRefusalCode.OTHER, **values: object) -> None:
        """Say it in English; `code` and `values` are for a window that says it in its own language."""
        super().__init__(text)
        self.refusal = ModelRefusal(code, text, {name: f"{value}" for name, value in values.items()})
