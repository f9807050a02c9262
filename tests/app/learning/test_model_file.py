"""A model as a file: read again as it was, and by a later version as an earlier one has written it."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from app.learning.binding import bound
from app.learning.model_file import SharedModel, read_model, write_model
from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelKind, ModelRecord
from app.model.tag import TagKind
from tests.app.prediction.plants import plant_of, tag

RECORD = ModelRecord(
    1, ModelKind.EQUIPMENT, "PU02", is_class=False, made=5, author="Li", data_begin=1, data_end=2, data_digest="d",
    code_version="1", tags=("A0", "A1"), units=("", ""), period_s=10.0, parameters=b"\0x", modes=("D2",),
)  # fmt: skip
PLANT = plant_of([tag(0), tag(1), tag(2, kind=TagKind.DISCRETE)])


@pytest.mark.parametrize("modes", [pytest.param((), id="one mode"), pytest.param(("D2",), id="modes")])
def test_that_a_model_is_read_as_it_was_written(tmp_path: Path, modes: tuple[str, ...]) -> None:
    shared = SharedModel(replace(RECORD, modes=modes), "pump", "here")
    write_model(tmp_path / "m.json", shared)
    assert read_model(tmp_path / "m.json") == shared


def test_that_a_file_from_before_models_had_modes_is_read(tmp_path: Path) -> None:
    shared = SharedModel(replace(RECORD, modes=()), "pump", "here")
    former = msgspec.json.encode(shared).replace(b',"modes":[]', b"")
    digest = sha256(former).hexdigest().encode()
    file = tmp_path / "m.json"
    file.write_bytes(b'{"format":"foreshift model 1","digest":"' + digest + b'","model":' + former + b"}")
    assert read_model(file) == shared


def test_that_modes_cannot_be_altered_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "m.json"
    write_model(file, SharedModel(RECORD, "pump", "here"))
    file.write_text(file.read_text().replace("D2", "D3"))
    with pytest.raises(ModelRefused, match="altered or damaged"):
        read_model(file)


def test_that_the_tags_that_tell_the_modes_are_asked_for_and_may_be_named_otherwise() -> None:
    shared = SharedModel(replace(RECORD, modes=("RUNS",)), "", "there")
    with pytest.raises(ModelRefused, match=r"PU02 has no tag RUNS .*--name RUNS=ITS_NAME"):
        bound(shared, PLANT, "PU02", names={}, author="Li", now=7, source="a file")
    here = bound(shared, PLANT, "PU02", names={"RUNS": "D2"}, author="Li", now=7, source="a file")
    assert here.modes == ("D2",)
    assert here.tags == RECORD.tags
