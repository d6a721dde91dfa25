"""Statistics of a class against NumPy and the definitions, in any order, in little memory, with their warnings."""

from __future__ import annotations

import json
import random
import tracemalloc
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from jsonschema import Draft202012Validator
from marks import FLIPPED, graded, key, mark

from cnnex.marking.frequent import Frequent
from cnnex.marking.sets import problems_of
from cnnex.marking.statistics import Tally
from cnnex.model.marks import Graded
from cnnex.model.outcome import Verdict
from cnnex.model.statistics import Statistics
from cnnex.store.records import encode, schema_of

Floats = npt.NDArray[np.float64]
FAMILIES = {"1a": "F1", "1b": "F1", "2a": "F2", "2b": "F2", "3a": "F3"}
KEY = key({id_: {} for id_ in FAMILIES})
POINTS = {"1a": 4, "1b": 2, "2a": 3, "2b": 5, "3a": 1}


def simulated(count: int, seed: int = 0, sets: int = 4) -> list[Graded]:
    """A class whose students differ in what they can, and whose last set is harder."""
    rng = random.Random(seed)
    attempts = []
    for number in range(count):
        able, set_ = rng.random(), rng.randrange(sets)
        marks = []
        for id_, points in POINTS.items():
            lost = 0.5 if sets > 1 and set_ == sets - 1 and id_ == "2b" else 0
            share = max(0, min(100, round(100 * (able + rng.gauss(0, 0.25) - lost))))
            wrong = share < 100
            marks.append(
                mark(
                    id_, share * points / 100, points=points, answer=f"{rng.randrange(5)}",
                    diagnosis=(FLIPPED,) if wrong and rng.random() < 0.3 else (),
                )
            )  # fmt: skip
        late = rng.randrange(3)
        raw = sum(each.earned for each in marks)
        attempts.append(
            graded(f"s{number}", *marks, set=f"SET{set_}", late=late, score=round(raw * (1 - late / 10), 2),
                   at=f"2026-10-0{rng.randrange(1, 8)}T{rng.randrange(10, 24)}:00:00+02:00")
        )  # fmt: skip
    return attempts


PROBLEMS = problems_of(KEY)


def tally_of(attempts: list[Graded]) -> Tally:
    tally = Tally()
    for each in attempts:
        tally.add(each, PROBLEMS)
    return tally


def tallied(attempts: list[Graded]) -> Statistics:
    return tally_of(attempts).statistics()


def close(ours: float | None, theirs: float) -> bool:
    return ours is not None and ours == pytest.approx(float(theirs), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("count", [5, 30, 301])
@pytest.mark.parametrize("seed", range(3))
def test_numbers_agree_with_numpy(count: int, seed: int) -> None:
    attempts = simulated(count, seed)
    found = tallied(attempts)
    marks: Floats = np.array([[each.earned for each in one.marks] for one in attempts], dtype=np.float64)
    scores: Floats = np.array([one.score for one in attempts], dtype=np.float64)
    spread = found.scores
    assert spread is not None
    assert close(spread.mean, scores.mean())
    assert close(spread.deviation, scores.std(ddof=1))
    quartiles = [spread.least, spread.lower, spread.median, spread.upper, spread.greatest]
    assert all(
        close(ours, theirs)
        for ours, theirs in zip(quartiles, np.quantile(scores, [0, 0.25, 0.5, 0.75, 1]), strict=True)
    )
    total = marks.sum(axis=1)
    for column, part in enumerate(found.parts):
        assert close(part.share, marks[:, column].mean() / POINTS[part.id])
        rest = total - marks[:, column]
        assert close(part.discrimination, np.corrcoef(marks[:, column], rest)[0, 1])
    k = len(POINTS)
    alpha = k / (k - 1) * (1 - marks.var(axis=0, ddof=1).sum() / total.var(ddof=1))
    assert close(found.alpha, alpha)
    assert close(found.error, total.std(ddof=1) * np.sqrt(1 - alpha))
    assert sum(found.tenths) == count
    assert sum(found.times.values()) == count
    assert sum(part.verdicts.get(Verdict.CORRECT, 0) for part in found.parts) == sum(
        each.verdict == "correct" for one in attempts for each in one.marks
    )


def test_sets_against_the_others_as_in_a_t_test() -> None:
    attempts = simulated(240)
    found = tallied(attempts)
    for each in found.sets:
        parts = [id_ for id_, family in FAMILIES.items() if each.family in ("", family)]
        of = sum(POINTS[id_] for id_ in parts)
        shares = {
            own: np.array([
                sum(m.earned for m in one.marks if m.id in parts) / of
                for one in attempts
                if (one.set == each.set) is own
            ])
            for own in (True, False)
        }  # fmt: skip
        own, others = shares[True], shares[False]
        compared = each.comparison
        assert compared.students == len(own)
        assert close(compared.share, own.mean())
        assert close(compared.others, others.mean())
        pooled = (own.var(ddof=1) * (len(own) - 1) + others.var(ddof=1) * (len(others) - 1)) / (len(attempts) - 2)
        assert close(compared.error, np.sqrt(pooled * (1 / len(own) + 1 / len(others))))
    assert {(each.set, each.family) for each in found.sets if each.comparison.stands_out} == {("SET3", "F2")}


def test_variants_with_a_datum_in_common_are_compared() -> None:
    tally, rng = Tally(), random.Random(5)
    shares: dict[int, list[float]] = {1: [], 2: []}
    for number in range(60):
        stride = rng.randrange(1, 3)
        earned = max(0, 3 - stride - rng.randrange(2))
        shares[stride].append((earned + 4) / 8)
        data = {"stride": [stride, stride], "bias": number % 2 == 0, "input": [[number]], "side": number, "mode": "x"}
        own = problems_of(key({"1a": {}, "1b": {}}, data))
        tally.add(graded(str(number), mark("1a", earned), mark("1b", 4), set=f"S{number}"), own)
    found = tally.statistics()
    assert [(each.datum, each.value) for each in found.variants] == [
        ("bias", "false"), ("bias", "true"), ("stride", "[1, 1]"), ("stride", "[2, 2]"),
    ]  # fmt: skip
    assert {each.datum for each in found.variants if each.comparison.stands_out} == {"stride"}
    for each, one, other in zip(found.variants[2:], (1, 2), (2, 1), strict=True):
        assert each.problem == 1
        assert close(each.comparison.share, float(np.mean(shares[one])))
        assert close(each.comparison.others, float(np.mean(shares[other])))


def test_equal_sets_seldom_stand_out() -> None:
    loud = 0
    for seed in range(40):
        attempts = simulated(80, seed, sets=1)
        rng = random.Random(seed)
        loud += any(
            each.comparison.stands_out
            for each in tallied([
                graded(one.student, *one.marks, set=f"S{rng.randrange(5)}") for one in attempts
            ]).sets
        )  # fmt: skip
    assert loud <= 6


def test_the_order_of_attempts_changes_nothing() -> None:
    attempts = simulated(200)
    first = encode(tallied(attempts))
    random.Random(1).shuffle(attempts)
    assert encode(tallied(attempts)) == first


@pytest.mark.parametrize("cuts", [(0, 100), (1, 40, 41, 240), (500,)])
def test_tallies_of_parts_of_a_class_make_that_of_the_whole(cuts: tuple[int, ...]) -> None:
    attempts = simulated(240, sets=9)
    attempts[7] = graded("waits", mark("1a", verdict=Verdict.UNREADABLE, answer="?"), at="")  # and has fewer parts
    for own in (attempts, attempts[:7]):
        whole = Tally()
        for start, end in pairwise((0, *cuts, len(own))):
            whole.take(tally_of(own[start:end]))
        assert whole.statistics() == tallied(own)


def test_mistakes_unexplained_and_waiting_answers_are_counted() -> None:
    attempts = [
        graded("a", mark("1a", 0, answer="7 "), mark("1b", 2, points=2)),
        graded("b", mark("1a", 0, answer=7, read_as="7"), mark("1b", 0, points=2, diagnosis=(FLIPPED, FLIPPED))),
        graded("c", mark("1a", answer="x", diagnosis=(FLIPPED,)), mark("1b", verdict=Verdict.UNREADABLE, answer="?")),
        graded("d", mark("1a", 1, answer="8", followed=("1b",)), mark("1b", verdict=Verdict.UNDECIDED, answer="?")),
    ]
    found = tallied(attempts)
    assert [(each.id, each.part, each.family, each.count, each.wrong) for each in found.mistakes] == [
        ("kernel-flipped", "1a", "F1", 1, 4),
        ("kernel-flipped", "1b", "F1", 1, 1),
    ]
    assert [(each.part, each.answer, each.count, each.students) for each in found.unexplained] == [
        ("1a", "7", 2, ("a", "b")),
        ("1a", "8", 1, ("d",)),
    ]
    assert [(each.part, each.answer, each.count) for each in found.waiting] == [("1b", "?", 2)]
    assert found.parts[0].followed == 1
    assert any("wait for a person" in line and "2" in line for line in found.warnings)


def test_small_classes_get_their_warnings() -> None:
    assert tallied([]).scores is None
    one = tallied(simulated(1))
    assert one.scores is not None
    assert one.scores.deviation is None
    assert one.alpha is None
    assert "1 student:" in one.warnings[0]
    assert "known to about ±0.5" in tallied(simulated(20)).warnings[0]
    assert not tallied(simulated(100)).warnings


def test_without_variance_there_is_no_correlation() -> None:
    found = tallied([graded(str(n), mark("1a", 4), mark("1b", 2, points=2)) for n in range(40)])
    assert found.alpha is None
    assert [part.discrimination for part in found.parts] == [None, None]
    assert found.tenths[9] == 40


def test_sets_with_other_parts_are_not_mixed_up() -> None:
    found = tallied([graded("a", mark("1a", 4)), graded("b", mark("1a", 5, points=10), mark("2a", 0))])
    assert found.alpha is None
    assert found.sets == ()
    assert [part.share for part in found.parts] == [0.75, 0]
    assert any("Not all sets have the same parts" in line for line in found.warnings)


def test_students_with_a_set_each_cant_be_compared() -> None:
    attempts = [graded(f"s{n}", mark("1a", n % 5), set=f"SET{n}") for n in range(40)]
    assert any("a set of their own" in line for line in tallied(attempts).warnings)


def test_hours_become_days_where_there_are_many() -> None:
    near = [graded(str(n), mark(), at=f"2026-10-01T1{n}:30:00Z") for n in range(3)]
    assert tallied(near).times == {"2026-10-01T10": 1, "2026-10-01T11": 1, "2026-10-01T12": 1}
    far = [graded(str(n), mark(), at=f"2026-10-0{n}T10:00:00Z") for n in range(1, 6)]
    assert list(tallied([*far, graded("x", mark(), at="")]).times) == [f"2026-10-0{n}" for n in range(1, 6)]


def test_memory_does_not_grow_with_the_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnnex.marking.statistics.Frequent", partial(Frequent, room=500))
    monkeypatch.setattr("cnnex.marking.sets.MOST_SETS", 200)

    def attempt(number: int) -> Graded:
        return graded(f"s{number}", *(mark(f"{n}a", answer=f"{number} {n}") for n in range(2)), set=f"S{number}")

    tally = Tally()
    peaks: list[int] = []
    for size in (2000, 8000):
        tracemalloc.start()
        for number in range(size):
            tally.add(attempt(number), PROBLEMS)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
    assert any("not listed" in line for line in tally.statistics().warnings)


def test_what_is_frequent_is_never_dropped() -> None:
    frequent: Frequent[str] = Frequent(room=10)
    rng = random.Random(0)
    things = ["often"] * 200 + [f"rare {n}" for n in range(400)] + ["seldom"] * 60
    rng.shuffle(things)
    for number, thing in enumerate(things):
        frequent.add(thing, f"{number:04}")
    assert len(frequent.counts) <= 20
    assert 200 - frequent.dropped <= frequent.counts["often"][0] <= 200
    assert all(a < b for a, b in pairwise(frequent.counts["often"][1]))


def test_what_is_frequent_in_all_parts_is_not_dropped_when_they_are_put_together() -> None:
    whole: Frequent[str] = Frequent(room=10)
    for part in range(40):
        some: Frequent[str] = Frequent(room=10)
        for number in range(5):
            some.add("often", f"{part:02}{number}")
            some.add(f"rare {part} {number}", "x")
        whole.take(some)
    assert len(whole.counts) <= 20
    assert 200 - whole.dropped <= whole.counts["often"][0] <= 200
    assert whole.counts["often"][1] == ("000", "001", "002")


def test_the_record_fits_its_schema() -> None:
    found = tallied(simulated(30))
    Draft202012Validator(schema_of("statistics")).validate(json.loads(encode(found)))
