"""The model of a disk whose power fails: what must be there, what may be, and what never can."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.chaos.disk import SECTOR, Disk, Operation
from tests.chaos.recording import NoWitness, Recording, check_complete
from tests.chaos.truth import Truth
from tests.chaos.writer import Script

FOLDER = Path("/plant")
FILE, OTHER = "/plant/a", "/plant/b"
CREATE = Operation("C", FILE, inode=1)
SYNC = Operation("S", FILE, inode=1)
SYNC_FOLDER = Operation("S", str(FOLDER), inode=99)
CHANCES = 300


def write(offset: int, data: bytes) -> Operation:
    return Operation("W", inode=1, offset=offset, data=data)


def truncate(length: int) -> Operation:
    return Operation("T", inode=1, offset=length)


def states(*operations: Operation) -> list[dict[str, bytes]]:
    """The states that many power cuts after these operations leave."""
    disk = Disk(FOLDER)
    for operation in operations:
        disk.apply(operation)
    return [disk.after_power_cut(np.random.default_rng(chance)) for chance in range(CHANCES)]


def sectors(content: bytes) -> list[bytes]:
    return [content[start : start + SECTOR] for start in range(0, len(content), SECTOR)]


OLD, NEW, NEWEST = b"o" * 4 * SECTOR, b"n" * 4 * SECTOR, b"N" * 4 * SECTOR


def test_that_what_was_synced_is_there() -> None:
    assert all(state == {FILE: OLD} for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC))


def test_that_a_file_whose_folder_was_not_synced_may_be_missing() -> None:
    found = states(CREATE, write(0, OLD), SYNC)

    assert {} in found
    assert {FILE: OLD} in found
    assert all(state in ({}, {FILE: OLD}) for state in found)


def test_that_each_sector_of_a_write_that_was_not_synced_is_old_or_new() -> None:
    found = [state[FILE] for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, write(0, NEW))]

    assert {OLD, NEW} < set(found)
    assert any(0 < content.count(b"n") < len(NEW) for content in found), "no write was torn"
    assert {sector for content in found for sector in sectors(content)} == {OLD[:SECTOR], NEW[:SECTOR]}


def test_that_a_later_write_may_be_there_without_an_earlier_one() -> None:
    first, second = write(0, NEW[:SECTOR]), write(3 * SECTOR, NEW[:SECTOR])

    found = [state[FILE] for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, first, second)]

    assert any(content.startswith(b"o") and content.endswith(b"n") for content in found)
    assert any(content.startswith(b"n") and content.endswith(b"o") for content in found)


def test_that_a_sector_holds_the_earlier_of_two_writes_wherever_it_holds_the_later() -> None:
    begin, end = write(0, b"1" * 100), write(400, b"2" * 112)

    found = [state[FILE][:SECTOR] for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, begin, end)]

    assert {(content[:1], content[-1:]) for content in found} == {(b"o", b"o"), (b"1", b"o"), (b"1", b"2")}


def test_that_a_sector_may_hold_any_version_since_the_last_sync() -> None:
    found = states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, write(0, NEW), write(0, NEWEST))

    assert {sector[:1] for state in found for sector in sectors(state[FILE])} == {b"o", b"n", b"N"}


def test_that_a_file_which_grew_may_be_short_or_hold_what_was_never_written() -> None:
    found = [state[FILE] for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, write(len(OLD), NEW))]

    assert {len(content) for content in found} == {len(OLD), len(OLD + NEW)}
    assert all(content.startswith(OLD) for content in found)
    grown = {sector for content in found for sector in sectors(content[len(OLD) :])}
    assert {NEW[:SECTOR], bytes(SECTOR)} < grown
    assert len(grown) > 2, "no rubbish was found"


def test_that_a_file_that_was_shortened_is_so_as_a_whole_or_not_at_all() -> None:
    found = {state[FILE] for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, truncate(SECTOR))}

    assert found == {OLD[:SECTOR], OLD}


def test_that_a_shortened_file_that_grows_again_shows_the_old_or_the_new_but_no_mixture() -> None:
    found = [state[FILE] for state in states(CREATE, SYNC_FOLDER, write(0, OLD), SYNC, truncate(0), write(0, NEW[:-1]))]

    long_ones = [content for content in found if len(content) == len(OLD)]
    assert OLD in long_ones
    assert set(long_ones) == {OLD}
    assert {b"", NEW[:-1]} < set(found)
    assert any(len(content) == len(NEW) - 1 and b"o" in content for content in found), "nothing stale was found"


def test_that_a_synced_truncation_leaves_nothing_of_what_was_cut_off() -> None:
    found = states(CREATE, SYNC_FOLDER, write(0, OLD), truncate(SECTOR), write(3 * SECTOR, NEW[:SECTOR]), SYNC)

    assert all(state == {FILE: OLD[:SECTOR] + bytes(2 * SECTOR) + NEW[:SECTOR]} for state in found)


def test_that_a_removed_file_may_be_back_until_its_folder_is_synced() -> None:
    before = (CREATE, SYNC_FOLDER, write(0, OLD), SYNC, Operation("U", FILE))

    found = states(*before)

    assert {} in found
    assert {FILE: OLD} in found
    assert all(state == {} for state in states(*before, SYNC_FOLDER))


def test_that_a_rename_gives_the_old_name_or_the_new_one() -> None:
    before = (CREATE, SYNC_FOLDER, write(0, OLD), SYNC, Operation("R", FILE, data=OTHER.encode()))

    found = states(*before)

    assert {FILE: OLD} in found
    assert {OTHER: OLD} in found
    assert all(len(state) == 1 for state in found)
    assert all(state == {OTHER: OLD} for state in states(*before, SYNC_FOLDER))


def test_that_a_new_file_of_the_same_name_and_inode_has_nothing_of_the_old_one() -> None:
    found = states(CREATE, write(0, OLD), SYNC, Operation("U", FILE), CREATE, SYNC_FOLDER, write(0, NEW), SYNC)

    assert all(state == {FILE: NEW} for state in found)


def test_that_a_record_which_does_not_explain_the_files_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(OLD)
    script = Script(path=str(path), seed=1, first=0, end=1)
    whole = [Operation("C", str(path), inode=1), write(0, OLD)]

    check_complete(Recording(script, Truth(1), {}, whole))
    with pytest.raises(NoWitness, match="do not explain"):
        check_complete(Recording(script, Truth(1), {}, whole[:1]))
