import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.__main__ import main
from app.model.clock import to_datetime
from tests.app.alarm.statistics.month import DAY, START, random_month, write_journal
from tests.app.alarm.statistics.plain_figures import Plain

PLANT = """
[plant]
id = "P"
name = { en = "Plant <P>", zh = "工厂" }
[[equipment]]
id = "A0"
name = "Line 0"
[[equipment]]
id = "A1"
parent = "A0"
name = "Line 1"
"""


@pytest.fixture
def month(tmp_path: Path) -> list[Plain]:
    (tmp_path / "plant.toml").write_text(PLANT, "utf-8")
    occurrences = random_month(2, days=10, alarms=20)
    write_journal(tmp_path / "history.sqlite", occurrences, START + 10 * DAY)
    return occurrences


def report(folder: Path, *options: str) -> int:
    times = [to_datetime(time).isoformat() for time in (START, START + 10 * DAY)]
    return main(["alarms", "report", str(folder), "--from", times[0], "--to", times[1], *options])


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_that_the_report_counts_what_the_journal_has(
    tmp_path: Path, month: list[Plain], capsys: pytest.CaptureFixture[str]
) -> None:
    start = START // 1_000 * 1_000
    came = [each for each in month if start <= each.raised < START + 10 * DAY // 1_000 * 1_000]
    assert report(tmp_path, "--csv", "alarms") == 0
    alarms = rows(capsys.readouterr().out)
    assert sum(int(row["Activations"]) for row in alarms) == len(came)
    assert [int(row["Activations"]) for row in alarms] == sorted(
        (int(row["Activations"]) for row in alarms), reverse=True
    )
    assert report(tmp_path, "--csv", "figures") == 0
    figures = {row["Figure"]: row for row in rows(capsys.readouterr().out)}
    assert float(figures["Alarms per day, average"]["Value"]) == pytest.approx(len(came) / 10, abs=0.01)
    assert figures["Chattering alarms"]["Verdict"] == "not acceptable"
    assert report(tmp_path, "--csv", "periods") == 0
    assert sum(int(row["Activations"]) for row in rows(capsys.readouterr().out)) == len(came)


def test_that_a_position_has_its_equipment_and_what_is_below(
    tmp_path: Path, month: list[Plain], capsys: pytest.CaptureFixture[str]
) -> None:
    report(tmp_path, "--csv", "alarms", "--equipment", "A0")
    assert {row["Alarm"][:2] for row in rows(capsys.readouterr().out)} == {"A0", "A1"}
    report(tmp_path, "--csv", "alarms", "--equipment", "A1")
    assert {row["Alarm"][:2] for row in rows(capsys.readouterr().out)} == {"A1"}


def test_that_the_page_is_whole_and_escapes_names(
    tmp_path: Path, month: list[Plain], capsys: pytest.CaptureFixture[str]
) -> None:
    report(tmp_path, "--html", "--language", "zh")
    text = capsys.readouterr().out
    assert "报警性能" in text
    assert "src=" not in text
    report(tmp_path, "--html")
    text = capsys.readouterr().out
    assert "Plant &lt;P&gt; – Alarm performance" in text
    open_tags: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag != "meta":
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Balance().feed(text)
    assert not open_tags


def test_that_the_text_has_floods_and_bad_actors(
    tmp_path: Path, month: list[Plain], capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(tmp_path) == 0
    text = capsys.readouterr().out
    assert "Flood from" in text
    assert "Plant <P>: Alarm performance" in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--equipment", "A9"], "no equipment of the plant P"),
        (["--last", "8h"], "--last and --from"),
        (["--from", "2100-01-01"], "--from must be earlier"),
    ],
)
def test_that_a_question_that_cannot_be_answered_is_refused(
    tmp_path: Path, month: list[Plain], capsys: pytest.CaptureFixture[str], options: list[str], told: str
) -> None:
    assert report(tmp_path, *options) != 0
    assert told in capsys.readouterr().err


def test_that_the_last_hours_end_now(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plant.toml").write_text(PLANT, "utf-8")
    write_journal(tmp_path / "history.sqlite", [], START)
    assert main(["alarms", "report", str(tmp_path), "--last", "8h", "--csv", "periods"]) == 0
    assert len(rows(capsys.readouterr().out)) == 8 * 6
