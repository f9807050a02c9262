"""`python .ci/docs_pictures.py FROM TO`: take over from the pictures of `make pictures` what the documentation shows.

All screens at 1,280 x 720 in both looks and both languages; one of each page at the other sizes too, each in one look,
another one at each size, the largest as on a monitor set to 200 %. With 64 colours each a picture takes a third of its
place; they are its own ones, since Qt's fixed ones make the grey surfaces of a theme blue, or all the same. TO gets an
index, README.md, and loses the pictures that it had.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from widgets import every_screen

NAME = re.compile(r"(?P<screen>.+)-(?P<look>dark|light)-(?P<words>en|zh)-(?P<size>\d+x\d+)\.png")
SIZES = {f"{width}x{height}": (width, height) for width, height in every_screen.SIZES}
COLOURS, COMMONEST = 64, 32
LARGE = frozenset(
    {
        "overview",
        "equipment",
        "alarms",
        "cases",
        "maintenance-open",
        "handover",
        "performance",
        "audit",
        "vibration",
        "trends-signals",
        "models",
        "engineering-tag",
        "panels",
        "start",
        "replay-equipment",
    }
)
"""What is shown at the larger sizes too: one screen of each page."""
OTHERS = "others"
TITLES = {
    "overview": "Overview",
    "equipment": "Equipment: trends, process, health and forecasts of one",
    "faceplate": "Writing a set point, calling a method",
    "alarms": "Alarms",
    "cases": "Cases: what is unusual, and why",
    "maintenance": "Maintenance",
    "handover": "Handover and shift reports",
    "performance": "Performance of the alarm system",
    "audit": "Audit trail",
    "vibration": "Vibration",
    "trends": "Trends: signals, statistics, comparison, histogram, XY, spectrum",
    "models": "Models that were learned",
    "engineering": "Engineering: sheets, bulk edit, difference, versions",
    "help": "Help beside the page",
    "search": "Search (Ctrl+K)",
    "explain": "Explain this number",
    "operator": "Names and sign-in",
    "sign-in": "Names and sign-in",
    "connection": "Connections and certificates",
    "import": "Tags from a list of another program",
    "add": "A device more",
    "picture": "Editor of process pictures",
    "panels": "Panels beside, below and in a window of their own",
    "start": "First start",
    "connect": "Connecting a device",
    "trust": "Whom to trust",
    "replay": "Replay of the past",
    "others": "Others",
}
"""The heads of the index, by how the names of screens begin."""
FLAGS = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither


def main(source: Path, target: Path) -> int:
    """Write the pictures; return the exit code, 1 where there are none."""
    found = [(path, match.groupdict()) for path in sorted(source.glob("*.png")) if (match := NAME.fullmatch(path.name))]
    chosen = [(path, parts) for path, parts in found if _is_shown(parts)]
    if not chosen:
        print(f"{source}: no pictures, run `make pictures` first", file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("*.png"):
        old.unlink()
    screens: dict[str, list[tuple[dict[str, str], str]]] = defaultdict(list)
    for path, parts in chosen:
        small = with_own_colours(QImage(str(path)))
        if not small.save(str(target / path.name), "PNG", 0):
            raise OSError(f"{target / path.name}: cannot be written")
        screens[parts["screen"]].append((parts, path.name))
    order = list(TITLES)
    pages = sorted(screens, key=lambda screen: (order.index(_key(screen)), screen))
    (target / "README.md").write_text(_index({screen: screens[screen] for screen in pages}), encoding="utf-8")
    print(f"{len(chosen)} pictures of {len(screens)} screens in {target}")
    return 0


def with_own_colours(picture: QImage) -> QImage:
    """Return a picture in 256 of its colours: the commonest, and of the others those that none of them is like."""
    whole = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(whole.constBits(), dtype=np.uint32)
    colours, counts = np.unique(pixels, return_counts=True)
    colours = colours[np.argsort(-counts, kind="stable")]
    kept = _apart(colours, commonest=COMMONEST, most=COLOURS)
    return whole.convertToFormat(QImage.Format.Format_Indexed8, [int(each) for each in kept], FLAGS)


def _apart(colours: NDArray[np.uint32], *, commonest: int, most: int) -> NDArray[np.uint32]:
    """Return the first colours, and then again and again the one that is farthest from all that were chosen."""
    parts = np.stack([colours >> shift & 0xFF for shift in (16, 8, 0)], axis=1).astype(np.int64)
    chosen = list(range(min(commonest, len(colours))))
    nearest = np.full(len(colours), np.iinfo(np.int64).max)
    for place in chosen:
        nearest = np.minimum(nearest, ((parts - parts[place]) ** 2).sum(axis=1))
    while len(chosen) < min(most, len(colours)):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, ((parts - parts[chosen[-1]]) ** 2).sum(axis=1))
    return colours[chosen]


def _is_shown(parts: dict[str, str]) -> bool:
    size = SIZES[parts["size"]]
    look = (parts["look"], parts["words"])
    is_seen = size == every_screen.SMALL or parts["screen"] in LARGE
    return is_seen and look in every_screen.looks_of(parts["screen"], size, is_whole=False)


def _index(screens: dict[str, list[tuple[dict[str, str], str]]]) -> str:
    """Return the index: under the head of each page its screens, each seen in one look, the others as links."""
    lines = [
        "# Screens",
        "",
        "Made by `make docs-pictures` from the running demo plant: every page, and of each its states and dialogs.",
        "",
        "- 1,280 x 720: all screens, dark and light, English and Chinese.",
        "- 1,920 x 1,080 and 3,840 x 2,160: one screen of each page, each in one look and language, in turn; the",
        "  latter as on a 4K monitor set to 200 %.",
        "- `make docs-pictures ALL=1` leaves all of them at all sizes in `./pictures`.",
    ]
    head = ""
    for screen, pictures in screens.items():
        title = _title(screen)
        if title != head:
            lines += ["", f"## {title}"]
            head = title
        shown = next(name for parts, name in pictures if (parts["look"], parts["words"]) == ("dark", "en"))
        links = [f"[{parts['look']} {parts['words']} {parts['size']}]({name})" for parts, name in pictures]
        lines += ["", f"**{screen}**: {', '.join(links)}", "", f"![{screen}]({shown})"]
    return "\n".join([*lines, ""])


def _title(screen: str) -> str:
    return TITLES[_key(screen)]


def _key(screen: str) -> str:
    """Return the head that a screen stands under; raise KeyError where none is given for its name."""
    return next(key for key in (screen, screen.partition("-")[0], OTHERS) if key in TITLES)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
