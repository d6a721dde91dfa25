"""Every block and every operation prints in every format, and a question holds no answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction

import pytest

from cnnex.errors import InputError
from cnnex.export import export_sheet, formats
from cnnex.generator import generate_set
from cnnex.model.conventions import Convention
from cnnex.model.prose import Block, Display, Prose, Table, prose
from cnnex.model.sheet import Sheet, SheetItem, SheetPart, SolvedStep
from cnnex.notation.formula import FUNCTIONS, OPERATIONS, Formula, Term, call, symbols
from cnnex.notation.latex import latex
from cnnex.notation.mathml import mathml
from cnnex.notation.typst import typst
from cnnex.plans import deal

X, Y = symbols("x_1 W_out")
EVERY: dict[str, Term] = {
    "symbol": symbols("dL/dk_1")[0],
    "add": X - 2 + Y,
    "neg": -(X + 1),
    "mul": X * Y * 3,
    "div": (X + 1) / Y,
    "floordiv": Formula("floordiv", X, 2),
    "mod": Formula("mod", X, 2),
    "pow": (X + 1) ** 2,
    "call": call("max", *(call(name, X) for name in FUNCTIONS)),
    "rel": Formula("rel", "<=", 0, X, Y),
    "matrix": Formula("matrix", (1, -2), (X, Fraction(-7, 4))),
    "shape": Formula("shape", 3, 4),
    "sigma": Formula("sigma", X, 1, Y, X * 2),
    "lines": Formula("lines", X, ("=", Y + 1), ("-", 4), ("", 5)),
    "words": Formula("words", "true & #1"),
}


def sheet_of(*blocks: Block, title: str = "Homework", student: str = "", answer: Prose | None = None) -> Sheet:
    part = SheetPart("1a", "a", prose("What is {x}?", x=X), (("first", "the # one"), ("second", "the $ one")), 1)
    solution = None if answer is None else (SolvedStep(blocks, (("1a", answer),)),)
    rule = Convention("layout", "first", "Channels come 1st & “foremost”.")
    item = SheetItem(1, "A problem", 2, blocks, (rule,), (part,), solution, answer)
    return Sheet(title, "AB12-CD34", student, 2, (item,))


@pytest.mark.parametrize("suffix", sorted(formats()))
def test_every_block_with_every_operation_prints(suffix: str) -> None:
    if suffix == "docx":
        pytest.importorskip("pypandoc")
    assert set(EVERY) == set(OPERATIONS)
    cells = tuple((name, term, Fraction(-1, 3)) for name, term in EVERY.items())
    blocks: list[Block] = [Prose((name, " ", term)) for name, term in EVERY.items()]
    blocks += [Display(term) for term in EVERY.values()]
    blocks.append(Table("All | of them", ("name", "term", "number"), cells))
    for answer in (Prose((EVERY["matrix"],)), prose("the {n}", n=-3)):
        assert export_sheet(sheet_of(*blocks, answer=answer), suffix)


@pytest.mark.parametrize(("suffix", "printer"), [("md", latex), ("tex", latex), ("typ", typst), ("html", mathml)])
def test_a_question_holds_no_answer(suffix: str, printer: Callable[[Term], str]) -> None:
    plan = deal(["pooling"], ["F14-max-pooling", "F14-average-pooling"], 4, "hard")
    problems = generate_set(plan, "a seed that nobody sees")
    question = export_sheet(problems.sheet(), suffix).decode()
    solved = export_sheet(problems.sheet(solutions=True), suffix).decode()
    for item, printed in zip(problems.items, problems.sheet(solutions=True).items, strict=True):
        assert printed.solution is not None
        values = [value.parts[0] for step in printed.solution for _, value in step.answers]
        spelled = [printer(value) for value in values if not isinstance(value, str)]
        words = [mistake.explanation for mistake in item.problem.mistakes]
        assert len(spelled) == 2
        for secret in (*spelled, *words, problems.seed):
            assert secret not in question
        for shown in (*spelled, words[0]):
            assert shown in solved


@pytest.mark.parametrize("suffix", ["md", "tex", "typ", "pdf", "html"])
def test_the_same_sheet_gives_the_same_bytes(suffix: str) -> None:
    sheet = generate_set(deal(["pooling"], [], 3, "medium"), "bytes").sheet(solutions=True)
    assert export_sheet(sheet, suffix) == export_sheet(sheet, suffix)


def test_a_bar_does_not_break_a_markdown_table() -> None:
    table = Table("", ("a|b", "c"), (("d|e", call("abs", X)), (Formula("words", "f|g"), 1)))
    rows = [line for line in export_sheet(sheet_of(table), "md").decode().splitlines() if line.startswith("|")]
    assert [row.replace(r"\|", "").count("|") for row in rows] == [3, 3, 3, 3]


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(InputError, match="did you mean pdf"):
        export_sheet(sheet_of(), "pfd")


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    script = (
        "import sys, cnnex.export as e; e.formats();"
        "print([m for m in ('jinja2', 'typst', 'sympy', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
