"""Who may sign in: names, roles and secrets in a file that only its owner reads."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from app.model.role import Role
from app.security.users import User, UserError, Users


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "users.json"


@pytest.fixture
def users(path: Path) -> Users:
    users = Users(path)
    users.add("Li Na 李娜", Role.OPERATOR, "2468")
    return users


def test_that_the_right_secret_gives_the_user_with_the_role(users: Users) -> None:
    assert users.verify("Li Na 李娜", "2468") == User("Li Na 李娜", Role.OPERATOR)


@pytest.mark.parametrize(("name", "secret"), [("Li Na 李娜", "2469"), ("Li Na 李娜", ""), ("nobody", "2468"), ("", "")])
def test_that_anything_else_gives_nobody(users: Users, name: str, secret: str) -> None:
    assert users.verify(name, secret) is None


def test_that_the_secret_is_nowhere_in_the_file_and_the_file_is_private(users: Users, path: Path) -> None:
    users.add("chief", Role.ENGINEER, "correct horse battery")
    content = path.read_text(encoding="utf-8")
    assert "correct horse" not in content
    assert "2468" not in content
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_that_two_users_with_one_secret_cannot_be_told_from_the_file(users: Users, path: Path) -> None:
    users.add("second", Role.OPERATOR, "2468")
    digests = [line for line in path.read_text(encoding="utf-8").splitlines() if '"digest"' in line]
    assert len(set(digests)) == len(digests) == 2


def test_that_adding_again_gives_another_role_and_secret(users: Users) -> None:
    users.add("Li Na 李娜", Role.ENGINEER, "13579")
    assert users.all() == [User("Li Na 李娜", Role.ENGINEER)]
    assert users.verify("Li Na 李娜", "2468") is None
    assert users.find("Li Na 李娜") == User("Li Na 李娜", Role.ENGINEER)


def test_that_a_removed_user_is_gone(users: Users) -> None:
    users.remove("Li Na 李娜")
    assert (users.all(), users.verify("Li Na 李娜", "2468")) == ([], None)
    with pytest.raises(UserError, match="no such user"):
        users.remove("Li Na 李娜")


@pytest.mark.parametrize(("name", "secret"), [("a", "123"), ("", "2468"), ("a\n", "2468" * 60), ("a\x07b", "2468")])
def test_that_a_name_or_secret_that_is_none_is_refused(users: Users, name: str, secret: str) -> None:
    with pytest.raises(UserError, match="characters"):
        users.add(name, Role.VIEWER, secret)


@pytest.mark.skipif(os.name == "nt", reason="rights are of POSIX")
def test_that_a_file_that_others_may_read_is_refused(users: Users, path: Path) -> None:
    path.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        users.verify("Li Na 李娜", "2468")


def test_that_a_damaged_file_is_refused_with_its_remedy(path: Path) -> None:
    path.touch(0o600)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(UserError, match="add them again"):
        Users(path).all()
