"""A plant of two pumps whose history holds faults, each with its confirmed case."""

from contextlib import closing
from pathlib import Path

import numpy as np

from app.case.store import CaseStore
from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.case import CaseEvidence, CaseRecord, CaseWrite, Verdict
from app.model.clock import NS_PER_S
from app.model.text import LocalText
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.diagnosis.faults import faulty, healthy

START = 1_700_000_000 * NS_PER_S
PERIOD_S = 10.0
STEP = int(PERIOD_S) * NS_PER_S
WELL, ILL, FIRST_WELL = 300, 150, 600
CAUSES = ("clogged", "hunting") * 4
ROLES = {"FLOW": "m3/h", "P": "bar", "VIB": "mm/s"}


def plant_text(*, kind: str = "pump", units: dict[str, str] | None = None) -> str:
    parts = ['[plant]\nid = "p"\nname = "P"\n\n[connection.c]\ndriver = "modbus"\nurl = "modbus://127.0.0.1"\n']
    for place, name in enumerate(("PU01", "PU02")):
        parts.append(f'\n[[equipment]]\nid = "{name}"\nname = "{name}"\nkind = "{kind}"\n')
        for at, (role, unit) in enumerate((units or ROLES).items()):
            parts.append(
                f'\n[[tag]]\nname = "{name}.{role}"\nequipment = "{name}"\nconnection = "c"\n'
                f'address = "HR{20 * place + 2 * at}:F32"\nunit = "{unit}"\n'
            )
    return "".join(parts)


def folder_with(path: Path, text: str) -> PlantFolder:
    path.mkdir(exist_ok=True)
    folder = PlantFolder(path)
    folder.configuration.write_text(text, encoding="utf-8")
    return folder


def lived(path: Path, *, level: float = 0.0) -> PlantFolder:
    """Return a plant with its history: PU01 was ill eight times, PU02 never. `level`: added to all signals."""
    folder = folder_with(path, plant_text())
    plant = read_plant(folder.configuration)
    rows, cases, at = [healthy(FIRST_WELL)], [], FIRST_WELL
    for number, cause in enumerate(CAUSES, 1):
        rows += [faulty(cause, ILL, seed=10 * number), healthy(WELL, seed=10 * number + 5)]
        opened, closed = START + at * STEP, START + (at + ILL) * STEP
        cases.append(_case(number, cause, opened, closed))
        at += ILL + WELL
    ill = np.concatenate(rows) + level
    well = healthy(len(ill), seed=77) + level
    times = START + STEP * np.arange(len(ill))
    with closing(open_writer(folder.history)) as connection:
        writer = HistoryWriter(connection, plant.tags, is_defining=True)
        for handle in range(6):
            column = (ill if handle < 3 else well)[:, handle % 3]
            writer.write(block_of(np.full(len(times), handle), times, column))
        store = CaseStore(connection)
        for case in cases:
            line = CaseEvidence(case.number, 1, case.closed, "health", 2.0, 1.0)
            store.write([CaseWrite((case,), (line,))])
    return folder


def _case(number: int, cause: str, opened: int, closed: int) -> CaseRecord:
    return CaseRecord(
        number, "PU01", opened, closed, 2.0, ("health",), closed=closed, verdict=Verdict.CONFIRMED,
        cause=LocalText(cause), reason="seen", by="Li",
    )  # fmt: skip
