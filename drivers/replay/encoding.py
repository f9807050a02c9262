"""In which encoding the text of a recording is written, and how many lines it can have at most."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.replay.failure import RecordingError

_BLOCK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive", "save the sheet as CSV, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as CSV"),
    (b"PAR1", "a Parquet file", "export it as CSV"),
    (b"\x89HDF", "an HDF5 file", "export it as CSV"),
    (b"SQLite format 3\x00", "an SQLite database", "export its table as CSV"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it"),
    (b"%PDF", "a PDF document", "export its table as CSV"),
)
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Survey:
    """A recording's encoding, by Python's name, and a bound of its number of lines."""

    encoding: str
    lines: int


def survey(path: Path) -> Survey:
    """Look through the whole file in blocks; raise RecordingError where it is not text."""
    try:
        with path.open("rb") as file:
            head = file.read(_BLOCK)
        _refuse_foreign(path, head)
        encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "")
        lines = _count_lines(path, may_hold_zeros=encoding == "utf-16")
        return Survey(encoding or _unmarked_encoding(path), lines)
    except FileNotFoundError:
        raise RecordingError(path, f"there is no such file: check the path {path}") from None
    except IsADirectoryError:
        raise RecordingError(path, "is a folder: give the path of one CSV file in it") from None
    except OSError as reason:
        raise RecordingError(path, f"cannot be read ({reason.strerror}): check the rights of {path}") from reason


def _refuse_foreign(path: Path, head: bytes) -> None:
    if not head.strip():
        raise RecordingError(path, "the file is empty: give a CSV file with a header and rows")
    for magic, what, remedy in _FOREIGN:
        if head.startswith(magic):
            raise RecordingError(path, f"this is {what}, no CSV: {remedy}")


def _count_lines(path: Path, *, may_hold_zeros: bool) -> int:
    feeds = returns = 1
    for block in _blocks(path):
        if not may_hold_zeros and b"\x00" in block:
            line = feeds + block.count(b"\n", 0, block.index(b"\x00"))
            raise RecordingError(path, "the file holds zero bytes, so it is no text: give a CSV file", line=line)
        feeds += block.count(b"\n")
        returns += block.count(b"\r")
    return max(feeds, returns)


def _unmarked_encoding(path: Path) -> str:
    """Return UTF-8 where the file is valid in it, else the likelier one of GB 18030 and Latin-1.

    In Chinese text nearly every character is a pair of bytes that are both above 0x7F, while western text has single
    ones ("°C" is B0 43, which GB 18030 would read as a rare character): one odd run speaks for Latin-1.
    """
    if _decodes(path, "utf-8"):
        return "utf-8"
    return "gb18030" if _has_only_pairs(path) and _decodes(path, "gb18030") else "latin-1"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _has_only_pairs(path: Path) -> bool:
    rest = b""
    for block in _blocks(path):
        text = rest + block
        whole = text.rstrip(bytes(range(0x80, 0x100)))
        if any(len(run) % 2 for run in _HIGH_BYTES.findall(whole)):
            return False
        rest = text[len(whole) :]
    return len(rest) % 2 == 0


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
