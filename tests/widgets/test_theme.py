"""The palettes can be read, in normal sight and in three kinds of colour blindness."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.model.alarm import Priority
from widgets import theme
from widgets.theme import Theme, ThemeName, Token

# Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009
SIGHT: dict[str, list[list[float]]] = {
    "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
SMALLEST_DISTANCE = {
    "dark": {"normal": 33.6, "protan": 22.0, "deutan": 13.3, "tritan": 27.8},
    "light": {"normal": 38.6, "protan": 27.2, "deutan": 19.1, "tritan": 26.5},
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(color: QColor) -> NDArray[np.float64]:
    """Linear-light sRGB, IEC 61966-2-1."""
    encoded = np.array([color.redF(), color.greenF(), color.blueF()])
    light: NDArray[np.float64] = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return light


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2.2 contrast ratio."""
    bright, dark = sorted((float(TO_XYZ[1] @ linear(color)) for color in (first, second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def lab(color: QColor, sight: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) as an eye of that sight sees it."""
    seen = np.clip(np.array(sight) @ linear(color), 0, 1)
    ratio = TO_XYZ @ seen / TO_XYZ.sum(axis=1)
    x, y, z = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def smallest_distance(look: Theme, sight: str) -> float:
    """Smallest CIE76 difference between two of the four priority colours."""
    points = [lab(look.priority(priority), SIGHT[sight]) for priority in Priority]
    return min(float(np.linalg.norm(a - b)) for a, b in combinations(points, 2))


@pytest.mark.parametrize("name", ["dark", "light"])
def test_that_text_stands_out_from_every_surface(name: ThemeName) -> None:
    look = theme.load(name)
    surfaces: tuple[Token, ...] = ("background", "panel", "plot", "raised", "selection")
    for surface in surfaces:
        assert contrast(look.color("text"), look.color(surface)) >= 7, surface
        if surface != "selection":
            assert contrast(look.color("dim"), look.color(surface)) >= 4.5, surface
    assert contrast(look.color("accent"), look.color("panel")) >= 4.5
    assert contrast(look.color("forecast"), look.color("plot")) >= 4.5
    assert contrast(look.color("running_text"), look.color("running")) >= 4.5
    assert contrast(look.color("stopped_text"), look.color("stopped")) >= 4.5


@pytest.mark.parametrize("name", ["dark", "light"])
def test_that_priority_shapes_stand_out_from_the_panel(name: ThemeName) -> None:
    look = theme.load(name)
    for priority in Priority:
        edge = max(
            contrast(look.color(token), look.color("panel"))  # type: ignore[arg-type]
            for token in (f"priority_{priority}", "priority_outline")
        )
        assert edge >= 3, priority
        assert contrast(look.priority_text(priority), look.priority(priority)) >= 3, priority


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("sight", list(SIGHT))
def test_that_no_two_priorities_look_alike(name: ThemeName, sight: str) -> None:
    assert smallest_distance(theme.load(name), sight) >= SMALLEST_DISTANCE[name][sight] - 0.1


@pytest.mark.parametrize("name", ["dark", "light"])
def test_that_pens_of_a_trend_stand_out_and_keep_away_from_alarm_colours(name: ThemeName) -> None:
    look = theme.load(name)
    for index in range(4):
        assert contrast(look.pen(index), look.color("plot")) >= 4.5
        for priority in Priority:
            distance = np.linalg.norm(
                lab(look.pen(index), SIGHT["normal"]) - lab(look.priority(priority), SIGHT["normal"])
            )
            assert distance >= 20, (index, priority)


def test_that_switching_the_theme_tells_every_widget(qtbot: QtBot, qapp: QApplication) -> None:
    seen: list[QEvent.Type] = []

    class Listener(QWidget):
        def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
            seen.append(event.type())
            super().changeEvent(event)

    window = QWidget()
    qtbot.addWidget(window)
    Listener(window)
    theme.apply(qapp, theme.load("light"))
    qapp.processEvents()
    assert QEvent.Type.PaletteChange in seen
    assert QEvent.Type.StyleChange in seen
    assert theme.theme().name == "light"
    assert window.palette().color(QPalette.ColorRole.Window) == theme.load("light").color("background")


def test_that_text_grows_with_the_scale_of_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel("7.4")
    label.setProperty("lettering", "value")
    qtbot.addWidget(label)
    heights = []
    for scale in (1.0, 1.25):
        theme.apply(qapp, theme.load("dark", scale=scale))
        label.ensurePolished()
        heights.append(label.fontInfo().pixelSize())
    assert heights == [24, 30]


def test_that_all_digits_have_one_width() -> None:
    from PySide6.QtGui import QFontMetricsF

    for weight in (theme.REGULAR, theme.BOLD):
        metrics = QFontMetricsF(theme.theme().font("value", weight=weight))
        assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1


def test_that_a_theme_file_with_a_missing_colour_is_refused_with_its_name() -> None:
    with pytest.raises(theme.ThemeError, match=r"themes/dark\.toml: .*panel"):
        theme._colors("dark", {"text": "#FFFFFF"})
