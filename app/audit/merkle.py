"""The Merkle tree of RFC 6962 (2.1): its hashes, the edge that a growing log keeps, and proofs over any store of them.

A leaf is SHA-256 of a zero byte and the text of a record, a node that of a byte 1 and its two children. `Tree` needs no
more than the hash of each complete subtree; where these come from is the store's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
TILE_LEVELS = 8
"""A store keeps the hash of every complete subtree of 256, 65,536, ... leaves; those between are made from them."""

SubtreeHash = Callable[[int, int], bytes]
"""The hash of the complete subtree `index` of 2**`level` leaves."""


class ProofError(Exception):
    """A proof that proves nothing."""


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a record's text."""
    return sha256(b"\x00" + body).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a complete subtree whose 2**n hashes of one level are given."""
    while len(hashes) > 1:
        hashes = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


class Edge:
    """The right edge of a growing tree: the roots of its complete subtrees, largest first, 20 for a million leaves."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        """Stand behind `size` leaves; `peaks`: one hash per bit of that number that is 1."""
        self.size = size
        self.peaks = list(peaks)

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Take a leaf; return (level, index, hash) of the subtrees that a store keeps and that are complete now."""
        complete = []
        joined, level, hashed = self.size, 0, leaf
        while joined & 1:
            hashed = sha256(b"\x01" + self.peaks.pop() + hashed).digest()
            joined >>= 1
            level += 1
            if not level % TILE_LEVELS:
                complete.append((level, joined, hashed))
        self.peaks.append(hashed)
        self.size += 1
        return complete

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        hashed = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            hashed = sha256(b"\x01" + peak + hashed).digest()
        return hashed


def edge_at(size: int, subtree: SubtreeHash) -> Edge:
    """Return the edge behind the first `size` leaves."""
    peaks, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append(subtree(level, start >> level))
            start += 1 << level
    return Edge(size, peaks)


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Return the leaves [start, end) that each hash of that path stands for."""
    if not 0 <= index < size:
        raise ProofError(f"leaf {index} is none of the first {size}")
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_proof(old: int, new: int, subtree: SubtreeHash) -> list[bytes]:
    """Return the proof that the first `old` leaves of a tree of `new` are those it had (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ProofError(f"a tree of {new} leaves cannot go on from one of {old}")
    proof: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(range_root(middle, end, subtree))
            end = middle
        else:
            proof.append(range_root(start, middle, subtree))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(range_root(start, end, subtree))
    return proof[::-1]


def range_root(start: int, end: int, subtree: SubtreeHash) -> bytes:
    """Return the root of leaves [start, end), where `start` is where a subtree of at least that length begins."""
    edge = Edge(0)
    for level in range((end - start).bit_length() - 1, -1, -1):
        if end - start >> level & 1:
            edge.peaks.append(subtree(level, start >> level))
            start += 1 << level
    return edge.root()


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
