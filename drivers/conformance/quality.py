"""The quality file of a driver: for each of the same rules, the tests that prove it, or why there are none.

    [rules]
    conformance = { status = "done", by = ["tests/test_mine.py"], note = "against the vendor's simulator" }
    events = { status = "exempt", reason = "the protocol has none" }
    security = { status = "open", missing = "TLS" }

Rules that only one protocol needs stand in the table `[own]`, in the same form.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

RULES = {
    "conformance": "passes the whole suite against a real server",
    "servers_of_others": "was run against a server that its authors did not write",
    "per_tag_results": "one bad tag among good ones hurts nobody else, in subscribing, reading and writing",
    "bad_data_is_a_sample": "what cannot be believed is a sample with a StatusCode, never an exception or a gap",
    "exact_values": "texts and whole numbers of 64 bits come as they are",
    "source_time": "samples carry the time of the value, in UTC, where the protocol has one",
    "deadlines": "every wait ends, also with a server that hangs",
    "bounded_queue": "a consumer that is late costs no memory, and nothing is left out unseen",
    "writes_once": "a write expires, is sent once, and says whether it was sent and answered",
    "cancel_safe": "what is given up half way harms nothing that comes after it",
    "leaves_nothing_behind": "no task, thread, file or socket is left, whatever happened",
    "flapping_links": "hundreds of losses leave memory, tasks and sessions as they were",
    "answers_validated": "an answer that is not the one asked for is never taken as data",
    "hostile_answers": "no bytes from a device stall or crash more than this connection",
    "browse": "shows what a device offers, in pages",
    "reconnect": "comes back after a loss",
    "security": "encrypted and authenticated, where the protocol can",
    "secrets": "no password has to stand in the plant file",
    "history": "reads what a device has stored",
    "events": "events and alarms of the device",
    "methods": "methods of the device can be called",
}


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="status", tag="done"):
    """A rule that is kept; `by`: files with the tests that prove it, from the root of the project."""

    by: list[str]
    note: str = ""


class Exempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="status", tag="exempt"):
    """A rule that does not concern this driver."""

    reason: str


class Open(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="status", tag="open"):
    """A rule that is not kept yet; `by`: tests of the part that is."""

    missing: str
    by: list[str] = []


Rule = Done | Exempt | Open


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One quality file; `library`: what the driver stands on, with its version."""

    driver: str
    library: str
    rules: dict[str, Rule]
    own: dict[str, Rule] = {}


def quality_problems(path: Path, root: Path) -> list[str]:
    """Return what is wrong with a quality file, a sentence each; its tests are looked for below `root`."""
    try:
        quality = msgspec.toml.decode(path.read_bytes(), type=Quality)
    except msgspec.MsgspecError as error:
        return [f"{path}: {error}"]
    named = {**quality.rules, **quality.own}
    return [
        *(f"{path}: rule {name} is missing ({RULES[name]})" for name in RULES if name not in quality.rules),
        *(
            f"{path}: {name} is no rule of all drivers: put it into [own]"
            for name in quality.rules
            if name not in RULES
        ),
        *(f"{path}: {name} is done, but no test says so" for name, rule in named.items() if _is_unproven(rule)),
        *(f"{path}: {name}: say why" for name, rule in named.items() if not _reason(rule)),
        *(
            f"{path}: {name}: {test} is no file with tests"
            for name, rule in named.items()
            if not isinstance(rule, Exempt)
            for test in rule.by
            if not _holds_tests(root / test)
        ),
    ]


def _is_unproven(rule: Rule) -> bool:
    return isinstance(rule, Done) and not rule.by


def _reason(rule: Rule) -> str:
    if isinstance(rule, Done):
        return "the tests"
    return rule.reason if isinstance(rule, Exempt) else rule.missing


def _holds_tests(path: Path) -> bool:
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8")
    return "def test_" in text or "Contract)" in text
