"""What the station says is said in Chinese too: errors, findings and notes, with what was put into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.plant.demo import demo_plant
from app.plant.file import read_plant
from app.plant.problem import PlantFileError
from app.plant.writer import write_plant
from tests.station_texts import all_pieces, all_texts
from widgets.start.plant_problems import problems_text
from widgets.station_text import catalogue, in_chinese, station_text, templates
from widgets.translation import set_language

PLACE = re.compile(r"\{\d+\}")


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh")
    yield
    set_language("en")


def test_that_all_that_people_may_come_to_see_of_the_station_is_there_in_chinese() -> None:
    missing = [
        f"{module}: {text}"
        for module, texts in all_texts().items()
        for text, is_seen in texts.items()
        if is_seen and text not in catalogue()
    ]
    assert missing == []


def test_that_no_text_is_translated_that_nothing_says_any_more() -> None:
    assert sorted(set(catalogue()) - all_pieces()) == []


def test_that_each_translation_holds_what_is_put_into_it_once() -> None:
    wrong = [
        english
        for english, chinese in catalogue().items()
        if sorted(PLACE.findall(english)) != sorted(PLACE.findall(chinese))
    ]
    assert wrong == []


def test_that_each_text_is_known_again_by_its_own_template() -> None:
    wrong = []
    for english in filter(lambda each: " " in each, catalogue()):
        said = PLACE.sub("x7", english).replace("{{", "{").replace("}}", "}")
        if in_chinese(said) == said:
            wrong.append(english)
    assert wrong == []
    assert len(templates()) > 600


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('unit = "bar"', 'unti = "bar"'),
        ("[[tag]]", "[[tag"),
        ("limit = ", 'limit = "x" #'),
        ('level = "area"', 'level = "hall"'),
    ],
)
def test_that_what_is_wrong_in_a_plant_file_is_told_in_chinese(
    chinese: None, tmp_path: Path, right: str, wrong: str
) -> None:
    path = tmp_path / "plant.toml"
    write_plant(path, demo_plant())
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(PlantFileError) as error:
        read_plant(path)
    lines = problems_text(error.value).splitlines()[1:]
    assert lines
    assert [line for line in lines if not has_chinese(line)] == []


def test_that_english_stays_as_it_was_said(tmp_path: Path) -> None:
    with pytest.raises(PlantFileError) as error:
        read_plant(tmp_path / "plant.toml")
    assert station_text(error.value) == str(error.value)


def test_that_what_an_operating_system_says_stays_as_it_is(chinese: None) -> None:
    assert station_text(OSError(13, "Permission denied")) == "[Errno 13] Permission denied"


def test_that_the_name_of_something_stays_as_it_is_even_where_it_is_a_word_of_the_station(chinese: None) -> None:
    text = 'tag "alarm" stands already at line 7: give one of the two another id'
    assert station_text(text) == '位号 "alarm" 在第 7 行已存在：请为其中一个另取 id'
