"""Blind RSA signatures, RFC 9474: an issuer signs a credential that it cannot recognise later.

Used for RSABSSA-SHA384-PSS-Randomized: the voter's device prepares and blinds a random credential,
the issuer signs it for a slip's code, and the box accepts the unblinded credential once.
Issuer and box together cannot tell which slip a credential came from. One key pair per meeting and
class; a key is used for nothing else.

The device's side (`prepare`, `blind`, `finalize`) is here for tests and for programs that vote; in
the voting page it runs in the browser, because a server that does the blinding could remember it.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from hashlib import sha384

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from bole.engine.errors import BoleError, Problem
from bole.engine.text import Text

HASH_LENGTH = 48
SALT_LENGTH = 48  # RSABSSA-SHA384-PSS; 0 for the PSSZERO variants
PREFIX_LENGTH = 32
KEY_BITS = 3072  # 128 bits of security


def new_key(bits: int = KEY_BITS) -> rsa.RSAPrivateKey:
    """A key pair for one class of one meeting."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def prepare(message: bytes, random: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """PrepareRandomize (§4.1): 32 random bytes in front, against issuers with a crafted key."""
    return random(PREFIX_LENGTH) + message


def blind(
    public: rsa.RSAPublicKey,
    prepared: bytes,
    *,
    salt: bytes | None = None,
    factor: int | None = None,
) -> tuple[bytes, int]:
    """Blind (§4.2): the blinded message for the issuer, and the inverse kept by the device.

    `salt` and `factor` are drawn unless given (given only by tests with known answers).
    Raises `BoleError` (BLIND_INPUT) when the message is not coprime to the modulus.
    """
    n, e = _numbers(public)
    salt = secrets.token_bytes(SALT_LENGTH) if salt is None else salt
    encoded = int.from_bytes(_encode(prepared, n.bit_length() - 1, salt), "big")
    if math.gcd(encoded, n) != 1:
        raise _wrong("BLIND_INPUT", "消息与公钥不适配", "the message does not fit the public key")
    while True:
        r = secrets.randbelow(n - 1) + 1 if factor is None else factor
        if math.gcd(r, n) == 1:
            break
    blinded = encoded * pow(r, e, n) % n
    return blinded.to_bytes(_length(n), "big"), pow(r, -1, n)


def blind_sign(private: rsa.RSAPrivateKey, blinded: bytes) -> bytes:
    """BlindSign (§4.3), with the private operation blinded again against timing, and checked.

    Raises `BoleError` (BLIND_SIZE, BLIND_RANGE, BLIND_FAILED).
    """
    numbers = private.private_numbers()
    n, e = _numbers(private.public_key())
    m = int.from_bytes(blinded, "big")
    if len(blinded) != _length(n):
        raise _wrong("BLIND_SIZE", "盲化消息长度有误", "the blinded message has a wrong length")
    if m >= n:
        raise _wrong("BLIND_RANGE", "盲化消息超出范围", "the blinded message is out of range")
    while math.gcd(mask := secrets.randbelow(n - 1) + 1, n) != 1:
        continue
    masked = m * pow(mask, e, n) % n
    p, q = numbers.p, numbers.q
    s_p, s_q = pow(masked, numbers.dmp1, p), pow(masked, numbers.dmq1, q)
    s = s_q + q * ((s_p - s_q) * numbers.iqmp % p)
    s = s * pow(mask, -1, n) % n
    if pow(s, e, n) != m:
        raise _wrong("BLIND_FAILED", "签名运算出错", "the signing operation failed")
    return s.to_bytes(_length(n), "big")


def finalize(
    public: rsa.RSAPublicKey,
    prepared: bytes,
    blind_signature: bytes,
    inverse: int,
    *,
    salt_length: int = SALT_LENGTH,
) -> bytes:
    """Finalize (§4.4): the signature of the prepared message, checked.

    Raises `BoleError` (BLIND_SIZE, BLIND_SIGNATURE): then the issuer did not sign what was asked.
    """
    n, _ = _numbers(public)
    if len(blind_signature) != _length(n):
        raise _wrong("BLIND_SIZE", "盲签名长度有误", "the blind signature has a wrong length")
    s = int.from_bytes(blind_signature, "big") * inverse % n
    signature = s.to_bytes(_length(n), "big")
    if not verify(public, prepared, signature, salt_length=salt_length):
        raise _wrong("BLIND_SIGNATURE", "签名无效", "the signature is not valid")
    return signature


def verify(
    public: rsa.RSAPublicKey, prepared: bytes, signature: bytes, *, salt_length: int = SALT_LENGTH
) -> bool:
    """Whether a prepared message bears the issuer's signature (RSASSA-PSS with SHA-384)."""
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=salt_length)
    try:
        public.verify(signature, prepared, scheme, hashes.SHA384())
    except (InvalidSignature, ValueError):
        return False
    return True


def _numbers(public: rsa.RSAPublicKey) -> tuple[int, int]:
    numbers = public.public_numbers()
    return numbers.n, numbers.e


def _length(n: int) -> int:
    return (n.bit_length() + 7) // 8


def _encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with SHA-384 and MGF1-SHA-384."""
    length = (bits + 7) // 8
    if length < HASH_LENGTH + len(salt) + 2:
        raise _wrong("BLIND_KEY", "密钥太短", "the key is too short")
    digest = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - HASH_LENGTH - 2) + b"\x01" + salt
    mask = _mgf1(digest, len(block))
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + digest + b"\xbc"


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = (length + HASH_LENGTH - 1) // HASH_LENGTH
    out = b"".join(sha384(seed + i.to_bytes(4, "big")).digest() for i in range(blocks))
    return out[:length]


def _wrong(code: str, zh: str, en: str) -> BoleError:
    return BoleError(Problem(code, Text(zh, en)))
