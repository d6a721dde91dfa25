"""Randomness by name: a path of names is a stream of numbers, the same on every machine for ever.

A stream is BLAKE2b in counter mode, keyed by the hash of its path. Nothing here depends on what a
library promises about its generators: neighbouring names share nothing, and a new name shifts no
other. Integers are drawn by rejection, so they are exactly uniform.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b, scrypt
from struct import Struct
from typing import TypeVar

T = TypeVar("T")

_LIMIT = 1 << 32
_WORDS = Struct("<16I")  # one 64-byte block; little-endian on every machine
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
_DERIVED = 26  # letters of a student's seed, without its check


class Stream:
    """The random stream that belongs to a path of names.

    >>> rng = Stream("midterm", "pooling", 3)
    >>> [rng.randint(0, 9) for _ in range(8)] == [Stream("midterm", "pooling", 3).randint(0, 9)] * 8
    False
    >>> Stream("a", "b").randint(0, 10**6) == Stream("a", "b").randint(0, 10**6)
    True
    """

    __slots__ = ("_buffer", "_counter", "_key", "_position")

    def __init__(self, *path: str | int) -> None:
        # The length before each name keeps ("ab", "c") and ("a", "bc") apart.
        name = "".join(f"{len(part)}:{part}" for part in map(str, path))
        self._key = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=32, person=b"cnnex-stream-1").digest()
        self._counter = 0
        self._buffer: tuple[int, ...] = ()
        self._position = 0

    def _word(self) -> int:
        """The next 32 bits."""
        if self._position == len(self._buffer):
            block = blake2b(self._counter.to_bytes(8, "little"), key=self._key).digest()
            self._buffer = _WORDS.unpack(block)
            self._counter += 1
            self._position = 0
        self._position += 1
        return self._buffer[self._position - 1]

    def below(self, n: int) -> int:
        """A uniform integer in [0, n).

        Raises:
            ValueError: n isn't between 1 and 2**32.
        """
        if not 1 <= n <= _LIMIT:
            raise ValueError(f"nothing to draw from {n} numbers")
        usable = _LIMIT - _LIMIT % n
        while (word := self._word()) >= usable:
            pass
        return word % n

    def randint(self, low: int, high: int) -> int:
        """A uniform integer in [low, high], both ends included."""
        return low + self.below(high - low + 1)

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, each equally likely."""
        return options[self.below(len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All options in random order (Fisher and Yates)."""
        items = list(options)
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
        return items

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Different options, `count` of them, in random order.

        Raises:
            ValueError: there are fewer options than that.
        """
        if count > len(options):
            raise ValueError(f"{count} of {len(options)} options")
        items = list(options)
        for first in range(count):
            other = first + self.below(len(items) - first)
            items[first], items[other] = items[other], items[first]
        return items[:count]


def fresh_seed() -> str:
    """A seed from the system's entropy: 80 bits as 16 letters that can be typed."""
    return _spell(secrets.randbits(80), 16)


def student_seed(master: str, student: str) -> str:
    """The seed of a student's own set: 130 bits, which lead neither to the master seed nor to another student's.

    scrypt makes each guess at a weak master seed cost about 10 ms and 4 MiB. No salt tells classes apart, so a table
    of guesses serves all of them. Four check letters tell that a seed was derived so and is as good as random.

    >>> student_seed("homework 1", "007") != student_seed("homework 1", "7")
    True
    """
    digest = blake2b(
        student.encode("utf-8", "surrogatepass"), key=_class_key(master), digest_size=17, person=b"cnnex-student-2"
    )
    letters = _spell(int.from_bytes(digest.digest(), "big"), _DERIVED)
    return letters + _check(letters)


@lru_cache(maxsize=4)
def _class_key(master: str) -> bytes:
    return _slow(master, b"cnnex-class-2", 64)


def _check(letters: str) -> str:
    digest = blake2b(letters.encode(), digest_size=3, person=b"cnnex-check-1").digest()
    return _spell(int.from_bytes(digest, "big"), 4)


def _is_derived(seed: str) -> bool:
    return len(seed) == _DERIVED + 4 and seed.isascii() and _check(seed[:_DERIVED]) == seed[_DERIVED:]


def _slow(seed: str, salt: bytes, size: int) -> bytes:
    return scrypt(seed.encode("utf-8", "surrogatepass"), salt=salt, n=1 << 12, r=8, p=1, dklen=size)


def set_id(seed: str, content: bytes) -> str:
    """The printed identity of a problem set, such as `7F2K-9QXM`.

    It depends on the seed and on the set's content. scrypt makes each guess at a weak seed cost
    about 10 ms and 4 MiB; the content is its salt, so no table of guesses serves two sets. It keeps the ID
    from being the shortest way to a seed, no more: the printed numbers show faster whether a guess at a weak seed
    is right. A student's seed is not weak, so there a fast hash is enough.

    >>> set_id("homework 1", b"...") == set_id("homework 1", b"...")
    True
    """
    salt = blake2b(content, digest_size=16, person=b"cnnex-set-1").digest()
    if _is_derived(seed):
        digest = blake2b(salt, key=seed.encode(), digest_size=5, person=b"cnnex-set-2").digest()
    else:
        digest = _slow(seed, salt, 5)
    letters = _spell(int.from_bytes(digest, "big"), 8)
    return f"{letters[:4]}-{letters[4:]}"


def _spell(number: int, length: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(length)))
