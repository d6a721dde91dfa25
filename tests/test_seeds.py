from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from hashlib import blake2b
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex import seeds
from cnnex.seeds import Stream, fresh_seed, set_id

WORD = 1 << 32


def words(count: int, *path: str | int) -> list[int]:
    stream = Stream(*path)
    return [stream.below(WORD) for _ in range(count)]


# --- The streams are the same for ever --------------------------------------------------------------------


def test_golden_words() -> None:
    drawn = words(40, "golden")
    assert drawn[:4] == [2318361663, 356398977, 2317095467, 2311068984]
    # Over the end of the first block, and of the second.
    assert drawn[15:18] == [841214791, 3703315439, 1829835453]
    assert drawn[39] == 1321523672
    assert words(1, "é≤", -3) == [3419011536]


def test_golden_draws() -> None:
    rng = Stream("midterm", "ada", "pooling/F14-max-pooling/0", 3)
    drawn = [rng.randint(-9, 9) for _ in range(20)]
    assert drawn == [8, 9, 3, -9, -1, 7, 9, 6, 1, 9, -6, 7, -5, 3, -3, -8, -8, 2, 8, 5]
    rng = Stream("golden", 1)
    assert rng.choice("abcdefgh") == "f"
    assert rng.shuffled(range(10)) == [9, 6, 0, 3, 1, 5, 8, 7, 2, 4]
    assert rng.sample(range(100), 5) == [56, 97, 13, 49, 23]


def test_words_are_keyed_hashes_of_a_counter() -> None:
    key = blake2b(b"1:a2:bc", digest_size=32, person=b"cnnex-stream-1").digest()
    blocks = b"".join(blake2b(i.to_bytes(8, "little"), key=key).digest() for i in range(3))
    assert words(48, "a", "bc") == [int.from_bytes(blocks[i : i + 4], "little") for i in range(0, 192, 4)]


def test_draws_do_not_depend_on_pythons_hashes() -> None:
    program = "from cnnex.seeds import *; r = Stream('x', 1); print(r.shuffled(range(9)), set_id('s', b'c'))"
    env = {"PYTHONPATH": os.pathsep.join(sys.path)}
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={**env, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in "12"
    }
    assert len(found) == 1


# --- Neighbours share nothing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", "b"), ("b", "a")),
        (("a",), ("a", "")),
        (("1:a",), ("a",)),
        (("a2:bc",), ("a", "bc")),
        (("seed", 1), ("seed", 2)),
        (("seed", 1), ("seed", 11)),
        (("seed",), ("Seed",)),
    ],
)
def test_paths_are_told_apart(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> None:
    assert not set(words(64, *one)) & set(words(64, *other))


def test_neighbouring_seeds_are_independent() -> None:
    """Pairs of first draws of neighbouring seeds fill a square evenly."""
    firsts = [Stream("seed", number).below(6) for number in range(7201)]
    assert_even(Counter(pairwise(firsts)), 36)


def test_draws_within_a_stream_are_independent() -> None:
    stream = Stream("pairs")
    drawn = [stream.below(6) for _ in range(7201)]
    assert_even(Counter(pairwise(drawn)), 36)


# --- Draws are uniform -----------------------------------------------------------------------------------------


def assert_even(counts: Counter[object], cells: int) -> None:
    """Chi square within five standard deviations of its mean."""
    expected = counts.total() / cells
    chi_square = sum((count - expected) ** 2 for count in counts.values()) / expected
    chi_square += (cells - len(counts)) * expected
    freedom = cells - 1
    assert abs(chi_square - freedom) < 5 * (2 * freedom) ** 0.5, counts


@pytest.mark.parametrize("n", [2, 3, 7, 10, 100])
def test_integers_are_uniform(n: int) -> None:
    rng = Stream("uniform", n)
    assert_even(Counter(rng.below(n) for _ in range(100 * n)), n)


def test_rejection_keeps_large_ranges_uniform() -> None:
    """Of 2^32 words, 3 * 2^30 are usable; without rejection the lowest quarter would come twice as often."""
    rng = Stream("large")
    n = 3 << 30
    assert_even(Counter(rng.below(n) >> 30 for _ in range(3000)), 3)


def test_orders_are_uniform() -> None:
    rng = Stream("orders")
    assert_even(Counter(tuple(rng.shuffled("abcd")) for _ in range(2400)), 24)
    assert_even(Counter(tuple(rng.sample("abcd", 2)) for _ in range(1200)), len(list(permutations("abcd", 2))))


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6), st.text(max_size=5))
def test_randint_stays_within_both_ends(low: int, width: int, name: str) -> None:
    assert low <= Stream(name).randint(low, low + width) <= low + width


def test_randint_reaches_both_ends() -> None:
    rng = Stream("ends")
    assert {rng.randint(-1, 1) for _ in range(100)} == {-1, 0, 1}
    assert rng.randint(5, 5) == 5


@given(st.lists(st.integers(), max_size=20), st.integers(0, 20))
def test_shuffle_and_sample_keep_what_is_there(options: list[int], count: int) -> None:
    rng = Stream("keep")
    before = list(options)
    assert sorted(rng.shuffled(options)) == sorted(options)
    if count <= len(options):
        places = rng.sample(range(len(options)), count)
        assert len(set(places)) == count
    else:
        with pytest.raises(ValueError, match=f"{count} of {len(options)}"):
            rng.sample(options, count)
    assert options == before


# --- Identities ---------------------------------------------------------------------------------------------------


def test_golden_set_ids() -> None:
    assert set_id("homework 1", b"content") == "H0F7-7H21"
    assert set_id("", b"") == "K15J-RMGY"


def test_a_set_id_depends_on_seed_and_content() -> None:
    ids = {set_id(seed, content) for seed in ("a", "b", "c") for content in (b"", b"x", b"y")}
    assert len(ids) == 9
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", each) for each in ids)


def test_any_text_is_a_seed() -> None:
    """Also what a terminal makes of bytes that are no text."""
    for seed in ("", "\0", "🎲", "\udcff"):
        assert set_id(seed, b"") == set_id(seed, b"")
        assert words(2, seed) == words(2, seed)


def test_fresh_seeds_differ_and_can_be_typed() -> None:
    seeds = {fresh_seed() for _ in range(100)}
    assert len(seeds) == 100
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", seed) for seed in seeds)


def test_a_weak_seed_is_slow_to_try_and_a_students_seed_need_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    derived = seeds.student_seed("homework", "007")
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{30}", derived)
    monkeypatch.setattr(seeds, "scrypt", None)
    assert re.fullmatch("[0-9A-Z]{4}-[0-9A-Z]{4}", seeds.set_id(derived, b"content"))
    assert seeds.set_id(derived, b"content") != seeds.set_id(derived, b"other content")
    for typed in ("homework", derived[:-1], derived[:-1] + "!", "A" * 30):
        with pytest.raises(TypeError, match="callable"):
            seeds.set_id(typed, b"content")


def test_a_guess_at_the_seed_of_a_class_is_slow_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds.student_seed("known", "007")
    monkeypatch.setattr(seeds, "scrypt", None)
    assert seeds.student_seed("known", "008")
    with pytest.raises(TypeError, match="callable"):
        seeds.student_seed("a guess", "008")
