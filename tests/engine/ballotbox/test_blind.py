"""Blind signatures against the known answers of RFC 9474, Appendix A."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bole.engine.ballotbox.blind import blind, blind_sign, finalize, new_key, prepare, verify
from bole.engine.errors import BoleError

VECTORS = json.loads(Path(__file__).with_name("rfc9474.json").read_text(encoding="utf-8"))[
    "vectors"
]


def key_of(vector):
    p, q, d, e, n = (int(vector[k], 16) for k in "pqden")
    return rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, n)
    ).private_key()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_known_answers(vector):
    private = key_of(vector)
    public = private.public_key()
    n = public.public_numbers().n
    given = {k: bytes.fromhex(v) for k, v in vector.items() if k not in ("name", *"pqden", "inv")}
    inverse = int(vector["inv"], 16)
    prefix = given["msg_prefix"]
    prepared = prepare(given["msg"], lambda size: prefix) if prefix else given["msg"]
    assert prepared == given["prepared_msg"]
    blinded, inv = blind(public, prepared, salt=given["salt"], factor=pow(inverse, -1, n))
    assert (blinded, inv) == (given["blinded_msg"], inverse)
    assert blind_sign(private, blinded) == given["blind_sig"]
    length = len(given["salt"])
    signature = finalize(public, prepared, given["blind_sig"], inverse, salt_length=length)
    assert signature == given["sig"]
    assert verify(public, prepared, signature, salt_length=length)


@pytest.fixture(scope="module")
def key():
    return new_key(2048)


def test_issuing_and_casting_share_nothing(key):
    public, message = key.public_key(), b"credential"
    seen = set()
    for _ in range(3):
        prepared = prepare(message)
        blinded, inverse = blind(public, prepared)
        signature = finalize(public, prepared, blind_sign(key, blinded), inverse)
        assert verify(public, prepared, signature)
        assert not verify(public, prepared + b"x", signature)
        seen |= {blinded, signature, prepared}
    assert len(seen) == 9


def test_what_the_issuer_refuses(key):
    public = key.public_key()
    n = public.public_numbers().n
    for blinded in (b"", b"\x01", n.to_bytes(256, "big")):
        with pytest.raises(BoleError):
            blind_sign(key, blinded)
    prepared = prepare(b"credential")
    blinded, inverse = blind(public, prepared)
    signed = blind_sign(key, blinded)
    for broken in (signed[:-1], bytes([signed[0] ^ 1]) + signed[1:]):
        with pytest.raises(BoleError):
            finalize(public, prepared, broken, inverse)
    assert not verify(public, prepared, b"")
