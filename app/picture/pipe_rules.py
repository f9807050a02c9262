"""Rules of pipes: each end leads somewhere, and what runs between them runs level or upright."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from app.model.picture import Pipe
from app.picture.extent import body, is_plain
from app.picture.finding import Finding
from app.picture.subject import Named, Subject

REACH = 8.0
"""How far, picture units, the end of a pipe may be from what it leads to."""
EDGE_SHARE = 0.05
"""So near the edge, as a share of the picture, a pipe leaves it."""
_LEVEL = 0.5


def check_pipe(named: Named, subject: Subject) -> Iterator[Finding]:
    """Yield the ends of a pipe that lead to nothing, and stretches that run aslant."""
    pipe = named.element
    if not isinstance(pipe, Pipe):
        return
    if len(set(pipe.points)) < 2:
        yield Finding("no-length", named.place, named.name)
        return
    for end, attachment, point in (("start", pipe.start, pipe.points[0]), ("end", pipe.end, pipe.points[-1])):
        if not attachment and not _leads_somewhere(point, pipe, subject):
            values = {"end": end, "x": f"{point[0]:g}", "y": f"{point[1]:g}"}
            yield Finding("dangling", named.place, named.name, values)
    for start, stop in pairwise(pipe.points):
        if min(abs(start[0] - stop[0]), abs(start[1] - stop[1])) > _LEVEL:
            values = {"x": f"{start[0]:g}", "y": f"{start[1]:g}", "x2": f"{stop[0]:g}", "y2": f"{stop[1]:g}"}
            yield Finding("aslant", named.place, named.name, values)


def _leads_somewhere(point: tuple[float, float], pipe: Pipe, subject: Subject) -> bool:
    picture = subject.picture
    width, height = picture.size
    margin = (width * EDGE_SHARE, height * EDGE_SHARE)
    if not (margin[0] < point[0] < width - margin[0] and margin[1] < point[1] < height - margin[1]):
        return True
    if any(body(symbol).grown(REACH).holds(*point) for symbol in picture.symbols if not is_plain(symbol)):
        return True
    others = (each for each in picture.pipes if each is not pipe)
    return any(_distance(point, start, stop) <= REACH for each in others for start, stop in pairwise(each.points))


def _distance(point: tuple[float, float], start: tuple[float, float], stop: tuple[float, float]) -> float:
    run, rise = stop[0] - start[0], stop[1] - start[1]
    length = run * run + rise * rise
    share = ((point[0] - start[0]) * run + (point[1] - start[1]) * rise) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(point[0] - start[0] - share * run, point[1] - start[1] - share * rise)
