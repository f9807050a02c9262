"""`python .ci/docs_pictures.py FROM TO`: take over from the pictures of `make pictures` what the documentation shows.

All screens at 1,280 x 720 in both looks and both languages; the first of each page (its name is one word) at the other
sizes too, dark and English, light and Chinese. With 256 colours each a picture takes less than half of its place; they
are its own ones, since Qt's fixed ones make the grey surfaces of a theme blue, or all the same. TO gets an index,
README.md, and loses the pictures that it had.
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

NAME = re.compile(r"(?P<screen>.+)-(?P<look>dark|light)-(?P<words>en|zh)-(?P<size>\d+x\d+)\.png")
SMALL = "1280x720"
PAIRED = {("dark", "en"), ("light", "zh")}
COLOURS, COMMONEST = 256, 128
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
    screens: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path, parts in chosen:
        small = with_own_colours(QImage(str(path)))
        if not small.save(str(target / path.name), "PNG", 0):
            raise OSError(f"{target / path.name}: cannot be written")
        screens[parts["screen"]].append((f"{parts['look']} {parts['words']} {parts['size']}", path.name))
    (target / "README.md").write_text(_index(screens), encoding="utf-8")
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
    is_paired = (parts["look"], parts["words"]) in PAIRED
    return parts["size"] == SMALL or (is_paired and "-" not in parts["screen"])


def _index(screens: dict[str, list[tuple[str, str]]]) -> str:
    lines = ["# Screens", "", "Made by `make docs-pictures` from the running demo plant.", ""]
    for screen, pictures in screens.items():
        lines += [f"- {screen}: " + ", ".join(f"[{title}]({name})" for title, name in pictures)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
