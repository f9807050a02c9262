"""Meters whose tag has another name: how long equipment has run stays known, so that no work is late."""

from __future__ import annotations

from collections.abc import Mapping

from app.database import PlantConnection, transaction


def follow_meters(connection: PlantConnection, present: Mapping[str, str]) -> None:
    """Give readings of former names to the present ones (`present`: by former name); done again it changes nothing.

    Of an hour for which there are readings under both, that under the present name counts.
    """
    with transaction(connection):
        for former, name in present.items():
            connection.execute("UPDATE OR IGNORE meter_reading SET tag = ? WHERE tag = ?", (name, former))
