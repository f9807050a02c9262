"""`python -m tests.chaos CAMPAIGN [--count N] [--seed S] [--synchronous FULL|NORMAL|OFF] [--only N]`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import sys
import time
from pathlib import Path

from tests.chaos.answers import HostileAnswers, record
from tests.chaos.attacks import Attacks
from tests.chaos.flips import Flips
from tests.chaos.frames import Frames
from tests.chaos.kills import Kills
from tests.chaos.place import working_folder
from tests.chaos.power import PowerCuts
from tests.chaos.recording import NoWitness, compile_witness
from tests.chaos.store import SYNCHRONOUS

LONG = {"kills": 1_000, "power": 10_000, "flips": 250, "frames": 500_000, "answers": 100_000, "attacks": 10_000}


def main() -> int:
    """Run one campaign; exit code 0 when nothing was held against the storage, 2 when it could not be run."""
    options = _options()
    logging.disable()  # what the history says of damage is in the verdicts
    started = time.monotonic()
    print(f"{options.campaign}: --seed {options.seed}", flush=True)
    with working_folder(options.folder) as folder:
        try:
            text, is_clean = _run(options, folder)
        except NoWitness as reason:
            print(f"not run: {reason}")
            return 2
    print(f"{text}\n{time.monotonic() - started:.0f} s")
    return 0 if is_clean else 1


def _run(options: argparse.Namespace, folder: Path) -> tuple[str, bool]:
    """Return the report, and whether all is well."""
    numbers = range(options.count) if options.only is None else [options.only]
    if options.campaign == "frames":
        frames = Frames(options.seed).run(numbers)
        return frames.as_text(), frames.holds
    if options.campaign == "answers":
        answers = HostileAnswers(options.seed, asyncio.run(record())).run(numbers)
        return answers.as_text(), answers.holds
    if options.campaign == "attacks":
        attacks = Attacks(folder, options.seed).run(numbers)
        return attacks.as_text(), attacks.holds
    if options.campaign == "flips":
        report = Flips(folder, options.seed).run(numbers)
        return report.as_text(), report.holds
    settings = {"synchronous": options.synchronous, "is_hasty": options.hasty, "kept": options.keep}
    if options.campaign == "power":
        tally = PowerCuts(folder, options.seed, compile_witness(folder), **settings).run(numbers)
        return tally.as_text(), tally.is_clean
    kills = Kills(folder, options.seed, _witness(folder), **settings)
    tally = kills.run(options.count) if options.only is None else kills.run_file(options.only)
    return tally.as_text(), tally.is_clean


def _witness(folder: Path) -> Path | None:
    try:
        return compile_witness(folder)
    except NoWitness as reason:
        print(f"nobody is killed in a chosen file operation: {reason}")
        return None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Proofs that what was stored stays, and that no hostile answer becomes a value.",
    )
    parser.add_argument("campaign", choices=sorted(LONG))
    parser.add_argument("--count", type=int, help=f"how many; {LONG} where not given")
    parser.add_argument("--seed", type=int, default=secrets.randbits(31), help="repeats a campaign")
    parser.add_argument(
        "--only", type=int, metavar="N", help="this power cut, flip or burst of frames, or the kills of this file"
    )
    parser.add_argument("--synchronous", choices=SYNCHRONOUS, default="FULL", help="sabotage the writer")
    parser.add_argument("--hasty", action="store_true", help="sabotage: acknowledge before storing")
    parser.add_argument("--folder", type=Path, help="where to work; in memory if not given")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the files of every fault there")
    options = parser.parse_args()
    options.count = LONG[options.campaign] if options.count is None else options.count
    return options


if __name__ == "__main__":
    sys.exit(main())
