"""What a device says of itself, in the language of the window; names that no protocol gives stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from drivers.probe import NOTHING, Fact, Section
from widgets.engineering.login_text import security_name
from widgets.translation import tr

_NAMES: Mapping[str, Callable[[], str]] = {
    "endpoint": lambda: tr("Endpoint"),
    "login": lambda: tr("Login"),
    "application": lambda: tr("Application"),
    "certificate": lambda: tr("Certificate (SHA-256)"),
    "product": lambda: tr("Product"),
    "manufacturer": lambda: tr("Manufacturer"),
    "version": lambda: tr("Version"),
    "build": lambda: tr("Build"),
    "state": lambda: tr("State"),
    "started": lambda: tr("Started"),
    "clock": lambda: tr("Clock"),
    "fastest sampling (ms)": lambda: tr("Fastest sampling (ms)"),
    "most nodes per read": lambda: tr("Most nodes per read"),
    "most nodes per write": lambda: tr("Most nodes per write"),
    "most nodes per browse": lambda: tr("Most nodes per browse"),
    "most items per subscribe": lambda: tr("Most items per subscription"),
    "namespace": lambda: tr("Namespace"),
    "vendor": lambda: tr("Manufacturer"),
    "product code": lambda: tr("Product code"),
    "revision": lambda: tr("Revision"),
    "vendor URL": lambda: tr("Manufacturer's web page"),
    "model": lambda: tr("Model"),
    "options": lambda: tr("Options"),
    "serial number": lambda: tr("Serial number"),
    "HR": lambda: tr("Holding registers"),
    "IR": lambda: tr("Input registers"),
    "CO": lambda: tr("Coils"),
    "DI": lambda: tr("Discrete inputs"),
    "SunSpec models": lambda: tr("SunSpec models"),
}
_LOGINS: Mapping[str, Callable[[], str]] = {
    "anonymous": lambda: tr("Nobody (anonymous)"),
    "user and password": lambda: tr("User and password"),
    "certificate": lambda: tr("User certificate"),
    "issued token": lambda: tr("Issued token"),
}
_STATES: Mapping[str, Callable[[], str]] = {
    "Running": lambda: tr("running"),
    "Failed": lambda: tr("failed"),
    "NoConfiguration": lambda: tr("without configuration"),
    "Suspended": lambda: tr("suspended"),
    "Shutdown": lambda: tr("shutting down"),
    "Test": lambda: tr("test"),
    "CommunicationFault": lambda: tr("communication fault"),
    "Unknown": lambda: tr("unknown"),
}
_TABLES = ("HR", "IR", "CO", "DI")
_BREAK = re.compile(r"([:/,=_])(?=\S)")
_UNIT = re.compile(r"Unit (\d+)")


def facts_text(sections: Sequence[Section]) -> str:
    """Return what a device says of itself, the sections one behind the other, facts with nothing in them left out."""
    lines: list[str] = []
    for section in sections:
        facts = [fact for fact in section.facts if fact.text != NOTHING]
        if facts:
            lines.append(section_text(section.title))
            lines += [f"   {name_text(fact.name)}: {_breakable(value_text(fact, section.url))}" for fact in facts]
            lines.append("")
    return "\n".join(lines)


def section_text(title: str) -> str:
    """Return what a part of a device is called."""
    unit = _UNIT.fullmatch(title)
    if unit is not None:
        return tr("Unit {n}", n=unit[1])
    return tr("Server") if title == "Server" else title


def name_text(name: str) -> str:
    """Return what a fact is called."""
    known = _NAMES.get(name) or _NAMES.get(name.lower())
    if known is not None:
        return known()
    table, _, rest = name.partition(" ")
    if table in _TABLES and rest == "word order":
        return tr("{table}: byte order", table=_NAMES[table]())
    return name


def value_text(fact: Fact, asked: str = "") -> str:
    """Return what a fact says; an endpoint at the URL that was `asked` need not name it."""
    if fact.name == "endpoint":
        return _endpoint_text(fact.text, asked)
    if fact.name == "login":
        return ", ".join(_LOGINS[word]() if word in _LOGINS else word for word in fact.text.split(", "))
    if fact.name == "certificate":
        return " ".join(fact.text[at : at + 4] for at in range(0, len(fact.text), 4))
    if fact.name == "state":
        return _STATES[fact.text]() if fact.text in _STATES else fact.text
    if fact.name.endswith(" word order"):
        return "; ".join(_order_text(guess) for guess in fact.text.split(" or "))
    return fact.text


def _breakable(text: str) -> str:
    """Return a text that may be broken within addresses; a zero-width space lets Qt do so."""
    return _BREAK.sub("\\1\u200b", text)


def _endpoint_text(text: str, asked: str) -> str:
    security, at, url = text.partition(" at ")
    if not at:
        return text
    return security_name(security) + ("" if url.rstrip("/") == asked.rstrip("/") else f"  {url}")


def _order_text(guess: str) -> str:
    order, found, register = guess.partition(", if floats begin at ")
    return tr("{order} where floats begin at {register}", order=order, register=register) if found else guess
