"""What a student gets holds nothing of the key in any byte; each kind of secret is found where it may stand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from leaks import everything_in, numbers_in, run_of

from cnnex.export import export_sheet
from cnnex.export.handout import handout
from cnnex.export.set_file import set_file
from cnnex.generator import generate_set
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.prose import Prose
from cnnex.model.value import entries
from cnnex.plans import deal
from cnnex.store.records import blank_submission, encode
from cnnex.topics import topic_names

SEED = "planted-seed-4711"
FORMATS = ("md", "tex", "typ", "html", "pdf", "docx", "json")


@pytest.fixture(scope="module")
def problems() -> ProblemSet:
    return generate_set(deal(topic_names(), [], 70, "hard"), SEED, "Ada")


def written(problems: ProblemSet, suffix: str, *, solutions: bool) -> bytes:
    if suffix == "docx":
        pytest.importorskip("pypandoc")
    if suffix == "json":
        return set_file(problems, solutions=solutions)
    return export_sheet(problems.sheet(solutions=solutions), suffix)


def words_of(problems: ProblemSet) -> set[bytes]:
    """The seed, and of each mistake its name, explanation and hint."""
    mistakes = [mistake for item in problems.items for mistake in item.problem.mistakes]
    secrets = {text.encode() for each in mistakes for text in (each.id, each.explanation, each.hint)}
    return {SEED.encode()} | {secret for secret in secrets if len(secret) > 11}  # `tie` is also a word


def numbers_of(item: Item) -> Iterator[str]:
    """Keys that no sheet holds by chance: long rows of numbers, and large numbers."""
    for part in item.problem.parts:
        key = entries(item.problem.key(part))
        if all(isinstance(each, int | Fraction) for each in key):
            parts = [n for each in key for n in ((each,) if each == int(each) else each.as_integer_ratio())]
            numbers = [int(n) for n in parts]
            counting = numbers == [*range(numbers[0], numbers[0] + len(numbers))]
            if (len(set(numbers) - {0}) > 3 and not counting) or any(abs(n) > 9999 for n in numbers):
                yield run_of(numbers)


def spoken(item: Item) -> Iterator[str]:
    """Sentences of the worked solution."""
    for step in item.problem.steps:
        for block in step.explanation:
            if isinstance(block, Prose):
                yield from (part for part in block.parts if isinstance(part, str) and len(part) > 30)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_question_holds_no_secret(problems: ProblemSet, suffix: str) -> None:
    content = written(problems, suffix, solutions=False)
    seen, numbers = everything_in(content), numbers_in(content)
    assert not {secret for secret in words_of(problems) if secret in seen}
    assert not [(item.family, run) for item in problems.items for run in numbers_of(item) if run in numbers]


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_search_finds_them_in_solutions(problems: ProblemSet, suffix: str) -> None:
    numbers = numbers_in(written(problems, suffix, solutions=True))
    runs = [run for item in problems.items for run in numbers_of(item)]
    assert len(runs) > 20
    assert sum(run in numbers for run in runs) > 0.9 * len(runs)


def test_no_sentence_of_a_solution_is_in_a_question(problems: ProblemSet) -> None:
    content = set_file(problems).decode()
    sentences = {each for item in problems.items for each in spoken(item)}
    assert len(sentences) > 40
    assert not {each for each in sentences if each in content}


def test_the_other_files_of_a_handout(problems: ProblemSet) -> None:
    blank = encode(blank_submission(problems))
    assert set(blank_submission(problems).answers.values()) == {""}
    files = handout(problems)
    assert files["answers.json"] == blank
    for secret in words_of(problems):
        assert secret not in blank
        assert not [name for name in files if secret.decode() in name]
