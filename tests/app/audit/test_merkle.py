"""The tree of RFC 6962 against its definition, written down a second time as the standard states it.

What proves is judged by the verifier that goes out with a proof, which shares no code with the tree.
"""

from __future__ import annotations

import itertools
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit.merkle import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    edge_at,
    inclusion_ranges,
    leaf_hash,
    range_root,
)
from resources.verifier.verify import Checkpoint, NotProven, check_growth, node, root_of

LEAVES = [leaf_hash(bytes([n])) for n in range(70)]


def root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = max(1 << k for k in range(8) if 1 << k < len(leaves))
    return node(root(leaves[:split]), root(leaves[split:]))


def checkpoint(size: int, of: bytes) -> Checkpoint:
    return "a log", size, of, []


def subtree(level: int, index: int) -> bytes:
    return root(LEAVES[index << level : index + 1 << level])


def test_that_leaves_and_nodes_are_those_of_the_published_test_vectors() -> None:
    # certificate-transparency's "TestLogRoot" vectors: the tree of eight inputs
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    edge = Edge()
    for text in inputs:
        edge.add(leaf_hash(bytes.fromhex(text)))
    assert edge.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert EMPTY_ROOT == sha256().digest() == Edge().root()


def test_that_an_edge_has_the_root_of_its_leaves_and_can_be_had_from_subtrees() -> None:
    edge = Edge()
    for size, leaf in enumerate(LEAVES, 1):
        edge.add(leaf)
        assert edge.root() == root(LEAVES[:size]) == edge_at(size, subtree).root()


def test_that_every_leaf_is_proven_and_no_other_takes_its_place() -> None:
    for size in range(1, 40):
        for index in range(size):
            proof = [range_root(start, end, subtree) for start, end in inclusion_ranges(index, size)]
            whole = root(LEAVES[:size])
            assert root_of(LEAVES[index], index, size, proof) == whole
            assert root_of(LEAVES[index + 1], index, size, proof) != whole


def test_that_every_tree_goes_on_from_every_smaller_one_and_from_no_other() -> None:
    for old, new in itertools.combinations_with_replacement(range(1, 40), 2):
        proof = consistency_proof(old, new, subtree)
        check_growth(checkpoint(old, root(LEAVES[:old])), checkpoint(new, root(LEAVES[:new])), proof)
        with pytest.raises(NotProven):
            check_growth(checkpoint(old, root(LEAVES[1 : old + 1])), checkpoint(new, root(LEAVES[:new])), proof)
        if old > 1:
            with pytest.raises(NotProven):
                check_growth(
                    checkpoint(old - 1, root(LEAVES[: old - 1])), checkpoint(new, root(LEAVES[1 : new + 1])), proof
                )


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=8), st.integers(0, 70), st.integers(0, 70))
def test_that_no_made_up_proof_proves(proof: list[bytes], old: int, new: int) -> None:
    with pytest.raises(NotProven):
        check_growth(checkpoint(old, bytes(32)), checkpoint(new, b"\xff" * 32), proof)
    try:
        assert root_of(LEAVES[0], old, new, proof) != bytes(32)
    except NotProven as error:
        assert str(error)  # noqa: PT017 - either is right
