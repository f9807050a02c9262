"""Planned stops and spare parts in words of the operator's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.model.provision import PartStock, ProvisionRefusal
from app.model.provision import ProvisionRefusalCode as Code
from widgets import number
from widgets.station_text import station_text
from widgets.translation import tr


def stock_text(stock: PartStock | None) -> str:
    """Return how much there is by the books."""
    if stock is None or stock.on_hand is None:
        return tr("not counted")
    return quantity_text(stock.on_hand)


def quantity_text(quantity: float) -> str:
    """Return a quantity without needless decimals."""
    return number.number(quantity, decimals=0 if quantity == round(quantity) else 2)


def standing_text(stock: PartStock) -> str:
    """Return what has to be done about a part, "" where nothing has."""
    if stock.on_hand is not None and stock.on_hand < 0.0:
        return tr("▲ less than nothing: count it")
    return tr("▲ below its minimum: order it") if stock.is_short else ""


def refusal_text(refusal: ProvisionRefusal) -> str:
    """Return why something was not done, with the remedy."""
    values = defaultdict(str, refusal.values)
    texts: Mapping[Code, str] = {
        Code.NOT_SIGNED_IN: tr("sign in first"),
        Code.ROLE: tr("{name} may not: this needs the role {role}", name=values["name"], role=values["role"]),
        Code.NO_NAME: tr("say who operates"),
        Code.NOT_STORED: tr("nobody knows whether it is on disk: {reason}", reason=station_text(values["reason"])),
        Code.CHANGED: tr("somebody has changed it meanwhile: look at it again"),
        Code.TAKEN: tr("there is a stop {name} already", name=values["name"]),
        Code.NO_STOP_NAME: tr("give the stop a name"),
        Code.NO_LENGTH: tr("say how many hours it lasts, up to a year"),
        Code.TOO_OFTEN: tr("it would begin again before it is over"),
        Code.NO_EQUIPMENT: tr("the plant has no equipment {name}", name=values["name"]),
        Code.NO_PART: tr("the plant file has no spare part {name}", name=values["name"]),
        Code.NO_QUANTITY: tr("say how many, more than nothing"),
    }
    return texts.get(refusal.code, refusal.text)
