"""Certificates as hostile servers and old tools write them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from drivers.opcua.certificate import UnreadableCertificate, certificates_from, certificates_in, der, facts_of
from drivers.opcua.examination import Shown, examine, names_host
from drivers.opcua.pki import Pki, ServerMemory
from tests.drivers.opcua.authority import Authority, key_of, made

MUTATIONS = 3_000


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to four of them changed, left out or added."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at] ^= 1 << chance.randrange(8)
            case 2:
                del changed[at : at + chance.randint(1, 7)]
            case _:
                changed[at:at] = chance.randbytes(chance.randint(1, 5))
    return bytes(changed)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # what a mutation may make of one
def test_that_no_mutated_certificate_is_believed_or_ends_in_an_error_of_its_own(tmp_path: Path) -> None:
    chance, pki, authority = random.Random(1), Pki(tmp_path), Authority()
    authority.made.put(pki.trusted_folder)
    authority.put_list(pki.trusted_folder)
    issued = der(authority.issue().certificate)
    judged = 0
    for _ in range(MUTATIONS):
        data = _mutated(issued, chance)
        if data == issued:
            continue
        try:
            shown = certificates_from(data)
        except UnreadableCertificate:
            continue
        judged += 1
        assert facts_of(shown[0]).words
        if der(shown[0]) != issued:
            assert examine(Shown(shown[0], tuple(shown[1:]), "127.0.0.1"), pki, ServerMemory())
    assert judged > MUTATIONS / 10


def test_that_a_chain_is_read_as_its_certificates_and_a_cut_one_is_not() -> None:
    authority = Authority()
    chain = [authority.issue().certificate, authority.made.certificate]
    data = b"".join(der(certificate) for certificate in chain)
    assert certificates_from(data) == chain
    with pytest.raises(UnreadableCertificate, match="cut off"):
        certificates_from(data[:-1])
    with pytest.raises(UnreadableCertificate):
        certificates_from(b"0")
    assert certificates_from(b"") == []


def test_that_files_count_whatever_they_are_called_and_others_are_passed_over(tmp_path: Path) -> None:
    first, second = made().certificate, made(key=key_of("second")).certificate
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "server").write_bytes(der(first))
    (tmp_path / "second.crt").write_bytes(second.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "notes.txt").write_text("not a certificate", encoding="utf-8")
    assert set(certificates_in(tmp_path).values()) == {first, second}


def test_that_an_address_of_this_pc_is_this_pc_by_any_of_its_names_and_another_is_not() -> None:
    assert names_host(["localhost"], "127.0.0.1")
    assert names_host(["PLC-1."], "plc-1")
    assert names_host(["fe80:0::1"], "fe80::1")
    assert not names_host(["localhost"], "10.0.0.2")
    assert not names_host(["plc-1.plant.example"], "plc-1")
    assert not names_host([], "plc-1")


def test_that_facts_are_those_of_the_certificate() -> None:
    certificate = made("press 3", hosts=("plc-3", "10.0.0.3"), uri="urn:press").certificate
    facts = facts_of(certificate)
    assert (facts.subject, facts.issuer, facts.is_self_signed) == ("CN=press 3", "CN=press 3", True)
    assert (facts.hosts, facts.uri, facts.key) == (("plc-3", "10.0.0.3"), "urn:press", "RSA 2048")
    assert len(facts.words.split()) == 8
    assert not facts_of(Authority().issue().certificate).is_self_signed
