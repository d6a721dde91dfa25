"""Judging: verdicts, credit, messages, diagnoses and witnesses."""

from fractions import Fraction
from typing import Any

import pytest

from cnnex.answers.question import Candidate, Question
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict

NAMES = ["a", "b", "c", "x_1", "x_2", "x_3"]
LINEAR = Question(
    "expr",
    "a*x_1 + b*x_2 + c*x_3",
    symbols=NAMES,
    mistakes=[Candidate("kernel-flipped", "c*x_1 + b*x_2 + a*x_3"), Candidate("border-forgotten", "a*x_1 + b*x_2")],
)
TOEPLITZ = Question(
    "matrix",
    [["k_1", "k_2", "k_3", 0], [0, "k_1", "k_2", "k_3"]],
    symbols=["k_1", "k_2", "k_3"],
    mistakes=[Candidate("stride-taken-twice", [["k_1", "k_2", "k_3", 0], [0, 0, "k_1", "k_2"]])],
)
SHAPE = Question("shape", [32, 126, 64], mistakes=[Candidate("padding-forgotten", [32, 124, 62])])
VECTOR = Question("vector", [2, "7/4", 0, -1])


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("c x_1 + b x_2 + a x_3", ("kernel-flipped", "indices-flipped")),
        ("b x_2 + a x_1", ("border-forgotten",)),
        ("-(a x_1 + b x_2 + c x_3)", ("sign-flipped",)),
        ("(a x_1 + b x_2 + c x_3)/4", ("constant-factor",)),
        ("a x_1 + b x_2 + c x_3 + 7", ("added-constant",)),
        ("a x_1 + b x_2 + c x_3 - 1", ("off-by-one",)),
        ("a x_1 + b x_2 + 0.9999999c x_3", ()),
        ("a x_1 + b x_3 + c x_2", ()),
    ],
)
def test_diagnosis_of_expressions(typed: str, ids: tuple[str, ...]) -> None:
    judgement = LINEAR.judge(typed)
    assert (judgement.verdict, judgement.diagnosis) == (Verdict.INCORRECT, ids)
    assert judgement.message
    assert judgement.witness


def test_witness_names_the_wrong_coefficient() -> None:
    assert LINEAR.judge("a x_1 + b x_2").witness == "for c = x_3 = 1 and all else 0 the value is 1, yours gives 0"
    assert LINEAR.judge("a x_1 + b x_2 + 2c x_3").message == "Look again at the term with c*x_3."
    assert "missing" in LINEAR.judge("b x_2").message


def test_a_witness_lies_in_the_domain() -> None:
    size = Question("expr", "floor((W + 2*p - K)/s) + 1", symbols=["W", "p", "K", "s"], domain="integers")
    assert size.judge("(W + 2p - K)/s + 1").witness.startswith("for W = 8, p = 1, K = 3 and s = 4 the value is 2")


@pytest.mark.parametrize(
    ("typed", "verdict", "credit", "ids"),
    [
        ("[k1 k2 k3 0; 0 k1 k2 k3]", Verdict.CORRECT, 1, ()),
        ("[k1 k2 k3 0; 0 k1 k2 k1]", Verdict.PARTIAL, Fraction(5, 6), ()),
        ("[k1 k2 k3 0; 0 k1 k2 k2]", Verdict.PARTIAL, Fraction(5, 6), ("stride-taken-twice",)),
        ("[k1 k2 k3 k3; 0 k1 k2 k3]", Verdict.PARTIAL, Fraction(5, 6), ()),
        ("[0 0 0 0; 0 0 0 0]", Verdict.INCORRECT, 0, ()),
        ("[k1 k2 k3 0; 0 0 k1 k2]", Verdict.PARTIAL, Fraction(1, 2), ("stride-taken-twice",)),
        ("[k1 k2 k3 0; 0 0 k1 k3]", Verdict.PARTIAL, Fraction(2, 3), ("stride-taken-twice",)),
        ("[k1 0; k2 k1; k3 k2; 0 k3]", Verdict.INCORRECT, 0, ("transposed",)),
        ("[0 k3 k2 k1; k3 k2 k1 0]", Verdict.INCORRECT, 0, ("columns-reversed",)),
        ("[0 k1 k2 k3; k1 k2 k3 0]", Verdict.INCORRECT, 0, ("rows-reversed",)),
        ("[k3 k2 k1 0; 0 k3 k2 k1]", Verdict.PARTIAL, Fraction(1, 3), ("rotated", "indices-flipped")),
        ("[0 k1 k2 k3; 0 0 k1 k2]", Verdict.INCORRECT, 0, ("shifted",)),
        ("[-k1 -k2 -k3 0; 0 -k1 -k2 -k3]", Verdict.INCORRECT, 0, ("sign-flipped",)),
        ("[2k1 2k2 2k3 0; 0 2k1 2k2 2k3]", Verdict.INCORRECT, 0, ("constant-factor",)),
        ("[k1 k2 k3 0 0 k1 k2 k3]", Verdict.INCORRECT, 0, ("wrong-shape",)),
        ("k1", Verdict.INCORRECT, 0, ()),
    ],
)
def test_matrices(typed: str, verdict: Verdict, credit: Fraction, ids: tuple[str, ...]) -> None:
    judgement = TOEPLITZ.judge(typed)
    assert (judgement.verdict, judgement.credit, judgement.diagnosis) == (verdict, credit, ids)


def test_two_wrong_sizes_are_both() -> None:
    question = Question("shape", [3, 4])
    assert question.judge("(9, 20)").message == "Both sizes are wrong."


def test_a_partial_answer_says_where_it_is_wrong() -> None:
    judgement = TOEPLITZ.judge("[k1 k2 k3 0; 0 k1 k2 k2]")
    assert judgement.message == "The entry in the 2nd row, 4th column is wrong."
    place = "the entry in the 2nd row, 4th column"
    assert judgement.witness == f"{place}: for k_2 = 1 and all else 0 the value is 0, yours gives 1"


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("(32, 124, 62)", ("padding-forgotten",)),
        ("(32, 124, 64)", ("padding-forgotten",)),
        ("(126, 64, 32)", ("swapped",)),
        ("(32, 127, 64)", ("off-by-one",)),
        ("(32, 128, 64)", ()),
    ],
)
def test_shapes_earn_all_or_nothing(typed: str, ids: tuple[str, ...]) -> None:
    judgement = SHAPE.judge(typed)
    assert (judgement.verdict, judgement.credit, judgement.diagnosis) == (Verdict.INCORRECT, Fraction(0), ids)


@pytest.mark.parametrize(
    ("answer", "verdict", "ids"),
    [
        ([2, 1.75, 0, -1], Verdict.CORRECT, ()),
        ([["2"], ["7/4"], [0], ["-1"]], Verdict.CORRECT, ()),
        ([2, 1.75, 0, 1], Verdict.PARTIAL, ()),
        ([-2, "-7/4", 0, 1], Verdict.INCORRECT, ("sign-flipped",)),
        ([-1, 0, 1.75, 2], Verdict.INCORRECT, ("reversed",)),
        ([3, "11/4", 1, 0], Verdict.INCORRECT, ("off-by-one",)),
        ([7, "27/4", 5, 4], Verdict.INCORRECT, ("added-constant",)),
        ([2, 1.75, 0], Verdict.INCORRECT, ()),
        ([[2, 1.75], [0, -1]], Verdict.INCORRECT, ("wrong-shape",)),
        ([2, "", 0, -1], Verdict.UNREADABLE, ()),
        ([2, None, 0, -1], Verdict.UNREADABLE, ()),
        ([2, [1], 0, -1], Verdict.UNREADABLE, ()),
        ([2, "1/0", 0, -1], Verdict.UNREADABLE, ()),
        ([2, float("nan"), 0, -1], Verdict.UNREADABLE, ()),
        ([2, 1e308, 0, -1], Verdict.UNREADABLE, ()),
        ([2, 5e-324, 0, -1], Verdict.UNREADABLE, ()),
        (True, Verdict.INCORRECT, ()),
        (2, Verdict.INCORRECT, ()),
        ({"a": 1}, Verdict.UNREADABLE, ()),
        ([], Verdict.BLANK, ()),
        (["", "", "", ""], Verdict.BLANK, ()),
        (None, Verdict.BLANK, ()),
    ],
)
def test_answers_as_json(answer: Any, verdict: Verdict, ids: tuple[str, ...]) -> None:
    judgement = VECTOR.judge(answer)
    assert (judgement.verdict, judgement.diagnosis) == (verdict, ids)
    assert bool(judgement.message) == (verdict is not Verdict.CORRECT)


@pytest.mark.parametrize(
    ("kind", "key", "answer", "verdict", "said"),
    [
        ("integer", 5, "5.5", Verdict.INCORRECT, "whole number"),
        ("integer", 5, [5, 6], Verdict.INCORRECT, "the answer is a list"),
        ("integer", 5, True, Verdict.INCORRECT, "not for true or false"),
        ("integer", 5, "[5, 6]", Verdict.INCORRECT, "the answer is a list"),
        ("integer", 5, "six", Verdict.UNREADABLE, "write a number alone"),
        ("rational", "1/3", "0.333", Verdict.INCORRECT, "Decimals are taken exactly"),
        ("rational", "1/3", 0.25, Verdict.INCORRECT, "This isn't the right value."),
        ("number", 5, "5x", Verdict.UNREADABLE, "x wasn't expected here"),
        ("matrix", [[1, 2], [3, 4]], "[1, 2, 3, 4]", Verdict.INCORRECT, "This asks for a matrix"),
        ("matrix", [[1, 2], [3, 4]], "[[1, 2, 3], [3, 4, 5]]", Verdict.INCORRECT, "2 by 3 matrix"),
        ("shape", [3, 4], "12", Verdict.INCORRECT, "1 size"),
        ("shape", [3, 4], "3*4", Verdict.UNREADABLE, "commas between the sizes"),
        ("boolean", True, "perhaps", Verdict.UNREADABLE, "true or false"),
        ("boolean", True, 1, Verdict.UNREADABLE, "true or false"),
    ],
)
def test_other_kinds_of_values(kind: str, key: Any, answer: Any, verdict: Verdict, said: str) -> None:
    judgement = Question(kind, key).judge(answer)
    assert judgement.verdict is verdict
    assert said in judgement.message


@pytest.mark.parametrize(
    "hint", [LINEAR.judge("-a x_1 - b x_2 - c x_3"), SHAPE.judge("(1, 2, 3)"), VECTOR.judge("[1,1,1,1]")]
)
def test_a_message_gives_nothing_of_the_key_away(hint: Any) -> None:
    for secret in ("126", "64", "7/4", "a*x_1", "c*x_3"):
        assert secret not in hint.message


@pytest.mark.parametrize(
    ("kind", "value", "options"),
    [
        ("expr", "q", {}),
        ("expr", "1/0", {}),
        ("expr", True, {}),
        ("expr", "", {}),
        ("integer", "7/4", {}),
        ("rational", "a", {"symbols": ["a"]}),
        ("matrix", [[1, 2], [3]], {}),
        ("vector", "a[", {"symbols": ["a"]}),
        ("shape", None, {}),
        ("choice", "d", {"choices": {"a": "one"}}),
        ("boolean", "maybe", {}),
        ("number", 1, {"domain": "complex"}),
        ("nubmer", 1, {}),
    ],
)
def test_keys_that_are_none(kind: str, value: Any, options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        Question(kind, value, **options)


def test_a_mistake_that_is_none_is_told_with_the_first_wrong_answer() -> None:
    question = Question("number", 1, mistakes=[Candidate("bad", "1/0")])
    assert question.judge("1").verdict is Verdict.CORRECT
    for _ in range(2):
        with pytest.raises(InputError, match="the key 1/0 has no value"):
            question.judge("2")


@pytest.mark.parametrize(
    ("kind", "key", "answer", "verdict"),
    [
        ("matrix", [[1, 2], [3, 4]], ["1 2", "3 4"], Verdict.CORRECT),
        ("matrix", [[1, 2], [3, 4]], [["1 2"], ["3 4"]], Verdict.CORRECT),
        ("matrix", [[1, 2], [3, 4]], ["1, 2", "3, 4"], Verdict.CORRECT),
        ("matrix", [[1, 2], [3, 4]], ["[1 2]", "[3 4]"], Verdict.CORRECT),
        ("matrix", [[1, 2], [3, 4]], ["1 2", "3"], Verdict.UNREADABLE),
        # with one row or column there is nothing to tell rows from entries, so a blank is a product
        ("matrix", [["2*a"], ["3*a"]], ["2 a", "3 a"], Verdict.CORRECT),
        ("matrix", [["2*a"], ["3*a"]], [["2 a"], ["3 a"]], Verdict.CORRECT),
        ("vector", ["2*a", "3*a"], ["2 a", "3 a"], Verdict.CORRECT),
    ],
)
def test_rows_of_text(kind: str, key: Any, answer: Any, verdict: Verdict) -> None:
    assert Question(kind, key, symbols=["a"]).judge(answer).verdict is verdict


def test_a_bracket_that_explains_a_number_is_asked_about() -> None:
    asked = Question("integer", 1792)
    assert asked.judge("1792 (64*28)").message.endswith("Write only the result.")
    assert asked.judge("1792 (64*28)").verdict is Verdict.UNREADABLE
    assert asked.judge("1792 (64*29)").verdict is Verdict.INCORRECT
    assert Question("integer", 25).judge("5 (2 + 3)").verdict is Verdict.CORRECT


def test_what_was_read_is_there_in_latex() -> None:
    assert LINEAR.judge("a x_1/b").read_as_latex == r"\frac{a x_{1}}{b}"
    assert TOEPLITZ.judge("k1 k2").read_as_latex.startswith(r"\left[\begin{array}")
    assert Question("boolean", True).judge("yes").read_as_latex == "true"
    assert LINEAR.judge("?").read_as_latex == ""


def test_decimal_keys_are_exact() -> None:
    assert Question("rational", 0.1).judge("1/10").verdict is Verdict.CORRECT


def test_choices_whose_ids_are_letters() -> None:
    asked = Question("choice", "b", choices={"b": "first in print", "a": "second in print"})
    assert asked.judge("b").verdict is Verdict.CORRECT
    assert asked.judge("a)").verdict is Verdict.INCORRECT


def test_verdicts_do_not_depend_on_earlier_answers() -> None:
    answers = ["floor(a/2) + floor(b/3)", "max(a, b)", "e^a", "a x_1", "a x_1 + b x_2 + c x_3", "sqrt(2)a", "a/0"]
    fresh = [Question("expr", "a*x_1 + b*x_2 + c*x_3", symbols=NAMES).judge(answer) for answer in answers]
    asked = Question("expr", "a*x_1 + b*x_2 + c*x_3", symbols=NAMES)
    for _ in range(2):
        assert [asked.judge(answer) for answer in answers] == fresh
    assert [asked.judge(answer) for answer in reversed(answers)] == fresh[::-1]


def test_undecided_is_neither_right_nor_wrong() -> None:
    asked = Question("expr", "K", symbols=["K"], domain="integers")
    judgement = asked.judge("max(K, sqrt(K))")
    assert (judgement.verdict, judgement.credit) == (Verdict.UNDECIDED, Fraction(0))


@pytest.mark.parametrize("name", ["", " ", "3", "+", "_1", None, 3])
def test_a_symbol_that_is_no_name_is_refused(name: Any) -> None:
    with pytest.raises(InputError, match="no name of a symbol"):
        Question("integer", 1, symbols=["a", name])


def test_a_missing_size_is_no_question_where_those_typed_are_the_keys() -> None:
    question = Question("shape", ["N", "2*C", "H/2"], symbols=["N", "C", "H"], domain="integers")
    assert question.judge("(2C, H/2)").verdict is Verdict.INCORRECT
    assert question.judge("(N*C, H/2)").verdict is Verdict.UNREADABLE
