"""`foreshift history PLANT`: how large the history is, what it holds, for how long, and when the disk is full."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.time_argument import add_local_time, zone_of
from app.model.clock import NS_PER_S
from app.model.retention import FOR_EVER

if TYPE_CHECKING:
    from pathlib import Path

    from app.exchange.time_text import Zone
    from app.history.contents import Contents
    from app.history.gap import Gap
    from app.history.growth import Growth
    from app.history.size_forecast import SizeForecast
    from app.model.plant import Plant

_MOST_GAPS = 5
_MOST_TAGS = 8
_EVER = (-(1 << 63), (1 << 63) - 1)


@dataclass(frozen=True, slots=True)
class _Account:
    """All that is told of a history; times int64 ns UTC."""

    path: Path
    file_bytes: int
    free_bytes: int
    extent: tuple[int, int] | None
    contents: Contents
    gaps: list[Gap]
    growth: Growth
    forecast: SizeForecast | None


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "history",
        help="say how large a plant's history is and becomes",
        description="Say what the history of a plant holds, which stretches are missing, for how long what is kept, "
        "how the file grows and when its disk is full. The collector may run meanwhile.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("--json", action="store_true", help="print one JSON object; times in ISO 8601, sizes in bytes")
    add_local_time(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the account of a history."""
    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    account = _account(folder.history, plant)
    zone = zone_of(options)
    told = _as_json(account, plant, zone) if options.json else _lines(account, plant, zone)
    print(json.dumps(told, indent=2) if options.json else "\n".join(told))
    return 0


def _account(path: Path, plant: Plant) -> _Account:
    """Read the file; raise DatabaseError where it cannot be read or does not exist yet."""
    from app.database import open_reader
    from app.history.contents import read_contents
    from app.history.gap import read_gaps
    from app.history.growth import measure_growth
    from app.history.reader import HistoryReader
    from app.history.retention import RetentionRules
    from app.history.size_forecast import forecast_size
    from app.write_ahead import stored_bytes

    room = shutil.disk_usage(path.parent).free
    with closing(open_reader(path)) as connection, HistoryReader(path) as reader:
        contents = read_contents(connection)
        growth = measure_growth(connection, RetentionRules.of(plant.retention, plant.tags))
        return _Account(
            path=path,
            file_bytes=stored_bytes(path),
            free_bytes=room,
            extent=reader.extent(),
            contents=contents,
            gaps=read_gaps(connection, *_EVER),
            growth=growth,
            forecast=forecast_size(growth, contents.used_bytes, room + contents.unused_bytes),
        )


def _lines(account: _Account, plant: Plant, zone: Zone) -> list[str]:
    return [
        *_size_lines(account, zone),
        *_part_lines(account.contents),
        *_gap_lines(account.gaps, zone),
        *_rule_lines(plant),
        *_forecast_lines(account),
    ]


def _size_lines(account: _Account, zone: Zone) -> list[str]:
    contents = account.contents
    unused = f"{_size(contents.unused_bytes)} of it free for what comes"
    lines = [
        f"{account.path}",
        f"size        {_size(account.file_bytes)}, {unused}; {_size(account.free_bytes)} free on its disk",
    ]
    if account.extent is None:
        return [*lines, "samples     none yet"]
    first, last = account.extent
    lines.append(f"samples     {_time(first, zone)} to {_time(last, zone)}, {len(contents.tags)} tags")
    if contents.first_rollup_hour is not None:
        start = contents.first_rollup_hour * 3_600 * NS_PER_S
        lines.append(f"rollups     {_time(start, zone)} on")
    return lines


def _part_lines(contents: Contents) -> list[str]:
    about = "about " if contents.is_estimated else ""
    parts = {
        "journal": contents.journal,
        "sealed": contents.fresh,
        "compacted": contents.compacted,
        "rollups": contents.rollups,
    }
    whole = max(1, sum(part.bytes for part in parts.values()))
    lines = [f"stored      {about}{contents.samples:,} samples"]
    if contents.compacted.samples:
        lines[0] += f", {contents.bytes_per_sample:.2f} bytes each once compacted"
    for name, part in parts.items():
        samples = f"{part.samples:>18,} samples" if name != "rollups" else " " * 26
        lines.append(f"  {name:<10}{samples}{_size(part.bytes):>12}{part.bytes / whole:>8.1%}")
    return lines


def _gap_lines(gaps: list[Gap], zone: Zone) -> list[str]:
    if not gaps:
        return ["gaps        none"]
    hours = sum(gap.end - gap.start for gap in gaps) / NS_PER_S / 3_600
    lost = sum(gap.lost for gap in gaps)
    lines = [f"gaps        {len(gaps)}, {hours:,.1f} h in all, {lost:,} samples known to be lost"]
    return lines + [f"  {_time(gap.start, zone)} to {_time(gap.end, zone)}  {gap.reason}" for gap in gaps[-_MOST_GAPS:]]


def _rule_lines(plant: Plant) -> list[str]:
    rule = plant.retention.of_tag(None)
    lines = [
        f"kept        samples {_days(rule.raw_days)}, minutes {_days(rule.minute_days)}, hours {_days(rule.hour_days)}"
    ]
    own = [tag for tag in plant.tags if tag.keep_days is not None]
    lines += [f"  {tag.name}: samples {_days(tag.keep_days or FOR_EVER)}" for tag in own[:_MOST_TAGS]]
    if len(own) > _MOST_TAGS:
        lines.append(f"  and {len(own) - _MOST_TAGS} more tags with a rule of their own")
    return lines


def _forecast_lines(account: _Account) -> list[str]:
    from app.history.size_forecast import FEWEST_HOURS, days_text

    forecast, growth = account.forecast, account.growth
    if forecast is None:
        return [f"forecast    none: only {growth.hours} hours with samples are compacted, {FEWEST_HOURS} are needed"]
    parts = {"samples": "raw", "minutes": "minute_rollup", "hours": "hour_rollup"}
    shares = ", ".join(f"{name} {_size(growth.per_day(resolution))}" for name, resolution in parts.items())
    lines = [
        f"grows by    {_size(forecast.bytes_per_day)} a day: {shares}",
        f"            {growth.samples_per_day:,.0f} samples a day",
    ]
    if forecast.settled_days:
        settled = f"in {days_text(forecast.settled_days)}, when the last limit is met"
        lines.append(f"reaches     {_size(forecast.settled_bytes)} {settled}")
    then = f"{_size(forecast.then_per_day)} a day" if forecast.then_per_day else "nothing more"
    lines.append(f"then        {then}")
    left = "not within a century" if forecast.days_left is None else f"in {days_text(forecast.days_left)}"
    return [*lines, f"disk full   {left}", f"            {forecast.caveat}"]


def _as_json(account: _Account, plant: Plant, zone: Zone) -> dict[str, object]:
    contents, growth = account.contents, account.growth
    return {
        "file": str(account.path),
        "file_bytes": account.file_bytes,
        "used_bytes": contents.used_bytes,
        "unused_bytes": contents.unused_bytes,
        "disk_free_bytes": account.free_bytes,
        "first": None if account.extent is None else _iso(account.extent[0], zone),
        "last": None if account.extent is None else _iso(account.extent[1], zone),
        "first_rollup": None
        if contents.first_rollup_hour is None
        else _iso(contents.first_rollup_hour * 3_600 * NS_PER_S, zone),
        "tags": len(contents.tags),
        "samples": contents.samples,
        "is_estimated": contents.is_estimated,
        "bytes_per_sample": contents.bytes_per_sample if contents.compacted.samples else None,
        "parts": {name: asdict(getattr(contents, name)) for name in ("journal", "fresh", "compacted", "rollups")},
        "gaps": [_gap_as_json(gap, contents.tags, zone) for gap in account.gaps],
        "retention": {
            **asdict(plant.retention.of_tag(None)),
            "keep_days": {tag.name: tag.keep_days for tag in plant.tags if tag.keep_days is not None},
        },
        "growth": {
            "hours": growth.hours,
            "samples_per_day": growth.samples_per_day,
            "streams": [asdict(stream) for stream in growth.streams],
        },
        "forecast": None
        if account.forecast is None
        else {**asdict(account.forecast), "caveat": account.forecast.caveat},
    }


def _gap_as_json(gap: Gap, tags: Mapping[int, str], zone: Zone) -> dict[str, object]:
    return {
        "start": _iso(gap.start, zone),
        "end": _iso(gap.end, zone),
        "reason": str(gap.reason),
        "lost": gap.lost,
        "tag": None if gap.tag is None else tags.get(gap.tag),
    }


def _size(size: float) -> str:
    """Return bytes as people say them."""
    for unit, scale in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size:.0f} B"


def _days(days: float) -> str:
    return "for ever" if days == FOR_EVER else f"{days:g} day{'s' if days != 1 else ''}"


def _time(time: int, zone: Zone) -> str:
    """Return an instant to the minute, with the zone that it is told in."""
    text = _iso(time, zone)
    return f"{text[:10]} {text[11:16]}{text[-1:] if text.endswith('Z') else text[-6:]}"


def _iso(time: int, zone: Zone) -> str:
    from app.exchange.time_text import in_zone

    return in_zone(time, zone).isoformat().replace("+00:00", "Z")
