from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.alarm.statistics.definitions import Definitions
from app.alarm.statistics.figures import AlarmFigures
from app.alarm.statistics.journal import AlarmCodes, active_before, read_lines
from app.alarm.statistics.reading import LiveFigures, read_figures
from app.alarm.statistics.tally import AlarmTally
from app.database import PlantConnection, open_reader, open_writer
from app.model.alarm import Priority
from app.model.clock import NS_PER_S
from tests.app.alarm.statistics.month import DAY, START, random_month, write_journal
from tests.app.alarm.statistics.plain_figures import MINUTE, Plain, plain_figures

END = START + 30 * DAY - 7 * MINUTE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def opened(path: Path, occurrences: list[Plain], until: int = END, disorder: int = 0) -> closing[PlantConnection]:
    write_journal(path, occurrences, until, disorder=disorder)
    return closing(open_reader(path))


@pytest.fixture
def occurrences() -> list[Plain]:
    return random_month(1)


def assert_equal(figures: AlarmFigures, plain: dict[str, object]) -> None:
    loads = {load.alarm: load for load in figures.loads}
    came = {name: load.activations for name, load in loads.items() if load.activations}
    answers = figures.acknowledgements
    found = {
        "per_period": figures.per_period.tolist(),
        "standing": figures.standing.tolist(),
        "by_priority": figures.by_priority.tolist(),
        "stale_per_day": figures.stale_per_day.tolist(),
        "floods": [(flood.start, flood.end) for flood in figures.floods],
        "activations": came,
        "chattering": {name: load.chattering for name, load in loads.items() if load.chattering},
        "fleeting": {name: load.fleeting for name, load in loads.items() if load.fleeting},
        "stale": {name for name, load in loads.items() if load.is_stale},
        "active_ns": {name: round(load.active_s * NS_PER_S) for name, load in loads.items() if load.active_s},
        "answers": answers.count,
        "median": answers.median_s,
        "longest": answers.longest_s,
    }
    for name, value in plain.items():
        if name == "active_ns":  # a float64 of seconds holds days to some hundred ns
            assert found[name] == pytest.approx(value, abs=1_000)
        else:
            assert found[name] == value, name


@pytest.mark.parametrize("seed", range(2))
def test_that_a_months_figures_equal_those_of_plain_loops(path: Path, seed: int) -> None:
    month = random_month(seed)
    with opened(path, month) as connection:
        figures = read_figures(connection, START, END)
    plain = plain_figures(month, START, END)
    assert plain["floods"]
    assert plain["chattering"]
    assert plain["fleeting"]
    assert any(plain["stale_per_day"])
    assert_equal(figures, plain)


@pytest.mark.parametrize("part", [1, 7, 500])
def test_that_it_makes_no_difference_in_which_parts_the_journal_is_read(path: Path, part: int) -> None:
    month = random_month(3, days=9, alarms=30)
    end = START + 9 * DAY
    with opened(path, month, end, disorder=5) as connection:
        codes = AlarmCodes()
        tally = AlarmTally(START, codes)
        tally.take(active_before(connection, codes, START))
        for lines in read_lines(connection, codes, START, end, part=part):
            assert len(lines) <= part
            tally.take(lines)
    assert_equal(tally.figures(end), plain_figures(month, START, end))


def test_that_one_operator_position_counts_only_its_own_equipment(path: Path, occurrences: list[Plain]) -> None:
    own = [each for each in occurrences if each.alarm.startswith(("A0", "A2"))]
    with opened(path, occurrences) as connection:
        figures = read_figures(connection, START, END, equipment=("A0", "A2"))
    assert_equal(figures, plain_figures(own, START, END))


def test_that_a_live_page_tells_the_same_as_one_that_reads_everything(path: Path, occurrences: list[Plain]) -> None:
    live = LiveFigures(3 * DAY)
    with opened(path, occurrences) as connection:
        for minute in (0, 3, 26, 140, 170, 145, 139, 2_000, 26):  # a replay goes back, too
            now = START + 5 * DAY + minute * MINUTE
            figures = live.at(connection, now)
            assert now - 3 * DAY - 70 * MINUTE <= figures.start <= now - 3 * DAY
            assert_equal(figures, plain_figures(occurrences, figures.start, now))


def test_that_memory_of_a_tally_does_not_grow_with_the_lines(path: Path) -> None:
    chatter = [
        Plain("A0-00", 2, START + i * NS_PER_S, START + i * NS_PER_S + 1, START + i * NS_PER_S + 2)
        for i in range(4_000)
    ]
    with opened(path, chatter) as connection:
        codes = AlarmCodes()
        tally = AlarmTally(START, codes)
        for lines in read_lines(connection, codes, START, END, part=300):
            tally.take(lines)
            assert len(tally._stream.rest()) <= 2
    assert tally.figures(END).loads[0].chattering == 4_000


def test_that_an_empty_journal_has_figures_of_nothing(path: Path) -> None:
    with closing(open_writer(path)):
        pass
    with closing(open_reader(path)) as connection:
        figures = read_figures(connection, START, END)
    assert (figures.activations, figures.floods, figures.loads) == (0, (), ())
    assert np.isnan(figures.top_share)
    assert np.isnan(figures.priority_share(Priority.HIGH))
    assert (figures.busy_periods, figures.flood_share) == (0.0, 0.0)


def test_that_a_stretch_that_ends_before_it_begins_is_refused(path: Path, occurrences: list[Plain]) -> None:
    with opened(path, occurrences[:5]) as connection, pytest.raises(ValueError, match="longer than nothing"):
        read_figures(connection, START, START)


def test_that_thresholds_that_contradict_one_another_are_refused() -> None:
    with pytest.raises(ValueError, match="flood"):
        Definitions(flood_begins=4, flood_ends=5)
    with pytest.raises(ValueError, match="above 0"):
        Definitions(chatter_s=0.0)
