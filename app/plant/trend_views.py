"""The views of trends that operators have saved for everybody: `trends.toml` beside the plant file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.model import clock
from app.plant.atomic import replace_text
from app.plant.toml.text import toml_section

_HEAD = (
    "# Saved views of trends: one [[view]] each, its panes as lists of tag names. Grammar: docs/how-to/read-trends.md\n"
)


class TrendViewError(ValueError):
    """A file of views that is not in order; the text names the file, the place and the remedy."""


@dataclass(frozen=True, slots=True)
class TrendView:
    """What a page of trends shows: the names of the tags of each pane, the first of which gives it its name.

    `span_s`: seconds shown. `end`: int64 ns UTC where the view is held in the past, 0 where it runs with the clock.
    """

    name: str
    panes: tuple[tuple[str, ...], ...]
    span_s: float = 3600.0
    end: int = 0


def read_views(path: Path) -> tuple[TrendView, ...]:
    """Return the saved views in their order, none where there is no file; raise TrendViewError or OSError."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise TrendViewError(f"{path}: not UTF-8 at byte {error.start}: save it as UTF-8") from error
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TrendViewError(f"{path}: {error}: mend the line, or move the file away to begin anew") from error
    tables = document.get("view", [])
    if not isinstance(tables, list):
        raise TrendViewError(f"{path}: view: write each as [[view]]")
    return tuple(_view(path, number, table) for number, table in enumerate(tables, 1))


def save_view(path: Path, view: TrendView) -> tuple[TrendView, ...]:
    """Add a view, in place of one with its name; return all. Raise TrendViewError or OSError with nothing changed."""
    views = list(read_views(path))
    place = next((at for at, each in enumerate(views) if each.name == view.name), len(views))
    views[place : place + 1] = [view]
    _write(path, views)
    return tuple(views)


def remove_view(path: Path, name: str) -> tuple[TrendView, ...]:
    """Take the view of that name away; return those that remain. Raise as `save_view` does."""
    views = [view for view in read_views(path) if view.name != name]
    _write(path, views)
    return tuple(views)


def _write(path: Path, views: Sequence[TrendView]) -> None:
    replace_text(path, "\n".join([_HEAD, *(toml_section("[[view]]", _rows(view)) for view in views)]))


def _rows(view: TrendView) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [("name", view.name), ("span_s", view.span_s)]
    if view.end:
        rows.append(("end", clock.to_datetime(view.end).isoformat()))
    return [*rows, ("panes", view.panes)]


def _view(path: Path, number: int, table: object) -> TrendView:
    place = f"{path}: view {number}"
    if not isinstance(table, dict):
        raise TrendViewError(f"{place}: write it as [[view]]")
    if odd := sorted(set(table) - {"name", "panes", "span_s", "end"}):
        raise TrendViewError(f"{place}: {', '.join(odd)}: not known; there are name, panes, span_s, end")
    name, panes, span, end = table.get("name"), table.get("panes"), table.get("span_s", 3600.0), table.get("end", "")
    if not isinstance(name, str) or not name.strip():
        raise TrendViewError(f"{place}: name: give it a text")
    is_listed = isinstance(panes, list) and all(
        isinstance(pane, list) and pane and all(isinstance(tag, str) for tag in pane) for pane in panes
    )
    if not isinstance(panes, list) or not is_listed:
        raise TrendViewError(
            f'{place} ({name}): panes: write lists of tag names, as [["TT-201", "TT-202"], ["PT-201"]]'
        )
    if isinstance(span, bool) or not isinstance(span, int | float) or not 1 <= span <= 3_660 * 86_400:
        raise TrendViewError(f"{place} ({name}): span_s: write seconds, from 1 to ten years")
    try:
        instant = clock.instant_of(end) if end else 0
    except (TypeError, ValueError) as error:
        raise TrendViewError(
            f'{place} ({name}): end: write a time in quotes, as "2026-11-24T08:00:00+08:00"'
        ) from error
    return TrendView(name, tuple(tuple(pane) for pane in panes), float(span), instant)
