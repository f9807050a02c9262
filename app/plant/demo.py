"""The folder of the demo plant: its plant file made anew for the ports of this start, its history kept."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from app.model.connection import ConnectionDefinition
from app.model.picture import Picture
from app.model.plant import Plant
from app.plant.catalogue import PlantCatalogue
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_path
from app.plant.writer import write_plant


def create_demo_folder(
    *,
    modbus_port: int,
    opcua_port: int,
    time_scale: float,
    host: str = "127.0.0.1",
    catalogue: PlantCatalogue | None = None,
) -> PlantFolder:
    """Return the folder "demo" with a plant.toml whose URLs lead to these ports; its history and pictures are kept.

    Raise OSError where the folder cannot be written.
    """
    folder = (catalogue or PlantCatalogue()).new_folder("demo")
    ports = {"modbus": modbus_port, "opcua": opcua_port}
    plant = demo_plant()
    connections = tuple(_lead_to(connection, host, ports) for connection in plant.connections)
    plant = replace(plant, connections=connections, time_scale=time_scale)
    write_plant(folder.configuration, without_drawn(plant, folder.path))
    folder.signatures.write_bytes((files("resources") / "demo_plant" / "signatures.toml").read_bytes())
    return folder


def demo_plant() -> Plant:
    """Return the demo plant as it is delivered."""
    with as_file(files("resources") / "demo_plant") as folder:  # as a whole: the pictures stand in files of their own
        return read_plant(folder / "plant.toml")


def without_drawn(plant: Plant, folder: Path) -> Plant:
    """Return the plant without the pictures that have a file in `folder` already: somebody may have changed them."""

    def to_draw(pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
        return tuple(each for each in pictures if not picture_path(folder, each.id).exists())

    return replace(plant, pictures=to_draw(plant.pictures), faceplates=to_draw(plant.faceplates))


def _lead_to(connection: ConnectionDefinition, host: str, ports: dict[str, int]) -> ConnectionDefinition:
    port = ports.get(connection.driver)
    if port is None:
        return connection
    parts = urlsplit(connection.url)
    return replace(connection, url=urlunsplit(parts._replace(netloc=f"{host}:{port}")))
