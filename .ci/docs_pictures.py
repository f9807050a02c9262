"""`python .ci/docs_pictures.py FROM TO`: take over from the pictures of `make pictures` what the documentation shows.

All screens at 1,280 x 720 in both looks and both languages; the first of each page (its name is one word) at the other
sizes too, dark and English, light and Chinese. With 256 colours each a picture takes a quarter of its place. TO gets an
index, README.md, and loses the pictures that it had.
"""

from __future__ import annotations

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

NAME = re.compile(r"(?P<screen>.+)-(?P<look>dark|light)-(?P<words>en|zh)-(?P<size>\d+x\d+)\.png")
SMALL = "1280x720"
PAIRED = {("dark", "en"), ("light", "zh")}
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
        small = QImage(str(path)).convertToFormat(QImage.Format.Format_Indexed8, FLAGS)
        if not small.save(str(target / path.name), "PNG", 0):
            raise OSError(f"{target / path.name}: cannot be written")
        screens[parts["screen"]].append((f"{parts['look']} {parts['words']} {parts['size']}", path.name))
    (target / "README.md").write_text(_index(screens), encoding="utf-8")
    print(f"{len(chosen)} pictures of {len(screens)} screens in {target}")
    return 0


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
