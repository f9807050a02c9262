"""Looks into the built wheel: it holds our four packages with their files, and nothing else.

Run as `python .ci/check_wheel.py dist`.
"""

import sys
from pathlib import Path
from zipfile import ZipFile

PACKAGES = {"app", "widgets", "drivers", "resources"}
NEEDED = {
    "app/__main__.py",
    "resources/fonts/NotoSansSC-Regular.otf",
    "resources/fonts/NotoSansSC-Bold.otf",
    "resources/fonts/OFL.txt",
    "resources/icons/logo.svg",
}
UNWANTED_SUFFIXES = (".pyc", ".db", ".sqlite", ".log")


def find_problems(wheel: Path) -> list[str]:
    """One sentence for each thing that is wrong with the wheel."""
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    inside = {name.split("/", 1)[0] for name in names}
    metadata = next(name for name in inside if name.endswith(".dist-info"))
    needed = NEEDED | {f"{metadata}/licenses/LICENSE", f"{metadata}/entry_points.txt"}
    needed |= {path.as_posix() for path in Path("resources/help").rglob("*.md")}
    source = {path.as_posix() for package in PACKAGES for path in Path(package).rglob("*.py")}
    return [
        *(f"{name} does not belong into the wheel" for name in sorted(inside - PACKAGES - {metadata})),
        *(f"{name} is missing in the wheel" for name in sorted((needed | source) - names)),
        *(f"{name} does not belong into the wheel" for name in sorted(names) if name.endswith(UNWANTED_SUFFIXES)),
    ]


def main() -> int:
    """Prints what is wrong with the one wheel in the given folder; returns 1 if anything is."""
    (wheel,) = Path(sys.argv[1]).glob("*.whl")
    problems = find_problems(wheel)
    for problem in problems:
        print(f"{wheel.name}: {problem}")
    if not problems:
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, complete")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
