from app.case.book import CaseBook
from app.case.rules import CaseRules
from app.model.case import UNKNOWN_CAUSE, RankedCause
from app.model.text import LocalText
from tests.app.case.plants import STRAINER, book, opened, plant


def told(cause: str, probability: float) -> RankedCause:
    return RankedCause(f"model 1: {cause}", LocalText(cause), LocalText(""), probability, "model 1")


def test_that_a_learned_cause_stands_where_its_probability_puts_it() -> None:
    cases = book()
    opened(cases)
    (record,) = cases.diagnose(1, (told("Loose coupling", 0.97),)).cases
    assert [each.cause.en for each in record.causes[:2]] == [STRAINER.cause.en, "Loose coupling"]
    assert record.causes[1].likeness == 0.97


def test_that_a_learned_cause_of_a_known_name_takes_its_words_and_its_action() -> None:
    cases = book()
    opened(cases)
    (record,) = cases.diagnose(1, (told(STRAINER.cause.en, 1.0),)).cases
    assert record.causes[0].cause == STRAINER.cause
    assert record.causes[0].action == STRAINER.action
    assert record.causes[0].source == "model 1"
    assert [each.cause.en for each in record.causes].count(STRAINER.cause.en) == 1


def test_that_a_weak_learned_cause_leaves_unknown_first() -> None:
    cases = CaseBook(plant(), (), rules=CaseRules(on_delay_s=60.0))
    opened(cases)
    (record,) = cases.diagnose(1, (told("Loose coupling", 0.4),)).cases
    assert [each.id for each in record.causes] == [UNKNOWN_CAUSE, "model 1: Loose coupling"]


def test_that_the_same_said_again_is_written_once() -> None:
    cases = book()
    opened(cases)
    assert not cases.diagnose(1, (told("Loose coupling", 0.9),)).is_empty
    assert cases.diagnose(1, (told("Loose coupling", 0.95),)).is_empty
    assert cases.diagnose(2, (told("Loose coupling", 0.9),)).is_empty
