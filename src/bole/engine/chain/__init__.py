"""The hash chain of the process record, Merkle trees, signed anchors and the offline verifier.

Nothing here needs a database. `docs/record.md` describes the format byte by byte, so that an
auditor can check a record with a program of his own.
"""

from bole.engine.chain.anchors import Anchor, new_key, read_private_key, read_public_key
from bole.engine.chain.canonical import canonical, digest_of, file_digest, parse
from bole.engine.chain.links import ENTRIES, GENESIS, READINGS, STREAM, Numbering, seal, seal_of
from bole.engine.chain.merkle import (
    MerkleAccumulator,
    inclusion_proof,
    merkle_root,
    verify_inclusion,
)
from bole.engine.chain.verify import Break, Report, Sealed, verify_chain

__all__ = [
    "ENTRIES",
    "GENESIS",
    "READINGS",
    "STREAM",
    "Anchor",
    "Break",
    "Sealed",
    "MerkleAccumulator",
    "Numbering",
    "Report",
    "canonical",
    "digest_of",
    "file_digest",
    "inclusion_proof",
    "merkle_root",
    "new_key",
    "parse",
    "read_private_key",
    "read_public_key",
    "seal",
    "seal_of",
    "verify_chain",
    "verify_inclusion",
]
