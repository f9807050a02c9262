"""The line at which each table, key and element of a TOML text stands, which tomllib does not tell.

The index is made of texts that tomllib has accepted, so it only has to find its way, never to judge.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from app.plant.problem import KeyPath

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''(?:.)*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


class LineIndex:
    """Lines (from 1) of the keys of one TOML text; `spans`: the characters of each statement, by its key."""

    def __init__(self, text: str) -> None:
        """Index `text`, which must be valid TOML."""
        self._text = text
        self._at = 0
        self._counted_to = 0
        self._line = 1
        self._lines: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}
        self._headers: set[KeyPath] = set()
        self._statements: dict[KeyPath, dict[KeyPath, tuple[int, int]]] = {}
        self.spans: dict[KeyPath, tuple[int, int]] = {}
        self._read_document()

    def line_of(self, path: KeyPath) -> int:
        """Return the line of a key or element, of the nearest table around it where it is absent, else 1."""
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)

    def spans_below(self, table: KeyPath) -> dict[KeyPath, tuple[int, int]]:
        """Return the statements below the header of a table alone: characters from their key to behind their value."""
        size = len(table)
        return {path: span for path, span in self._statements.get(table, {}).items() if len(path) > size}

    def is_header(self, path: KeyPath) -> bool:
        """Return whether a table has a header of its own."""
        return path in self._headers

    @property
    def headers(self) -> AbstractSet[KeyPath]:
        """Return the tables that have headers of their own."""
        return self._headers

    def _read_document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._read_header()
            else:
                begin = self._at
                path = self._read_pair(table)
                self.spans[path] = span = begin, self._trimmed(begin)
                self._statements.setdefault(table, {})[path] = span
            self._skip(_BLANK)

    def _trimmed(self, begin: int) -> int:
        """Return where the statement ends that was just read: a number is read up to its comment, blanks included."""
        return begin + len(self._text[begin : self._at].rstrip(" \t"))

    def _read_header(self) -> KeyPath:
        line = self._line_here()
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        keys = self._read_keys()
        self._at += 2 if is_array else 1
        path = self._resolve(keys[:-1], line)
        path = (*path, keys[-1])
        if is_array:
            self._lines.setdefault(path, line)
            number = self._lengths.get(path, 0)
            self._lengths[path] = number + 1
            path = (*path, number)
        self._lines[path] = line
        self._headers.add(path)
        return path

    def _resolve(self, keys: tuple[str, ...], line: int) -> KeyPath:
        """Return the path of a header's parents: within an array of tables, its last element."""
        path: KeyPath = ()
        for key in keys:
            path = (*path, key)
            self._lines.setdefault(path, line)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _read_pair(self, table: KeyPath) -> KeyPath:
        line = self._line_here()
        path = table
        for key in self._read_keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        self._read_value(path)
        return path

    def _read_keys(self) -> tuple[str, ...]:
        """Read a dotted key; stop behind it and the blanks that follow."""
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(self._read_key())
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return tuple(keys)
            self._at += 1

    def _read_key(self) -> str:
        if self._text[self._at] == '"':
            return _ESCAPE.sub(_unescape, self._skip(_STRING)[1:-1])
        if self._text[self._at] == "'":
            return self._skip(_STRING)[1:-1]
        return self._skip(_BARE_KEY)

    def _read_value(self, path: KeyPath) -> None:
        match self._text[self._at]:
            case "[":
                self._read_array(path)
            case "{":
                self._read_inline_table(path)
            case '"' | "'":
                self._skip(_STRING)
            case _:
                self._skip(_SCALAR)

    def _read_array(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while self._next_in_brackets() != "]":
            element = (*path, number)
            self._lines[element] = self._line_here()
            self._read_value(element)
            number += 1
        self._at += 1

    def _read_inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._next_in_brackets() != "}":
            self._read_pair(path)
        self._at += 1

    def _next_in_brackets(self) -> str:
        """Skip blanks, comments and one comma; return the character that follows."""
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        return self._text[self._at]

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None or (match.end() == self._at and pattern is _BARE_KEY):
            raise ValueError(f"no TOML at character {self._at}")
        self._at = match.end()
        return match.group()

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1) or match.group(2)
    return chr(int(code, 16)) if code else _ESCAPED.get(match.group(3), match.group(3))
