"""What an engineer is told of alarms that cannot be meant, each at its line."""

from pathlib import Path

import pytest

from app.model.alarm import AlarmDefinition, ConditionKind
from app.plant.file import examine_plant, read_plant
from app.plant.writer import plant_text
from tests.app.plant.sample import SAMPLE

HEAD = '\n[[alarm]]\nid = "X"\npriority = 3\nmessage = "Odd"\n'


def written(folder: Path, rows: str) -> Path:
    path = folder / "plant.toml"
    path.write_text(SAMPLE + HEAD + rows, encoding="utf-8")
    return path


def line_of(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return max(number for number, line in enumerate(lines, start=1) if line.startswith(key))


@pytest.mark.parametrize(
    ("rows", "kind", "limit"),
    [
        ('condition = "state"\ntag = "AC01.T_D"\nstates = [3, 5]\n', ConditionKind.STATE, 3.0),
        (
            'condition = "mismatch"\ntag = "AC01.T_D"\nsetpoint = "AC01.E"\non_delay_s = 5\n',
            ConditionKind.MISMATCH,
            0.5,
        ),
        ('condition = "stuck"\ntag = "AC01.T_D"\non_delay_s = 60\n', ConditionKind.STUCK, 0.0),
        ('condition = "bad_quality"\ntag = "AC01.T_D"\non_delay_s = 5\nlatch = true\n', ConditionKind.BAD_QUALITY, 0.0),
        ('condition = "health"\nequipment = "AC01"\nlimit = 60\ndeadband = 5\n', ConditionKind.HEALTH, 60.0),
        ('condition = "expression"\nexpression = "AC01.T_D > 3 and AC01.E < 2"\n', ConditionKind.EXPRESSION, 0.5),
        (
            'condition = "expression"\nexpression = "AC01.T_D - 3"\nlimit = 9\nlongest_shelf_min = 0\n',
            ConditionKind.EXPRESSION,
            9.0,
        ),
        (
            """condition = "low"
tag = "AC01.T_D"
limit = 2
causes = ["AC01.T_D.H"]
suppress_by_cause = true
suppress_when = "AC01.E == 0"
suppress_after_s = 5
group = "trip"
""",
            ConditionKind.LOW,
            2.0,
        ),
    ],
)
def test_that_each_condition_is_read_and_written_again_as_it_was(
    tmp_path: Path, rows: str, kind: ConditionKind, limit: float
) -> None:
    plant = read_plant(written(tmp_path, rows))
    alarm = plant.alarms[-1]
    assert (alarm.condition, alarm.limit) == (kind, limit)
    path = tmp_path / "again.toml"
    path.write_text(plant_text(plant), encoding="utf-8")
    assert read_plant(path).alarms == plant.alarms


def test_that_an_alarm_on_a_forecast_is_about_its_tag_and_equipment(tmp_path: Path) -> None:
    before = read_plant(written(tmp_path, 'condition = "bad_quality"\ntag = "AC01.T_D"\n')).forecasts[0]
    rows = f'condition = "time_to_limit"\nforecast = "{before.id}"\nlimit = 48\n'
    plant = read_plant(written(tmp_path, rows))
    alarm: AlarmDefinition = plant.alarms[-1]
    assert (alarm.tag, alarm.equipment) == (before.tag, before.equipment)
    path = tmp_path / "again.toml"
    path.write_text(plant_text(plant), encoding="utf-8")
    assert read_plant(path).alarms == plant.alarms


def test_that_the_rules_of_alarms_are_read_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(SAMPLE + '\n[alarms]\nlongest_shelf_min = 90\nshelve_role = "engineer"\n', encoding="utf-8")
    plant = read_plant(path)
    assert (plant.alarm_rules.longest_shelf_min, plant.alarm_rules.shelve_role) == (90.0, "engineer")
    path.write_text(plant_text(plant), encoding="utf-8")
    assert read_plant(path).alarm_rules == plant.alarm_rules


@pytest.mark.parametrize(
    ("rows", "key", "message"),
    [
        ('condition = "state"\ntag = "AC01.T_D"\n', "[[alarm]]", "`states` is missing: the condition state needs it"),
        ('condition = "high"\ntag = "AC01.T_D"\n', "[[alarm]]", "`limit` is missing: the condition high needs it"),
        ('condition = "high"\nlimit = 4\n', "[[alarm]]", "`tag` is missing"),
        (
            'condition = "health"\nlimit = 4\n',
            "[[alarm]]",
            "`equipment` is missing: the condition health needs it: add",
        ),
        ('condition = "stuck"\ntag = "AC01.T_D"\n', "[[alarm]]", "`on_delay_s` is missing"),
        (
            'condition = "stuck"\ntag = "AC01.T_D"\non_delay_s = 5\noff_delay_s = 1\n',
            "off_delay_s",
            "moves is stuck no more",
        ),
        ('condition = "bad_quality"\ntag = "AC01.T_D"\ndeadband = 5\n', "deadband", "says nothing to the condition"),
        ('condition = "mismatch"\ntag = "AC01.T_D"\nsetpoint = 4\non_delay_s = 5\n', "setpoint", "a command is a tag"),
        ('condition = "health"\nequipment = "AC01"\nlimit = 101\n', "limit", "between 0 and 100"),
        ('condition = "health"\nequipment = "XX"\nlimit = 60\n', "equipment", 'there is no equipment "XX"'),
        ('condition = "time_to_limit"\nforecast = "XX"\nlimit = 60\n', "forecast", 'there is no forecast "XX"'),
        ('condition = "expression"\nexpression = "AC01.T_D >"\n', "expression", "nothing at character 11"),
        ('condition = "expression"\nexpression = "AC01.T_X > 1"\n', "expression", 'there is no tag "AC01.T_X"'),
        ('condition = "expression"\nexpression = "2 > 1"\n', "expression", "names no tag"),
        ('condition = "low"\ntag = "AC01.T_D"\nlimit = 2\ncauses = ["Y"]\n', "causes", 'there is no alarm "Y"'),
        ('condition = "low"\ntag = "AC01.T_D"\nlimit = 2\ncauses = ["X"]\n', "causes", "one another (X < X)"),
        (
            'condition = "low"\ntag = "AC01.T_D"\nlimit = 2\nsuppress_by_cause = true\n',
            "suppress_by",
            "`causes` is missing",
        ),
        (
            'condition = "low"\ntag = "AC01.T_D"\nlimit = 2\nsuppress_after_s = 2\n',
            "suppress_after",
            "nothing suppresses",
        ),
        (
            'condition = "low"\ntag = "AC01.T_D"\nlimit = 2\nsuppress_when = "X.Y == 1"\n',
            "suppress_when",
            'no tag "X.Y"',
        ),
        ('condition = "fault"\n', "condition", "told by the station itself"),
    ],
)
def test_that_what_cannot_be_watched_is_told_at_its_line(tmp_path: Path, rows: str, key: str, message: str) -> None:
    path = written(tmp_path, rows)
    (problem,) = examine_plant(path).problems
    assert problem.line == line_of(path, key)
    assert message in problem.message
