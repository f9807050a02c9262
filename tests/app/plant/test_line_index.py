"""The line index finds every key of every form of TOML."""

import tomllib
from collections.abc import Iterator

import pytest

from app.plant.problem import KeyPath
from app.plant.toml.line_index import LineIndex
from tests.app.plant.sample import SAMPLE

TRICKY = '''\
# [no] = header
top = 1
"quoted key" = "]} # no end" # comment with = and [
'literal.key' = 'C:\\path'
a.b . "c" = { x = 1, "y z" = [ { deep = 1 }, { deep = 2 } ] }
text = """
[[not.a.header]]
key = "\\""" still inside
""""
raw = \'\'\'
it = 'x'\'\'\'
list = [ # comment ]
  "one", # two, three
  [ 1, 2 ],

  { key = "value" }
]
date = 1979-05-27 07:32:00  # blank within
[ spaced . "out\\u0041" ]
inner = 1
[[fruit]]
name = "apple"
[fruit.physical]
color = "red"
[[fruit.variety]]
name = "red"
[[fruit.variety]]
name = "green"
[[fruit]]
name = "pear"
[[fruit.variety]]
name = "plantain"
[a.d]
last = 0x1F'''


def leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield each key and element of a document, tables and arrays included."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, (*path, number))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("text", [TRICKY, SAMPLE], ids=["tricky", "sample"])
def test_that_every_key_is_found_at_a_line_that_writes_it(text: str, line_end: str) -> None:
    index = LineIndex(text.replace("\n", line_end))
    lines = text.splitlines()
    found = 0
    for path, _ in leaves(tomllib.loads(text)):
        key = path[-1]
        if isinstance(key, str):
            written = lines[index.line_of(path) - 1].replace("\\u0041", "A")
            assert key in written, path
            found += 1
    assert found >= 30


def test_that_elements_and_nested_tables_have_their_own_lines() -> None:
    index = LineIndex(TRICKY)
    assert index.line_of(("list",)) == 12
    assert [index.line_of(("list", number)) for number in range(3)] == [13, 14, 16]
    assert index.line_of(("list", 2, "key")) == 16
    assert index.line_of(("fruit", 0, "variety", 1, "name")) == 28
    assert index.line_of(("fruit", 1, "variety", 0)) == 31
    assert index.line_of(("a", "b", "c", "y z", 1, "deep")) == 5


def test_that_an_absent_key_has_the_line_of_its_table() -> None:
    index = LineIndex(TRICKY)
    assert index.line_of(("fruit", 1, "variety", 0, "absent")) == 31
    assert index.line_of(("nowhere", "at all")) == 1
