"""Merkle trees as RFC 6962 (Certificate Transparency) defines them, with SHA-256.

Leaves are hashed with a 0x00 byte in front and inner nodes with 0x01, so that a leaf can never be
passed off as a node. Used for ballot receipts and for anchors of the process record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class MerkleAccumulator:
    """Leaves one after another, with the root at any moment; keeps only O(log n) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of full subtrees, largest first

    def append(self, leaf: bytes) -> None:
        """Add one leaf at the end."""
        node = sha256(b"\x00" + leaf).digest()
        self.size += 1
        n = self.size
        while not n & 1:
            node = sha256(b"\x01" + self._peaks.pop() + node).digest()
            n >>= 1
        self._peaks.append(node)

    def root(self) -> bytes:
        """The root over all leaves so far; of no leaves it is SHA-256 of nothing."""
        if not self._peaks:
            return sha256(b"").digest()
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The tree's root (32 bytes) over the leaves in their order."""
    tree = MerkleAccumulator()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (0-based): the hashes that lead from it to the root.

    Raises IndexError for an index outside the leaves.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} of {len(leaves)}")
    level = [leaf_hash(leaf) for leaf in leaves]
    path: list[bytes] = []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])  # an odd last node moves up unchanged
        level, index = above, index // 2
    return path


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof shows that `leaf` is number `index` of `size` leaves under `root`.

    Implements RFC 9162 §2.1.3.2 (same trees as RFC 6962).
    """
    if not 0 <= index < size:
        return False
    fn, sn = index, size - 1
    node = leaf_hash(leaf)
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(step, node)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            node = node_hash(node, step)
        fn >>= 1
        sn >>= 1
    return sn == 0 and node == root
