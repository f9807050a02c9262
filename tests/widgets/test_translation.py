"""Every text of the window is found in both languages, and the language switches while the window is open."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

import resources
import widgets
from app.model.text import LocalText
from widgets.translation import local, set_language, tr

SOURCES = Path(widgets.__file__).parent
CATALOGUES = Path(resources.__file__).parent / "translations" / "zh"
PACKAGES = ["window", *sorted(path.parent.name for path in SOURCES.glob("*/__init__.py"))]
# calls whose first argument an operator reads
VISIBLE = {
    "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "setText", "setToolTip",
    "setWindowTitle", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription", "setTitle", "setStatusTip",
}  # fmt: skip


def modules(package: str) -> Iterator[Path]:
    return SOURCES.glob("*.py") if package == "window" else (SOURCES / package).rglob("*.py")


def calls(package: str) -> Iterator[tuple[str, ast.Call]]:
    for path in modules(package):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(SOURCES)}:{node.lineno}", node


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literal(node: ast.Call) -> str | None:
    first = node.args[0] if node.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def texts_of(package: str) -> set[str]:
    return {text for _, node in calls(package) if called(node) == "tr" and (text := literal(node)) is not None}


def chinese_of(package: str) -> dict[str, str]:
    path = CATALOGUES / f"{package}.json"
    catalogue: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return catalogue


def places(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}


@pytest.mark.parametrize("package", PACKAGES)
def test_that_every_text_has_a_chinese_one_and_no_catalogue_holds_another(package: str) -> None:
    texts, chinese = texts_of(package), set(chinese_of(package))
    assert sorted(texts - chinese) == [], "missing in the catalogue"
    assert sorted(chinese - texts) == [], "not used in the package any more"


@pytest.mark.parametrize("package", PACKAGES)
def test_that_translations_keep_the_places_of_values(package: str) -> None:
    wrong = [english for english, chinese in chinese_of(package).items() if places(english) != places(chinese)]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_that_only_literals_are_translated(package: str) -> None:
    wrong = [place for place, node in calls(package) if called(node) == "tr" and literal(node) is None]
    methods = [place for place, node in calls(package) if called(node) == "tr" and isinstance(node.func, ast.Attribute)]
    assert wrong == [], "a text that no test can find; use local() for names of the plant"
    assert methods == [], "QObject.tr reads Qt's catalogues, not ours: call widgets.translation.tr"


@pytest.mark.parametrize("package", PACKAGES)
def test_that_no_visible_text_goes_around_the_translation(package: str) -> None:
    wrong = [
        f"{place} {text!r}"
        for place, node in calls(package)
        if called(node) in VISIBLE and (text := literal(node)) and any(sign.isalpha() for sign in text)
    ]
    assert wrong == []


def test_that_every_catalogue_belongs_to_a_package() -> None:
    assert {path.stem for path in CATALOGUES.glob("*.json")} <= set(PACKAGES)


def test_that_no_two_catalogues_disagree() -> None:
    chosen: dict[str, str] = {}
    for package in PACKAGES:
        for english, chinese in chinese_of(package).items():
            assert chosen.setdefault(english, chinese) == chinese, english


def test_that_a_switch_of_language_reaches_every_open_widget(qtbot: QtBot, qapp: QApplication) -> None:
    class Button(QLabel):
        def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
            if event.type() == QEvent.Type.LanguageChange:
                self.setText(tr("On"))
            super().changeEvent(event)

    window = QWidget()
    qtbot.addWidget(window)
    child = Button(tr("On"), window)
    set_language("zh")
    qapp.processEvents()
    assert child.text() == "开"
    set_language("en")
    qapp.processEvents()
    assert child.text() == "On"


def test_that_buttons_of_qt_follow_the_language(qtbot: QtBot, qapp: QApplication) -> None:
    set_language("zh")
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert {button.text().split("(")[0] for button in box.buttons()} == {"保存", "取消"}


def test_that_names_of_the_plant_fall_back_to_english() -> None:
    set_language("zh")
    assert local(LocalText("Compressor", "空压机")) == "空压机"
    assert local(LocalText("Compressor")) == "Compressor"


def test_that_values_fill_the_places_of_a_text() -> None:
    assert tr("{n} s", n=40) == "40 s"
    set_language("zh")
    assert tr("{n} s", n=40) == "40 秒"
