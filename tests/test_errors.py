from __future__ import annotations

import pytest

from cnnex import errors
from cnnex.errors import CnnexError, ImpossibleError, InputError, MissingToolError, OutputError, nearest


@pytest.mark.parametrize("kind", [InputError, OutputError, ImpossibleError, MissingToolError])
def test_an_error_is_one_sentence_with_an_exit_code(kind: type[CnnexError]) -> None:
    error = kind("the count is 0", hint="a set has 1 to 10,000 problems")
    assert str(error) == "the count is 0 (a set has 1 to 10,000 problems)"
    assert error.exit_code == 2
    assert isinstance(error, CnnexError)


def test_without_hint_there_are_no_brackets() -> None:
    assert str(InputError("no such file")) == "no such file"


def test_every_error_of_ours_has_a_docstring_and_a_code() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, Exception)]
    assert len(kinds) >= 5
    for kind in kinds:
        assert issubclass(kind, CnnexError)
        assert kind.__doc__
        assert 0 < kind.exit_code < 126


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("poling", "did you mean pooling?"),
        ("POOLING", "did you mean pooling?"),
        ("toeplits", "did you mean Toeplitz?"),
        ("receptive field", "there are: pooling, Toeplitz"),
        ("", "there are: pooling, Toeplitz"),
    ],
)
def test_nearest(wanted: str, hint: str) -> None:
    assert nearest(wanted, iter(["pooling", "Toeplitz"])) == hint


def test_nearest_does_not_list_what_nobody_reads() -> None:
    names = [f"name{i}" for i in range(50)]
    assert nearest("nothing alike", names) == ""
    assert nearest("nam7", names) == "did you mean name7?"
