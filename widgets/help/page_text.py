"""A chapter laid out in the present look: Qt reads the Markdown, the theme gives fonts, colours and distances."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import (
    QBrush,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from widgets.help.signs import SCHEME, sign
from widgets.theme import BOLD, SEMIBOLD, TextSize, theme

_HEADS: dict[int, tuple[TextSize, int, float, float]] = {
    1: ("large", BOLD, 0, 8),
    2: ("title", SEMIBOLD, 16, 5),
    3: ("body", SEMIBOLD, 10, 3),
}
"""Of each level: size, weight, and the distances above and below in px."""
MONOSPACED = ["monospace", "Consolas", "Menlo"]
_FENCE = QTextFormat.Property.BlockCodeFence
_SIGN = re.compile(rf"\]\({SCHEME}:([a-z-]+)\)")
LINE_HEIGHT = 132.0
BETWEEN, LIST_BETWEEN, CELL, INDENT = 7, 4, 4, 22
LEAST_SHARE, MOST_LETTERS = 14, 44
"""Of the width of a table in per cent; and from how many letters on a column only grows in height."""


class PageText(QTextDocument):
    """Rich text of the help, with its signs as they are drawn in the present look."""

    def __init__(self, markdown: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setDefaultFont(theme().font())
        self.setDocumentMargin(theme().px(4))
        self.setUndoRedoEnabled(False)
        self.setIndentWidth(theme().px(INDENT))
        self.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        for name in set(_SIGN.findall(markdown)):
            self.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(f"{SCHEME}:{name}"), sign(name))
        self._dress()

    def headings(self) -> list[QTextBlock]:
        """Return the blocks that are headings, in their order."""
        found, block = [], self.begin()
        while block.isValid():
            if block.blockFormat().headingLevel():
                found.append(block)
            block = block.next()
        return found

    def _dress(self) -> None:
        for frame in self.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._dress_table(frame)
        block = self.begin()
        while block.isValid():
            self._dress_block(block)
            block = block.next()

    def _dress_block(self, block: QTextBlock) -> None:
        look, cursor = theme(), QTextCursor(block)
        level = block.blockFormat().headingLevel()
        is_command = block.blockFormat().hasProperty(_FENCE)
        form = QTextBlockFormat()
        form.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        is_cell = cursor.currentTable() is not None
        above, below = 0.0, 0.0 if is_cell else float(LIST_BETWEEN if block.textList() is not None else BETWEEN)
        if is_command:
            form.setBackground(look.color("plot"))
            form.setLeftMargin(look.px(INDENT))
            form.setNonBreakableLines(False)
            below = 0.0 if block.next().blockFormat().hasProperty(_FENCE) else below
        if level:
            _, _, above, below = _HEADS[min(level, 3)]
        form.setTopMargin(look.px(above))
        form.setBottomMargin(look.px(below))
        cursor.mergeBlockFormat(form)
        for start, length, given in _pieces(block):
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(_dressed(given, level, is_command=is_command))

    def _dress_table(self, table: QTextTable) -> None:
        look = theme()
        form = table.format().toTableFormat()
        form.setBorder(1)
        form.setBorderBrush(QBrush(look.color("line")))
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderCollapse(True)
        form.setCellPadding(look.px(CELL))
        form.setCellSpacing(0)
        form.setTopMargin(look.px(BETWEEN))
        form.setBottomMargin(look.px(BETWEEN))
        form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        form.setColumnWidthConstraints(
            [QTextLength(QTextLength.Type.PercentageLength, share) for share in _shares(table)]
        )
        table.setFormat(form)


def _shares(table: QTextTable) -> list[float]:
    """Return how wide each column is to be, in per cent: by the longest of its cells; wide letters count twice."""
    longest = [
        min(MOST_LETTERS, max(_letters(table, row, column) for row in range(table.rows())))
        for column in range(table.columns())
    ]
    shares = [max(LEAST_SHARE, 100 * each / sum(longest)) for each in longest]
    return [100 * each / sum(shares) for each in shares]


def _letters(table: QTextTable, row: int, column: int) -> int:
    cell = table.cellAt(row, column)
    cursor = cell.firstCursorPosition()
    cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
    return 1 + sum(2 if letter >= "\u2e80" else 1 for letter in cursor.selectedText())


def _pieces(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    """Return start, length and format of each piece of a block that is formatted alike, before any is changed."""
    pieces = []
    iterator = block.begin()
    while not iterator.atEnd():
        piece = iterator.fragment()
        pieces.append((piece.position(), piece.length(), piece.charFormat()))
        iterator += 1
    return pieces


def _dressed(given: QTextCharFormat, level: int, *, is_command: bool) -> QTextCharFormat:
    """Return the format of a piece as it was written: heading, key, name, link, picture, command or plain."""
    if given.isImageFormat():
        return given
    look, form = theme(), QTextCharFormat()
    size: TextSize = "body"
    weight = SEMIBOLD if given.fontItalic() or given.fontWeight() > SEMIBOLD else 400
    if level:
        size, weight, _, _ = _HEADS[min(level, 3)]
    form.setFont(look.font(size, weight=weight))
    form.setForeground(look.color("text"))
    if is_command:
        form.setFontFamilies(MONOSPACED)
    elif given.fontFixedPitch() or QTextFormat.Property.FontFixedPitch.value in given.properties():
        form.setBackground(look.color("selection"))
        form.setFontWeight(SEMIBOLD)
    if given.isAnchor():
        form.setAnchor(True)
        form.setAnchorHref(given.anchorHref())
        form.setForeground(look.color("accent"))
        form.setFontUnderline(True)
    return form
