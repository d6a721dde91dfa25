"""JSON from anywhere: read without failing on what is only unusual."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.jsontext import parse_json, shallow

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{}"\\, a\ud800'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='[]{}"\\'), inner, max_size=3),
)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0


@given(JSON, st.integers(1, 4))
def test_what_is_nested_too_deeply_becomes_null(value: Any, deepest: int) -> None:
    text = json.dumps(value)
    cut = json.loads(shallow(text, deepest))
    assert depth(cut) == min(depth(value), deepest)
    if depth(value) <= deepest:
        assert shallow(text, deepest) == text


@pytest.mark.parametrize("text", ["", "]", "[" * 3, "[[[", '["', '{"a": [[[1]', "]]]]", '"\\'])
def test_what_is_no_json_stays_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(shallow(text, 2))


def test_unusual_values() -> None:
    assert parse_json(r'["\ud800", 1e400, -1e-400, 12]') == ["\ud800", "1e400", 0, 12]
    assert parse_json("9" * 1001) == "9" * 1001
    with pytest.raises(ValueError, match="NaN"):
        parse_json("[NaN]")
