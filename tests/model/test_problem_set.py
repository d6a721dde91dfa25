from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from cnnex.model.asks import ASKS
from cnnex.model.conventions import NO_BIAS
from cnnex.model.opts import Opts
from cnnex.model.problem import Mistake, Part, Problem, Step
from cnnex.model.problem_set import Item, ProblemSet, common_slip, letters
from cnnex.model.prose import Prose, prose
from cnnex.model.sheet import Sheet
from cnnex.model.value import Kind

SECRET = 61342


def part(name: str, **fields: Any) -> Part:
    return Part(**{"asks": "output_size", "kind": Kind.INTEGER, "prompt": prose(f"{name}?"), "answered_by": "size",
                   "name": name, **fields})  # fmt: skip


PROBLEM = Problem(
    title="Sizes",
    statement=(prose("Slide."),),
    conventions=(NO_BIAS,),
    given={"operation": "conv1d"},
    parts=(part("first"), part("second", answered_by="vector", kind=Kind.VECTOR, asks="output")),
    steps=(Step("size", SECRET, (prose("Count."),)), Step("vector", (1, 2, 3, 4, SECRET), (prose("Add."),))),
    mistakes=(
        Mistake("unseen", "Nothing shows.", "Look.", {"other": 3}),
        Mistake("late", "It began late.", "Look.", {"vector": (1, 2, 3, 9, 9)}),
    ),
)


def problem_set(problem: Problem = PROBLEM, seed: str = "s", title: str = "T") -> ProblemSet:
    points = {each.name: 2 for each in problem.parts}
    return ProblemSet(title, seed, (Item(1, "topic", "F00-x", "easy", problem, points, {}),))


def text_of(block: Any) -> str:
    assert isinstance(block, Prose)
    return "".join(each if isinstance(each, str) else repr(each) for each in block.parts)


def test_letters_count_like_columns_of_a_spreadsheet() -> None:
    names = [letters(i) for i in range(26 + 26**2 + 1)]
    assert names[:3] == ["a", "b", "c"]
    assert names[25:28] == ["z", "aa", "ab"]
    assert names[-2:] == ["zz", "aaa"]
    assert len(set(names)) == len(names)


def test_points_follow_what_is_to_be_written() -> None:
    worth = {kind: part("a", kind=kind).points for kind in Kind}
    assert {kind for kind in Kind if worth[kind] == 3} == {Kind.MATRIX}
    assert {kind for kind in Kind if worth[kind] == 2} == {Kind.EXPRESSION, Kind.VECTOR, Kind.SELECTION}
    assert set(worth.values()) == {1, 2, 3}


def test_part_ids_and_points() -> None:
    (item,) = problem_set().items
    assert [item.part_id(each) for each in item.problem.parts] == ["1a", "1b"]
    assert problem_set().points == 4


def test_the_key_is_a_view_of_the_steps() -> None:
    assert [PROBLEM.key(each) for each in PROBLEM.parts] == [SECRET, (1, 2, 3, 4, SECRET)]
    changed = replace(PROBLEM, steps=(Step("size", 5, ()), *PROBLEM.steps[1:]))
    assert changed.key(changed.parts[0]) == 5


def test_a_part_that_no_step_answers_has_no_key() -> None:
    with pytest.raises(KeyError):
        PROBLEM.key(part("third", answered_by="nowhere"))


def test_problems_are_frozen() -> None:
    for thing, name in ((PROBLEM, "title"), (PROBLEM.parts[0], "name"), (PROBLEM.steps[0], "value")):
        with pytest.raises(FrozenInstanceError):
            setattr(thing, name, "other")


def test_a_sheet_for_students_has_no_answer() -> None:
    sheet = problem_set().sheet()
    assert str(SECRET) not in repr(sheet)
    assert "Count." not in repr(sheet)
    assert [(each.id, each.letter, each.points) for each in sheet.items[0].parts] == [("1a", "a", 2), ("1b", "b", 2)]
    assert sheet.items[0].solution is None
    assert sheet.items[0].slip is None
    assert sheet.items[0].conventions == (NO_BIAS,)


def test_a_sheet_with_solutions_has_each_step_with_the_parts_it_answers() -> None:
    sheet: Sheet = problem_set().sheet(solutions=True)
    (item,) = sheet.items
    assert item.solution is not None
    assert [[name for name, _ in step.answers] for step in item.solution] == [["1a"], ["1b"]]
    assert str(SECRET) in repr(item.solution)
    assert (sheet.title, sheet.points, sheet.set_id) == ("T", 4, problem_set().id)


def test_the_common_slip_names_the_first_wrong_entry() -> None:
    slip = common_slip(PROBLEM)
    assert slip is not None
    said = text_of(slip)
    assert said.startswith("It began late.")
    assert "(b)" in said
    assert "in (b) the 4th entry" in said
    assert "would be 9." in said


def test_the_common_slip_shows_a_short_value_as_a_whole() -> None:
    slip = common_slip(replace(PROBLEM, mistakes=(Mistake("m", "Oh.", "Look.", {"size": 7}),)))
    assert slip is not None
    assert text_of(slip) == "Oh. Then the answer to (a) would be 7."


@pytest.mark.parametrize(("chosen", "said"), [(("a", "c"), "A, C"), (("b",), "B"), ((), "none of these")])
def test_a_selection_is_shown_in_letters(chosen: tuple[str, ...], said: str) -> None:
    choices = {"a": "It pads.", "b": "It blurs.", "c": "It slides."}
    asked = part("first", kind=Kind.SELECTION, choices=choices)
    steps = (Step("size", ("a", "b"), ()), PROBLEM.steps[1])
    wrong = Mistake("m", "Oh.", "Look.", {"size": chosen})
    sheet = problem_set(replace(PROBLEM, parts=(asked,), steps=steps, mistakes=(wrong,))).sheet(solutions=True)
    (item,) = sheet.items
    assert item.solution is not None
    assert "A, B" in text_of(item.solution[0].answers[0][1])
    assert item.slip is not None
    assert f"would be {said}" in text_of(item.slip).replace("Formula('none of these')", "none of these")


def test_without_a_mistake_that_shows_there_is_no_slip() -> None:
    assert common_slip(replace(PROBLEM, mistakes=PROBLEM.mistakes[:1])) is None


def test_the_common_slip_finds_the_entry_of_a_matrix() -> None:
    matrix = Step("vector", ((1, 2, 3), (4, 5, 6)), ())
    wrong = Mistake("m", "Oh.", "Look.", {"vector": ((1, 2, 3), (4, 0, 6))})
    slip = common_slip(replace(PROBLEM, steps=(PROBLEM.steps[0], matrix), mistakes=(wrong,)))
    assert slip is not None
    assert "in the 2nd row, 2nd column" in text_of(slip)
    assert "would be 0." in text_of(slip)


def test_the_identity_depends_on_seed_and_content_only() -> None:
    identity = problem_set().id
    assert re.fullmatch(r"\w{4}-\w{4}", identity)
    assert problem_set(title="another title").id == identity
    assert problem_set(seed="t").id != identity
    assert problem_set(replace(PROBLEM, given={"operation": "conv2d"})).id != identity
    assert problem_set(replace(PROBLEM, parts=PROBLEM.parts[:1])).id != identity


def test_the_sheet_says_how_an_answer_is_judged() -> None:
    asked = replace(PROBLEM, parts=(replace(PROBLEM.parts[0], opts=Opts(decimals=2)), PROBLEM.parts[1]))
    first, second = problem_set(asked).sheet().items[0].parts
    assert text_of(first.prompt) == "first? It is enough to give it to 2 decimal places."
    assert second.prompt is PROBLEM.parts[1].prompt
    assert problem_set(asked).id == problem_set().id  # it is the same question, as it is with other points


@pytest.mark.parametrize("change", [{"index": (3,)}, {"given": {"stride": [2]}}])
def test_the_identity_depends_on_what_a_part_asks(change: dict[str, Any]) -> None:
    """Two sets whose keys differ in a part must not be taken for each other."""
    changed = replace(PROBLEM, parts=(replace(PROBLEM.parts[0], **change), *PROBLEM.parts[1:]))
    assert problem_set(changed).id != problem_set().id


def test_prose_fills_its_holes() -> None:
    inner = prose("{n} steps", n=3)
    parts = prose("After {inner}, {{stop}}.", inner=inner).parts
    assert [part for part in parts if not isinstance(part, str)] == [3]
    assert "".join(map(str, parts)) == "After 3 steps, {stop}."
    assert prose("").parts == ()
    with pytest.raises(KeyError):
        prose("{missing}")


def test_what_may_be_asked_is_a_closed_list() -> None:
    assert {"output", "output_entry", "grad_input_entry", "padding", "statement"} <= ASKS.keys()
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", word) and words for word, words in ASKS.items())
    with pytest.raises(TypeError):
        ASKS["anything"] = "else"  # type: ignore[index]
