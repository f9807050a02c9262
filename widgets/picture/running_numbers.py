"""All numbers of a picture that run: readouts and the values of items, set and drawn together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QPainter

from app.model.picture import Picture, Readout, Symbol
from app.model.tag import TagDefinition
from widgets.picture.columns import NOWHERE, PictureColumns, Places
from widgets.picture.figures import figure_rows, text_row
from widgets.picture.item import FRAME, READOUT_ROOM, lettering
from widgets.picture.item import TEXT as WORDS
from widgets.picture.item_state import ItemState
from widgets.picture.lettering import Letters, Spots, set_rows
from widgets.picture.limit_bar import LimitBar
from widgets.picture.plane import Plane
from widgets.picture.room import Boxes, Room, meets
from widgets.picture.symbol_columns import SymbolColumns
from widgets.picture.tiles import NO_TILE, Ink, TextTiles, Tiles
from widgets.picture.value_place import longest, room_within, stands_within, value_spot
from widgets.theme import Token, theme

INKS: tuple[tuple[Token, Token], ...] = (
    ("text", "panel"),
    ("dim", "panel"),
    ("running_text", "running"),
    ("stopped_text", "stopped"),
)
"""The colours of numbers, each with its ground."""
LEAST_FOR_ENDING = 100
"""Of so many numbers with the same unit the unit is painted with their last digits."""
TEXT, DIM, ON_RUNNING, ON_STOPPED = range(len(INKS))


class RunningNumbers:
    """The readouts of a picture whose tags the plant has (first) and the values of its symbols.

    `places`: where the `readouts` stand in the picture; `items`: which symbols have a value, `is_below`: which of them
    have it below their bodies.
    After `renew`: `boxes`: the place of each number, px of the device, shape (n, 4); `ink`: its number in INKS;
    `has_room`: which are shown, shape (n,).
    """

    def __init__(
        self,
        picture: Picture,
        plane: Plane,
        columns: PictureColumns,
        symbols: SymbolColumns,
        *,
        ratio: float,
        bars: Mapping[int, LimitBar],
    ) -> None:
        """Set the numbers of a picture on its plane; `bars`: of its readouts, by their place there."""
        self._columns, self._ratio = columns, ratio
        self.font = lettering(plane)
        self._metrics = QFontMetricsF(self.font)
        self.places = [place for place, readout in enumerate(picture.readouts) if readout.tag in columns]
        self.readouts = [picture.readouts[place] for place in self.places]
        self.items: Places = np.flatnonzero(symbols.value != NOWHERE)
        units = [f" {unit}" if unit else "" for unit in columns.units]
        words = sorted({unit for unit in units if unit})
        look = theme()
        inks = [Ink(look.color(color), look.color(ground)) for color, ground in INKS]
        column = np.concatenate((columns.places(each.tag for each in self.readouts), symbols.value[self.items]))
        bodies = _bodies(picture, plane)
        spots = [
            *(self._readout_spot(readout, plane) for readout in self.readouts),
            *(
                self._item_spot(picture.symbols[place], symbols.state(place), columns.tags[at], plane, bodies)
                for place, at in zip(self.items.tolist(), symbols.value[self.items].tolist(), strict=True)
            ),
        ]
        counts = Counter(units[place] for place in column.tolist())
        endings = [word for word, count in counts.items() if word and count >= LEAST_FOR_ENDING]
        self._tiles = TextTiles(self.font, inks=inks, words=words, ratio=ratio, endings=endings)
        decimals = columns.decimals[column]
        self._by_decimals = {int(each): np.flatnonzero(decimals == each) for each in np.unique(decimals) if each >= 0}
        self._named = [place for place, each in enumerate(column.tolist()) if each in columns.named]
        self._spots = Spots(
            np.array([spot.x() * ratio for spot, _ in spots]),
            np.array([spot.y() * ratio for spot, _ in spots]),
            np.array([room * ratio for _, room in spots]),
            column,
            np.array(
                [self._tiles.word(units[place]) if units[place] else NO_TILE for place in column.tolist()], np.intp
            ),
        )
        self.is_below = np.isinf(self._spots.room[len(self.readouts) :])
        self.bars = {at: bars[place] for at, place in enumerate(self.places) if place in bars}
        self._room_of_bars = _rooms(self.bars, ratio)
        count = len(self.readouts)
        self._loose: Places = np.concatenate((np.arange(count), count + np.flatnonzero(self.is_below)))
        self._last = range(count, len(self._loose))
        self._room = Room()
        self._letters: Letters | None = None
        self.boxes: Boxes = np.zeros((len(spots), 4))
        self.ink: Tiles = np.zeros(len(spots), np.intp)
        self.has_room: NDArray[np.bool_] = np.zeros(len(spots), bool)

    @property
    def column(self) -> Places:
        """Return where the tag of each number stands in the columns."""
        return self._spots.column

    def renew(self, ink: Tiles, *, taken: Boxes, order: list[int], before: Mapping[int, float]) -> NDArray[np.bool_]:
        """Set the numbers of the present texts; return which look different or have another place, shape (n,).

        `taken`: places that no readout may cover; in `order` the readouts get their room. `before`: how much of it
        those need before them that have the shape of an alarm there, px of the device.
        """
        rows, lengths = self._rows()
        self._letters = set_rows(self._spots, rows, self._tiles, lengths)
        boxes = self._boxes(self._letters)
        inner = boxes[self._loose] + np.array([1, 1, -1, -1]) * self._ratio
        inner[list(before), 0] -= list(before.values())
        has_room = self._letters.width <= self._spots.room
        has_room[self._loose] &= self._room.share(inner, [*order, *self._last], taken)
        differs: NDArray[np.bool_] = (boxes != self.boxes).any(axis=1) | (has_room != self.has_room) | (ink != self.ink)
        self.boxes, self.has_room, self.ink = boxes, has_room, ink
        return differs

    def draw(self, painter: QPainter, chosen: NDArray[np.bool_]) -> None:
        """Draw the chosen ones of those that have room; the painter is in px of the device."""
        letters = self._letters
        if letters is None:
            return
        shown = chosen & self.has_room
        keep = slice(None) if shown.all() else shown[letters.owner]
        owner = letters.owner[keep]
        self._tiles.draw(
            painter,
            letters.tile[keep],
            x=letters.x[keep],
            baseline=self._spots.baseline[owner],
            ink=self.ink[owner],
        )
        if not letters.is_plain.all():
            self._draw_odd(painter, np.flatnonzero(shown & ~letters.is_plain), letters)

    def _draw_odd(self, painter: QPainter, places: Places, letters: Letters) -> None:
        """Write what is not made of digits: names of states, texts."""
        painter.save()
        painter.scale(self._ratio, self._ratio)
        painter.setFont(self.font)
        look = theme()
        for place in places.tolist():
            painter.setPen(look.color(INKS[self.ink[place]][0]))
            at = QPointF(letters.left[place], self._spots.baseline[place]) / self._ratio
            painter.drawText(at, self._columns.named[int(self._spots.column[place])])
        painter.restore()

    def _rows(self) -> tuple[Tiles, dict[int, float]]:
        """Return the tiles of each number, and how long those are that are not made of tiles."""
        known, tiles, lengths = self._columns.known[self._spots.column], self._tiles, {}
        found = [(places, figure_rows(known[places], each, tiles)) for each, places in self._by_decimals.items()]
        for place in self._named:
            text = self._columns.named[int(self._spots.column[place])]
            row = text_row(text, tiles)
            if row is None:
                lengths[place] = self._metrics.horizontalAdvance(text) * self._ratio
            else:
                found.append((np.array([place]), row[None, :]))
        if len(found) == 1 and not lengths:
            return found[0][1], lengths
        longest = max((each.shape[1] for _, each in found), default=1)
        rows = np.full((len(known), longest), NO_TILE, np.intp)
        for places, each in found:
            rows[places, longest - each.shape[1] :] = each
        return rows, lengths

    def _boxes(self, letters: Letters) -> Boxes:
        half, ascent = READOUT_ROOM / 2 * self._ratio, self._metrics.ascent() * self._ratio
        top = self._spots.baseline - ascent
        height = self._metrics.height() * self._ratio
        boxes = np.column_stack((letters.left - half, top, letters.left + letters.width + half, top + height))
        if self.bars:
            at, rooms = list(self.bars), self._room_of_bars
            boxes[at, 0] = np.minimum(boxes[at, 0], rooms[:, 0])
            boxes[at, 2:] = np.maximum(boxes[at, 2:], rooms[:, 1:])
        return boxes

    def _readout_spot(self, readout: Readout, plane: Plane) -> tuple[QPointF, float]:
        center = plane.point(readout.at)
        top = center.y() - self._metrics.height() / 2
        return QPointF(center.x(), top + self._metrics.ascent()), np.inf

    def _item_spot(
        self, symbol: Symbol, state: ItemState, tag: TagDefinition, plane: Plane, bodies: Boxes
    ) -> tuple[QPointF, float]:
        """Return where the value of an item stands, and how long it may be: 0 where it has room nowhere.

        `bodies`: of all items, px of the widget; a value below its own body may not lie on another one.
        """
        within = stands_within(symbol, tag, plane)
        spot = value_spot(symbol, state, plane, within=within)
        if within:
            return spot, room_within(symbol, plane)
        half = longest(tag, self.font) / 2
        box = np.array([[spot.x() - half, spot.y() - self._metrics.capHeight(), spot.x() + half, spot.y()]])
        return spot, 0.0 if meets(bodies, box).any() else np.inf


def _bodies(picture: Picture, plane: Plane) -> Boxes:
    """Return the places of the bodies of items, px of the widget, shape (n, 4)."""
    rects = [plane.rect(each) for each in picture.symbols if each.kind not in {WORDS, FRAME}]
    edges = [(each.left(), each.top(), each.right(), each.bottom()) for each in rects]
    return np.array(edges, np.float64).reshape(-1, 4)


def _rooms(bars: Mapping[int, LimitBar], ratio: float) -> NDArray[np.float64]:
    """Return left, right and bottom of bars with their pointers, px of the device, shape (bars, 3)."""
    rooms = [bar.room for bar in bars.values()]
    return np.array([(room.left(), room.right(), room.bottom()) for room in rooms], np.float64).reshape(-1, 3) * ratio
