"""One table of an equipment class, read once and written for each instance."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.plant.parameter_text import ParameterError, ParameterText, parse_text
from app.plant.problem import Findings, KeyPath

Read: TypeAlias = "ParameterText | dict[str, Read] | list[Read] | object"

_HARMLESS = "?"


@dataclass(frozen=True, slots=True)
class Naming:
    """What parameters are worth in one instance; `chinese` in texts for screens in Chinese."""

    values: Mapping[str, object]
    chinese: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MemberTemplate:
    """A table with its texts read; `path`: where the class has it, `source`: as it stands there.

    `fixed`: the keys that are the same in each instance.
    """

    path: KeyPath
    content: Mapping[str, Read]
    source: Mapping[str, object]
    fixed: frozenset[str]

    def written(self, naming: Naming, findings: Findings) -> dict[str, object]:
        """Return the table of an instance; a text that has no value is noted at its key, which is left out.

        What has no parameters is shared by all instances, and must not be changed.
        """
        found: dict[str, object] = {}
        for key, read in self.content.items():
            if key in self.fixed:
                found[key] = read
                continue
            try:
                found[key] = _written(read, naming.values, naming)
            except ParameterError as error:
                findings.error((*self.path, key), f"`{key}`: {error}")
        return found

    def former_names(self, key: str, values: Mapping[str, object], former: Collection[str]) -> list[object]:
        """Return the names, at `key`, that it had in an instance, the oldest first; raise ParameterError.

        They are those that the class gave it and the present one, each with the `former` ids of the instance.
        """
        of_class = self.content.get("former")
        texts = [*(of_class if isinstance(of_class, list) else []), self.content.get(key)]
        ids = [*former, values.get("id")]
        found = [
            text.value({**values, "id": each}) if isinstance(text, ParameterText) else text
            for text in texts
            for each in ids
        ]
        return list(dict.fromkeys(found[:-1]))

    def names_at(self, rest: KeyPath) -> tuple[str, ...]:
        """Return the parameters that what stands at a key depends on."""
        read: Read = dict(self.content)
        for part in rest:
            read = _within(read, part)
        return read.names if isinstance(read, ParameterText) else ()


def _within(read: Read, part: str | int) -> Read:
    """Return what stands at a key or place, `read` itself where there is none such: the nearest that can be named."""
    if isinstance(read, dict):
        return read.get(str(part), read)
    is_place = isinstance(read, list) and isinstance(part, int) and part < len(read)
    return read[part] if is_place else read  # type: ignore[index]


def read_member(
    source: Mapping[str, object],
    path: KeyPath,
    known: Collection[str],
    findings: Findings,
    *,
    usual: Mapping[str, object],
) -> MemberTemplate:
    """Return the template of a table, with the `usual` values of keys that it does not give.

    Texts that cannot be read are noted; something harmless takes their place.
    """
    whole = {**usual, **source}
    content = {key: _read(value, (*path, key), known, findings) for key, value in whole.items()}
    return MemberTemplate(path, content, source, frozenset(key for key, read in content.items() if _is_fixed(read)))


def _is_fixed(read: Read) -> bool:
    if isinstance(read, dict):
        return all(map(_is_fixed, read.values()))
    return all(map(_is_fixed, read)) if isinstance(read, list) else not isinstance(read, ParameterText)


def _read(value: object, path: KeyPath, known: Collection[str], findings: Findings) -> Read:
    if isinstance(value, dict):
        return {key: _read(each, (*path, key), known, findings) for key, each in value.items()}
    if isinstance(value, list):
        return [_read(each, (*path, number), known, findings) for number, each in enumerate(value)]
    if not isinstance(value, str) or ("{" not in value and "}" not in value):
        return value
    try:
        return parse_text(value, known)
    except ParameterError as error:
        findings.error(path, f"`{_key(path)}`: {error}")
        return _HARMLESS


def _written(read: Read, values: Mapping[str, object], naming: Naming) -> object:
    """Return what a text, or all texts in a table or list, are in an instance; raise ParameterError."""
    if isinstance(read, ParameterText):
        return read.value(values)
    if isinstance(read, dict):
        return {key: _written(each, naming.chinese if key == "zh" else values, naming) for key, each in read.items()}
    return [_written(each, values, naming) for each in read] if isinstance(read, list) else read


def _key(path: KeyPath) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")
