"""Tests of the project's own shape: what may lie where, how it is named, and what the locks may hold."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "widgets", "drivers", "resources")
TOP_LEVEL = {
    *PACKAGES,
    "tests",
    "docs",
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
}
NAMES_WITHOUT_CONCEPT = re.compile(r"(^|_)(manager|helper|util|common|base|misc|handler)s?(_|$)", re.IGNORECASE)
LOCKS = sorted((ROOT / ".ci").glob("requirements*.txt"))
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|find.links|pypi\.|pythonhosted", re.IGNORECASE)


def committed_files() -> list[Path]:
    """The files under version control, relative to the root; skips outside a clone or without git."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    result = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"],  # noqa: S607 - git is where the user has it
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    if result.returncode != 0:
        pytest.skip(f"not a clone: {result.stderr.strip()}")
    return [Path(name) for name in result.stdout.split("\0") if name]


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def test_that_the_top_level_holds_only_what_is_listed() -> None:
    assert {path.parts[0] for path in committed_files()} <= TOP_LEVEL


def test_that_no_file_is_named_without_its_concept() -> None:
    assert [str(path) for path in committed_files() if NAMES_WITHOUT_CONCEPT.search(path.stem)] == []


def test_that_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES)
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert silent == []


def test_that_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in modules(*PACKAGES, "tests")}

    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_that_every_part_of_app_has_its_place_in_the_layers() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layers,) = (contract["layers"] for contract in configuration["contracts"] if contract["type"] == "layers")
    placed = set(re.findall(r"[\w.]+", " ".join(layers)))
    parts = {f"app.{path.stem}" for path in (ROOT / "app").iterdir() if path.suffix == ".py" or path.is_dir()}

    assert sorted(parts - placed - {"app.__init__", "app.__pycache__"}) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_that_no_other_installed_distribution_owns_our_packages(package: str) -> None:
    owners = set(importlib.metadata.packages_distributions().get(package, ()))

    assert owners <= {"foreshift"}


def test_that_the_drivers_are_declared() -> None:
    declared = importlib.metadata.entry_points(group="foreshift.drivers")

    assert {entry.name for entry in declared} >= {"opcua", "modbus"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_that_a_lock_carries_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^([a-z0-9-]+)==\S+", text, re.MULTILINE)

    assert ADDRESS.findall(text) == []
    assert len(pinned) > 20
    assert re.findall(r"^([a-z0-9-]+)==[^\\\n]+$", text, re.MULTILINE) == [], "each pin goes on with its hashes"


def test_that_the_lock_for_development_holds_the_same_versions_as_the_one_for_running() -> None:
    running, development = (
        set(re.findall(r"^[a-z0-9-]+==[^\s]+", (ROOT / ".ci" / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )

    assert running <= development


def test_that_the_lock_pins_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[^A-Za-z0-9-]", dependency)[0].lower() for dependency in project["dependencies"]}
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / ".ci" / "requirements.txt").read_text("utf-8"), re.MULTILINE))

    assert declared <= pinned


def test_that_no_committed_file_names_a_package_registry() -> None:
    ours = {Path("tests/test_layout.py")}
    found = [
        str(path)
        for path in committed_files()
        if path not in ours
        and (ROOT / path).is_file()
        and re.search(
            rb"pypi\.org|pythonhosted\.org|registry\.npmjs|--[a-z-]*index-url|deb\.debian\.org",
            (ROOT / path).read_bytes(),
        )
    ]

    assert found == []
