"""What the page of vibration reads of a plant's file, in a background thread."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from app.database import DatabaseMissing
from app.model.plant import Plant
from app.past import open_as_known
from app.plant.folder import PlantFolder
from app.vibration.analysis import Analysis, analyse
from app.vibration.store import PAST, StoredRecord, records_of, waveform_of

MOST = 500


@dataclass(frozen=True, slots=True)
class VibrationReading:
    """Reads the records of one plant; every method may raise DatabaseError or BadWaveform."""

    folder: PlantFolder
    plant: Plant

    def records(self, point: str) -> list[StoredRecord]:
        """Return the newest records of a measuring point, newest first; none where there is no history yet."""
        try:
            with closing(open_as_known(self.folder.history, PAST)) as connection:
                return records_of(connection, point, limit=MOST)
        except DatabaseMissing:
            return []

    def analysis(self, record: int) -> Analysis | None:
        """Return a record taken apart, None where its samples are not kept any more."""
        with closing(open_as_known(self.folder.history, PAST)) as connection:
            waveform = waveform_of(connection, record)
        point = next((each for each in self.plant.measuring_points if waveform and each.id == waveform.point), None)
        if waveform is None or point is None:
            return None
        return analyse(waveform, point, self.plant.zones_of(point))
