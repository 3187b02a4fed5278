"""Shamir's secret sharing over GF(256): any k of n shares give the secret back, fewer say nothing about it.

Each byte of the secret is the constant term of a random polynomial of degree k - 1; share x holds the polynomials' values
at x. The field is that of AES (x^8 + x^4 + x^3 + x + 1). Multiplication takes the same steps whatever its operands are;
Python itself promises no more than that, and the secret is in use only while somebody makes or types shares.
"""

from collections.abc import Mapping, Sequence
from secrets import token_bytes


def split(secret: bytes, *, needed: int, of: int) -> dict[int, bytes]:
    """The shares by their index, from 1; `needed` of them give the secret back."""
    above = [token_bytes(needed - 1) for _ in secret]
    return {x: bytes(_value((byte, *high), x) for byte, high in zip(secret, above, strict=True)) for x in range(1, of + 1)}


def joined(shares: Mapping[int, bytes]) -> bytes:
    """The secret, by interpolation at zero; nonsense when the shares are too few or not of one split."""
    secret = bytes(len(next(iter(shares.values()))))
    for x, share in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = _times(weight, _times(other, _inverse(other ^ x)))
        secret = bytes(byte ^ _times(weight, value) for byte, value in zip(secret, share, strict=True))
    return secret


def _value(coefficients: Sequence[int], x: int) -> int:
    value = 0
    for each in reversed(coefficients):
        value = _times(value, x) ^ each
    return value


def _times(a: int, b: int) -> int:
    product = 0
    for _ in range(8):
        product ^= -(b & 1) & a
        a = (a << 1) ^ (-(a >> 7) & 0x11B)
        b >>= 1
    return product


def _inverse(a: int) -> int:
    """a to the power of 254."""
    power = a
    for _ in range(6):
        power = _times(_times(power, power), a)
    return _times(power, power)
