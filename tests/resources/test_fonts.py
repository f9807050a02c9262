"""Tests of the shipped typeface: both weights load, hold the needed characters, and keep digits in columns."""

from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetricsF, QRawFont

FONTS = sorted(Path(str(files("resources") / "fonts")).glob("*.otf"))
UNITS_AND_SIGNS = "°µμ³²·✓←↑→↓▲▼■●◆○△▽–—…±≥≤≠≈×−√∞ΔΣΩαβσ‰℃№⚠"
GB2312 = "".join(
    bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
)


def test_that_regular_and_bold_are_shipped_with_their_licence() -> None:
    assert [font.name for font in FONTS] == ["NotoSansSC-Bold.otf", "NotoSansSC-Regular.otf"]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS[0].parent / "OFL.txt").read_text("utf-8")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_that_a_weight_has_the_characters_of_a_plant_screen(font: Path) -> None:
    raw = QRawFont(str(font), 13)

    assert len(GB2312) == 6763
    assert [sign for sign in UNITS_AND_SIGNS + GB2312 if not raw.supportsCharacter(ord(sign))] == []


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.stem)
def test_that_all_digits_are_equally_wide(font: Path) -> None:
    number = QFontDatabase.addApplicationFont(str(font))
    (family,) = QFontDatabase.applicationFontFamilies(number)
    (style, *_) = QFontDatabase.styles(family)
    metrics = QFontMetricsF(QFontDatabase.font(family, style, 12))

    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
