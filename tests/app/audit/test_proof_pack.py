"""Proof packs, verified by the two programs that come with them and know nothing of ours."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.__main__ import main
from app.audit.checkpoints import CheckpointKeeper
from app.audit.journal import AuditJournal
from app.audit.key import KeyFolder
from app.audit.signed_note import Checkpoint, SignerKey
from app.collector.recorder import Recorder
from app.database import open_writer
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.audit import AuditAction, AuditRecord
from app.model.text import LocalText
from drivers import secret_store
from tests.app.plant.sample import SAMPLE

NODE = shutil.which("node")
VERIFIER = Path(str(files("resources"))) / "verifier"
ALARM = AlarmRecord(
    "AC01.P.high",
    "AC01.P",
    "AC01",
    AlarmState.ACKNOWLEDGED,
    Priority.HIGH,
    ConditionKind.HIGH,
    LocalText("Pressure high", "压力高"),
    raised=1_700_000_000_000_000_000,
    value=8.5,
    limit=8.0,
    event=AlarmEvent.ACKNOWLEDGE,
    changed=1_700_000_005_000_000_000,
    by="李娜",
    reason="seen",
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A folder with a pack, and the checkpoint and key that an auditor had kept before."""

    folder: Path
    checkpoint: Path
    key: str

    @property
    def pack(self) -> dict[str, Any]:
        pack: dict[str, Any] = json.loads((self.folder / "pack.json").read_text("utf-8"))
        return pack


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("plant")
    (folder / "plant.toml").write_text(SAMPLE, "utf-8")
    history, kept = folder / "history.sqlite", folder / "kept.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret_store, "_keyring", lambda: None)
        recorder = Recorder(history, [], on_stored=lambda _: None)
        recorder.start()
        recorder.audit([AuditRecord(n, AuditAction.SIGN_IN, user="李娜") for n in range(1, 41)]).result()
        recorder.journal([ALARM]).result()
        recorder.stop()
        with closing(open_writer(history)) as connection:
            journal = AuditJournal(connection)
            keeper = CheckpointKeeper(journal)
            kept.write_text(keeper.make().note, "utf-8")
            keeper.rotate("yearly", user="李娜")
            journal.append([AuditRecord(n, AuditAction.SIGN_OFF, user="李娜") for n in range(100, 400)])
        assert main(["audit", "export", str(folder), str(folder / "stick"), "--checkpoint", str(kept)]) == 0
        assert main(["verify", str(folder), "--checkpoint", str(kept)]) == 0
    key = KeyFolder.of(history).known()
    return Exported(folder / "stick", kept, str(key))


def by_python(exported: Exported, pack: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier in a Python without site packages, from a folder where nothing of ours is."""
    command = [sys.executable, "-I", "-S", str(exported.folder / "verify.py"), str(pack), *options]
    return subprocess.run(command, cwd=pack.parent, capture_output=True, text=True, encoding="utf-8", check=False)


def by_page(pack: Path, checkpoint: str, key: str, *, slow: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the script of the page in node, which has the same WebCrypto as a browser."""
    if NODE is None:
        pytest.skip("no node here to run the page's script")
    page = (VERIFIER / "verify.html").read_text("utf-8")
    script = page.split('<script id="verifier">')[1].split("</script>")[0]
    if slow:  # as in a browser whose WebCrypto knows no Ed25519
        script = script.replace("crypto.subtle.importKey(", "crypto.subtle.unknown(")
    tail = f"""
    const pack = JSON.parse(require("fs").readFileSync({json.dumps(str(pack))}, "utf8"));
    verify(pack, {json.dumps(checkpoint)}, {json.dumps(key)}).then(
      (said) => console.log(JSON.stringify(said)),
      (error) => {{ console.error(error.message, ...(error.values || [])); process.exit(1); }});
    """
    command = [NODE, "-e", script.replace('"use strict";', "") + tail]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_that_the_python_verifier_proves_a_pack_without_any_package(exported: Exported) -> None:
    options = ("--checkpoint", str(exported.checkpoint), "--key", exported.key, "--show")
    done = by_python(exported, exported.folder / "pack.json", *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("PROVEN\n")
    assert "NOTE" not in done.stdout
    assert "none between them is left out" in done.stdout
    assert "alarm=AC01.P.high" in done.stdout
    assert '"message_zh":"压力高"' in done.stdout
    assert len((VERIFIER / "verify.py").read_text("utf-8").splitlines()) <= 300
    without = by_python(exported, exported.folder / "pack.json")
    assert without.stdout.count("NOTE") == 2
    assert "PROVEN" not in without.stdout
    assert "FITS TOGETHER" in without.stdout


@pytest.mark.parametrize("slow", [False, True], ids=["WebCrypto", "own arithmetic"])
def test_that_the_page_proves_the_same_pack(exported: Exported, slow: bool) -> None:  # noqa: FBT001 - a parameter
    done = by_page(exported.folder / "pack.json", exported.checkpoint.read_text("utf-8"), exported.key, slow=slow)
    assert done.returncode == 0, done.stderr
    assert [name for name, *_ in json.loads(done.stdout)] == ["newer", "older", "grown", "complete"]


def change_body(pack: dict[str, Any]) -> None:
    pack["records"][5]["body"] = pack["records"][5]["body"].replace("李娜", "李明")


def leave_out(pack: dict[str, Any]) -> None:
    del pack["records"][20]


def renumber(pack: dict[str, Any]) -> None:
    pack["records"][7]["body"] = pack["records"][8]["body"]
    pack["records"][7]["path"] = pack["records"][8]["path"]


def change_line(pack: dict[str, Any]) -> None:
    (record,) = [record for record in pack["records"] if "line" in record]
    record["line"] = record["line"].replace("8.5", "7.5")


def change_proof(pack: dict[str, Any]) -> None:
    pack["consistency"][0] = "00" * 32


def swap_key(pack: dict[str, Any]) -> None:
    newer = Checkpoint.parse(pack["newer"])
    own = SignerKey(newer.origin, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    pack["newer"] = Checkpoint.sign(own, newer.size, newer.root).note
    pack["keys"][-1] = str(own.verifier)


def sign_with_nothing(pack: dict[str, Any]) -> None:
    note = pack["newer"].rstrip("\n")
    pack["newer"] = f"{note[:-8]}AAAAAAA=\n"


def cut_consistency(pack: dict[str, Any]) -> None:
    del pack["consistency"][-1]


@pytest.mark.parametrize(
    "attack",
    [change_body, leave_out, renumber, change_line, change_proof, swap_key, sign_with_nothing, cut_consistency],
    ids=lambda attack: attack.__name__,
)
def test_that_both_verifiers_refuse_a_pack_that_was_changed(
    exported: Exported, attack: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    pack = exported.pack
    attack(pack)
    changed = tmp_path / "pack.json"
    changed.write_text(json.dumps(pack, ensure_ascii=False), "utf-8")
    done = by_python(exported, changed, "--checkpoint", str(exported.checkpoint), "--key", exported.key)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "NOT PROVEN" in done.stderr
    if NODE is not None:
        assert by_page(changed, exported.checkpoint.read_text("utf-8"), exported.key).returncode == 1


def test_that_an_auditor_with_another_checkpoint_or_key_is_told(exported: Exported, tmp_path: Path) -> None:
    other = SignerKey("foreshift/other/1", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    (tmp_path / "other.txt").write_text(Checkpoint.sign(other, 3, bytes(32)).note, "utf-8")
    pack = exported.folder / "pack.json"
    assert "your checkpoint" in by_python(exported, pack, "--checkpoint", str(tmp_path / "other.txt")).stderr
    assert "your key" in by_python(exported, pack, "--key", str(other.verifier)).stderr
    nothing = tmp_path / "nothing.json"
    nothing.write_text("{}")
    assert by_python(exported, nothing).returncode == 1
    nothing.write_text("[")
    assert by_python(exported, nothing).returncode == 2


def test_that_every_text_of_the_page_is_there_in_both_languages_and_it_loads_nothing() -> None:
    page = (VERIFIER / "verify.html").read_text("utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert "src=" not in page
    if NODE is None:
        pytest.skip("no node here to read the page's texts")
    script = page.split('<script id="verifier">')[1].split("</script>")[0]
    names = "console.log(JSON.stringify([Object.keys(TEXTS.en), Object.keys(TEXTS.zh)]));"
    done = subprocess.run([NODE, "-e", script + names], capture_output=True, text=True, check=True)
    english, chinese = json.loads(done.stdout)
    assert english == chinese
    assert len(english) > 25
