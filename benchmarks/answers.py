"""How fast answers are judged: CPU medians with the key prepared, and peers on the same answers in the same run.

    python benchmarks/answers.py             prints the table, exit code 1 if a limit is missed
    python benchmarks/answers.py --markdown  prints the second half of docs/benchmarks.md

Peers are measured where they are installed: Math-Verify (`math-verify`), and SymPy's `parse_expr` with
`simplify`, which runs code and is measured here only.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cnnex.answers.question import Question
from cnnex.checker import check_lines

NAMES = ["a", "b", "c", *[f"{letter}_{i}" for letter in "kx" for i in range(1, 10)]]
Row = tuple[str, float, str, bool]
"""What was measured, the figure, its unit and limit in words, and whether the limit holds."""


def median_us(work: Callable[[], object], repeats: int = 300) -> float:
    """The median CPU time of a call in microseconds."""
    times = []
    for _ in range(repeats):
        start = time.thread_time_ns()
        work()
        times.append((time.thread_time_ns() - start) / 1e3)
    return statistics.median(times)


def linear(terms: int) -> str:
    """A linear combination in the notation of a key."""
    return " + ".join(f"k_{i}*x_{i}" for i in range(1, terms + 1))


def judged() -> list[Row]:
    """Single answers; each is judged by a question that has seen another answer in between."""
    toeplitz = [[0] * i + ["k_1", "k_2", "k_3"] + [0] * (6 - i) for i in range(7)]
    typed = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in toeplitz) + "]"
    size = ("expr", "floor((W + 2*p - K)/s) + 1", ["W", "p", "K", "s"], "integers")
    cases: list[tuple[str, tuple[object, ...], str, float]] = [
        ("linear, 3 terms, right", ("expr", linear(3), NAMES, "real"), "k1x1 + x_2k_2 + k_3 x_3", 50),
        ("linear, 9 terms, right", ("expr", linear(9), NAMES, "real"), linear(9).replace("*", ""), 50),
        ("linear, 3 terms, wrong, with a witness", ("expr", linear(3), NAMES, "real"), "k1x1 + k2x2 + k2x3", 120),
        ("linear, 9 terms, wrong, with a witness", ("expr", linear(9), NAMES, "real"), linear(8) + " + k_1x_9", 120),
        ("7x9 Toeplitz matrix, right", ("matrix", toeplitz, NAMES, "real"), typed, 200),
        ("output size, another spelling", size, "ceil((W+2p-K+1)/s)", 200),
        ("output size, Python's quotient", size, "(W + 2p - K)//s + 1", 200),
    ]
    rows: list[Row] = []
    for name, (kind, value, symbols, domain), answer, limit in cases:
        question = Question(str(kind), value, symbols=symbols, domain=str(domain))  # type: ignore[arg-type]
        spent = median_us(lambda question=question, answer=answer: question.judge(answer))  # type: ignore[misc]
        rows.append((name, spent, f"µs, at most {limit:g}", spent <= limit))
    return rows


def stream() -> list[Row]:
    """Mixed answers through the batch, 20 to a key, start-up apart."""
    rows = []
    for number in range(400):
        terms = 3 + number % 7
        keys = [
            ("expr", linear(terms), linear(terms).replace("*", " "), NAMES),
            ("shape", [number, 126, 126], f"{number}x126x126", []),
            ("integer", number, str(number + number % 2), []),
            ("vector", [1, number, 3], f"[1, {number}, 3]", []),
        ]
        kind, expected, answer, symbols = keys[number % 4]
        rows += [{"id": i, "kind": kind, "symbols": symbols, "expected": expected, "answer": answer} for i in range(20)]
    lines = [json.dumps(row).encode() for row in rows]
    start = time.process_time()
    for _ in check_lines(lines):
        pass
    rate = len(lines) / (time.process_time() - start)
    return [("mixed answers through `check --batch`", rate, "a second, at least 10,000", rate >= 10_000)]


class Typed(NamedTuple):
    """A question, and an answer as it is typed for us, for SymPy and in LaTeX for Math-Verify."""

    question: Question
    key: str
    key_latex: str
    answer: str
    answer_sympy: str
    answer_latex: str


def hostile() -> list[Row]:
    """The slowest of the answers that try to cost time, with each kind of question."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from cases.hostile import QUESTIONS, TEXTS, VALUES

    answers = [*TEXTS.values(), *VALUES.values()]
    slowest = max(
        median_us(lambda question=question, answer=answer: question.judge(answer), 3)  # type: ignore[misc]
        for question in QUESTIONS
        for answer in answers
    )
    spent = slowest / 1e3
    return [(f"the slowest of {len(QUESTIONS) * len(answers)} hostile answers", spent, "ms, at most 200", spent <= 200)]


def fresh(number: int) -> Typed:
    """A question and an answer in another order or spelling, a third of them wrong; no two alike, so no cache helps."""
    if number % 3 == 1:
        return _size(number, wrong=number % 2 == 0)
    terms = [f"{number + i}*k_{i}*x_{(number + i) % 9 + 1}" for i in range(1, 4 + number % 7)]
    key, answer = " + ".join(terms), " + ".join(terms[::-1]) + (" + k_9*x_1" if number % 3 == 0 else "")
    return Typed(
        _ready(key, NAMES, "real"),
        key,
        key.replace("*", " "),
        answer.replace("*", ""),
        answer,
        answer.replace("*", " "),
    )


def _ready(key: str, symbols: list[str], domain: str) -> Question:
    question = Question("expr", key, symbols=symbols, domain=domain)
    question.prepare()
    return question


def _size(number: int, *, wrong: bool) -> Typed:
    """The output size, in another spelling."""
    key = f"floor((W + {2 * number}*p - K)/s) + {number}"
    above = f"W + {2 * number}*p - K + 1"
    sympy = f"ceiling(({above})/s) + {number - 1 + wrong}"
    latex = rf"\lceil \frac{{{above.replace('*', ' ')}}}{{s}} \rceil + {number - 1 + wrong}"
    key_latex = rf"\lfloor \frac{{W + {2 * number} p - K}}{{s}} \rfloor + {number}"
    question = _ready(key, list("WpKs"), "integers")
    return Typed(question, key, key_latex, sympy.replace("ceiling", "ceil"), sympy, latex)


def peers(count: int = 60) -> list[Row]:
    """The same answers, all different, judged by us and by others."""
    typed = [fresh(number) for number in range(1, count + 1)]
    own = _spent(lambda i: typed[i].question.judge(typed[i].answer), count)

    from sympy import simplify
    from sympy.parsing.sympy_parser import parse_expr

    keys = [parse_expr(each.key) for each in typed]
    ratio = _spent(lambda i: simplify(parse_expr(typed[i].answer_sympy) - keys[i]) == 0, count) / own
    rows: list[Row] = [
        ("`parse_expr` and `simplify`, as a multiple of ours", ratio, "times; our first measurements gave 50", True)
    ]
    try:
        from math_verify import parse, verify
    except ImportError:
        return rows
    gold = [parse(f"${each.key_latex}$") for each in typed]
    ratio = _spent(lambda i: verify(gold[i], parse(f"${typed[i].answer_latex}$")), count) / own
    rows.append(("Math-Verify, as a multiple of ours", ratio, "times; our first measurements gave 500", True))
    return rows


def _spent(judge: Callable[[int], object], count: int) -> float:
    """The CPU time of judging all answers once."""
    start = time.process_time()
    for number in range(count):
        judge(number)
    return time.process_time() - start


def main() -> int:
    """Measure, print, and say by the exit code whether a limit was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true", help="print the second half of docs/benchmarks.md")
    markdown = parser.parse_args().markdown
    rows = judged() + stream() + peers() + hostile()  # whose lists of a million entries slow the collector
    if markdown:
        print("\n## Grading\n")
        print("Medians of CPU time on one core with the key prepared, and peers on the same answers in the same run;")
        print("written by `python benchmarks/answers.py --markdown`.\n")
    print("| what | figure | unit and limit |\n|---|---:|---|")
    for name, figure, unit, _ in rows:
        print(f"| {name} | {figure:,.0f} | {unit} |")
    missed = [name for name, _, _, holds in rows if not holds]
    if missed:
        print(f"\nbeyond the limit: {'; '.join(missed)}", file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
