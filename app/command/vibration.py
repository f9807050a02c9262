"""`foreshift vibration import|list|spectrum|zones`: waveforms of vibration in the terminal."""

from __future__ import annotations

import argparse
import math
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.number_argument import number, whole_number
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.time_argument import instant
from app.model import clock

if TYPE_CHECKING:
    from app.model.plant import Plant
    from app.model.vibration import MeasuringPoint
    from app.plant.folder import PlantFolder
    from app.vibration.analysis import Analysis, Measure
    from app.vibration.hint import FaultHint

_PLANT = "a plant's folder, its plant.toml, or a known plant's name"
_MOST = 1 << 31
_LINES = 20


def add_to(commands: Commands) -> None:
    """Add the commands to the command line."""
    command = commands.add_parser(
        "vibration",
        help="waveforms of vibration, their spectra, zones and hints of faults",
        description="Import the waveform of a data collector, list what is recorded, and tell the spectrum of a record "
        "with the lines of its bearing, its zone and what the lines hint at.",
    )
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_import(deeds)
    listing = deeds.add_parser("list", help="list the records of a plant, newest first")
    listing.add_argument("plant", metavar="PLANT", help=_PLANT)
    listing.add_argument("--point", default="", metavar="ID", help="only of this measuring point")
    listing.add_argument(
        "--most", type=whole_number(1, 5_000), default=50, metavar="N", help="at the most so many (50)"
    )
    listing.set_defaults(run=_list)
    _add_spectrum(deeds)
    zones = deeds.add_parser("zones", help="tell the zones of a plant and where they come from")
    zones.add_argument("plant", metavar="PLANT", help=_PLANT)
    zones.set_defaults(run=_zones)


def _add_import(deeds: Commands) -> None:
    taken = deeds.add_parser(
        "import",
        help="take in a waveform from .csv, .txt, .tsv, .wav or .npy",
        description="Take in a waveform. A text file has one column of values, or a time in seconds and a value; a WAV "
        "file knows its rate; other files need --rate, or the point's rate_hz counts.",
    )
    taken.add_argument("plant", metavar="PLANT", help=_PLANT)
    taken.add_argument("point", metavar="POINT", help="id of a [[measuring_point]] of the plant file")
    taken.add_argument("file", metavar="FILE", type=Path, help="the waveform")
    taken.add_argument("--rate", type=number(0.1, 1e7), default=math.nan, metavar="HZ", help="samples per second")
    taken.add_argument("--rpm", type=number(0.0, 1e6), default=math.nan, metavar="N", help="speed meanwhile, 1/min")
    taken.add_argument("--at", default="", metavar="T", help="when it was recorded (default: the file's time)")
    taken.add_argument("--column", type=whole_number(1, 1_000), default=0, metavar="N", help="which column, from 1")
    taken.add_argument(
        "--full-scale", type=number(1e-12), default=1.0, metavar="X", help="of WAV: what its largest number means (1)"
    )
    taken.set_defaults(run=_import)


def _add_spectrum(deeds: Commands) -> None:
    shown = deeds.add_parser("spectrum", help="tell the lines of a record, its zone and what they hint at")
    shown.add_argument("plant", metavar="PLANT", help=_PLANT)
    shown.add_argument("record", metavar="N", type=whole_number(1, _MOST), help="number of the record, of list")
    shown.add_argument(
        "--of", choices=("velocity", "acceleration", "envelope"), default="velocity", help="which one (velocity)"
    )
    shown.add_argument("--lines", type=whole_number(1, 1_000), default=_LINES, metavar="N", help="highest lines (20)")
    shown.add_argument("--csv", default="", metavar="FILE", help="write the whole spectrum: Hz, order, amplitude")
    shown.set_defaults(run=_spectrum)


def _import(options: argparse.Namespace) -> int:
    from app.database import open_writer
    from app.model.audit import AuditAction
    from app.vibration.analysis import analyse
    from app.vibration.store import WaveformStore, records_of
    from app.vibration.waveform import BadWaveform, Waveform, check_waveform
    from app.vibration.waveform_file import read_waveform

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    point = _point(plant, options.point)
    try:
        found = read_waveform(options.file, column=options.column, full_scale=options.full_scale)
        rate = next((each for each in (options.rate, found.rate_hz, point.rate_hz) if each > 0.0), 0.0)
        time = instant(options.at) if options.at else options.file.stat().st_mtime_ns
        speed = point.rated_rpm if math.isnan(options.rpm) else options.rpm
        waveform = Waveform(point.id, point.equipment, time, rate, point.unit, found.values, speed)
        check_waveform(waveform)
    except BadWaveform as error:
        raise UsageFailure(f"{options.file}: {error}") from error
    analysis = analyse(waveform, point, plant.zones_of(point))
    with closing(open_writer(folder.history)) as connection:
        is_new = WaveformStore(connection).add(waveform, analysis.measure)
        record = next(each for each in records_of(connection, point.id) if each.time == time)
    if not is_new:
        raise UsageFailure(f"{point.id} has record {record.id} of {_time(time)} already: give another time with --at")
    from app.command.deed import note_deed

    note_deed(folder, AuditAction.HISTORY_IMPORTED, subject=f"vibration {point.id}", reason=options.file.name)
    print(f"record {record.id}: {len(waveform.values)} samples, {waveform.duration_s:.3g} s at {rate:g} Hz")
    _tell(analysis)
    return 0


def _list(options: argparse.Namespace) -> int:
    from app.database import open_reader
    from app.vibration.store import records_of

    folder = plant_folder(options.plant)
    if options.point:
        _point(plant_in(folder), options.point)
    with closing(open_reader(folder.history)) as connection:
        records = records_of(connection, options.point, limit=options.most)
    for each in records:
        kept = "" if each.has_samples else "  samples no longer kept"
        print(
            f"{each.id:6}  {_time(each.time)}  {each.point:12}  {each.trigger.value:8}  {_figures(each.measure)}"
            f"  {each.speed_rpm:6.0f}/min{kept}"
        )
    return 0


def _spectrum(options: argparse.Namespace) -> int:
    folder = plant_folder(options.plant)
    analysis = _analysis(folder, plant_in(folder), options.record)
    spectrum = {
        "velocity": analysis.velocity,
        "acceleration": analysis.own if analysis.waveform.is_acceleration else None,
        "envelope": analysis.envelope_spectrum,
    }[options.of]
    if spectrum is None:
        raise UsageFailure(f"record {options.record} is of a sensor of velocity: there is no {options.of} of it")
    shaft = analysis.waveform.shaft_hz
    peaks = spectrum.peak()
    if options.csv:
        rows = (
            f"{hz:.6g},{hz / shaft if shaft else math.nan:.6g},{peak:.6g}"
            for hz, peak in zip(spectrum.hz, peaks, strict=True)
        )
        Path(options.csv).write_text("\n".join(["hz,order,peak", *rows]) + "\n", encoding="utf-8")
    unit = "mm/s" if options.of == "velocity" else "m/s²"
    inner = [k for k in range(1, len(peaks) - 1) if peaks[k - 1] < peaks[k] >= peaks[k + 1]]
    for k in sorted(sorted(inner, key=lambda each: -peaks[each])[: options.lines]):
        tone = spectrum.tone(k * spectrum.step_hz)
        order = f"{tone.hz / shaft:8.3f}x" if shaft else ""
        print(f"{tone.hz:10.2f} Hz {order}  {tone.peak:10.4g} {unit} peak  {tone.rms:10.4g} rms")
    _tell(analysis)
    return 0


def _zones(options: argparse.Namespace) -> int:
    plant = plant_in(plant_folder(options.plant))
    for each in plant.zone_limits:
        limits = " | ".join(f"{limit:g}" for limit in each.limits)
        mark = "  EXAMPLE, not to be relied on" if each.is_example else ""
        print(
            f"{each.id}: {limits} mm/s rms  {each.machine.en}  {each.foundation.en}{mark}\n  source: {each.source.en}"
        )
    return 0


def _analysis(folder: PlantFolder, plant: Plant, record: int) -> Analysis:
    from app.database import open_reader
    from app.vibration.analysis import analyse
    from app.vibration.store import waveform_of

    with closing(open_reader(folder.history)) as connection:
        waveform = waveform_of(connection, record)
    if waveform is None:
        raise UsageFailure(f"there is no waveform {record}: foreshift vibration list tells which are kept")
    point = _point(plant, waveform.point)
    return analyse(waveform, point, plant.zones_of(point))


def _point(plant: Plant, name: str) -> MeasuringPoint:
    for point in plant.measuring_points:
        if point.id == name:
            return point
    known = ", ".join(point.id for point in plant.measuring_points) or "none"
    raise UsageFailure(f"there is no measuring point {name}, only {known}: add it under [[measuring_point]]")


def _tell(analysis: Analysis) -> None:
    print(_figures(analysis.measure))
    for hint in analysis.hints:
        if hint.score >= 1.0:
            print(_told(hint))


def _told(hint: FaultHint) -> str:
    lines = ", ".join(
        f"{each.hz:.1f} Hz ({each.over_floor:.0f}x noise)" for each in hint.matches if not each.is_sideband
    )
    return f"hint: {hint.fault.value.replace('_', ' ')}, {hint.score:.1f} times its limit: {lines}"


def _figures(measure: Measure) -> str:
    zone = "-" if measure.zone is None else measure.zone.value
    return (
        f"{measure.velocity:7.2f} mm/s  zone {zone}  rms {measure.rms:.3g}  crest {measure.crest:.1f}"
        f"  kurtosis {measure.kurtosis:.1f}"
    )


def _time(time: int) -> str:
    return clock.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S")
