"""A demo that begins anew finds a handover on the desk, as whoever comes to a shift does."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.command.demo_handover import leave_handover
from app.database import open_reader
from app.handover import store
from app.handover.desk import HandoverDesk
from app.plant.catalogue import PlantCatalogue
from app.plant.demo import create_demo_folder
from app.plant.file import read_plant
from app.report.record import report_in
from app.report.seal import handover_faults


def test_that_the_last_shift_of_a_new_demo_waits_to_be_taken_over_with_an_open_point(tmp_path: Path) -> None:
    folder = create_demo_folder(modbus_port=1, opcua_port=2, time_scale=60.0, catalogue=PlantCatalogue(tmp_path))
    plant = read_plant(folder.configuration)
    assert [shift.id for shift in plant.calendar.shifts] == ["early", "late", "night"]
    leave_handover(folder)
    with closing(open_reader(folder.history)) as connection:
        desk = HandoverDesk(plant.calendar, (), store.steps(connection))
        (handover,) = desk.handovers.values()
        record = store.report_of(connection, handover.report)
        assert handover_faults(connection) == []
    assert (handover.outgoing.name, handover.incoming) == ("operator", None)
    assert [point.equipment for point in desk.open_points()] == ["PU02"]
    assert record is not None
    assert report_in(record).key == handover.key
