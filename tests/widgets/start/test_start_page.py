"""The first page: plants in other folders, and the way back from a plant file that cannot be used."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError, Problem
from widgets.start.page import StartPage
from widgets.start.setups import Setup, Setups

GOOD = Setup(3, 1_700_000_000_000_000_000, "chen", "a higher limit", "text")


def page_of(qtbot: QtBot, setups: Setups) -> StartPage:
    page = StartPage(setups=setups)
    qtbot.addWidget(page)
    page.show()
    return page


def test_that_a_plant_in_any_folder_is_opened_and_another_folder_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(qtbot, Setups())
    page.open_folder(tmp_path)
    assert f"{tmp_path} holds no plant.toml" in page.message.text()
    (tmp_path / "plant.toml").touch()
    with qtbot.waitSignal(page.plant_chosen) as chosen:
        page.open_folder(tmp_path)
    assert chosen.args == [PlantFolder(tmp_path)]


def test_that_a_broken_plant_returns_to_its_last_setup_with_two_presses(qtbot: QtBot, tmp_path: Path) -> None:
    taken: list[Setup] = []
    page = page_of(qtbot, Setups(lambda _: GOOD, lambda _, setup: taken.append(setup)))
    assert not page.broken.isVisible()
    page.show_message("plant.toml cannot be used", broken=PlantFolder(tmp_path))
    qtbot.waitUntil(page.broken.back.isVisible, timeout=20_000)
    assert not page.broken.agree.isVisible()
    page.broken.back.click()
    assert "a higher limit" in page.broken.meant.text()
    with qtbot.waitSignal(page.plant_chosen, timeout=20_000) as chosen:
        page.broken.agree.click()
    assert chosen.args == [PlantFolder(tmp_path)]
    assert taken == [GOOD]


def test_that_a_broken_plant_without_a_former_setup_can_be_opened_again_once_it_is_mended(
    qtbot: QtBot, tmp_path: Path
) -> None:
    asked: list[PlantFolder] = []

    def last(folder: PlantFolder) -> Setup | None:
        asked.append(folder)
        return None

    page = page_of(qtbot, Setups(last))
    page.show_message("plant.toml cannot be used", broken=PlantFolder(tmp_path))
    qtbot.waitUntil(lambda: asked == [PlantFolder(tmp_path)], timeout=20_000)
    assert page.broken.again.isVisible()
    assert not page.broken.back.isVisible()
    with qtbot.waitSignal(page.plant_chosen):
        page.broken.again.click()
    page.show_message("")
    assert not page.broken.isVisible()


def test_that_why_there_is_no_return_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    def take(folder: PlantFolder, _: Setup) -> object:
        raise PlantFileError(folder.configuration, [Problem(7, "`limit_` is not a key known here: write `limit`")])

    page = page_of(qtbot, Setups(lambda _: GOOD, take))
    page.show_message("plant.toml cannot be used", broken=PlantFolder(tmp_path))
    qtbot.waitUntil(page.broken.back.isVisible, timeout=20_000)
    page.broken.agree.click()
    qtbot.waitUntil(lambda: "plant.toml:7: `limit_`" in page.message.text(), timeout=20_000)
