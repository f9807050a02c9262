"""A certificate that is not trusted is shown so that it can be compared, and judged by a deed of its own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.connection import ConnectionReport, LinkState
from drivers.trust import Fault, Identity
from tests.widgets.connection import identities
from widgets import theme
from widgets.connection.trust_dialog import TrustDialog
from widgets.connection.wording import fault_text, is_exposed, security_text
from widgets.translation import set_language


def _shown(qtbot: QtBot, identity: Identity) -> TrustDialog:
    dialog = TrustDialog(identity)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_that_a_first_certificate_is_shown_with_thumbprint_and_words(qtbot: QtBot) -> None:
    dialog = _shown(qtbot, identities.unknown())
    shown = identities.facts()
    assert dialog.view.cells["Thumbprint", 1].text().replace(" ", "").replace("\n", "") == shown.thumbprint
    assert dialog.view.cells["In words", 1].text().split() == shown.words.split()
    assert "Nobody has trusted this server yet" in dialog.view.faults[0].text()
    assert ("Thumbprint", 2) not in dialog.view.cells


def test_that_a_changed_certificate_stands_beside_the_former_with_what_differs_in_bold(qtbot: QtBot) -> None:
    dialog = _shown(qtbot, identities.changed())
    assert dialog.view.cells["Thumbprint", 1].text() != dialog.view.cells["Thumbprint", 2].text()
    assert dialog.view.cells["Thumbprint", 2].property("weight") == "strong"
    assert dialog.view.cells["Key", 2].property("weight") != "strong"
    assert [label.toolTip() for label in dialog.view.faults] == ["has changed", "made out for plc-3"]
    assert dialog.trust.text() == "Trust the new certificate"


def test_that_trusting_says_which_certificate(qtbot: QtBot) -> None:
    dialog = _shown(qtbot, identities.changed())
    with qtbot.waitSignal(dialog.trusted) as trusted:
        dialog.trust.click()
    assert trusted.args == [identities.facts("second").thumbprint]
    assert not dialog.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_that_no_key_pressed_in_passing_trusts(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = _shown(qtbot, identities.unknown())
    trusted: list[str] = []
    dialog.trusted.connect(trusted.append)
    QTest.keyClick(dialog, key)
    assert trusted == []
    assert not dialog.isVisible()


def test_that_every_fault_has_words_in_both_languages() -> None:
    english = {fault: fault_text(fault) for fault in Fault}
    set_language("zh")
    assert all(fault_text(fault) != english[fault] for fault in Fault)
    assert len(set(english.values())) == len(Fault)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_that_a_long_name_is_broken_rather_than_cut(qtbot: QtBot, qapp: QApplication, name: theme.ThemeName) -> None:
    theme.apply(qapp, theme.load(name))
    dialog = _shown(qtbot, identities.changed())
    for cell in dialog.view.cells.values():
        assert cell.height() >= cell.heightForWidth(cell.width())
        longest = max((part for part in cell.text().replace("\u200b", " ").split()), key=len, default="")
        assert cell.fontMetrics().horizontalAdvance(longest) <= cell.width()


@pytest.mark.parametrize(
    ("security", "url", "exposed", "words"),
    [
        ("None", "opc.tcp://10.0.0.2:4840", True, "Not protected"),
        ("None", "opc.tcp://127.0.0.1:4840", False, "Not protected"),
        ("", "modbus://10.0.0.2", False, ""),
        ("Basic256Sha256/Sign", "opc.tcp://10.0.0.2", False, "Signed, not encrypted (Basic256Sha256)"),
        ("Basic256Sha256/SignAndEncrypt", "opc.tcp://10.0.0.2", False, "Signed and encrypted (Basic256Sha256)"),
    ],
)
def test_that_it_is_told_how_a_connection_is_protected(security: str, url: str, exposed: bool, words: str) -> None:  # noqa: FBT001 - a column of the table
    report = ConnectionReport("press", "opcua", url, LinkState.RUNNING, 0, 1, security=security)
    assert is_exposed(report) is exposed
    assert security_text(report).startswith(words)
