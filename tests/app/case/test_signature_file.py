"""The file of signatures, as it is delivered and as people get it wrong."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import pytest

from app.case.pattern import role_of
from app.case.signature_file import SignatureFileError, read_signatures
from app.model.text import LocalText
from app.plant.demo import demo_plant

GOOD = """
[[signature]]
id = "pump.strainer"
kind = "centrifugal_pump"
symptoms = { DP_STR = 1, NPSH = -0.5 }
cause = { en = "Suction strainer clogging", zh = "吸入滤网堵塞" }
action = "Clean the strainer"
"""


def test_that_a_signature_is_read(tmp_path: Path) -> None:
    path = tmp_path / "signatures.toml"
    path.write_text(GOOD, "utf-8")
    (signature,) = read_signatures(path)
    assert (signature.id, signature.kind) == ("pump.strainer", "centrifugal_pump")
    assert signature.symptoms == {"DP_STR": 1.0, "NPSH": -0.5}
    assert signature.cause == LocalText("Suction strainer clogging", "吸入滤网堵塞")
    assert signature.action == LocalText("Clean the strainer")


def test_that_a_cause_may_be_another_use_of_the_equipment(tmp_path: Path) -> None:
    path = tmp_path / "signatures.toml"
    path.write_text(GOOD + GOOD.replace("strainer", "load") + "usage = true\n", "utf-8")
    assert [signature.is_usage for signature in read_signatures(path)] == [False, True]
    path.write_text(GOOD + 'usage = "yes"\n', "utf-8")
    with pytest.raises(SignatureFileError, match=r"pump.strainer\).*usage is 'yes': write true or false"):
        read_signatures(path)


def test_that_no_file_is_no_signatures(tmp_path: Path) -> None:
    assert read_signatures(tmp_path / "signatures.toml") == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[signature]\n", "signatures.toml: Expected"),
        ("[other]\n", "holds \\[\\[signature\\]\\] tables and nothing else"),
        (GOOD + GOOD, "signature 2: the id 'pump.strainer' is there already"),
        (GOOD.replace("kind", "class"), "signature 1: 'class' is not known; known are action"),
        (GOOD.replace('id = "pump.strainer"', ""), "signature 1: give it an id"),
        (GOOD.replace("-0.5", "0"), r"\(pump.strainer\): symptom 'NPSH' is 0: write a number above or below 0"),
        (GOOD.replace("-0.5", "nan"), "symptom 'NPSH' is nan"),
        (GOOD.replace("{ DP_STR = 1, NPSH = -0.5 }", "{}"), "name at least one symptom"),
        (GOOD.replace("en =", "de ="), "cause: write"),
        (GOOD.replace('kind = "centrifugal_pump"', ""), "say of which class"),
    ],
    ids=["toml", "other table", "twice", "key", "id", "zero", "nan", "none", "text", "kind"],
)
def test_that_what_is_wrong_is_named_with_its_place_and_remedy(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "signatures.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SignatureFileError, match=why):
        read_signatures(path)


def test_that_every_symptom_of_the_demo_plant_is_a_tag_of_its_class_and_has_both_languages() -> None:
    plant = demo_plant()
    with as_file(files("resources") / "demo_plant" / "signatures.toml") as path:
        signatures = read_signatures(path)
    for signature in signatures:
        members = [equipment for equipment in plant.equipment if equipment.kind == signature.kind]
        assert members, signature.id
        for equipment in members:
            roles = {role_of(tag.name, equipment.id) for tag in plant.tags_of(equipment.id)}
            assert set(signature.symptoms) <= roles, (signature.id, set(signature.symptoms) - roles)
        assert signature.cause.zh
        assert signature.action.zh
