from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from app.alarm.evaluation import AlarmEvaluation
from app.alarm.journal import AlarmJournal
from app.audit.journal import page
from app.database import open_reader, open_writer
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.audit import AuditAction
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.plant.file import read_plant
from tests.app.command.test_aggregate import PLANT

ALARMS = """
# what the vendor recommends
[[alarm]]
id = "AC01.T_D.H"
tag = "AC01.T_D"
condition = "high"
limit = 100.0 # see the manual
priority = 2
message = "Discharge temperature high"

[[alarm]]
id = "AC01.T_D.BAD"
tag = "AC01.T_D"
condition = "bad_quality"
priority = 3
message = "Discharge temperature is bad"
"""


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    """A temperature that hovers at its limit for half an hour, an hour ago."""
    file = tmp_path / "plant.toml"
    file.write_text(PLANT + ALARMS, "utf-8")
    configured = read_plant(file)
    value = np.full(7_200, 90.0)
    value[3_600:5_400] = 100.0
    value += np.random.default_rng(1).normal(0, 0.3, len(value))
    time = clock.now_ns() - (7_300 - np.arange(len(value))) * NS_PER_S
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        writer, journal = HistoryWriter(connection, configured.tags), AlarmJournal(connection)
        evaluation = AlarmEvaluation(configured.tags, configured.alarms)
        for part in np.array_split(np.arange(len(value)), 40):
            block = block_of(0, time[part], value[part])
            writer.write(block)
            journal.record(evaluation.evaluate(block))
    return tmp_path


def test_that_bad_actors_get_a_proposal_with_its_effect(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (plant / "plant.toml").read_bytes()
    assert main(["alarms", "what-if", str(plant), "--days", "1"]) == 0
    out = capsys.readouterr().out
    assert "1 of which asked for a response" in out
    (proposed,) = [line.split() for line in out.splitlines() if line.lstrip().startswith("proposed")]
    (now,) = [line.split() for line in out.splitlines() if line.lstrip().startswith("now")]
    assert int(now[6]) > 300
    assert (proposed[6], proposed[7]) == ("1", "0")
    assert "+deadband" in out or "_delay_s" in out
    assert "nothing was changed" in out
    assert (plant / "plant.toml").read_bytes() == before


def test_that_a_proposal_is_written_kept_beside_the_former_and_audited(
    plant: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["alarms", "what-if", str(plant), "AC01.T_D.H", "--days", "1", "--apply"]) == 0
    text = (plant / "plant.toml").read_text("utf-8")
    assert "# what the vendor recommends" in text
    assert "limit = 100.0 # see the manual" in text
    (former,) = plant.glob("plant-before-*.toml")
    assert former.read_text("utf-8") == PLANT + ALARMS
    with closing(open_reader(plant / "history.sqlite")) as connection:
        records = [line.record for line in page(connection) if line.record is not None]
    record, _first = [each for each in records if each.action is AuditAction.CONFIGURATION_CHANGED]
    assert "AC01.T_D.H" in record.reason
    assert "+++ plant.toml (changed)" in record.detail
    capsys.readouterr()
    assert main(["alarms", "what-if", str(plant), "AC01.T_D.H", "--days", "1"]) == 0
    assert "nothing better was found" in capsys.readouterr().out


def test_that_what_cannot_be_answered_is_told(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alarms", "what-if", str(plant), "AC01.T_D.HH"]) != 0
    assert "did you mean AC01.T_D.H" in capsys.readouterr().err
    assert main(["alarms", "what-if", str(plant), "AC01.T_D.BAD"]) == 0
    assert "cannot be told from the history" in capsys.readouterr().err
