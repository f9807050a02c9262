"""Reads a file of a plant as text and as TOML, and tells at which line it is none."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from app.plant.problem import Problem

MAX_BYTES = 64 << 20
MAX_LINE = 16 << 10
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


class UnreadableError(Exception):
    """The file is no TOML; there is nothing more to be said of it than `problem`."""

    def __init__(self, line: int, message: str) -> None:
        """Hold what is wrong at a line, 0 for the file as a whole."""
        self.problem = Problem(line, message)
        super().__init__(message)


def read_text(path: Path, *, most: int = MAX_BYTES, begin: str = "[plant], id and name") -> str:
    """Return the text of a file without its byte order mark; raise UnreadableError.

    `most`: the size that no such file has, bytes. `begin`: with what one begins.
    """
    if path.is_dir():
        raise UnreadableError(0, "is a folder: give the path of the plant.toml in it")
    try:
        size = path.stat().st_size
        if size > most:
            raise UnreadableError(0, f"has {size >> 20} MiB, more than {most >> 20}: this is no plant file")
        content = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableError(0, f"there is no such file: check the path {path}") from None
    except OSError as reason:
        raise UnreadableError(0, f"cannot be read ({reason.strerror}): check the rights of {path}") from reason
    text = _decode(content)
    if not text.strip():
        raise UnreadableError(0, f"the file is empty: begin with {begin}")
    return text


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError(1, "the file is in UTF-16: save it as UTF-8")
    if b"\x00" in content:
        line = content.count(b"\n", 0, content.index(b"\x00")) + 1
        raise UnreadableError(line, "the file holds zero bytes: it is no text, or was cut off by a power failure")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        line = content.count(b"\n", 0, reason.start) + 1
        raise UnreadableError(line, "the text is not in UTF-8: save the file as UTF-8") from reason
    return text


def parse_toml(text: str) -> dict[str, object]:
    """Return the TOML document, or raise UnreadableError.

    Lines are bounded because tomllib needs quadratic time for a very long key.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise UnreadableError(number, f"the line has {len(line)} characters: this is no plant file")
    try:
        document: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise _syntax_error(text, str(reason)) from reason
    except ValueError as reason:  # a number of more digits than Python converts
        raise UnreadableError(0, f"a value cannot be read ({reason}): correct it") from reason
    return document


def _syntax_error(text: str, reason: str) -> UnreadableError:
    match = _AT_LINE.search(reason)
    line = int(match.group(1)) if match else text.rstrip().count("\n") + 1
    what = _AT_LINE.sub("", reason).replace("(at end of document)", "at the end of the file").strip()
    return UnreadableError(line, f"this is not TOML: {what}: correct the line, or the one above it")
