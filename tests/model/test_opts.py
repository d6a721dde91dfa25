"""Opts: checked where they are made, said in the statement."""

from __future__ import annotations

from typing import Any

import pytest

from cnnex.model.opts import FORMS, NO_OPTS, Opts, demand


@pytest.mark.parametrize(
    ("opts", "said"),
    [
        (NO_OPTS, ""),
        (Opts(arithmetic=True, form=()), ""),
        (Opts(decimals=0), "It is enough to give it to a whole number."),
        (Opts(decimals=1), "It is enough to give it to 1 decimal place."),
        (Opts(sigfigs=3), "It is enough to give it to 3 significant figures."),
        (Opts(atol=" 1e-3 "), "It is enough to give it with an error of at most 0.001."),
        (Opts(rtol=1e-7), "It is enough to give it with a relative error of at most 0.0000001."),
        (Opts(decimals=2, sigfigs=1), "It is enough to give it to 2 decimal places or to 1 significant figure."),
        (Opts(form="expanded"), "Write it expanded."),
        (
            Opts(form=("single-fraction", "lowest-terms")),
            "Write it as a single fraction and in lowest terms without decimals.",
        ),
        (
            Opts(atol=5, arithmetic=False),
            "It is enough to give it with an error of at most 5. Work all arithmetic out.",
        ),
    ],
)
def test_the_statement_says_what_is_declared(opts: Opts, said: str) -> None:
    assert demand(opts) == said


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_said(form: str) -> None:
    assert FORMS[form] in demand(Opts(form=form))


@pytest.mark.parametrize(
    "opts", [{"rtol": "much"}, {"atol": -1}, {"atol": "1e999"}, {"form": "pretty"},
             {"form": "unevaluated-sum", "arithmetic": False}],
)  # fmt: skip
def test_a_family_can_declare_no_nonsense(opts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(opts))):
        Opts(**opts)
