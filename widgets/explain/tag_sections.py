"""The value of a tag explained: what it is, where it comes from, when, by which way, and what limits it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from app.model import clock, status
from app.model.alarm import AlarmDefinition, ConditionKind
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.datavalue import DataValue
from app.model.expression import parse_expression
from app.model.tag import TagDefinition, TagKind
from widgets import number
from widgets.explain.address_text import address_lines
from widgets.explain.past import TagPast
from widgets.explain.section import Line, Section
from widgets.feed import Feed
from widgets.number import Quality
from widgets.station_text import station_text
from widgets.translation import local, tr


@dataclass(frozen=True, slots=True)
class Arrival:
    """The newest sample that came while somebody looked. Times int64 ns UTC, 0 where none came.

    `source`: its own time; `received`: when the driver had it; `shown`: when this window had it.
    """

    source: int = 0
    received: int = 0
    shown: int = 0


_AWAY = {LinkState.DISCONNECTED, LinkState.CONNECTING, LinkState.BACKOFF}


def sections_of_tag(
    feed: Feed, tag: TagDefinition, *, arrival: Arrival, past: TagPast | None, now: int
) -> tuple[Section, ...]:
    """Return what is known of a tag's value at `now` (int64 ns UTC); `past` None: it is still read."""
    connection = next((each for each in feed.plant.connections if each.id == tag.connection), None)
    reports = feed.report.connections if feed.report is not None and feed.is_linked else ()
    report = next((each for each in reports if each.connection == tag.connection), None)
    sample = feed.value(tag.handle)
    return (
        Section(tr("Value"), tuple(_value(feed, tag, sample, now))),
        Section(tr("Source"), tuple(_source(tag, connection, report))),
        Section(tr("Time"), tuple(_times(feed, sample, arrival, past, now))),
        Section(tr("The way here"), tuple(_way(feed, tag, arrival, report))),
        Section(tr("What limits it"), tuple(_limits(tag))),
        Section(tr("Before"), tuple(_before(tag, past, now))),
        Section(tr("Used by"), tuple(_uses(feed, tag))),
    )


def status_line(code: int) -> Line:
    """Return the StatusCode of OPC UA with its meaning in words."""
    severity = status.severity(code)
    words = {
        status.Severity.GOOD: tr("good: may be used without reserve"),
        status.Severity.UNCERTAIN: tr("doubtful: {reason}", reason=number.status_text(code)),
        status.Severity.BAD: tr("bad: {reason}", reason=number.status_text(code)),
    }
    told = f"{words[severity]}  ·  {status.name(code)} (0x{code:08X})"
    return Line(tr("Quality"), told, is_wrong=severity is not status.Severity.GOOD)


def _value(feed: Feed, tag: TagDefinition, sample: DataValue, now: int) -> Iterator[Line]:
    told = number.reading_of(sample, tag=tag, now=now, is_linked=feed.is_linked)
    yield Line(tr("Shown"), told.full, is_wrong=told.quality is not Quality.GOOD)
    if sample.source_time and not math.isnan(sample.value):
        yield Line(tr("Exactly"), sample.text or repr(sample.value))
        if tag.gain not in {0.0, 1.0} or tag.offset:
            yield Line(tr("In the device"), f"{(sample.value - tag.offset) / tag.gain:.10g}" if tag.gain else "")
    yield status_line(sample.status)
    if not feed.is_linked:
        yield Line(tr("Note"), feed.link_text, is_wrong=True)


def _source(
    tag: TagDefinition, connection: ConnectionDefinition | None, report: ConnectionReport | None
) -> Iterator[Line]:
    yield Line(tr("Connection"), tag.connection)
    if connection is not None:
        yield Line(tr("Device"), f"{connection.driver}  {connection.url}")
        yield from address_lines(tag, connection)
    else:
        yield Line(tr("Address"), tag.address)
    if report is not None:
        is_running = report.state is LinkState.RUNNING
        state = tr("running") if is_running else station_text(report.reason) or tr("not running")
        yield Line(tr("Its state"), state, is_wrong=not is_running)
    formula = (
        tr("raw value") if tag.gain == 1 and not tag.offset else f"{tr('raw value')} × {tag.gain:g} + {tag.offset:g}"
    )
    yield Line(tr("Scaling"), formula)


def _times(feed: Feed, sample: DataValue, arrival: Arrival, past: TagPast | None, now: int) -> Iterator[Line]:
    if not sample.source_time:
        yield Line(tr("Source time"), tr("no value yet"), is_wrong=True)
        return
    age = max(0, now - sample.source_time) / clock.NS_PER_S
    yield Line(tr("Source time"), number.day_and_millisecond(sample.source_time))
    yield Line(tr("Age"), number.duration(age) if age >= 1 else f"{age * 1000:.0f} ms")
    if feed.is_replay:  # when it was received and shown then, nobody has kept
        yield Line(tr("Note"), tr("replayed: the history keeps when the device had it, and no more"))
        return
    waits = tr("nothing has come since this was opened")
    yield Line(tr("Received at"), number.day_and_millisecond(arrival.received) if arrival.received else waits)
    yield Line(tr("Shown since"), number.day_and_millisecond(arrival.shown) if arrival.shown else waits)
    if past is not None:
        yield Line(
            tr("In the history up to"), number.day_and_millisecond(past.stored) if past.stored else tr("nothing")
        )


def _way(feed: Feed, tag: TagDefinition, arrival: Arrival, report: ConnectionReport | None) -> Iterator[Line]:
    """The delay budget: how long each part of the way took for the newest sample."""
    if feed.is_replay:
        yield Line(tr("Device to driver"), tr("not known of the past"))
        return
    if report is not None and report.state in _AWAY:  # what says so was made here, not by the device
        reason = station_text(report.reason) or tr("not running")
        yield Line(tr("Device to driver"), tr("nothing comes: {reason}", reason=reason), is_wrong=True)
        return
    ahead = 0 if report is None else round(report.clock_ahead_s * clock.NS_PER_S)
    if arrival.received:
        fetched = arrival.received - arrival.source + ahead
        yield Line(tr("Device to driver"), _delay(fetched), is_wrong=fetched > _budget(tag))
        yield Line(tr("Driver to window"), _delay(arrival.shown - arrival.received))
        yield Line(tr("Together"), _delay(arrival.shown - arrival.source + ahead))
    else:
        yield Line(tr("Device to driver"), tr("known with the next sample"))
    if ahead:
        yield Line(tr("Clock of the device"), tr("{seconds} s ahead", seconds=f"{ahead / clock.NS_PER_S:+.3f}"))
    if feed.report is not None and feed.is_linked:
        yield Line(tr("Driver to history"), tr("{ms} ms for the last commit", ms=f"{feed.report.commit_ms:.0f}"))


def _budget(tag: TagDefinition) -> int:
    """A value that took longer than two scans to come is late, ns."""
    return 2 * max(tag.scan_ms, 500) * clock.NS_PER_MS


def _delay(ns: int) -> str:
    return f"{ns / clock.NS_PER_MS:.0f} ms" if abs(ns) < 10 * clock.NS_PER_S else number.duration(ns / clock.NS_PER_S)


def _limits(tag: TagDefinition) -> Iterator[Line]:
    yield Line(tr("Asked for every"), f"{tag.scan_ms} ms")
    if math.isfinite(tag.low) or math.isfinite(tag.high):
        yield Line(tr("Range"), f"{_bound(tag.low, tag)} … {_bound(tag.high, tag)}")
    if not math.isnan(tag.normal_low) or not math.isnan(tag.normal_high):
        yield Line(tr("Normally"), f"{_bound(tag.normal_low, tag)} … {_bound(tag.normal_high, tag)}")
    rule = tag.cleaning
    if rule.spike:
        yield Line(tr("A jump is doubted above"), number.with_unit(rule.spike, tag=tag))
    if rule.stuck_s:
        yield Line(tr("Doubted without any change after"), number.duration(rule.stuck_s))
    if rule.stale_s:
        yield Line(tr("Stale without a sample after"), number.duration(rule.stale_s))
    if tag.kind is TagKind.COUNTER and tag.width_bits:
        yield Line(tr("Counter begins anew at"), f"2^{tag.width_bits}")
    yield Line(tr("Kept for"), tr("as the plant's rule says") if tag.keep_days is None else _kept(tag.keep_days))


def _kept(days: float) -> str:
    return tr("{n} days", n=f"{days:g}") if days else tr("ever")


def _bound(value: float, tag: TagDefinition) -> str:
    return number.with_unit(value, tag=tag) if math.isfinite(value) else number.NO_VALUE


def _before(tag: TagDefinition, past: TagPast | None, now: int) -> Iterator[Line]:
    if past is None:
        yield Line(tr("Last good value"), tr("Reading the history…"))
        return
    if past.good is None:
        yield Line(tr("Last good value"), tr("none among the last {n} samples", n=past.looked), is_wrong=True)
    else:
        told = number.with_unit(past.good.value, tag=tag)
        yield Line(tr("Last good value"), f"{told}  ·  {number.moment(past.good.source_time, now=now)}")
    written = past.written
    if written is None:
        yield Line(
            tr("Written last"),
            tr("by nobody, as far as the audit trail was searched") if tag.write else tr("never: it is only read"),
        )
    else:
        who = written.user or tr("nobody by name")
        yield Line(
            tr("Written last"),
            f"{written.new}  ·  {who}  ·  {number.moment(written.time, now=now)}  ·  {written.outcome}",
        )


def _uses(feed: Feed, tag: TagDefinition) -> Iterator[Line]:
    """What depends on the tag: alarms, forecasts, the health of its equipment."""
    for alarm in feed.plant.alarms:
        if tag.name in {alarm.tag, alarm.setpoint} or (alarm.expression and tag.name in _names(alarm.expression)):
            yield Line(tr("Alarm"), f"{local(alarm.message)}{_limit(alarm, tag)}")
    for forecast in feed.plant.forecasts:
        if forecast.tag == tag.name:
            yield Line(tr("Forecast"), f"{local(forecast.cause)}  {forecast.limit:g}")
    if tag.equipment in feed.healths:
        yield Line(tr("Health"), tag.equipment)


def _names(expression: str) -> tuple[str, ...]:
    """Return the tags that an expression asks for; the plant file has been checked."""
    return parse_expression(expression).tags


def _limit(alarm: AlarmDefinition, tag: TagDefinition) -> str:
    """Return what it compares the tag itself with, "" where it does something else."""
    signs = {ConditionKind.HIGH: ">", ConditionKind.LOW: "<"}
    sign = signs.get(alarm.condition, "")
    return f"  ({sign} {number.with_unit(alarm.limit, tag=tag)})" if sign and alarm.tag == tag.name else ""
