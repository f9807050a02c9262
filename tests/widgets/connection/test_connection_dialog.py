"""A connection looked at closely follows the collector, and its certificate can be judged there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model.connection import ConnectionDefinition, LinkState
from app.model.role import Role
from app.pubsub.frame import CollectorChanged, SessionChanged
from drivers.trust import Identity
from tests.widgets import plant
from tests.widgets.connection import identities
from tests.widgets.screen import pages
from widgets.connection.certificates import Certificates
from widgets.connection.connection_dialog import ConnectionDialog
from widgets.control.sign_in import SignInDialog
from widgets.main_window import MainWindow
from widgets.preference import Preferences


class Store:
    """A certificate store that notes what is done to it."""

    def __init__(self) -> None:
        self.known: Identity | None = identities.unknown()
        self.deeds: list[tuple[str, str, str]] = []
        self.users: list[str] = []

    def certificates(self) -> Certificates:
        return Certificates(lambda _: self.known, self.trust, self.refuse)

    def trust(self, definition: ConnectionDefinition, thumbprint: str, user: str) -> None:
        self.users.append(user)
        self.deeds.append(("trust", definition.id, thumbprint))
        self.known = identities.trusted()

    def refuse(self, definition: ConnectionDefinition, thumbprint: str, user: str) -> None:
        self.users.append(user)
        self.deeds.append(("refuse", definition.id, thumbprint))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, store: Store) -> MainWindow:
    preferences = Preferences(tmp_path / "window.ini")
    preferences.language = "en"
    window = MainWindow(plant.feed(tmp_path), preferences=preferences, pages=pages, certificates=store.certificates())
    qtbot.addWidget(window)
    window.feed.is_linked = True
    return window


def _dialog(window: MainWindow) -> ConnectionDialog:
    window.connections.rows["line"].click()
    return next(child for child in window.findChildren(ConnectionDialog) if child.isVisible())


def test_that_pressing_a_connection_shows_its_trouble_and_lets_its_certificate_be_trusted(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    window.feed.receive([CollectorChanged(plant.report(state=LinkState.BACKOFF, reason="not trusted"))])
    window.show()
    dialog = _dialog(window)
    qtbot.waitUntil(dialog.trust.isVisible)
    dialog.trust.click()
    qtbot.waitUntil(lambda: not dialog.trust.isVisible())
    assert store.deeds == [("trust", "line", identities.facts().thumbprint)]
    assert dialog.view.cells["Thumbprint", 1].text()


def test_that_a_refusal_is_noted_and_closes_the_dialog(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    window.show()
    dialog = _dialog(window)
    qtbot.waitUntil(dialog.refuse.isVisible)
    with qtbot.waitSignal(dialog.finished):
        dialog.refuse.click()
    assert store.deeds == [("refuse", "line", identities.facts().thumbprint)]


def test_that_the_dialog_follows_the_connection(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    store.known = None
    window.show()
    dialog = _dialog(window)
    report = plant.report()
    line = next(each for each in report.connections if each.connection == "line")
    note = 'our certificate "Foreshift" expires in 13 days'
    changed = replace(line, security="None", notes=(note,), url="opc.tcp://10.0.0.2:4840")
    window.feed.receive([CollectorChanged(replace(report, connections=(changed,)))])
    assert dialog.state.text() == "running"
    assert dialog.security.text().startswith("Not protected")
    assert note in dialog.notes.text()
    assert not dialog.trust.isVisible()
    row = window.connections.rows["line"]
    assert row.is_exposed
    assert row.has_notes
    assert note in row.toolTip()
    dialog.accept()
    window.feed.receive([CollectorChanged(report)])  # a closed dialog is told nothing any more
    assert not row.is_exposed


def test_that_a_judgement_that_cannot_be_stored_is_told(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    def refuse(definition: ConnectionDefinition, thumbprint: str, user: str) -> None:
        raise OSError(f"{definition.id}: the disk is full")

    dialog = ConnectionDialog(window.feed.plant.connections[1], Certificates(lambda _: store.known, refuse, refuse))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.look_up()
    qtbot.waitUntil(dialog.trust.isVisible)
    with qtbot.waitSignal(dialog.failed) as failed:
        dialog.trust.click()
    assert failed.args is not None
    assert "the disk is full" in failed.args[0]


def test_that_in_a_plant_with_users_only_an_engineer_judges(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    session = window.writing.session
    definition = window.feed.plant.connections[1]
    dialog = ConnectionDialog(definition, store.certificates(), session=session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.look_up()
    qtbot.waitUntil(dialog.trust.isVisible)
    assert dialog.trust.text() == "Sign in as engineer"
    assert not dialog.refuse.isVisible()
    dialog.trust.click()
    (asking,) = [child for child in dialog.findChildren(SignInDialog) if child.isVisible()]
    window.feed.session_changed.emit(SessionChanged(request=0, name="Li Na", role=Role.OPERATOR))
    assert not asking.isVisible()
    assert dialog.trust.text() == "Sign in as engineer"
    window.feed.session_changed.emit(SessionChanged(request=0, name="Wang Wei", role=Role.ENGINEER))
    assert dialog.refuse.isVisible()
    dialog.trust.click()
    qtbot.waitUntil(lambda: store.users == ["Wang Wei"])
