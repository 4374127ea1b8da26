"""A verifier written from docs/recount.md alone agrees with the package."""

import base64
import json
import zipfile
from hashlib import sha256

from tests.engine.ballotbox.test_recount import package  # noqa: F401  (fixture)


def tree(leaves):
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def test_an_auditor_with_his_own_program(package):  # noqa: F811
    with zipfile.ZipFile(package) as zipped:
        files = {n: zipped.read(n) for n in zipped.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert all(sha256(files[n]).hexdigest() == d for n, d in manifest["files"].items())
    lines = files["ballots.ndjson"].split(b"\n")[:-1]
    assert tree(lines).hex() == manifest["root"]
    votes = 0
    for line in lines:
        ballot = json.loads(line)
        answers = json.dumps(
            ballot["answers"], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        meeting = sha256(manifest["meeting"].encode()).digest()
        hashed = b"bole-tracker/1\x00" + meeting + (ballot["nonce"] + answers).encode()
        assert ballot["tracker"] == base64.b32encode(sha256(hashed).digest())[:12].decode()
        names = ballot["answers"].get("names", [])
        votes += "甲" in names and len(names) <= 2
    result = json.loads(files["result.json"])
    stated = [n for i, s, o, n in result["cells"] if (i, s, o) == ("names", "甲", "names")]
    assert sum(stated[0].values()) == votes
