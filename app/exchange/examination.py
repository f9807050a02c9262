"""Looks through a file before anything of it is stored: what it holds, for which tags, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.exchange.assignment import NO_TAG, Assignment, assign, refuse_unused
from app.exchange.file_samples import FileSamples, Source
from app.exchange.progress import OnProgress, unheard
from app.exchange.value_fit import NAMES, fitted, plain
from app.model.exact import DataType
from app.model.tag import TagDefinition
from app.plant.problem import Problem

MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Examination:
    """What a file holds. `samples`: those of tags that the plant has, from `first` to `last` (ns UTC, 0 for none).

    `problems`: the first of `problem_count`, in the order of the lines.
    """

    assignment: Assignment
    samples: int
    first: int
    last: int
    problems: tuple[Problem, ...]
    problem_count: int


def examine(
    source: Source,
    tags: Sequence[TagDefinition],
    wanted: Mapping[str, str],
    *,
    stored: Mapping[str, DataType] | None = None,
    on_progress: OnProgress = unheard,
) -> Examination:
    """Read the whole file; `wanted` gives the tag of a series that is called otherwise, `stored` what is kept of tags.

    Raise RecordingError or ExchangeError where it is no such file or `wanted` does not fit, or Cancelled.
    """
    known_before = assign(source.series, tags, wanted).handles
    source.leave_out([number for number, handle in enumerate(known_before) if handle == NO_TAG])
    count = problem_count = samples = 0
    first, last = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    problems: list[Problem] = []
    assignment = assign(source.series, tags, wanted, stored)
    for portion in source.portions():
        if len(source.series) != len(assignment.handles):
            assignment = assign(source.series, tags, wanted, stored)
        known, misfits = known_samples(portion.samples, assignment)
        wrong = sorted((*portion.problems, *_told(misfits, assignment, tags)), key=lambda problem: problem.line)
        problem_count += len(wrong)
        problems.extend(wrong[: MOST_PROBLEMS - len(problems)])
        if len(known):
            first, last = min(first, int(known.time.min())), max(last, int(known.time.max()))
        samples += len(known)
        count += len(portion.samples)
        on_progress(portion.share, count)
    refuse_unused(source.series, wanted)
    if not samples:
        first = last = 0
    return Examination(assignment, samples, int(first), int(last), tuple(problems), problem_count)


def known_samples(samples: FileSamples, assignment: Assignment) -> tuple[FileSamples, FileSamples]:
    """Return the samples of tags that the plant has, their `series` being the handles of those tags.

    Values are as the tags' histories keep them; those that cannot be kept without loss are returned apart.
    """
    handles = np.array([*assignment.handles, NO_TAG], np.int32)[samples.series]
    known = replace(samples, series=handles).select(handles != NO_TAG)
    if known.value.dtype.kind == "f" and set(assignment.data_types.values()) <= {DataType.FLOAT64}:
        return known, known.select(np.zeros(len(known), np.bool_))
    value = known.value.astype(object)
    is_wrong = np.zeros(len(known), np.bool_)
    for handle in np.unique(known.series).tolist():
        rows = np.flatnonzero(known.series == handle)
        kept, misfits = fitted(plain(value[rows]), assignment.data_types[handle])
        value[rows] = kept
        is_wrong[rows] = misfits
    return replace(known, value=value).select(~is_wrong), known.select(is_wrong)


def _told(misfits: FileSamples, assignment: Assignment, tags: Sequence[TagDefinition]) -> Iterator[Problem]:
    names = {tag.handle: tag.name for tag in tags}
    for line, handle, value in zip(misfits.line.tolist(), misfits.series.tolist(), misfits.value.tolist(), strict=True):
        what = NAMES[assignment.data_types[handle]]
        yield Problem(line, f'"{value}" is no {what}, as the history of {names[handle]} keeps it: correct it')
