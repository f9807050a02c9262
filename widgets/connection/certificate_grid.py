"""Certificates side by side: the one that a server shows and the one that was trusted before, differences in bold."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.model import clock
from drivers.trust import CertificateFacts, Identity
from widgets.connection.wording import fault_text
from widgets.theme import theme
from widgets.translation import tr

_BREAK = re.compile(r"([:/,=.])(?=\S)")
"""Where a long name may be broken; a zero-width space behind it lets Qt do so."""
_WORDS_IN_A_LINE = 4
_GROUPS_IN_A_LINE = 5


class IdentityView(QWidget):
    """What is wrong, and the certificates; renewed as a whole by `show_identity`."""

    def __init__(self, identity: Identity | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().px(10))
        self.faults: list[QLabel] = []
        self.cells: dict[tuple[str, int], QLabel] = {}
        self.show_identity(identity)

    def show_identity(self, identity: Identity | None) -> None:
        """Show what is known of a device; nothing for None."""
        self.faults, self.cells = [], {}
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if identity is None:
            return
        for found in identity.faults:
            self._add_fault(fault_text(found.fault), found.text)
        columns = _columns(identity)
        if columns:
            self._column.addWidget(self._grid(columns))

    def _add_fault(self, text: str, detail: str) -> None:
        label = QLabel(text)
        label.setWordWrap(True)
        label.setProperty("weight", "strong")
        label.setToolTip(detail)
        self.faults.append(label)
        self._column.addWidget(label)

    def _grid(self, columns: list[tuple[str, CertificateFacts]]) -> QFrame:
        look = theme()
        frame = QFrame()
        frame.setProperty("surface", "card")
        grid = QGridLayout(frame)
        grid.setContentsMargins(look.px(14), look.px(12), look.px(14), look.px(12))
        grid.setHorizontalSpacing(look.px(22))
        grid.setVerticalSpacing(look.px(7))
        for place, (title, _) in enumerate(columns, start=1):
            head = QLabel(title)
            head.setProperty("lettering", "title")
            grid.addWidget(head, 0, place)
        rows = [_rows(facts) for _, facts in columns]
        for line, name in enumerate(rows[0], start=1):
            key = QLabel(name)
            key.setProperty("tone", "dim")
            key.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(key, line, 0)
            values = [row[name] for row in rows]
            for place, value in enumerate(values, start=1):
                self.cells[name, place] = _cell(value, is_other=len(set(values)) > 1)
                grid.addWidget(self.cells[name, place], line, place)
        for place in range(1, len(columns) + 1):
            grid.setColumnStretch(place, 1)
        return frame


def _cell(text: str, *, is_other: bool) -> QLabel:
    cell = QLabel(_BREAK.sub("\\1\u200b", text))
    cell.setWordWrap(True)
    cell.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    cell.setAlignment(Qt.AlignmentFlag.AlignTop)
    cell.setProperty("weight", "strong" if is_other else "")
    return cell


def _columns(identity: Identity) -> list[tuple[str, CertificateFacts]]:
    known, offered = identity.known, identity.offered
    if known is not None and offered is not None and known != offered:
        return [(tr("Trusted so far"), known), (tr("Shown now"), offered)]
    one = offered or known
    return [] if one is None else [(tr("Certificate of the server"), one)]


def _rows(facts: CertificateFacts) -> dict[str, str]:
    return {
        tr("Subject"): facts.subject,
        tr("Issued by"): tr("itself") if facts.is_self_signed else facts.issuer,
        tr("Valid"): tr("{start} to {end}", start=_day(facts.not_before), end=_day(facts.not_after)),
        tr("Addresses"): ", ".join(facts.hosts) or tr("none"),
        tr("Application"): facts.uri or tr("none"),
        tr("Key"): facts.key,
        tr("Thumbprint"): _in_lines(_groups(facts.thumbprint), _GROUPS_IN_A_LINE),
        tr("In words"): _in_lines(facts.words.split(), _WORDS_IN_A_LINE),
    }


def _day(time_ns: int) -> str:
    return f"{clock.to_datetime(time_ns):%Y-%m-%d}"


def _groups(digits: str) -> list[str]:
    return [digits[at : at + 4] for at in range(0, len(digits), 4)]


def _in_lines(parts: list[str], most: int) -> str:
    return "\n".join("  ".join(parts[at : at + most]) for at in range(0, len(parts), most))
