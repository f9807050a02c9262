"""Expressions over tags: what they mean, against a tree walked plainly, and that no text does anything else."""

import math
import random
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model.expression import LONGEST, MOST_NODES, ExpressionError, parse_expression

Tree = tuple[object, ...]
TAGS = ("A.X", "B1", "温度", "Line 1/T", "min.x")
NUMBERS = (0.0, 1.0, 2.5, 0.1, 1e308, 1e-300)


def value_of(text: str, **tags: float) -> float:
    expression = parse_expression(text)
    return expression.evaluate([tags[name] for name in expression.tags])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 - 3 - 4", -5.0),
        ("12 / 3 / 2", 2.0),
        ("-2 * -3", 6.0),
        ("- - 2", 2.0),
        ("1 < 2", 1.0),
        ("2 <= 1", 0.0),
        ("1 + 1 == 2 and 3 != 4", 1.0),
        ("1 or 0 and 0", 1.0),
        ("not 1 == 2", 1.0),
        ("not not 3", 1.0),
        ("min(3, 1, 2) + max(1, 5) + abs(-2)", 8.0),
        ("max(4)", 4.0),
        (".5e1", 5.0),
    ],
)
def test_that_an_expression_means_what_it_says(text: str, value: float) -> None:
    assert value_of(text) == value


def test_that_tags_are_named_once_and_odd_names_stand_in_braces() -> None:
    expression = parse_expression("PU01.RUN == 1 and ({Line 1/T} > 温度 or PU01.RUN > 2)")
    assert expression.tags == ("PU01.RUN", "Line 1/T", "温度")
    assert expression.evaluate([1.0, 5.0, 4.0]) == 1.0
    assert parse_expression("{min} + min(1, {or})").tags == ("min", "or")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A + 1", math.nan),
        ("A == A", math.nan),
        ("A > 1 and 0", 0.0),
        ("0 and A > 1", 0.0),
        ("A > 1 or 1", 1.0),
        ("1 and A", math.nan),
        ("0 or A", math.nan),
        ("not A", math.nan),
        ("max(1, A)", math.nan),
        ("abs(A)", math.nan),
        ("1 / 0", math.nan),
        ("1 / 0 > 5 or 1", 1.0),
        ("1e308 * 10", math.nan),
        ("1e308 * 10 > 1", math.nan),
    ],
)
def test_that_what_is_unknown_stays_unknown_unless_nothing_depends_on_it(text: str, value: float) -> None:
    expression = parse_expression(text)
    found = expression.evaluate([math.nan] * len(expression.tags))
    assert found == value or (math.isnan(found) and math.isnan(value))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing at character 1: write a tag, a number"),
        ("1 +", "nothing at character 4"),
        ("A B", '"B" at character 3: write an operator'),
        ("(1", r'write "\)"'),
        ("1 < 2 < 3", '"and" with a comparison of its own'),
        ("'a' == 1", '"\'" at character 1: neither a tag nor a sign'),
        ("A[0]", '"\\["'),
        ("f(1)", r'"\(" at character 2'),
        ("min 3", r'"\(" behind min'),
        ("abs(1, 2)", r'write "\)"'),
        ("2 ** 3", r'"\*" at character 4'),
        ("A = 1", '"="'),
        ("lambda: 1", '":"'),
        ("1e999", "beyond every number"),
        ("{}", '"{"'),
        ("1" * (LONGEST + 1), "keep it within"),
        ("(" * 31 + "1" + ")" * 31, "nested more than 30"),
        ("+".join(["1"] * (MOST_NODES + 1)), "more than 200 parts"),
        ("not " * 201 + "1", "more than 200 parts"),
    ],
)
def test_that_what_is_no_expression_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        parse_expression(text)


def tree(chance: random.Random, depth: int) -> Tree:
    if depth == 0 or chance.random() < 0.2:
        return ("tag", chance.choice(TAGS)) if chance.random() < 0.6 else ("number", chance.choice(NUMBERS))
    kind = chance.choice(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or", "not", "minus", "call"])
    if kind in {"not", "minus"}:
        return (kind, tree(chance, depth - 1))
    if kind == "call":
        name = chance.choice(["min", "max", "abs"])
        parts = [tree(chance, depth - 1) for _ in range(1 if name == "abs" else chance.randint(1, 3))]
        return ("call", name, *parts)
    return (kind, tree(chance, depth - 1), tree(chance, depth - 1))


def text_of(node: Tree) -> str:
    match node:
        case ("tag", str(name)):
            return name if name.replace(".", "").isalnum() and name != "min.x" else f"{{{name}}}"
        case ("number", float(number)):
            return repr(number)
        case ("not" | "minus", tuple(part)):
            return f"({'not' if node[0] == 'not' else '-'} {text_of(part)})"
        case ("call", str(name), *parts):
            return f"{name}({', '.join(text_of(part) for part in parts if isinstance(part, tuple))})"
        case (str(sign), tuple(left), tuple(right)):
            return f"({text_of(left)} {sign} {text_of(right)})"
    raise AssertionError(node)


def plainly(node: Tree, values: Mapping[str, float | None]) -> float | None:  # noqa: C901, PLR0911
    """Walk the tree; None is unknown."""
    match node:
        case ("tag", str(name)):
            return values[name]
        case ("number", float(number)):
            return number
        case ("not", tuple(part)):
            known = plainly(part, values)
            return None if known is None else float(not known)
        case ("minus", tuple(part)):
            known = plainly(part, values)
            return None if known is None else -known
        case ("call", str(name), *parts):
            numbers = [plainly(part, values) for part in parts if isinstance(part, tuple)]
            known_numbers = [number for number in numbers if number is not None]
            if len(known_numbers) < len(numbers):
                return None
            return abs(known_numbers[0]) if name == "abs" else {"min": min, "max": max}[name](known_numbers)
        case ("and" | "or", tuple(left), tuple(right)):
            both = [plainly(left, values), plainly(right, values)]
            truths = [None if one is None else bool(one) for one in both]
            decisive = node[0] == "or"
            if decisive in truths:
                return float(decisive)
            return None if None in truths else float(not decisive)
        case (str(sign), tuple(left), tuple(right)):
            one, other = plainly(left, values), plainly(right, values)
            if one is None or other is None:
                return None
            return binary(sign, one, other)
    raise AssertionError(node)


def binary(sign: str, one: float, other: float) -> float | None:
    comparisons: Mapping[str, Callable[[], bool]] = {
        "<": lambda: one < other,
        "<=": lambda: one <= other,
        ">": lambda: one > other,
        ">=": lambda: one >= other,
        "==": lambda: one == other,
        "!=": lambda: one != other,
    }
    if sign in comparisons:
        return float(comparisons[sign]())
    if sign == "/" and other == 0:
        return None
    result = {"+": one + other, "-": one - other, "*": one * other, "/": one / (other or 1.0)}[sign]
    return result if math.isfinite(result) else None


def agree(seed: int, count: int) -> None:
    chance = random.Random(seed)
    for _ in range(count):
        node = tree(chance, chance.randint(0, 5))
        try:
            expression = parse_expression(text_of(node))
        except ExpressionError as error:
            assert "more than 200 parts" in str(error) or "keep it within" in str(error)  # noqa: PT017
            continue
        for _ in range(3):
            values = {name: chance.choice([None, 0.0, 1.0, -2.0, 3.5, 1e308]) for name in TAGS}
            expected = plainly(node, values)
            given_values = [values[name] for name in expression.tags]
            found = expression.evaluate([math.nan if value is None else value for value in given_values])
            assert (expected is None and math.isnan(found)) or found == expected, (text_of(node), values)


def test_that_expressions_agree_with_a_tree_that_is_walked_plainly() -> None:
    agree(1, 6_000)


@pytest.mark.slow
@pytest.mark.timeout(3_600)  # two minutes and a half of processor time
def test_that_a_million_expressions_agree_with_a_tree_that_is_walked_plainly() -> None:
    agree(2, 1_000_000)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("0123456789.eE+-*/<>=!(){},_ aAbBnotrdmixs温'\"[]:;%@#&|^~\\\n\x00"), max_size=80))
def test_that_no_text_whatever_does_anything_but_be_read_or_be_refused(text: str) -> None:
    try:
        expression = parse_expression(text)
    except ExpressionError:
        return
    for value in (0.0, 1.5, math.nan):
        found = expression.evaluate([value] * len(expression.tags))
        assert isinstance(found, float)
        assert not math.isinf(found)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 15 + "{a}" + "*9e99" * 99 + ")" * 15,
        "min(" + ",".join(["9*9"] * 60) + ")",
        "-" * 199 + "1",
        "9" + "/9" * 99,
    ],
)
def test_that_the_largest_expressions_are_evaluated_within_the_depth_of_python(text: str) -> None:
    expression = parse_expression(text)
    assert isinstance(expression.evaluate([1.0] * len(expression.tags)), float)
