"""What a broker's edge nodes have told of themselves: nodes, devices and metrics with type, unit and range."""

from __future__ import annotations

import math

from drivers.driver import BrowseEntry, BrowsePage
from drivers.sparkplug.address import MetricAddress, parse_source
from drivers.sparkplug.host import Host
from drivers.sparkplug.payload import INTEGER_BITS, Metric, MetricType, type_name

PAGE = 200
_UNITS = ("engUnit", "Engineering Units", "unit")
_LOWS = ("engLow", "Engineering Low")
_HIGHS = ("engHigh", "Engineering High")


def browse_host(host: Host, reference: str, cursor: bytes) -> BrowsePage:
    """Return a page of what stands below `reference`, nodes below ""; raise BadAddress."""
    if not reference:
        entries = [
            BrowseEntry(str(source), source.node, f"group {source.group}", is_readable=False, has_children=True)
            for source in host.sources()
            if not source.device
        ]
    else:
        source = parse_source(reference)
        devices = [each for each in host.sources() if each.device and each.edge == source]
        entries = [
            BrowseEntry(str(each), each.device, "device", is_readable=False, has_children=True) for each in devices
        ]
        entries += [
            _entry(MetricAddress(source, name), metric) for name, metric in sorted(host.metrics(source).items())
        ]
    first = int(cursor) if cursor.isdigit() else 0
    end = first + PAGE
    return BrowsePage(tuple(entries[first:end]), str(end).encode() if end < len(entries) else b"")


def _entry(address: MetricAddress, metric: Metric) -> BrowseEntry:
    return BrowseEntry(
        address=str(address),
        name=address.metric,
        description=_text(metric, ("Documentation", "Description", "documentation")),
        data_type=type_name(metric.data_type),
        unit=_text(metric, _UNITS),
        low=_number(metric, _LOWS),
        high=_number(metric, _HIGHS),
        is_readable=metric.data_type in INTEGER_BITS or metric.data_type in set(MetricType),
    )


def _text(metric: Metric, keys: tuple[str, ...]) -> str:
    return next((str(metric.properties[key]) for key in keys if metric.properties.get(key)), "")


def _number(metric: Metric, keys: tuple[str, ...]) -> float:
    found = (metric.properties.get(key) for key in keys)
    return next((float(each) for each in found if isinstance(each, int | float)), math.nan)
