"""A record of the audit trail is told in the operator's language; what is stored stays as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.model.audit import AuditAction, AuditRecord
from app.plant.folder import PlantFolder
from tests.widgets import plant as small
from widgets.audit.wording import detail_text, object_text
from widgets.feed import Feed
from widgets.translation import set_language


@pytest.fixture
def feed(qapp: QApplication, tmp_path: Path) -> Feed:
    del qapp
    return Feed(small.plant(), PlantFolder(tmp_path))


def record(action: AuditAction, subject: str, *, outcome: str = "", reason: str = "") -> AuditRecord:
    return AuditRecord(1, action, user="Li Na", subject=subject, outcome=outcome, reason=reason)


def test_that_a_case_that_was_opened_is_told_with_its_equipment_and_signs(feed: Feed) -> None:
    opened = record(AuditAction.CASE_OPENED, "case 2 AC01", reason="health, signals")
    assert object_text(opened, feed) == "Case 2  Compressor AC01"
    assert detail_text(opened, feed) == "Health, Single signals (information)"
    set_language("zh")
    assert object_text(opened, feed).startswith("案例 2  空压机")
    assert "health" not in detail_text(opened, feed)


def test_that_a_closed_case_is_told_with_its_verdict_and_the_reason_as_it_was_given(feed: Feed) -> None:
    closed = record(AuditAction.CASE_CLOSED, "case 12", outcome="false", reason="health, says Wang")
    assert object_text(closed, feed) == "Case 12"
    assert detail_text(closed, feed) == "False  ·  health, says Wang"


def test_that_what_is_no_case_is_told_as_it_stands(feed: Feed) -> None:
    assert object_text(record(AuditAction.CASE_OPENED, "something else"), feed) == "something else"
    assert object_text(record(AuditAction.USER_ADDED, "case 1"), feed) == "case 1"
