"""`foreshift integrity`: what is told of damage, and what a repair leaves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.alarm.evaluation import AlarmEvaluation
from app.alarm.journal import AlarmJournal
from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model.block import block_of
from tests.app.alarm.plants import definition, samples, tags_of
from tests.app.command.test_history import PLANT
from tests.app.history.plant import tag


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plant whose history has two tags and a line of the alarm journal."""
    (tmp_path / "plant.toml").write_text(PLANT, encoding="utf-8")
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        HistoryWriter(connection, [tag(0, "A"), tag(1, "B")]).write(block_of([0, 1], 7, 1.0))
        AlarmJournal(connection).record(AlarmEvaluation(tags_of(1), [definition()]).evaluate(samples([(0, 101.0)])))
    return tmp_path


def harm(folder: Path, *statements: str) -> None:
    with closing(open_writer(folder / "history.sqlite")) as connection:
        for statement in statements:
            connection.execute(statement)


def test_that_a_whole_history_is_told_as_such(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["integrity", str(folder)]) == 0
    assert capsys.readouterr().out.endswith("whole\n")


def test_that_a_tag_s_flipped_name_is_told_and_put_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    harm(folder, "UPDATE tag SET name = 'C' WHERE name = 'B'")
    assert main(["integrity", str(folder)]) == 1
    assert "tag 2: one bit is flipped: name 'C' was 'B' (can be made again)" in capsys.readouterr().err
    assert main(["integrity", str(folder), "--repair"]) == 0
    assert main(["integrity", str(folder)]) == 0


def test_that_an_altered_line_of_the_alarm_journal_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    harm(folder, "DROP TRIGGER alarm_change_is_not_altered", "UPDATE alarm_change SET time = time + 4")
    for repair in ([], ["--repair"]):
        assert main(["integrity", str(folder), *repair]) == 1
        told = capsys.readouterr().err
        assert "alarm journal: line 1 is not as it was written" in told
        assert "a backup has it as it was" in told
