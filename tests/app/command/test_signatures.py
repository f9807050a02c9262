"""`foreshift signatures`: known causes from one plant to another."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.journal import page
from app.case.signature_file import read_signatures
from app.case.store import CaseStore
from app.database import open_reader, open_writer
from app.model.audit import AuditAction
from app.model.case import CaseEffect, CaseRecord, CaseWrite, EffectKind, Verdict
from app.model.forecast import Contribution
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from tests.app.training.plants import folder_with, plant_text

Capture = pytest.CaptureFixture[str]

WRITTEN = """\
[[signature]]
id = "pump.strainer"
kind = "pump"
symptoms = { P = 1.0, FLOW = -0.5 }
cause = { en = "Strainer clogging", zh = "滤网堵塞" }
action = "Clean it"
"""


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    """One signature is written by hand, another was taught by a verdict."""
    found = folder_with(tmp_path / "p", plant_text())
    found.signatures.write_text(WRITTEN, encoding="utf-8")
    moved = (Contribution("PU01.VIB", 0.81, 3.0), Contribution("PU01.FLOW", 0.16, -2.0))
    effect = CaseEffect(
        1, EffectKind.SIGNATURE, 7, "PU01", 5, "Li", "seen", contributions=moved, cause=LocalText('Loose "foot"')
    )
    case = CaseRecord(7, "PU01", 1, 5, 2.0, ("health",), closed=5, verdict=Verdict.CONFIRMED, by="Li")
    with closing(open_writer(found.history)) as connection:
        CaseStore(connection).write([CaseWrite((case,), (), (effect,))])
    return found


def signatures(folder: PlantFolder, deed: str, file: Path, *words: str, kind: str = "pump") -> int:
    return main(["signatures", deed, str(folder.path), kind, str(file), *words])


def test_that_causes_known_by_hand_and_by_verdicts_arrive_at_another_plant(
    folder: PlantFolder, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "pump.toml"
    assert signatures(folder, "export", file) == 0
    other = folder_with(tmp_path / "other", plant_text())
    assert signatures(other, "import", file) == 0
    strainer, foot = read_signatures(other.signatures)
    assert strainer == read_signatures(folder.signatures)[0]
    assert (foot.id, foot.cause.en) == ("pump.case7", 'Loose "foot"')
    assert dict(foot.symptoms) == {"VIB": 0.9, "FLOW": -0.4}
    with closing(open_reader(other.history)) as connection:
        (line,) = [each for each in page(connection) if each.action == AuditAction.CONFIGURATION_CHANGED]
    assert line.record is not None
    assert line.record.subject == "signatures.toml"
    assert signatures(other, "import", file) == 0
    assert "0 signatures are new, 2 were known" in capsys.readouterr().out
    assert len(read_signatures(other.signatures)) == 2


@pytest.mark.parametrize(
    "case",
    [
        (
            plant_text(units={"FLOW": "m3/h", "P": "bar"}),
            (),
            "pump.case7: PU02 has no tag VIB (it has FLOW, P): --name",
        ),
        (plant_text(kind="fan"), (), "pump: this plant has no equipment of this class; there are: fan"),
    ],
    ids=["role", "class"],
)
def test_that_what_does_not_fit_is_told_and_nothing_is_written(
    folder: PlantFolder, tmp_path: Path, capsys: Capture, case: tuple[str, tuple[str, ...], str]
) -> None:
    text, words, said = case
    file = tmp_path / "pump.toml"
    assert signatures(folder, "export", file) == 0
    other = folder_with(tmp_path / "other", text)
    assert signatures(other, "import", file, *words) != 0
    assert said in capsys.readouterr().err
    assert not other.signatures.exists()


def test_that_a_tag_of_another_name_is_bound_by_saying_so(folder: PlantFolder, tmp_path: Path) -> None:
    file = tmp_path / "pump.toml"
    assert signatures(folder, "export", file) == 0
    other = folder_with(tmp_path / "other", plant_text(units={"FLOW": "m3/h", "P": "bar", "V": "mm/s"}))
    assert signatures(other, "import", file, "--name", "VIB=V") == 0
    assert "V" in read_signatures(other.signatures)[1].symptoms


def test_that_another_signature_of_the_same_id_is_not_overwritten(
    folder: PlantFolder, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "pump.toml"
    assert signatures(folder, "export", file) == 0
    other = folder_with(tmp_path / "other", plant_text())
    other.signatures.write_text(WRITTEN.replace("-0.5", "-0.9"), encoding="utf-8")
    assert signatures(other, "import", file) != 0
    assert "pump.strainer: another signature here has this id" in capsys.readouterr().err
