"""Every visible text in the language of the operator: English in the code, Chinese from resources/translations/zh."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from operator import attrgetter
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTranslator

from app.model.text import LocalText

Language = Literal["en", "zh"]


class _Present:
    """The language of the screens and Qt's own texts (Save, Cancel, ...) in it."""

    language: Language = "en"
    qt_texts: QTranslator | None = None


@cache
def catalogue() -> Mapping[str, str]:
    """Return Chinese by English: all files of resources/translations/zh together; a test keeps them in agreement."""
    return chinese_in()


def chinese_in(*folder: str) -> Mapping[str, str]:
    """Return Chinese by English of the files in a folder below resources/translations/zh, those there without one."""
    texts: dict[str, str] = {}
    for file in sorted(files("resources").joinpath("translations", "zh", *folder).iterdir(), key=attrgetter("name")):
        if file.name.endswith(".json"):
            texts |= json.loads(file.read_text("utf-8"))
    return texts


def tr(text: str, **values: object) -> str:
    """Return a text of the program in the present language; `values` fill its {places}.

    `text` is always a literal, so that a test can find every text of the program; names that come from the plant's
    configuration go through `local`.
    """
    pattern = catalogue().get(text, text) if _Present.language == "zh" else text
    return pattern.format(**values) if values else pattern


def local(text: LocalText) -> str:
    """Return a name or message of the plant in the present language."""
    return text.in_language(_Present.language)


def language() -> Language:
    """Return the language of the screens."""
    return _Present.language


def system_language() -> Language:
    """Return the language of this PC's user, as far as there is one of ours: Chinese, else English."""
    return "zh" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def set_language(new: Language) -> None:
    """Switch every screen to a language; Qt sends LanguageChange to each widget, which then renews its texts."""
    app = QCoreApplication.instance()
    changed = new != _Present.language
    _Present.language = new
    if app is None:
        return
    if _Present.qt_texts is not None:
        app.removeTranslator(_Present.qt_texts)
        _Present.qt_texts = None
    if new == "zh":
        _Present.qt_texts = _load_qt_texts()
        app.installTranslator(_Present.qt_texts)
    if changed:
        # installTranslator only tells the widgets where Qt's own catalogue could be loaded
        app.sendEvent(app, QEvent(QEvent.Type.LanguageChange))


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Let `tr` and `local` speak a language for a while, whatever the screens are in; no screen is told."""
    before, _Present.language = _Present.language, chosen
    try:
        yield
    finally:
        _Present.language = before


def _load_qt_texts() -> QTranslator:
    translator = QTranslator()
    translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return translator
