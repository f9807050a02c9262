"""Tests of the icons: each draws in one colour on its grid, so that the theme can tint it."""

from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = sorted(Path(str(files("resources") / "icons")).glob("*.svg"))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("icon", ICONS, ids=lambda icon: icon.stem)
def test_that_an_icon_draws_in_black_alone(icon: Path) -> None:
    renderer = QSvgRenderer(QByteArray(icon.read_bytes()))
    image = QImage(48, 48, QImage.Format.Format_ARGB32)
    image.fill(0)
    with QPainter(image) as painter:
        renderer.render(painter)

    pixels = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    drawn = [pixel for pixel in pixels if pixel.alpha() > 0]

    assert renderer.defaultSize().toTuple() == (24, 24)
    assert len(drawn) > 48
    assert {pixel.lightness() for pixel in drawn} == {0}
