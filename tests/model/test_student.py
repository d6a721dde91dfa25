"""The names of students' files are safe on every system, and no two students share one."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cnnex.model.student import Student

SAFE = re.compile(r"[A-Za-z0-9+][A-Za-z0-9@._+-]{0,79}")
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
ids = st.one_of(
    st.text(min_size=1, max_size=70),
    st.sampled_from(["..", ".", "a/b", "a\\b", "a b", "nul", "CON.txt", "a.", "-rf", "~", "é", "e\u0301", "x" * 300]),
    st.from_regex(r"[A-Za-z0-9@._+-]{1,12}", fullmatch=True),
)


@given(ids)
def test_names_are_safe(id_: str) -> None:
    name = Student(id_).folder
    assert SAFE.fullmatch(name)
    assert not name.endswith(".")
    assert name.split(".")[0].casefold() not in DEVICES


@given(ids, ids)
def test_different_ids_have_different_names(one: str, other: str) -> None:
    """Also where a system takes capitals and small letters for the same; rosters refuse ids that differ in no more."""
    if one.casefold() != other.casefold():
        assert Student(one).folder.casefold() != Student(other).folder.casefold()


def test_plain_ids_are_kept() -> None:
    for id_ in ("0042", "ada@uni.edu", "S1234567", "a.b-c_d"):
        assert Student(id_).folder == id_
