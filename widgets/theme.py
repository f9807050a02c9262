"""The look of every screen: colours with a meaning, one typeface and its sizes, in a dark and a light theme."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal, get_args

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from app.model.alarm import Priority

Token = Literal[
    "background", "panel", "plot", "raised", "line", "track", "selection", "accent", "text", "dim", "faint",
    "replay", "replay_text",
    "process_line", "equipment", "running", "running_text", "stopped", "stopped_text",
    "priority_1", "priority_2", "priority_3", "priority_4", "priority_outline",
    "priority_text_1", "priority_text_2", "priority_text_3", "priority_text_4",
    "pen_1", "pen_2", "pen_3", "pen_4", "pen_5", "pen_6", "pen_7", "pen_8", "grid", "normal_band", "limit",
    "forecast", "forecast_band", "forecast_ground",
]  # fmt: skip
TextSize = Literal["tiny", "small", "body", "title", "large", "counter", "value"]
ThemeName = Literal["dark", "light"]

TEXT_PX: Mapping[TextSize, int] = {
    "tiny": 11, "small": 12, "body": 13, "title": 14, "large": 16, "counter": 20, "value": 24,
}  # fmt: skip
REGULAR, SEMIBOLD, BOLD = 400, 600, 700
TOUCH_SCALE, GLOVE = 1.3, 44
"""From this scale on, what is pressed is at least so many px high and wide."""
_PADDINGS = {"button": (5, 0), "flat": (4, 0), "field": (3, 2), "choice": (3, 2), "head": (6, -1), "box": (0, -2)}
"""Of the style sheet: px above and below a text, and what Qt adds to that besides two borders."""


class ThemeError(Exception):
    """A theme file lacks a colour, names an unknown one or gives one that is none."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One look; `scale` enlarges every text and length for screens that are read from afar.

    Paint with `theme().color("panel")` inside paintEvent; keep no copy, or renew it in changeEvent on PaletteChange.
    """

    name: ThemeName
    is_dark: bool
    colors: Mapping[Token, QColor]
    scale: float = 1.0
    family: str = ""
    _fonts: dict[tuple[TextSize, int], QFont] = field(default_factory=dict, repr=False, compare=False)

    def color(self, name: Token) -> QColor:
        """Return a colour of the palette by its meaning."""
        return self.colors[name]

    def priority(self, priority: Priority) -> QColor:
        """Return the colour of an alarm priority; nothing else on a screen may have it."""
        return self.colors[_PRIORITY[priority]]

    def priority_text(self, priority: Priority) -> QColor:
        """Return the colour of the number on a filled priority shape."""
        return self.colors[_PRIORITY_TEXT[priority]]

    def pen(self, index: int) -> QColor:
        """Return the colour of the pen `index` (0, 1, ...) of a trend; they come round again after eight."""
        return self.colors[_PENS[index % len(_PENS)]]

    def px(self, length: float) -> int:
        """Return a length of the design (pixels at scale 1) at this theme's scale."""
        return round(length * self.scale)

    def hit(self, length: float) -> int:
        """Return a length of something that is pressed: `px` of it, from the touch size on at least GLOVE."""
        return max(self.px(length), GLOVE if self.is_touch else 0)

    @property
    def is_touch(self) -> bool:
        """Whether everything that is pressed is large enough for a finger in a glove."""
        return self.scale >= TOUCH_SCALE

    def font(self, size: TextSize = "body", *, weight: int = REGULAR) -> QFont:
        """Return the typeface in one of its sizes, with digits of one width."""
        key = (size, weight)
        if key not in self._fonts:
            self._fonts[key] = self._make_font(TEXT_PX[size], weight)
        return self._fonts[key]

    def _make_font(self, pixels: int, weight: int) -> QFont:
        font = QFont(self.family) if self.family else QFont()
        font.setPixelSize(self.px(pixels))
        font.setWeight(QFont.Weight(weight))
        # a running number must not tremble: every digit takes the same width
        font.setFeature(QFont.Tag.fromString("tnum"), 1)
        return font


_PRIORITY: Mapping[Priority, Token] = {
    Priority.CRITICAL: "priority_1",
    Priority.HIGH: "priority_2",
    Priority.MEDIUM: "priority_3",
    Priority.DIAGNOSTIC: "priority_4",
}
_PRIORITY_TEXT: Mapping[Priority, Token] = {
    Priority.CRITICAL: "priority_text_1",
    Priority.HIGH: "priority_text_2",
    Priority.MEDIUM: "priority_text_3",
    Priority.DIAGNOSTIC: "priority_text_4",
}
_PENS: tuple[Token, ...] = ("pen_1", "pen_2", "pen_3", "pen_4", "pen_5", "pen_6", "pen_7", "pen_8")


@cache
def bundled_family() -> str:
    """Load the typeface that comes with the program; return its family, "" without one. Needs a QApplication."""
    families: list[str] = []
    folder = files("resources") / "fonts"
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith((".otf", ".ttf")):
                number = QFontDatabase.addApplicationFontFromData(file.read_bytes())
                families += QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else ""


def load(name: ThemeName, *, scale: float = 1.0) -> Theme:
    """Return the theme of that name; needs a QApplication. Raise ThemeError where its file is not whole."""
    text = (files("resources") / "themes" / f"{name}.toml").read_text("utf-8")
    document = tomllib.loads(text)
    values = {key: value for table in document.values() if isinstance(table, dict) for key, value in table.items()}
    return Theme(name, bool(document["is_dark"]), _colors(name, values), scale, bundled_family())


def _colors(name: str, values: Mapping[str, str]) -> dict[Token, QColor]:
    tokens: tuple[Token, ...] = get_args(Token)
    if odd := set(values) ^ set(tokens):
        raise ThemeError(f"themes/{name}.toml: {', '.join(sorted(odd))}: each colour must be given exactly once")
    colors = {token: QColor(values[token]) for token in tokens}
    if wrong := [token for token, color in colors.items() if not color.isValid()]:
        raise ThemeError(f"themes/{name}.toml: {', '.join(wrong)}: write colours as #RRGGBB or #AARRGGBB")
    return colors


_present: list[Theme] = []


def theme() -> Theme:
    """Return the theme that the screens have now; raise LookupError before the first `apply`."""
    if not _present:
        raise LookupError("no theme yet: call widgets.theme.apply(app, load('dark')) once after QApplication")
    return _present[0]


@contextmanager
def wearing(look: Theme) -> Iterator[None]:
    """Let what is painted within have another look, as paper wants it; no window is told."""
    before = list(_present)
    _present[:] = [look]
    try:
        yield
    finally:
        _present[:] = before


def apply(app: QApplication, look: Theme) -> None:
    """Give every window this look; Qt tells the widgets by PaletteChange, FontChange and StyleChange."""
    _present[:] = [look]
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setFont(look.font())
    app.setPalette(palette(look))
    app.setStyleSheet(style_sheet(look))


def palette(look: Theme) -> QPalette:
    """Return Qt's palette of a theme."""
    roles: Mapping[QPalette.ColorRole, Token] = {
        QPalette.ColorRole.Window: "background",
        QPalette.ColorRole.Base: "panel",
        QPalette.ColorRole.AlternateBase: "plot",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.Mid: "line",
        QPalette.ColorRole.Highlight: "selection",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Accent: "accent",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.HighlightedText: "text",
        QPalette.ColorRole.PlaceholderText: "dim",
    }
    result = QPalette(look.color("raised"), look.color("background"))
    for role, token in roles.items():
        result.setColor(role, look.color(token))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, role, look.color("faint"))
    return result


def style_sheet(look: Theme) -> str:
    """Return the small style sheet of a theme: what the palette cannot say."""
    source = (files("resources") / "themes" / "window.qss").read_text("utf-8")
    lengths = {f"px{pixels}": str(look.px(pixels)) for pixels in TEXT_PX.values()}
    line = QFontMetrics(look.font()).height()
    for name, (padding, rest) in _PADDINGS.items():
        missing = look.hit(0) - line - 2 * padding - 2 - rest
        lengths[f"pad_{name}"] = str(padding + max(0, (missing + 1) // 2))
    return Template(source).substitute({token: color.name() for token, color in look.colors.items()}, **lengths)
