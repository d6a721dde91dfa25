"""Answers that try to cost time or memory, and questions to put them to; for tests and benchmarks."""

from typing import Any

from cnnex.answers.question import Question

NAMES = ["a", "b", "c", "W", "p", "K", "s", "N", "k_1", "k_2", "x_1", "x_2", "dL/dy_1"]
UNPROVED = "(a+b+c+W)^40-(a+b+c+W)^40+"  # beyond the budget, so that points are looked at
QUESTIONS = [
    Question("expr", "a*x_1 + b*x_2", symbols=NAMES),
    Question("expr", "floor((W + 2*p - K)/s) + 1", symbols=NAMES, domain="integers"),
    Question("integer", 7),
    Question("shape", [3, 4, 5]),
    Question("vector", [1, "k_1", 3], symbols=NAMES),
    Question("matrix", [["k_1", 0], [0, "k_2"]], symbols=NAMES),
    Question("number", "sqrt(2)", opts={"rtol": "1e-3", "sigfigs": 3}),
    Question("rational", "1/3", opts={"decimals": 2, "form": "lowest-terms", "arithmetic": False}),
    Question("expr", "(a + b)**9", symbols=NAMES, opts={"form": ["expanded", "factored", "single-fraction"]}),
    Question("matrix", [["1/3"] * 50] * 60, opts={"decimals": 9, "form": "lowest-terms"}),
    Question("expr", "c", symbols=NAMES),
    Question("matrix", [["c"] * 9] * 7, symbols=NAMES),
    Question("choice", "one", choices={"one": "the first", "two": "the second"}),
    Question("boolean", True),
    Question("selection", ["one", "two"], choices={"one": "the first", "two": "the second", "three": "the third"}),
]

TEXTS = {
    "tower of powers": "9**9**9**9",
    "powers of powers": "((((2^64)^64)^64)^64)^64",
    "power of a sum": "(a+b+c+K+W+p+s+N)^64",
    "product of sums": "*".join(["(a+b+c+K)"] * 300),
    "sum of products of sums": "+".join(["(a+b+c+W)*(a+b+c+N)"] * 150),
    "sum of quotients": "+".join(f"1/(a+{i})" for i in range(300)),
    "numbers multiplied": "*".join(["9" * 60] * 60),
    "numbers raised": "+".join(f"({10**50 + i})^100" for i in range(60)),
    "open brackets": "(" * 100_000,
    "balanced brackets": "(" * 1_900 + "a" + ")" * 1_900,
    "minus signs": "-" * 3_999,
    "bars": "|" * 3_999,
    "long": "a" + "+a" * 50_000,
    "just under the cap": "a" + "+a" * 1_990,
    "digits": "9" * 100_000,
    "huge exponent": "1e999999",
    "letters": "a" * 3_999,
    "differentials": "d" * 3_999,
    "blanks": " " * 3_900 + "a",
    "low lines": "a" + "_" * 3_900,
    "braces": "a_{" * 1_300,
    "carets": "a" + "^a" * 1_990,
    "divisions": "a" + "/a" * 1_990,
    "floors in floors": "floor(a/2 + " * 300 + "b" + ")" * 300,
    "many floors": "+".join(f"floor((a+{i})/{i + 2})" for i in range(60)),
    "many maxima": "max(" + ",".join(f"a*{i}+b*{i * i}" for i in range(150)) + ")",
    "many roots": "+".join(f"sqrt(a+{i})" for i in range(60)),
    "roots multiplied": "*".join(f"(1+sqrt({i}))" for i in range(2, 60)),
    "exponentials": "*".join(f"(1+e^(a*{i}))" for i in range(1, 60)),
    "root of a long number": "sqrt(" + "9" * 58 + "7)",
    "logarithms": "ln " * 1_300 + "a",
    "fractions in fractions": r"\frac{1}{" * 440 + "a" + "}" * 440,
    "matrix of quotients": "[" + ";".join([" ".join(["1/(a+b)^9"] * 50)] * 60) + "]",
    "matrix of floors": "[" + ";".join([" ".join(["floor(a/b)"] * 50)] * 60) + "]",
    "matrix of sums": "[" + ";".join([" ".join(["a+b*c"] * 80)] * 80) + "]",
    "lists in lists": "[" * 1_000 + "1" + "]" * 1_000,
    "commas": "," * 39_000,
    "line breaks": "\n" * 39_000,
    "transposes": "[1]" + "^T" * 9_000,
    "environments": r"\begin{bmatrix}" * 2_000,
    "equals signs": "=" * 3_999,
    "lists in maxima": "max((" * 30 + "1,2" + "))" * 30,
    "one maximum in another": "max(" * 39 + "a" + ")" * 39,
    "angles": "<" * 3_000 + ">" * 3_000,
    "calls of transpose": "transpose(" * 3_000,
    "transposed again": ".transpose()" * 3_000,
    "mathematical letters": "𝑎" * 3_999,
    "groups of digits": "1 " + "234 " * 900,
    "matrix of roots": "[" + ";".join([" ".join(["floor(sqrt(2))"] * 40)] * 60) + "]",
    "matrix of exponentials": "[" + ";".join([" ".join(["e^9.1"] * 50)] * 60) + "]",
    "long sums of fractions": "c+0*(" + "+".join(f"1/{2 * i + 1}^99" for i in range(1, 430)) + ")",
    "a key that can't be proved": UNPROVED + "c" + "+a-a" * 900,
    "exponentials that can't be proved": UNPROVED + "c" + "+e^a-e^a" * 400,
    "logarithms that can't be proved": UNPROVED + "c" + "+0*ln(7/3)" * 380,
    "powers of roots": UNPROVED + "c" + "+(2+sqrt(2))^99*0" * 220,
    "code": "__import__('os').system('id')",
    "more code": "().__class__.__bases__[0].__subclasses__()",
    "comprehension": "[x for x in range(10**9)]",
    "control characters": "a\x00\x1b[31m",
    "direction": "a\u202e+b",
    "combining": "a" + "\u0301" * 3_000,
    "surrogate": "a\ud800",
}
VALUES: dict[str, Any] = {
    "a huge integer": 10**5000,
    "infinity": float("inf"),
    "not a number": [float("nan")],
    "a huge float": 1e308,
    "an object": {"a": [1]},
    "a large grid": [["a+b"] * 300] * 300,
    "powers in a grid": [["(a+b)^60"] * 20] * 20,
    "mixed": [1, [2], None, True, "a"],
    "nearly the key": [["0.333"] * 50] * 60,
    "not in lowest terms": [["2/6"] * 50] * 60,
    "maxima of one number": "c" + ("+0*max(" + ",".join(["1"] * 200) + ")") * 9,
    "entries that can't be proved": [[UNPROVED + "c" + "+a-a" * 140] * 9] * 7,
    "long entries": ["a" * 3_999] * 100,
}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value
