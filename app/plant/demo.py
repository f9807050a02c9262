"""The folder of the demo plant: its plant file made anew for the ports of this start, its history kept."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file, files
from urllib.parse import urlsplit, urlunsplit

from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.plant.catalogue import PlantCatalogue
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.plant.picture_path import picture_path
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
    drawn = tuple(each for each in plant.pictures if not picture_path(folder.path, each.id).exists())
    write_plant(folder.configuration, replace(plant, connections=connections, time_scale=time_scale, pictures=drawn))
    folder.signatures.write_bytes((files("resources") / "demo_plant" / "signatures.toml").read_bytes())
    return folder


def demo_plant() -> Plant:
    """Return the demo plant as it is delivered."""
    with as_file(files("resources") / "demo_plant") as folder:  # as a whole: the pictures stand in files of their own
        return read_plant(folder / "plant.toml")


def _lead_to(connection: ConnectionDefinition, host: str, ports: dict[str, int]) -> ConnectionDefinition:
    port = ports.get(connection.driver)
    if port is None:
        return connection
    parts = urlsplit(connection.url)
    return replace(connection, url=urlunsplit(parts._replace(netloc=f"{host}:{port}")))
