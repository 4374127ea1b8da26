import hashlib
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.engine.chain import (
    GENESIS,
    Anchor,
    canonical,
    file_digest,
    inclusion_proof,
    merkle_root,
    new_key,
    parse,
    read_private_key,
    read_public_key,
    verify_inclusion,
)
from bole.engine.errors import BoleError

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


def test_one_written_form():
    assert canonical({"b": 1, "a": ["甲", None, True], "é": {}}) == (
        '{"a":["甲",null,true],"b":1,"é":{}}'.encode()
    )


@given(JSON)
def test_canonical_json_reads_back_and_is_stable(value):
    written = canonical(value)
    assert parse(written) == value
    assert canonical(parse(written)) == written


@pytest.mark.parametrize(
    "value", [1.5, Decimal("1.5"), {1: 2}, {"a": [object()]}, "nul\0", "\ud800", float("nan")]
)
def test_values_without_one_written_form_are_refused(value):
    with pytest.raises(BoleError) as caught:
        canonical({"x": value})
    assert caught.value.problems[0].code == "REC_VALUE"
    assert caught.value.problems[0].where.startswith("x")


@pytest.mark.parametrize("line", ['{"a": 1.5}', '{"a": 1, "a": 2}', "{"])
def test_lines_that_could_be_read_in_two_ways_are_refused(line):
    with pytest.raises(ValueError):
        parse(line)


def test_file_digest(tmp_path):
    content = "材料".encode() * 500_000
    (tmp_path / "a").write_bytes(content)
    expected = hashlib.sha256(content).hexdigest()
    assert file_digest(tmp_path / "a") == expected == file_digest(io.BytesIO(content))


# Test vectors of Certificate Transparency (RFC 6962): the tree over these eight leaves.
LEAVES = [
    bytes.fromhex(x)
    for x in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(1, 9))
def test_merkle_roots_of_the_published_vectors(size):
    assert merkle_root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_root_of_no_leaves():
    assert merkle_root([]).hex() == hashlib.sha256(b"").hexdigest()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_every_leaf_has_a_proof_and_nothing_else_has(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, proof, size = merkle_root(leaves), inclusion_proof(leaves, index), len(leaves)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(leaves[index] + b"x", index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, [*proof, root], root)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    assert not proof or not verify_inclusion(leaves[index], index, size, proof[:-1], root)


def test_no_proof_outside_the_leaves():
    with pytest.raises(IndexError):
        inclusion_proof([b"a"], 1)


def anchor():
    return Anchor("安澜县委组织部", "2026-11-24T00:00:00Z", 3, "a" * 64, "b" * 64, 0, GENESIS)


@pytest.mark.parametrize("password", [None, "口令"])
def test_a_signed_anchor(password):
    private, public = new_key(password)
    trusted = read_public_key(public)
    signed = anchor().signed(read_private_key(private, password))
    assert Anchor.from_json(signed.to_json()) == signed
    assert signed.problem() is None
    assert signed.problem(trusted) is None
    assert len(signed.fingerprint) == 24

    forged = Anchor.from_json(signed.to_json().replace('"size": 3', '"size": 2'))
    assert forged.problem().code == "SIGNATURE_BAD"
    other = anchor().signed(read_private_key(new_key()[0]))
    assert other.problem() is None
    assert other.problem(trusted).code == "SIGNATURE_KEY"
    assert anchor().problem() is None
    assert anchor().problem(trusted).code == "ANCHOR_UNSIGNED"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": "bole-anchor/1"}',
        anchor().to_json().replace('"size": 3', '"size": "3"'),
        anchor().to_json().replace("anchor/1", "anchor/9"),
    ],
)
def test_other_files_are_no_anchors(content):
    with pytest.raises(BoleError) as caught:
        Anchor.from_json(content, "锚点.json")
    assert caught.value.problems[0].code == "ANCHOR_FORMAT"


def test_wrong_keys_are_refused():
    private, public = new_key("口令")
    for call in (
        lambda: read_private_key(private),
        lambda: read_private_key(private, "错"),
        lambda: read_private_key(public),
        lambda: read_public_key(private),
        lambda: read_public_key(b"not a key"),
    ):
        with pytest.raises(BoleError) as caught:
            call()
        assert caught.value.problems[0].code == "KEY_FORMAT"
