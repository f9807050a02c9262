"""Looks through a file before anything of it is stored: what it holds, for which tags, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.exchange.assignment import NO_TAG, Assignment, assign, refuse_unused
from app.exchange.file_samples import FileSamples, Source
from app.exchange.progress import OnProgress, unheard
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
    source: Source, tags: Sequence[TagDefinition], wanted: Mapping[str, str], *, on_progress: OnProgress = unheard
) -> Examination:
    """Read the whole file; `wanted` gives the tag of a series that is called otherwise.

    Raise RecordingError or ExchangeError where it is no such file or `wanted` does not fit, or Cancelled.
    """
    known_before = assign(source.series, tags, wanted).handles
    source.leave_out([number for number, handle in enumerate(known_before) if handle == NO_TAG])
    count = problem_count = samples = 0
    first, last = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    problems: list[Problem] = []
    assignment = assign(source.series, tags, wanted)
    for portion in source.portions():
        if len(source.series) != len(assignment.handles):
            assignment = assign(source.series, tags, wanted)
        problem_count += len(portion.problems)
        problems.extend(portion.problems[: MOST_PROBLEMS - len(problems)])
        known = known_samples(portion.samples, assignment)
        if len(known):
            first, last = min(first, int(known.time.min())), max(last, int(known.time.max()))
        samples += len(known)
        count += len(portion.samples)
        on_progress(portion.share, count)
    refuse_unused(source.series, wanted)
    if not samples:
        first = last = 0
    return Examination(assignment, samples, int(first), int(last), tuple(problems), problem_count)


def known_samples(samples: FileSamples, assignment: Assignment) -> FileSamples:
    """Return the samples of tags that the plant has, their `series` being the handles of those tags."""
    handles = np.array([*assignment.handles, NO_TAG], np.int32)[samples.series]
    return replace(samples, series=handles).select(handles != NO_TAG)
