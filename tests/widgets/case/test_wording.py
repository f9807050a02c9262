import pytest

from app.model.case import EQUIPMENT_INDICATOR, RankedCause
from app.model.text import LocalText
from widgets.case.wording import indicator_text, source_text
from widgets.feed import Feed


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("model 7", "told by model 7"),
        ("case 7", "taught by case 7"),
        ("forecast", "by its forecast"),
        ("rule", "by its signature"),
    ],
)
def test_that_a_cause_says_where_it_is_known_from(source: str, said: str) -> None:
    assert source_text(RankedCause("a", LocalText("A"), LocalText(""), 0.9, source)) == said


def test_that_the_model_of_an_equipment_has_a_name_for_people() -> None:
    feed = Feed.__new__(Feed)
    assert indicator_text(EQUIPMENT_INDICATOR, feed) == "Model of the equipment"
