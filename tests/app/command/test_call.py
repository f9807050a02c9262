"""`foreshift call` of a method of a plant, and `foreshift write` of a text and a state, through a real collector."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.__main__ import main
from app.plant.file import read_plant
from tests.app.collector.press import BIG, plant_text, pressing, pressing_folder
from tests.app.collector.writing import PIN, Window, collecting, trail
from tests.app.command.test_write import command


async def test_that_a_plant_is_called_and_written_through_its_collector_with_checks_and_audit(tmp_path: Path) -> None:
    plant = str(tmp_path)
    operator = ("--user", "operate", "--yes")
    async with pressing() as press:
        folder = pressing_folder(tmp_path, press)
        async with collecting(folder, read_plant(folder.configuration)):
            (await Window.on(folder)).close()
            done = await command("call", plant, "Move", "6.5", str(BIG), "true", "Ä", *operator, typed=f"{PIN}\n")
            wide = await command("call", plant, "Move", "101", "1", "off", "x", *operator, typed=f"{PIN}\n")
            step = await command("write", "--plant", plant, *operator, "M.STEP", "加热", typed=f"{PIN}\n")
        assert press.calls == [("Move", 6.5, BIG, True, "Ä")]
    assert done[0] == 0
    assert done[1].splitlines() == [
        f'Move(Target = 6.5, Parts = {BIG}, Fast = 1, Name = "Ä")',
        "Position = 6.375",
        f"Parts = {BIG}",
        "Move  done  Good",
    ]
    assert wide == (1, "foreshift: Move: refused: Target: 101 is outside of 0 to 100\n")
    assert step == (0, "M.STEP  3 -> 1\nM.STEP  done, read back 1\n")
    windows = {record.window for record in trail(folder) if record.subject == "Move"}
    assert all(window.startswith("command line ") for window in windows)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("PLANT", "Move", "1", "--user", "operate"), "1 arguments given, 4 wanted: Target, Parts, Fast, Name"),
        (("PLANT", "Mve", "--user", "operate"), "the plant has no such method; it has Absent, Drain, Halt"),
        (("PLANT", "Move", "1", "2", "maybe", "x", "--user", "operate"), '"maybe" is no truth value'),
        (("PLANT", "Move", "1", "2", "on", "x"), "say who calls: --user NAME"),
        (("PLANT",), "give PLANT METHOD"),
        (("opc.tcp://127.0.0.1:1", "Object"), "give PLANT METHOD"),
    ],
)
def test_that_a_call_that_cannot_be_meant_is_refused_before_anything_is_opened(
    tmp_path: Path, words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plant.toml").write_text(plant_text(1, 1), encoding="utf-8")
    assert main(["call", *(word.replace("PLANT", str(tmp_path)) for word in words)]) == 2
    assert message in capsys.readouterr().err
