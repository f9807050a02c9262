"""Parts of a value: a field of a structure, an element of an array, as they are written in front of a NodeId.

Grammar: `at=<field>[/<field>...][<index>];<NodeId>`, with `[<index>]` behind any field or first of all. No NodeId
begins with `at=`; behind one nothing could be told from it, since it may hold any sign. In the name of a field the
signs `/ [ ] ; &` are written with `&` before them (as in a RelativePath, OPC 10000-4, A.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from drivers.driver import BadAddress

GRAMMAR = '"at=Speed/Actual;ns=2;s=Pump" for a field, "at=[3];ns=2;s=Levels" for an element of an array (from 0)'
PREFIX = "at="

_STEP = re.compile(r"\[(?P<index>\d{1,9})\]|(?P<slash>/)|(?P<name>(?:&[/\[\];&]|[^/\[\];&])+)")
_RESERVED = re.compile(r"[/\[\];&]")

Step = str | int
Path = tuple[Step, ...]


class Absent:
    """What stands where a value has no such part: it is of no type that a tag could have."""


ABSENT = Absent()


def split_address(text: str) -> tuple[Path, str]:
    """Return the path of a part and the NodeId behind it; () where the whole value is meant. Raise BadAddress."""
    stripped = text.strip()
    if not stripped.startswith(PREFIX):
        return (), text
    steps: list[Step] = []
    place, is_expecting_name = len(PREFIX), True
    while place < len(stripped) and stripped[place] != ";":
        match = _STEP.match(stripped, place)
        is_name = match is not None and match["name"] is not None
        if match is None or (is_name and not is_expecting_name) or (match["slash"] and is_expecting_name):
            raise BadAddress(f'"{text}" names no part of a value: write {GRAMMAR}')
        if match["index"] is not None:
            steps.append(int(match["index"]))
        elif is_name:
            steps.append(re.sub(r"&(.)", r"\1", match["name"]))
        is_expecting_name = match["slash"] is not None
        place = match.end()
    if not steps or is_expecting_name or place >= len(stripped):
        raise BadAddress(f'"{text}" names no part of a value: write {GRAMMAR}')
    return tuple(steps), stripped[place + 1 :]


def with_part(path: Sequence[Step], node: str) -> str:
    """Return the address of a part of the variable `node`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("/" if text else "") + _RESERVED.sub(lambda match: f"&{match[0]}", step)
    return f"{PREFIX}{text};{node}" if text else node


def value_at(value: object, path: Sequence[Step]) -> object:
    """Return a part of a value of plain mappings and lists; ABSENT where there is none."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or step >= len(value):
                return ABSENT
            value = value[step]
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            return ABSENT
    return ABSENT if value is None else value
