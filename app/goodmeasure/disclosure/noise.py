"""Noise for a number of runs: the discrete Laplace distribution, drawn exactly, with whole numbers only.

Algorithm 2 of Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (2020): coins whose chance
is exp(-a/b) are tossed with uniform whole numbers alone. Floating-point samplers give their secrets away in the last
bits. One run more or less changes the number by one, so that noise with P(x) ∝ exp(-ε |x|) is ε-differentially private.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Final

Below = Callable[[int], int]
"""Returns a whole number from 0 up to below its argument, each as likely as any other."""

_BLOCK_BITS: Final = 256


def discrete_laplace(epsilon_tenths: int, below: Below) -> int:
    """Return x with P(x) proportional to exp(-|x| · epsilon), epsilon given in tenths and above 0."""
    t, s = 10, epsilon_tenths
    while True:
        fraction = below(t)
        if not _coin_exp(fraction, t, below):
            continue
        whole = 0
        while _coin_exp(1, 1, below):
            whole += 1
        size = (fraction + t * whole) // s
        negative = below(2)
        # Zero would else come from either sign, twice as often as it should.
        if not (negative and size == 0):
            return -size if negative else size


def keyed(key: bytes, label: bytes) -> Below:
    """Return a source of uniform numbers that is the same for the same key and label: HMAC-SHA256 in counter mode.

    So a preview shows what will be saved. Whoever does not know the key cannot tell it from chance.
    """
    pool = bits = block = 0

    def take(wanted: int) -> int:
        nonlocal pool, bits, block
        while bits < wanted:
            pool = pool << _BLOCK_BITS | int.from_bytes(
                hmac.digest(key, len(label).to_bytes(4, "big") + label + block.to_bytes(8, "big"), sha256), "big"
            )
            bits += _BLOCK_BITS
            block += 1
        bits -= wanted
        taken = pool >> bits
        pool &= (1 << bits) - 1
        return taken

    def below(limit: int) -> int:
        while (number := take((limit - 1).bit_length())) >= limit:
            pass
        return number

    return below


def _coin_exp(numerator: int, denominator: int, below: Below) -> bool:
    """Toss a coin that shows True with chance exp(-numerator/denominator), 0 <= numerator <= denominator."""
    tosses = 1
    while below(denominator * tosses) < numerator:
        tosses += 1
    return tosses % 2 == 1
