"""The texts that the station, without its screens, may say: those of its errors and findings, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("app", "drivers")
LEFT_OUT = ("app/command", "drivers/conformance", "drivers/simulation")
"""What speaks on the command line, which is English, or to whoever writes a driver."""
IN_QUOTES = " in quotes"
"""What is left away of what a key of the plant file holds, where its text says which."""
LINE = "{{other}}"
"""What the line of another finding is put in for, later than all else."""
PROGRAMMING = frozenset({"ValueError", "TypeError", "KeyError", "IndexError", "RuntimeError", "NotImplementedError"})
"""Errors of whoever wrote a program; some tell people what they typed wrong all the same."""
FINDINGS = frozenset({"Problem", "Damage", "Finding", "DraftProblem"})
NOTING = frozenset({"error", "warning", "_note", "_fail", "fault"})
SAYING = frozenset({"reason", "problem", "notes", "message", "remedy"})
"""What is said without being raised: classes and methods whose texts are shown, and arguments that are such texts."""


def template(node: ast.expr) -> str | None:
    """Return a text with {0}, {1}, ... for what is put into it; None for what is no text written down."""
    parts = _parts(node)
    if parts is None:
        return None
    text, count = "", 0
    for part in parts:
        if part is None:
            text, count = f"{text}{{{count}}}", count + 1
        else:
            text += part.replace("{", "{{").replace("}", "}}")
    return text.replace(LINE, f"{{{count}}}")


def _parts(node: ast.expr) -> list[str | None] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [str(each.value) if isinstance(each, ast.Constant) else None for each in node.values]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _parts(node.left), _parts(node.right)
        if left is not None or right is not None:
            return (left or [None]) + (right or [None])
    return None


def is_said(text: str) -> bool:
    """Return whether a template is for people: it has words of its own."""
    return len([word for word in text.split() if "{" not in word and any(each.isalpha() for each in word)]) >= 2


def texts_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the templates of the errors, findings and problems of a module, and whether people may come to see each."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        for given in _given(node):
            for each in given.elts if isinstance(given, ast.Tuple) else [given]:
                text = template(each)
                if text is not None and is_said(text):
                    yield text, not (isinstance(node, ast.Raise) and _error(node) in PROGRAMMING)


def pieces_of(path: Path) -> set[str]:
    """Return the templates of all texts of a module but its docstrings: such as are put into what is said."""
    tree = ast.parse(path.read_text("utf-8"))
    plain = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    found = (template(each) for each in ast.walk(tree) if isinstance(each, ast.expr) and id(each) not in plain)
    return {each for text in found if text is not None for each in (text, text.removesuffix(IN_QUOTES))}


def _error(node: ast.Raise) -> str:
    return getattr(node.exc.func, "id", "") if isinstance(node.exc, ast.Call) else ""


def _given(node: ast.AST) -> list[ast.expr]:
    """Return what is said by a statement or call, as far as it is one that says something."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return [*node.exc.args, *(each.value for each in node.exc.keywords)]
    if isinstance(node, ast.Assign) and any(getattr(each, "attr", "") == "problem" for each in node.targets):
        return [node.value]
    if isinstance(node, ast.Call):
        spoken = [each.value for each in node.keywords if each.arg in SAYING]
        return [*node.args, *spoken] if _is_saying(node.func) else spoken
    return []


def _is_saying(called: ast.expr) -> bool:
    if isinstance(called, ast.Attribute):
        return called.attr in NOTING and getattr(called.value, "id", "") != "log"
    return getattr(called, "id", "") in FINDINGS


def all_texts() -> dict[str, dict[str, bool]]:
    """Return the templates of each module of the station, by its path, and whether people may come to see each."""
    return {path.relative_to(ROOT).as_posix(): dict(texts_of(path)) for path in _modules()}


def all_pieces() -> set[str]:
    """Return the templates of all texts in the station's source."""
    return set().union(*map(pieces_of, _modules()))


def _modules() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.relative_to(ROOT).as_posix().startswith(LEFT_OUT):
                yield path
