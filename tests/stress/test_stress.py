"""`cnnex stress`: what it measures is so, and it objects to families that break a rule."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from htmlpages import checked_page

from cnnex import generate
from cnnex.cli import main
from cnnex.export.stress import stress_html, stress_text
from cnnex.model.problem import Problem
from cnnex.model.stress import Finding, Guess, StressReport, Work
from cnnex.store.records import encode, schema_of
from cnnex.stress import oracle, run, stress_bank, stress_topics
from cnnex.stress.measure import SET, Case, measure
from cnnex.stress.rules import broken, is_limited
from cnnex.topics import load_topic
from cnnex.topics.pooling._plane import MaxPooling

CASE = Case("pooling", "F14-max-pooling", "easy")
needs_oracle = pytest.mark.skipif(oracle.torch is None, reason="PyTorch is not installed")


def stress(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["stress", *arguments])


def untimed(report: StressReport) -> list[Any]:
    return [{**json.loads(encode(each)), "cpu_ms": 0} for each in report.findings]


def found(case: Case = CASE, variants: int = SET, *, oracle: bool = False) -> Finding:
    return measure(case, variants, "test", oracle=oracle)


def changed(monkeypatch: pytest.MonkeyPatch, **methods: Any) -> Finding:
    """What is found in a family of which something was changed."""
    for name, method in methods.items():
        monkeypatch.setattr(MaxPooling, name, method)
    return found(oracle=oracle.torch is not None)


# --- What is measured ---------------------------------------------------------------------------------------


def test_the_first_set_is_the_set_of_its_seed() -> None:
    problems = generate(CASE.topic, family=CASE.family, count=SET, difficulty=CASE.level, seed="test/0")
    (family,) = (each for each in load_topic(CASE.topic).families if each.id == CASE.family)
    numbers = [entry for item in problems.items for row in item.problem.steps[1].value for entry in row]  # type: ignore[union-attr]
    finding = found()
    assert finding.variants == SET
    assert finding.entries is not None
    assert (finding.entries.least, finding.entries.most) == (min(numbers), max(numbers))
    shown = {mistake.id: 0 for mistake in family.slips}
    for item in problems.items:
        for mistake in item.problem.mistakes:
            shown[mistake.id] += 1
    assert {each.id: each.share * SET for each in finding.mistakes} == pytest.approx(shown)
    assert finding.work.counts == ((16, SET),)
    assert finding.broken == ()


def test_workers_make_no_difference() -> None:
    cases = stress_topics(["pooling"], ["F14-max-pooling"], [])
    alone, together = (run(cases, 15, workers=workers, oracle=False) for workers in (1, 2))
    assert untimed(alone) == untimed(together)
    assert [each.level for each in alone.findings] == ["easy", "medium", "hard"]


def test_variants_beyond_a_set_are_drawn_in_several() -> None:
    finding = found(Case("pooling", "F01-pooling-formula", "easy"), SET + 5)
    assert finding.variants == SET + 5
    assert finding.duplicates == 0


def test_a_bank_with_everything_given_is_looked_at_once() -> None:
    finding = measure(stress_bank("cnn_worksheet")[0], 50, "test", oracle=False)
    assert finding.variants == 1
    assert finding.broken == ()
    assert not any(guess.limited for guess in finding.guesses)


def test_a_bank_with_fresh_numbers_is_drawn() -> None:
    case = next(each for each in stress_bank("cnn_worksheet", fresh=True) if each.family.startswith("F14"))
    assert measure(case, 5, "test", oracle=False).variants == 5


@needs_oracle
def test_keys_are_recomputed() -> None:
    checked = found(oracle=True).checked
    assert checked is not None
    assert checked.confirmed == 2 * SET
    assert checked.refuted == ()


@needs_oracle
def test_formulas_are_recomputed_at_many_points() -> None:
    problems = generate("pooling", family="F01-pooling-formula", count=1, difficulty="medium", seed=1)
    item = {"given": dict(problems.items[0].problem.given)}
    letters = [item["given"][field][0] for field in ("input_shape", "kernel_size", "stride", "padding")]
    right = "floor(({} + 2*{p} - {})/{}) + 1".format(*letters[:3], p=letters[3])
    part = {"asks": "output_size_formula", "value": right}
    assert oracle.confirms(item, part) is True
    assert oracle.confirms(item, {**part, "value": right.replace("2*", "")}) is False
    assert oracle.confirms(item, {**part, "asks": "what"}) is None


# --- What it objects to ------------------------------------------------------------------------------------


def test_uneven_work(monkeypatch: pytest.MonkeyPatch) -> None:
    finding = changed(monkeypatch, work=lambda self, p: 10 + len(p.input))
    assert any("work is up to" in said for said in finding.broken) == (finding.work.deviation > 0.15)
    finding = changed(monkeypatch, work=lambda self, p: 1 + 4 * (len(p.input) - 4))
    assert any("away from the median" in said for said in finding.broken)


def test_a_few_variants_may_be_uneven_by_chance() -> None:
    def said(variants: int, share: float, counts: tuple[tuple[int, int], ...]) -> list[str]:
        middle = counts[0][0]
        work = Work(middle, counts[-1][0] / middle - 1, counts)
        guess = Guess("output", "output_entry", "7", share, limited=True)
        return list(broken(
            variants=variants, duplicates=0, exhausted="", work=work, guesses=(guess,), mistakes=(), checked=None
        ))  # fmt: skip

    assert said(40, 0.2, ((10, 22), (11, 10), (12, 8))) == []
    assert len(said(1000, 0.2, ((10, 600), (11, 200), (12, 200)))) == 2
    assert len(said(40, 0.3, ((10, 36), (12, 4)))) == 2


def test_a_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = MaxPooling.draw

    def same_maxima(self: Any, rng: Any, level: str) -> Any:
        p = draw(self, rng, level)
        (a, b), (c, d) = (50, 51), (52, 53)
        (_, _, _, *y), second, (_, z, _, *w), *rest = p.input
        return replace(p, input=((a, -60, b, *y), second, (c, z, d, *w), *rest))

    finding = changed(monkeypatch, draw=same_maxima)
    assert finding.broken == ("output: [[50, 51], [52, 53]] is right in 100% of the variants",)


@needs_oracle
def test_a_wrong_key(monkeypatch: pytest.MonkeyPatch) -> None:
    pooled = MaxPooling.pooled

    def off(self: Any, p: Any) -> Any:
        return tuple(tuple(entry + 1 for entry in row) for row in pooled(self, p))

    finding = changed(monkeypatch, pooled=off)
    (said,) = finding.broken
    assert said.startswith(f"{SET} keys not confirmed, the first: seed test/0, 1b (output): [[")


def test_problems_that_look_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    pose = MaxPooling.pose
    first: list[Problem] = []

    def same(self: Any, *args: Any) -> Problem:
        first.append(pose(self, *args))
        return replace(first[0], steps=first[-1].steps)

    finding = changed(monkeypatch, pose=same)
    assert any(f"{SET - 1} problems repeated within a set" in said for said in finding.broken)


def test_a_mistake_that_is_named_but_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    pose = MaxPooling.pose

    def short(self: Any, *args: Any) -> Problem:
        problem = pose(self, *args)
        return replace(problem, parts=problem.parts[:1])

    finding = changed(monkeypatch, pose=short)
    assert any("magnitude-for-value shows in 0%" in said for said in finding.broken)


def test_no_fair_variant_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no fair variant" in changed(monkeypatch, fair=lambda self, p, solved, level: False).broken[0]
    draw = MaxPooling.draw
    finding = changed(
        monkeypatch,
        fair=lambda self, p, solved, level: True,
        draw=lambda self, rng, level: draw(self, type(rng)("few", rng.below(5)), level),
    )
    assert "no fair variant after its first" in finding.broken[0]


def test_sizes_are_on_the_way_unless_nothing_else_is_asked() -> None:
    parts = generate("pooling", family="F14-max-pooling", count=1, seed=1).items[0].problem.parts
    assert [is_limited(part, parts) for part in parts] == [False, True]
    assert is_limited(parts[0], parts[:1])


# --- How it is said ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report() -> StressReport:
    return run(stress_topics(["pooling", "toeplitz"], [], ["easy"]), 6)


def test_text_is_aligned(report: StressReport) -> None:
    text = stress_text(report)
    lines = text.splitlines()
    assert lines[1].startswith("---")
    assert all(lines[0].find("level") == lines[i].find("easy") for i in range(2, 2 + len(report.findings)))
    assert "kernel-flipped" in text


def test_json_follows_its_schema(report: StressReport) -> None:
    jsonschema.validate(json.loads(encode(report)), schema_of("stress"))


def test_the_page_stands_alone_and_can_be_heard(report: StressReport) -> None:
    page = checked_page(stress_html(report))
    tags = [tag for tag, _ in page.seen]
    assert tags.count("svg") == tags.count("desc") == 2 * len(report.findings)


def test_exit_codes(tmp_path: Path) -> None:
    kept = stress("--family", "F14-max-pooling", "--topic", "pooling", "--variants", "5", "--no-oracle")
    assert kept.exit_code == 0, kept.output
    assert "No rule is broken." in kept.stdout
    assert kept.stderr == ""
    MaxPooling.work, work = (lambda self, p: len(p.input) ** 2), MaxPooling.work  # type: ignore[method-assign]
    try:
        broken = stress("--topic", "pooling", "--family", "F14-max-pooling", "--variants", "5", "--no-oracle")
    finally:
        MaxPooling.work = work  # type: ignore[method-assign]
    assert broken.exit_code == 1
    assert "away from the median" in broken.stdout
    page = tmp_path / "page.html"
    given = stress("--bank", "cnn_worksheet", "--no-oracle", "--format", "json", "--html", str(page))
    assert given.exit_code == 0
    assert json.loads(given.stdout)["schema"] == "cnnex.stress/1"
    assert page.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--topic", "poling"], "did you mean pooling?"),
        (["--family", "F99"], "toeplitz (cnnex topics lists them)"),
        (["--difficulty", "hart"], "did you mean hard?"),
        (["--variants", "0"], "the number of variants is 0"),
        (["--workers", "-1"], "the number of workers is -1"),
        (["--fresh"], "--fresh goes with --bank"),
        (["--bank", "cnn_worksheet", "--topic", "pooling"], "don't go with --bank"),
        (["--bank", "nothing"], "nothing"),
    ],
)
def test_refusals_are_one_sentence(arguments: list[str], said: str) -> None:
    result = stress(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
