"""A report on the screen, in the look of the window, with who has signed it and whether it is as it was sealed."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QTextCursor, QTextTable
from PySide6.QtWidgets import QFrame, QLabel, QTextBrowser, QVBoxLayout, QWidget

from app.model.plant import Plant
from app.report.document import Table
from app.report.sections import document_of
from widgets.explain.subject import Subject, of_figure
from widgets.handover.figure import report_figure
from widgets.handover.reading import Shown
from widgets.handover.wording import shift_text, signature_text
from widgets.report.markup import STYLE, markup
from widgets.station_text import station_text
from widgets.theme import TEXT_PX, Token, theme
from widgets.translation import language, tr


class ReportView(QFrame):
    """Shows one report at a time; its place in the text stays while the same one is renewed."""

    def __init__(self, plant: Plant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._plant = plant
        self.shown: Shown | None = None
        self._tables: tuple[Table, ...] = ()
        self.title, self.state = QLabel(), QLabel()
        self.text = QTextBrowser()
        self.title.setProperty("lettering", "large")
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setOpenLinks(False)
        self.text.setTextInteractionFlags(  # a caret, by which a figure is chosen that is to be explained
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look = theme()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        column.setSpacing(look.px(6))
        column.addWidget(self.title)
        column.addWidget(self.state)
        column.addWidget(self.text, 1)

    def show_report(self, shown: Shown | None) -> None:
        """Show a report, None for nothing."""
        is_same = shown is not None and self.shown is not None and shown.key == self.shown.key
        place = self.text.verticalScrollBar().value() if is_same else 0
        self.shown = shown
        self._write()
        self.text.verticalScrollBar().setValue(place)

    def say(self, key: str, text: str) -> None:
        """Say why there is no report of a shift, or that it is being computed."""
        self.shown = None
        self.title.setText(shift_text(key, self._plant))
        self.state.setText(text)
        self.text.clear()

    def clear(self) -> None:
        """Show no report."""
        self.shown = None
        for label in (self.title, self.state):
            label.setText("")
        self.text.clear()

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the figure at a place, None: the one that the caret is in."""
        if place is None:
            return self._figure_at(self.text.textCursor()) if self.text.hasFocus() else None
        inside = self.text.viewport().mapFrom(self, place.toPoint())
        return (
            self._figure_at(self.text.cursorForPosition(inside))
            if self.text.viewport().rect().contains(inside)
            else None
        )

    def shown_places(self) -> Iterator[tuple[QRect, Subject]]:
        """Yield where figures stand that can be seen now."""
        room = self.text.viewport().rect()
        for table, cells in zip(self._cells(), self._tables, strict=False):
            for row in range(1, table.rows()):
                for column in range(table.columns()):
                    cell = table.cellAt(row, column)
                    first, last = cell.firstCursorPosition(), cell.lastCursorPosition()
                    at = self.text.cursorRect(first).united(self.text.cursorRect(last))
                    subject = self._figure_of(cells, row - 1, column) if room.intersects(at) else None
                    if subject is not None:
                        yield QRect(self.text.viewport().mapTo(self, at.topLeft()), at.size()), subject

    def _cells(self) -> list[QTextTable]:
        """Return the tables of the text that are tables of the report: all but the facts and the signatures."""
        frames = self.text.document().rootFrame().childFrames()
        return [each for each in frames if isinstance(each, QTextTable)][1 : 1 + len(self._tables)]

    def _figure_at(self, cursor: QTextCursor) -> Subject | None:
        table = cursor.currentTable()
        if table is None:
            return None
        cell = table.cellAt(cursor)
        for each, told in zip(self._cells(), self._tables, strict=False):
            if each.firstPosition() == table.firstPosition():
                return self._figure_of(told, cell.row() - 1, cell.column())
        return None

    def _figure_of(self, table: Table, row: int, column: int) -> Subject | None:
        shown = self.shown
        if shown is None or shown.content is None or not 0 <= row < len(table.rows):
            return None
        figure = report_figure(table, row, column, shown.content, self._plant.calendar)
        return of_figure(figure) if figure is not None else None

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        self.text.setAccessibleName(tr("Shift report"))
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self.shown is not None:
            self._write()
        super().changeEvent(event)

    def _write(self) -> None:
        shown = self.shown
        if shown is None:
            return
        self.title.setText(shift_text(shown.key, self._plant))
        self.state.setText(self._state_text(shown))
        document = self.text.document()
        document.setDefaultFont(theme().font("small"))
        document.setDefaultStyleSheet(STYLE.substitute(_look()))
        if shown.content is None:
            self.text.clear()
            self._tables = ()
            return
        told = document_of(
            shown.content, self._plant.calendar, language(), handover=shown.handover, points=shown.points
        )
        self._tables = tuple(table for section in told.sections for table in section.tables if table.rows)
        self.text.setHtml(markup(told))

    def _state_text(self, shown: Shown) -> str:
        handover = shown.handover
        if handover is None and "/" not in shown.key:
            return tr("As known now")
        if handover is None:
            return tr("Draft: what is known now; it is sealed when the shift is handed over")
        lines = [tr("Handed over by {who}", who=signature_text(handover.outgoing, self._plant))]
        if handover.incoming is not None:
            lines.append(tr("Taken over by {who}", who=signature_text(handover.incoming, self._plant)))
        else:
            lines.append(tr("Nobody has taken it over yet"))
        if handover.amendments:
            who = signature_text(handover.amendments[-1].signature, self._plant)
            lines.append(tr("Amended since it was signed: {n}, last by {who}", n=len(handover.amendments), who=who))
        if shown.faults:
            lines.append(tr("NOT as it was sealed: {faults}", faults="; ".join(map(station_text, shown.faults))))
        else:
            lines.append(tr("Sealed in the audit trail, and as it was signed"))
        return "\n".join(lines)


def _look() -> dict[str, str]:
    look = theme()
    colors: dict[str, Token] = {"text": "text", "dim": "dim", "line": "line", "accent": "accent"}
    sizes = {name: f"{look.px(TEXT_PX[name])}px" for name in ("large", "title", "body")}
    return {name: look.color(token).name() for name, token in colors.items()} | sizes
