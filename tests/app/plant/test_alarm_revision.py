import tomllib

import pytest

from app.plant.alarm_revision import revised_alarms
from app.plant.tag_list.revision import CannotRevise

TEXT = """\
[plant]
id = "P"

[[alarm]] # the first
id = "A"
deadband = 1.0 # as the vendor says
limit = 5

# the second one
[[alarm]]
id = "B"
limit = 7

[alarm.sheet]
cause = "old"

[[forecast]]
id = "F"
"""


def test_that_keys_are_set_and_comments_stay() -> None:
    text = revised_alarms(TEXT, {"A": {"deadband": 2.5, "on_delay_s": 5.0}, "B": {"deadband": 0.5}})
    assert "deadband = 2.5 # as the vendor says\nlimit = 5\non_delay_s = 5.0\n\n# the second one\n" in text
    assert 'limit = 7\ndeadband = 0.5\n\n[alarm.sheet]\ncause = "old"\n' in text
    assert text.startswith('[plant]\nid = "P"\n\n[[alarm]] # the first\n')


def test_that_a_table_below_an_alarm_is_made_and_changed() -> None:
    text = revised_alarms(TEXT, {"A": {"sheet.cause": "new", "limit": 6}, "B": {"sheet.cause": None, "sheet.x": "y"}})
    alarms = tomllib.loads(text)["alarm"]
    assert alarms == [
        {"id": "A", "deadband": 1.0, "limit": 6, "sheet": {"cause": "new"}},
        {"id": "B", "limit": 7, "sheet": {"x": "y"}},
    ]


def test_that_lines_of_windows_stay_so() -> None:
    text = revised_alarms(TEXT.replace("\n", "\r\n"), {"B": {"deadband": 1.0, "sheet.response": "act"}})
    assert "\n" not in text.replace("\r\n", "")


def test_that_a_key_is_taken_away_with_its_line() -> None:
    assert "vendor" not in revised_alarms(TEXT, {"A": {"deadband": None}})


def test_that_a_file_without_a_last_line_end_is_changed() -> None:
    text = '[[alarm]]\nid = "A"'
    assert tomllib.loads(revised_alarms(text, {"A": {"sheet.cause": "x"}}))["alarm"][0]["sheet"] == {"cause": "x"}


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ('alarm = [{ id = "A" }]\n', "A"),
        ('[[alarm]]\nid = "A"\nsheet = { cause = "x" }\n', "A"),
        (TEXT, "C"),
    ],
)
def test_that_what_cannot_be_revised_without_loss_is_refused(text: str, alarm: str) -> None:
    with pytest.raises(CannotRevise):
        revised_alarms(text, {alarm: {"sheet.response": "act"}})
