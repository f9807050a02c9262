"""`foreshift probe URL`: find out what a device is and has; `foreshift probe NETWORK`: which devices there are."""

from __future__ import annotations

import argparse
import math
import sys
from typing import TYPE_CHECKING

from app.acquisition.event_loop import run_drivers
from app.command.device_argument import add_device_options, options_of
from app.command.failure import UsageFailure
from app.command.number_argument import number, whole_number
from app.command.options import Commands

if TYPE_CHECKING:
    from drivers.probe import Decoding, ProbeReport
    from widgets.engineering.devices import DeviceFound

DESCRIPTION = """\
Find out what a device is and has. It is only read, one request at a time.

Modbus: which units answer (--units 1-20; default: that of the URL), what they say of themselves, which
registers and bits can be read, in which order words seem to be; a device that speaks SunSpec proposes tags with
units and scales. OPC UA: endpoints and their security, server, namespaces and limits.

With --at the same registers are shown in all four orders and the likely types, the most plausible first.

A network such as 192.168.0.0/28 instead of a URL: which of its addresses take connections for OPC UA (4840),
Modbus (502), Modbus with TLS (802) or MQTT (1883). Those that answer are tried at further usual ports.
Nothing is sent to them; with --who each that takes a connection is asked who it is. Other ports stand behind a colon:
192.168.0.0/28:1502, 192.168.0.10:1-65535; who listens there is always asked.
"""
_LAST_UNIT = 247
_MOST_TOLD = 8


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "probe",
        help="find out what a device is and has, or which devices a network has",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("target", metavar="URL", help="opc.tcp://HOST:PORT, modbus://HOST:PORT, or 192.168.0.0/28")
    command.add_argument(
        "--units",
        type=unit_range,
        default=(),
        metavar="RANGE",
        help="Modbus: unit ids to ask for, such as 1-20 or 1,5,9",
    )
    command.add_argument("--seconds", type=number(1, 3_600), default=60.0, help="end after so many (default 60)")
    command.add_argument("--at", metavar="ADDRESS", default="", help="Modbus: registers of unknown type, such as HR100")
    command.add_argument(
        "--count", type=whole_number(1, 60), default=4, help="how many registers, with --at (default 4)"
    )
    command.add_argument("--reads", type=whole_number(1, 100), default=3, help="how often, with --at (default 3)")
    command.add_argument(
        "--tags", metavar="FILE", default="", help="write the proposed tags there, for `foreshift tags import`"
    )
    command.add_argument("--who", action="store_true", help="a network: ask each that is found who it is")
    add_device_options(command)
    command.set_defaults(run=run)


def unit_range(text: str) -> tuple[int, ...]:
    """Return the unit ids of "1-20" or "1,5,9"; for argparse's `type`."""
    units: dict[int, None] = {}
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        if not low.isdecimal() or (dash and not high.isdecimal()):
            raise argparse.ArgumentTypeError(f"{text}: write unit ids such as 1-20 or 1,5,9")
        first, last = int(low), int(high) if dash else int(low)
        if first > last or last > 255:
            raise argparse.ArgumentTypeError(f"{text}: unit ids go from 0 to 255, those of units 1 to {_LAST_UNIT}")
        units.update(dict.fromkeys(range(first, last + 1)))
    return tuple(units)


def run(options: argparse.Namespace) -> int:
    """Probe, and print what was found."""
    if "://" not in options.target:
        return _search(options.target, is_asking=options.who)
    if options.at:
        return run_drivers(_decode(options))
    return _probe(options)


def _search(network: str, *, is_asking: bool) -> int:
    from app.acquisition.host_scan import PORTS, BadNetwork
    from app.acquisition.search_range import range_of
    from app.command.device_search import search
    from drivers.probe import unheard
    from widgets.engineering.devices import SearchWish

    try:
        wanted = range_of(network)
    except BadNetwork as reason:
        raise UsageFailure(str(reason)) from reason
    ports = ", ".join(map(str, PORTS)) if not wanted.ports else f"{len(wanted.ports)} given"
    print(f"trying {len(wanted.hosts)} addresses at the ports {ports}", file=sys.stderr)
    shown: list[str] = []

    def show(device: DeviceFound) -> None:
        if not device.is_asked:
            shown.append(device.port.url)
            print("  ".join([device.port.url, *_introduced(device)]), flush=True)

    end = search(SearchWish((network,), is_asking=is_asking), show, unheard)
    if end.there:
        some = ", ".join(end.there[:_MOST_TOLD]) + (" and others" if len(end.there) > _MOST_TOLD else "")
        print(
            f"foreshift: somebody is there, and listens at other ports or at none: {some}; to try them all: "
            f"foreshift probe {end.there[0]}:1-65535",
            file=sys.stderr,
        )
    if end.strangers:
        print(f"foreshift: {end.strangers} open ports speak neither OPC UA nor Modbus", file=sys.stderr)
    if not shown:
        print(
            "foreshift: no device takes a connection there: is the network right, and no firewall between?",
            file=sys.stderr,
        )
    return 0 if shown else 1


def _introduced(device: DeviceFound) -> list[str]:
    who = device.who
    if who is None:
        return ["does not answer"] if device.is_silent else []
    units = [f"units {', '.join(map(str, who.units))}"] if who.units else []
    silent = ["no unit answers"] if who.asked and not who.units else []
    return [part for part in (who.name, *units, *silent, "asks who comes" if who.is_guarded else "") if part]


async def _decode(options: argparse.Namespace) -> int:
    from app.command.device import opened
    from drivers.probe import Decoded

    async with opened(options.target, options_of(options), folder=options.folder) as driver:
        if not isinstance(driver, Decoded):
            raise UsageFailure(
                f"{options.target}: its values have a type of their own: foreshift browse {options.target}"
            )
        found = await driver.decodings(options.at, options.count, reads=options.reads, pause_s=0.5)
    for line in decoding_lines(found):
        print(line)
    return 0


def decoding_lines(found: list[Decoding]) -> list[str]:
    """Return a table of decodings, one a line: how plausible, type and order, values, and the address to take."""
    rows = [
        (
            f"{each.plausibility:4.0%}",
            f"{each.data_type}:{each.order}",
            "  ".join(_value(value, moved) for value, moved in zip(each.values, each.moved, strict=True)),
            each.addresses[0],
        )
        for each in found
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows]


def _value(value: float, moved: float) -> str:
    shown = f"{value:.6g}"
    return f"{shown} (moved {moved:.3g})" if moved and math.isfinite(moved) else shown


def _probe(options: argparse.Namespace) -> int:
    from app.acquisition.registry import definition_of, driver_class
    from app.command.progress_line import cancellable
    from app.plant.catalogue import home_folder
    from drivers.probe import ProbeWish, Probing

    definition = definition_of(options.target, options=options_of(options), folder=options.folder or str(home_folder()))
    driver = driver_class(definition.driver)
    if not isinstance(driver, Probing):
        raise UsageFailure(
            f"{options.target}: devices of this kind tell of themselves: foreshift browse {options.target}"
        )
    wish = ProbeWish(options.units, options.seconds)
    with cancellable("probing", unit="%") as line:
        report = run_drivers(driver.probe(definition, wish, lambda share, _: line(share, round(share * 100))))
    print_report(report)
    if options.tags:
        _write_tags(report, options.tags)
    return 0 if report.sections else 1


def print_report(report: ProbeReport) -> None:
    """Print what a probe has found, a section after the other."""
    for section in report.sections:
        print(f"{section.title}  {section.url}")
        for fact in section.facts:
            print(f"  {fact.name}: {fact.text}")
        if section.proposals:
            print(f"  proposed tags: {len(section.proposals)}")
        for tag in section.proposals:
            scale = f"  x {tag.gain:g}" if tag.gain != 1.0 else ""
            print(f"    {tag.name}  {tag.address}  {tag.unit}{scale}  {tag.title}")
    for note in report.notes:
        print(f"foreshift: {note}", file=sys.stderr)


def _write_tags(report: ProbeReport, file: str) -> None:
    from pathlib import Path

    from app.plant.atomic import replace_text
    from app.plant.tag_list.own_csv import proposed_csv

    proposals = [tag for section in report.sections for tag in section.proposals]
    if not proposals:
        raise UsageFailure(f"{report.url}: it proposes no tags, so that {file} was not written")
    replace_text(Path(file), proposed_csv(proposals))
    print(f"{file}: {len(proposals)} tags; foreshift tags import PLANT {file}")
