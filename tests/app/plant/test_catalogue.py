"""The known plants, the last one opened, and the demo's folder."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.plant import demo
from app.plant.catalogue import PlantCatalogue, folder_of, home_folder
from app.plant.demo import create_demo_folder
from app.plant.file import examine_plant, read_plant
from app.plant.folder import PlantFolder
from tests.app.plant.sample import SAMPLE


@pytest.fixture
def catalogue(tmp_path: Path) -> PlantCatalogue:
    return PlantCatalogue(tmp_path / "home")


def make(folder: PlantFolder) -> PlantFolder:
    folder.path.mkdir(parents=True)
    folder.configuration.write_text(SAMPLE, encoding="utf-8")
    return folder


def test_that_the_home_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path))
    assert home_folder() == tmp_path
    monkeypatch.delenv("FORESHIFT_HOME")
    assert home_folder().name == "foreshift"


def test_that_a_first_start_knows_no_plant(catalogue: PlantCatalogue) -> None:
    assert catalogue.plants() == []
    assert catalogue.last() is None
    assert not catalogue.home.exists()


def test_that_the_last_opened_plant_comes_first(catalogue: PlantCatalogue, tmp_path: Path) -> None:
    inside = [make(catalogue.new_folder(name)) for name in ("a", "b")]
    outside = make(PlantFolder(tmp_path / "elsewhere"))
    catalogue.remember(outside)
    catalogue.remember(inside[1])
    assert catalogue.last() == inside[1]
    assert catalogue.plants() == [inside[1], outside, inside[0]]


def test_that_a_plant_opened_twice_is_listed_once(catalogue: PlantCatalogue) -> None:
    folders = [make(catalogue.new_folder(name)) for name in ("a", "b")]
    for folder in (*folders, folders[0]):
        catalogue.remember(folder)
    assert catalogue.plants() == folders


def test_that_a_plant_that_is_gone_is_not_offered(catalogue: PlantCatalogue) -> None:
    folder = make(catalogue.new_folder("a"))
    catalogue.remember(folder)
    folder.configuration.unlink()
    assert catalogue.last() is None
    assert catalogue.plants() == []


def test_that_a_forgotten_plant_keeps_its_files(catalogue: PlantCatalogue) -> None:
    folder = make(catalogue.new_folder("a"))
    catalogue.remember(folder)
    catalogue.forget(folder)
    assert catalogue.last() is None
    assert catalogue.plants() == [folder]


@pytest.mark.parametrize("content", [b"", b"{", b'{"opened": 1}', b'{"opened": [1]}', b"\xff\x00", b"[]"])
def test_that_a_damaged_memory_counts_as_empty(
    catalogue: PlantCatalogue, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    folder = make(catalogue.new_folder("a"))
    (catalogue.home / "opened.json").write_bytes(content)
    assert catalogue.last() is None
    assert "catalogue.unreadable" in caplog.text
    catalogue.remember(folder)
    assert catalogue.last() == folder


@pytest.mark.parametrize(
    ("name", "expected"),
    [("demo", "demo"), ("../../etc", "etc"), ("a b/c", "a-b-c"), ("空压站", "空压站"), ("..", "plant")],
)
def test_that_a_new_folder_stays_below_the_home(catalogue: PlantCatalogue, name: str, expected: str) -> None:
    assert catalogue.new_folder(name).path == catalogue.home / "plants" / expected


def test_that_a_plant_is_named_by_its_folder_or_its_file(catalogue: PlantCatalogue) -> None:
    folder = make(catalogue.new_folder("a"))
    assert folder_of(folder.path) == folder
    assert folder_of(folder.configuration) == folder
    assert folder_of(Path("plant.toml")).path == Path.cwd()


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Deliver the sample in place of the demo plant."""
    path = tmp_path / "resources" / "demo_plant" / "plant.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SAMPLE, encoding="utf-8")
    path.with_name("signatures.toml").write_text("# none\n", encoding="utf-8")
    monkeypatch.setattr(demo, "files", lambda package: tmp_path / package)
    return path


def test_that_the_demo_folder_leads_to_the_given_ports(catalogue: PlantCatalogue, delivered: Path) -> None:
    folder = create_demo_folder(modbus_port=1502, opcua_port=4841, time_scale=12.0, catalogue=catalogue)
    plant = read_plant(folder.configuration)
    assert [connection.url for connection in plant.connections] == [
        "modbus://127.0.0.1:1502?unit=1",
        "opc.tcp://127.0.0.1:4841",
    ]
    assert plant.connections[0].options == {"order": "ABCD"}
    assert plant.time_scale == 12.0
    assert repr(plant.tags) == repr(read_plant(delivered).tags)


def test_that_the_demo_folder_has_the_known_causes_of_its_faults(catalogue: PlantCatalogue, delivered: Path) -> None:
    delivered.with_name("signatures.toml").write_text("# as delivered\n", encoding="utf-8")
    folder = create_demo_folder(modbus_port=1, opcua_port=2, time_scale=1.0, catalogue=catalogue)
    assert folder.signatures.read_text("utf-8") == "# as delivered\n"


def test_that_the_demo_folder_is_made_anew_with_its_history_kept(catalogue: PlantCatalogue, delivered: Path) -> None:
    folder = create_demo_folder(modbus_port=1, opcua_port=2, time_scale=1.0, catalogue=catalogue)
    folder.history.write_bytes(b"history")
    folder.configuration.write_text("damaged", encoding="utf-8")
    assert create_demo_folder(modbus_port=3, opcua_port=4, time_scale=1.0, catalogue=catalogue) == folder
    assert folder.history.read_bytes() == b"history"
    assert "127.0.0.1:3?" in read_plant(folder.configuration).connections[0].url


def test_that_the_delivered_demo_plant_opens_without_problems(catalogue: PlantCatalogue) -> None:
    folder = create_demo_folder(modbus_port=1502, opcua_port=4841, time_scale=60.0, catalogue=catalogue)
    examination = examine_plant(folder.configuration, drivers=("modbus", "opcua"))
    assert examination.problems == ()
    assert examination.plant is not None
    ports = {urlsplit(connection.url).port for connection in examination.plant.connections}
    assert ports == {1502, 4841}
