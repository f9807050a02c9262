"""What was saved of a picture is in the audit trail, is compared, and returns."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.audit.search import AuditQuery, search_all
from app.command.picture_deed import save_picture
from app.database import open_reader
from app.model.audit import AuditAction
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_path
from app.plant.picture.saving import PictureSaving
from tests.widgets.picture_editor.saved import Saved
from tests.widgets.trend.air_station import PICTURE, Station
from widgets.engineering.editing import Editing
from widgets.picture_editor.editor import PictureEditor
from widgets.picture_editor.save_dialog import SaveDialog

LIMIT_MS = 20_000


def test_that_saving_is_in_the_audit_trail_with_its_difference(tmp_path: Path, station: Station) -> None:
    folder = PlantFolder(tmp_path)
    text = picture_path(tmp_path, PICTURE.id).read_text(encoding="utf-8")
    saving = PictureSaving(PICTURE.id, text, text.replace("at = [320, 120]", "at = [300, 120]"))
    save_picture(folder, saving, "moved", "Li Na")
    with closing(open_reader(folder.history)) as connection:
        records = [line.record for line in search_all(connection, AuditQuery()) if line.record is not None]
    record, former = (each for each in records if each.action is AuditAction.PICTURE_CHANGED)
    assert (record.user, record.subject, record.digest) == ("Li Na", "pictures/air.toml", saving.digest)
    assert "+at = [300, 120]" in record.detail
    assert former.digest == sha256(text.encode()).hexdigest()


def test_that_a_version_is_compared_and_returns_with_a_reason(
    tmp_path: Path, station: Station, qtbot: QtBot, saved: Saved
) -> None:
    folder, path = PlantFolder(tmp_path), picture_path(tmp_path, PICTURE.id)
    text = path.read_text(encoding="utf-8")
    other = text.replace("at = [320, 120]", "at = [300, 120]")
    save_picture(folder, PictureSaving(PICTURE.id, text, other), "moved", "Li Na")
    editor = PictureEditor(station.feed, folder, editing=Editing(draw=saved.draw), user=lambda: "Li Na")
    qtbot.addWidget(editor)
    editor.show()
    versions = editor.open_versions()
    qtbot.waitUntil(lambda: "+at = [300, 120]" in versions.difference.toPlainText(), timeout=LIMIT_MS)
    assert [row.cells[4].split(": ")[-1] for row in versions.table.rows] == [
        "moved",
        "found as it is, before the change that follows",
    ]
    assert versions.look.isVisible()
    versions.view.selectRow(1)
    versions.back.click()
    qtbot.waitUntil(lambda: editor.findChild(SaveDialog) is not None, timeout=LIMIT_MS)
    dialog = editor.findChild(SaveDialog)
    assert dialog is not None
    assert "-at = [300, 120]" in dialog.difference.toPlainText()
    dialog.reason.setText(dialog.reason.text() + "it was right")
    dialog.accept()
    qtbot.waitUntil(lambda: path.read_text(encoding="utf-8") == text, timeout=LIMIT_MS)
    assert saved.savings[0][1:] == ("Return to version 1: it was right", "Li Na")
    qtbot.waitUntil(lambda: editor.edited.picture == PICTURE, timeout=LIMIT_MS)
