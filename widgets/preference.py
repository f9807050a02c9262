"""What this window remembers of its operator: geometry, page, theme, language and name, in one INI file."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from widgets.theme import ThemeName
from widgets.translation import Language, system_language

log = logging.getLogger(__name__)
MOST_RECENT = 20


class Preferences:
    """The remembered choices; wrong values in the file count as absent, and what cannot be written is forgotten."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            log.warning("preferences.unwritable file=%s reason=%s", path, error)
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeName:
        """The theme chosen last; dark at first."""
        return "light" if self._text("window/theme") == "light" else "dark"

    @theme.setter
    def theme(self, name: ThemeName) -> None:
        self._settings.setValue("window/theme", name)

    @property
    def scale(self) -> float:
        """How large everything is drawn, 1 at first."""
        try:
            return float(self._text("window/scale") or 1.0)
        except ValueError:
            return 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._settings.setValue("window/scale", f"{scale:g}")

    @property
    def language(self) -> Language:
        """The language chosen last; at first the one of this PC's user."""
        text = self._text("window/language")
        return cast("Language", text) if text in {"en", "zh"} else system_language()

    @language.setter
    def language(self, language: Language) -> None:
        self._settings.setValue("window/language", language)

    @property
    def operator(self) -> str:
        """The operator's name, "" while nobody has said it."""
        return self._text("operator/name")

    @operator.setter
    def operator(self, name: str) -> None:
        self._settings.setValue("operator/name", name)

    @property
    def page(self) -> str:
        """The page that was in view last."""
        return self._text("window/page")

    @page.setter
    def page(self, key: str) -> None:
        self._settings.setValue("window/page", key)

    @property
    def geometry(self) -> QByteArray:
        """Where the window stood last, as QWidget.saveGeometry gives it; empty at first."""
        value = self._settings.value("window/geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("window/geometry", geometry)

    def geometry_on(self, screens: str) -> QByteArray:
        """Return where the window stood last on a set of screens, by its name; empty at first."""
        value = self._settings.value(f"window/geometry-{screens}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_geometry_on(self, screens: str, geometry: QByteArray) -> None:
        """Remember where the window stands on a set of screens."""
        self._settings.setValue(f"window/geometry-{screens}", geometry)

    def panels(self, plant: str, screens: str) -> str:
        """Return which panels stood where on a set of screens, else on whichever there was last; "" at first."""
        return self._text(f"plant-{plant}/panels-{screens}") or self._text(f"plant-{plant}/panels")

    def set_panels(self, plant: str, screens: str, arrangement: str) -> None:
        """Remember which panels stand where."""
        for key in (f"plant-{plant}/panels-{screens}", f"plant-{plant}/panels"):
            self._settings.setValue(key, arrangement)

    def equipment(self, plant: str) -> str:
        """Return the equipment of `plant` that was in view last."""
        return self._text(f"plant-{plant}/equipment")

    def set_equipment(self, plant: str, equipment: str) -> None:
        """Remember the equipment in view."""
        self._settings.setValue(f"plant-{plant}/equipment", equipment)

    def recent(self, plant: str) -> tuple[str, ...]:
        """Return what was opened from the search last, newest first, by first keys; empty at first."""
        return tuple(name for name in self._text(f"plant-{plant}/recent").split("\t") if name)

    def add_recent(self, plant: str, key: str) -> None:
        """Remember what was opened from the search."""
        kept = [key, *(name for name in self.recent(plant) if name != key)][:MOST_RECENT]
        self._settings.setValue(f"plant-{plant}/recent", "\t".join(kept))

    def columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a list that are shown, from left to right, by name; empty at first."""
        return tuple(name for name in self._text(f"{table}/columns").split(" ") if name)

    def set_columns(self, table: str, names: Sequence[str]) -> None:
        """Remember which columns of a list are shown, in their order."""
        self._settings.setValue(f"{table}/columns", " ".join(names))

    def is_on(self, choice: str) -> bool:
        """Return whether a choice of yes or no has been made so; no at first."""
        return self._text(f"choice/{choice}") == "yes"

    def set_on(self, choice: str, *, is_on: bool) -> None:
        """Remember a choice of yes or no."""
        self._settings.setValue(f"choice/{choice}", "yes" if is_on else "no")

    def draft(self, plant: str, place: str) -> str:
        """Return the text that was begun for something and is not done yet; "" at first."""
        return self._text(f"plant-{plant}/draft-{place}")

    def set_draft(self, plant: str, place: str, text: str) -> None:
        """Keep a text that is being written, on disk at once; "" forgets it."""
        key = f"plant-{plant}/draft-{place}"
        if text:
            self._settings.setValue(key, text)
        else:
            self._settings.remove(key)
        self.save()

    def save(self) -> None:
        """Write the file now."""
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""
