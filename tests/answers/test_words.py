"""Answers that are chosen: one choice, true or false, all that apply."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.answers.choices import Choices
from cnnex.answers.feedback import feedback
from cnnex.answers.question import Candidate, Question
from cnnex.errors import InputError
from cnnex.model.outcome import Verdict

RIGHT, WRONG, UNREAD, BLANK = Verdict.CORRECT, Verdict.INCORRECT, Verdict.UNREADABLE, Verdict.BLANK
PADDING = {"valid": "Valid padding", "same": "Same padding: the size stays", "full": "Full padding"}
WITH_COMMAS = {"x": "It blurs, slowly.", "y": "Edges and corners", "z": "None, ever"}

SPELLINGS = {
    "{}", "({})", "[{}]", "{{{}}}", "{}.", "{})", "{}!", "{},", '"{}"', "**{}**", "`{}`", "_{}_", "${}$", "= {}",
    r"\boxed{{{}}}", r"$\boxed{{\text{{{}}}}}$", r"\({}\)", r"\textbf{{({})}}", "The answer is: {}",
    "The correct answer is ({}).", "I think {}", "I think that the answer is {}", "my choice: {}", "Answer = {}",
    "option {}", "It is {}",
}  # fmt: skip


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
@pytest.mark.parametrize(
    ("kind", "value", "choices", "right", "wrong"),
    [
        ("choice", "same", PADDING, ["b", "B", "same", "the size stays"], ["a", "full", "VALID-PADDING"]),
        ("choice", "b", None, ["b", "B"], ["c", "Z"]),
        ("choice", 2, {"1": "max", "2": "average"}, ["2", "average"], ["1", "max"]),
        ("boolean", True, None, ["true", "T", "Yes", "✓", "✔️", "correct"], ["FALSE", "n", "✗", "wrong"]),
        ("selection", ["same"], PADDING, ["b", "same"], ["c", "valid"]),
    ],
    ids=["words", "letters", "numbers", "truth", "selection"],
)  # fmt: skip
def test_spellings(
    kind: str, value: Any, choices: dict[str, str] | None, right: list[str], wrong: list[str], spelling: str
) -> None:
    asked = Question(kind, value, choices=choices)
    assert {asked.judge(spelling.format(each)).verdict for each in right} == {RIGHT}
    assert {asked.judge(spelling.format(each)).verdict for each in wrong} == {WRONG}


@pytest.mark.parametrize("between", [" ", ") ", ". ", ": ", ", ", " - ", " – ", " — ", "-", "–", ") – ", "\n", " = "])
def test_a_letter_with_a_text(between: str) -> None:
    """With its own text it is that choice, with the text of another one it says two things."""
    asked = Question("choice", "same", choices=PADDING)
    assert asked.judge(f"b{between}same padding").verdict is RIGHT
    assert asked.judge(f"(B{between}The size stays.").verdict is RIGHT
    for two in (f"a{between}same padding", f"b{between}(valid)"):
        judgement = asked.judge(two)
        assert judgement.verdict is UNREAD
        assert judgement.message.endswith("Did you mean A or B?")


@pytest.mark.parametrize(
    "text", ["not b", "a or b", "b is wrong", "answers", "the wrong answer is b", "d", "same same not"]
)
def test_what_is_no_choice_is_no_guess(text: str) -> None:
    assert Question("choice", "same", choices=PADDING).judge(text).verdict is UNREAD


@pytest.mark.parametrize(
    "answer", ["1", "0", 1, 0, "not true", "true or false", "yes, false", "t f", "perhaps", [], {}]
)
def test_what_is_no_truth(answer: Any) -> None:
    judgement = Question("boolean", True).judge(answer)
    assert judgement.verdict is (BLANK if answer == [] else UNREAD)


@pytest.mark.parametrize(
    ("kind", "value", "choices"),
    [
        ("boolean", True, None),
        ("boolean", "true", None),
        ("choice", True, None),
        ("choice", "TRUE", None),
        ("choice", "T", None),
        ("choice", "true", {"true": "True", "false": "False"}),
        ("choice", True, {"true": "True", "false": "False"}),
        ("choice", "b", {"a": "False", "b": "True"}),
        ("choice", "yes", ["no", "yes"]),
        ("boolean", True, [True, False]),
    ],
)
def test_true_or_false_under_any_name(kind: str, value: Any, choices: Any) -> None:
    asked = Question(kind, value, choices=choices)
    for answer in ("T", "t", "yes", "Y", "✓", "correct", "True", True, "it is true"):
        assert asked.judge(answer).verdict is RIGHT, answer
    for answer in ("F", "no", "N", "✗", "wrong", False):
        assert asked.judge(answer).verdict is WRONG, answer


@pytest.mark.parametrize(
    ("value", "choices"),
    [
        ("max pooling", ["average pooling", "max pooling"]),
        ("b", ["average pooling", "max pooling"]),
        ("B", {"a": "average pooling", "b": "Max pooling"}),
        ("MAX POOLING", {"avg": "average pooling", "max": "Max pooling"}),
        ("max", {"avg": "average pooling", "max": "Max pooling"}),
    ],
)
def test_the_key_of_a_choice_is_read_like_an_answer(value: Any, choices: Any) -> None:
    asked = Question("choice", value, choices=choices)
    assert [asked.judge(answer).verdict for answer in ("(B)", "max pooling", ["b"], "a")] == [
        RIGHT,
        RIGHT,
        RIGHT,
        WRONG,
    ]
    assert asked.judge("b").read_as.lower() == "max pooling"


def test_numbers_as_choices() -> None:
    asked = Question("choice", 5, choices=[3, 5, 7.5])
    assert [asked.judge(answer).verdict for answer in (5, 5.0, "5", "b", 7.5, 6)] == [RIGHT] * 4 + [WRONG, UNREAD]


def test_ids_that_are_letters_are_the_only_letters() -> None:
    asked = Question("choice", "c", choices={"b": "first in print", "c": "second in print"})
    assert [asked.judge(answer).verdict for answer in ("c", "b", "a")] == [RIGHT, WRONG, UNREAD]


@pytest.mark.parametrize(
    ("kind", "value", "choices"),
    [
        ("choice", "max", None),
        ("choice", "d", PADDING),
        ("choice", ["valid"], PADDING),
        ("choice", None, PADDING),
        ("choice", "it blurs", {"a": "it blurs", "b": "It blurs."}),
        ("choice", "one", ["one", "one"]),
        ("choice", "a", {"a": ["one"], "": "two"}),
        ("boolean", "b", None),
        ("selection", ["a", "z"], PADDING),
        ("selection", True, PADDING),
        ("selection", {"a": 1}, PADDING),
    ],
)
def test_keys_that_are_none_of_the_choices(kind: str, value: Any, choices: Any) -> None:
    if kind == "choice" and value == "it blurs":
        Question(kind, value, choices=choices)  # exactly as it is printed
        value = "IT BLURS!"
    with pytest.raises(InputError):
        Question(kind, value, choices=choices)


def test_mistakes_are_named() -> None:
    mistakes = [Candidate("m-a", "a"), Candidate("m-full", "full"), Candidate("also-a", "valid")]
    asked = Question("choice", "same", choices=PADDING, mistakes=mistakes)
    assert [asked.judge(text).diagnosis for text in "abc"] == [("m-a", "also-a"), (), ("m-full",)]
    assert Question("boolean", True, mistakes=[Candidate("no", False)]).judge("F").diagnosis == ("no",)
    assert Question("choice", "b", mistakes=[Candidate("m-a", "a")]).judge("(A)").diagnosis == ("m-a",)
    asked = Question("selection", ["a", "c"], mistakes=[Candidate("m", ["d", "a"]), Candidate("nothing", [])])
    assert [asked.judge(text).diagnosis for text in ("a, d", "D and A", "a", "none")] == [
        ("m",),
        ("m",),
        (),
        ("nothing",),
    ]
    with pytest.raises(InputError):
        Question("choice", "same", choices=PADDING, mistakes=[Candidate("m", "d")])


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("a, c", RIGHT), ("A C", RIGHT), ("ac", RIGHT), ("a and c", RIGHT), ("(a) (c)", RIGHT), ("a & c", RIGHT),
        ("[a, c]", RIGHT), (r"\{a, c\}", RIGHT), ("a\nc", RIGHT), ("The correct answers are a and c.", RIGHT),
        ("a) valid padding; c) full padding", RIGHT), ("full, valid", RIGHT), ("a, a, and c", RIGHT),
        (["a", "c"], RIGHT), (["full padding", "A"], RIGHT), (["a, c"], RIGHT), (["a", "", "c"], RIGHT),
        ("a", WRONG), ("a, b, c", WRONG), ("abc", WRONG), ("none", WRONG), ("None of these.", WRONG), ([], WRONG),
        ("", BLANK), ([""], BLANK), (None, BLANK),
        ("a, d", UNREAD), ("ca", UNREAD), ("a) full padding", UNREAD), ("a or c", UNREAD), ("not b", UNREAD),
        ("all but b", UNREAD), (["a", ["c"]], UNREAD), (["a", 1], UNREAD), (True, UNREAD), ({"a": 1}, UNREAD),
    ],
)  # fmt: skip
def test_selections(answer: Any, verdict: Verdict) -> None:
    judgement = Question("selection", ["valid", "full"], choices=PADDING).judge(answer)
    assert judgement.verdict is verdict
    assert judgement.credit == (verdict is RIGHT)  # all or nothing


def test_a_wrong_selection_gives_nothing_away() -> None:
    judgement = Question("selection", "a, c", choices=PADDING).judge("a, b")
    assert feedback(judgement) == "This isn't the right selection."
    assert feedback(judgement, "key").endswith("The answer is A, C.")


def test_texts_of_choices_may_have_commas() -> None:
    asked = Question("selection", ["x", "y"], choices=WITH_COMMAS)
    for answer in (
        "It blurs, slowly; edges and corners",
        "edges and corners\nit blurs, slowly",
        "x, edges and corners",
    ):
        assert asked.judge(answer).verdict is RIGHT
    assert asked.judge("None, ever").read_as == "Z"
    assert asked.judge("none").read_as == "none of these"


def test_the_empty_selection_is_an_answer() -> None:
    asked = Question("selection", [], choices=PADDING)
    answers: list[Any] = [[], "none", "", "a"]
    assert [asked.judge(answer).verdict for answer in answers] == [RIGHT, RIGHT, BLANK, WRONG]
    assert asked.solution == "none of these"


LABELS = {"one": ("a", "A)", "(a)", "first thing"), "two": ("b", "(B)", "two"), "three": ("c", "c)", "third, and last")}
CHOICES = {"one": "first thing", "two": "second thing", "three": "third, and last"}
CHOSEN = st.sets(st.sampled_from(sorted(CHOICES)), min_size=1).flatmap(lambda chosen: st.permutations(sorted(chosen)))


@given(CHOSEN, CHOSEN, st.sampled_from(["; ", ";", "\n"]), st.data())
def test_order_and_spelling_of_a_selection_do_not_matter(
    key: list[str], chosen: list[str], between: str, data: st.DataObject
) -> None:
    asked = Question("selection", key, choices=CHOICES)
    spelled = [data.draw(st.sampled_from(LABELS[name])) for name in chosen]
    expected = RIGHT if set(key) == set(chosen) else WRONG
    answers: list[Any] = [between.join(spelled), spelled, [*spelled, spelled[0]]]
    for answer in answers:
        assert asked.judge(answer).verdict is expected


@given(
    st.text(max_size=30)
    | st.lists(st.sampled_from(["a", "b", " ", "(", ")", "-", ":", "the answer is", "not"])).map("".join)
)
def test_any_text_means_some_of_the_choices(text: str) -> None:
    choices = Choices(PADDING)
    assert choices.meant(text) <= PADDING.keys()
    assert choices.meant(text) == choices.meant(f" {text} ")
    for kind, value in (("choice", "same"), ("selection", ["same"]), ("boolean", True)):
        judgement = Question(kind, value, choices=None if kind == "boolean" else PADDING).judge(text)
        assert bool(judgement.message) == (judgement.verdict is not RIGHT)
