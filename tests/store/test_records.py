"""Files: what we write fits our schemas, and comes back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnnex
from cnnex.errors import InputError
from cnnex.model.opts import Opts
from cnnex.model.records import Submission
from cnnex.store.records import FORMATS, blank_submission, encode, load_key, load_submission, read_record, schema_of


def check(name: str, content: bytes) -> Any:
    value = json.loads(content)
    jsonschema.validate(value, schema_of(name), cls=jsonschema.Draft202012Validator)
    return value


@pytest.fixture(scope="module")
def problems() -> cnnex.ProblemSet:
    return cnnex.generate(["pooling", "backprop", "toeplitz"], count=9, seed="files")


def test_what_is_written_fits_the_schema(problems: cnnex.ProblemSet) -> None:
    check("key", encode(cnnex.key(problems)))
    check("answers", encode(blank_submission(problems)))
    check("set", cnnex.document(problems, "json"))
    check("set", cnnex.document(problems, "json", solutions=True))
    check("report", encode(cnnex.grade(blank_submission(problems), cnnex.key(problems))))
    check("topics", encode(cnnex.list_topics()))


@pytest.mark.parametrize("name", FORMATS)
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(name))


def test_schemas_refuse_what_is_wrong() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check("answers", b'{"schema": "cnnex.answers/1", "set": 7, "answers": {}}')


def test_opts_are_written_where_they_are_declared() -> None:
    problems = cnnex.generate("pooling", family="F01-pooling-formula", count=1, seed="declared")
    (item,) = problems.items
    (part,) = item.problem.parts
    assert b"opts" not in encode(cnnex.key(problems)) + cnnex.document(problems, "json")
    asked = replace(part, opts=Opts(form="single-fraction", rtol="0.01", arithmetic=False))
    declared = replace(problems, items=(replace(item, problem=replace(item.problem, parts=(asked,))),))
    for kind, content in (("key", encode(cnnex.key(declared))), ("set", cnnex.document(declared, "json"))):
        (written,) = check(kind, content)["items"][0]["parts"]
        assert written["opts"] == {"rtol": "0.01", "form": "single-fraction", "arithmetic": False}
    assert "Write it as a single fraction." in written["prompt"]


def test_follow_through_is_written_by_part_ids_and_only_into_keys() -> None:
    problems = cnnex.generate("padding_stride", family="F01-output-size", count=1, difficulty="easy", seed="1")
    parts = check("key", encode(cnnex.key(problems)))["items"][0]["parts"]
    assert [part.get("follows", {}).get("uses") for part in parts] == [None, {"p_0": ["1a", 0]}]
    assert b'"follows"' not in cnnex.document(problems, "json", solutions=True)
    (item,) = problems.items
    alone = replace(item, problem=replace(item.problem, parts=item.problem.parts[1:]))
    assert b'"follows"' not in encode(cnnex.key(replace(problems, items=(alone,))))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("credit", {"x": "7/2"}, "'7/2' is no share"),
        ("credit", {"x": "1/0"}, "'1/0' is no share"),
        ("follows", {"value": "p_0", "uses": {}}, "follows.uses"),
        ("follows", {"value": "p_0", "uses": {"p_0": ["1a", -1]}}, "places from 0"),
        ("follows", {"value": "p_0", "uses": {"p_0": ["1a", "x"]}}, "places from 0"),
    ],
)
def test_bad_rules_in_a_key_are_named(field: str, value: Any, words: str, tmp_path: Path) -> None:
    content = json.loads(encode(cnnex.key(cnnex.generate("pooling", count=1, seed="1"))))
    content["items"][0]["parts"][0][field] = value
    (tmp_path / "key.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=r"key\.json: items\[0\]\.parts\[0\]") as refused:
        load_key(tmp_path / "key.json")
    assert words in str(refused.value)


def test_a_key_comes_back_as_it_was(problems: cnnex.ProblemSet, tmp_path: Path) -> None:
    key = cnnex.key(problems)
    (tmp_path / "key.json").write_bytes(encode(key))
    assert encode(load_key(tmp_path / "key.json")) == encode(key)
    (tmp_path / "answers.json").write_bytes(encode(blank_submission(problems)))
    assert load_submission(tmp_path / "answers.json") == blank_submission(problems)


def test_students_are_given_no_answers(problems: cnnex.ProblemSet) -> None:
    public = json.loads(cnnex.document(problems, "json"))
    for item in public["items"]:
        assert "solution" not in item
        for part in item["parts"]:
            assert not {"value", "mistakes"} & set(part)
    assert problems.seed not in cnnex.document(problems, "json").decode()
    answers = json.loads(encode(blank_submission(problems)))
    assert set(answers) == {"schema", "set", "student", "answers"}


def test_solutions_come_on_request(problems: cnnex.ProblemSet) -> None:
    key = cnnex.key(problems)
    full = json.loads(cnnex.document(problems, "json", solutions=True))
    for ours, item in zip(key.items, full["items"], strict=True):
        assert item["solution"]
        assert [part["value"] for part in item["parts"]] == [part.value for part in ours.parts]
        assert all("mistakes" in part for part in item["parts"])
    assert full["seed"] == problems.seed


@pytest.mark.parametrize(
    "answers",
    [
        '{"1a": "1", "1a": "2"}',
        '{"1a": 1, "1a": 2}',
        '{"1a": {"x": 1, "x": 1}}',
        '{"1a": 1, "1\\u0061": 2}',
        '{"1a": 1, "1a": "\\u0022"}',  # writing that again has one more quotation mark, as the lost name has
        '{"1a": "\\u0022\\u0022", "1b": 1, "1b": 2}',
    ],
)
def test_no_name_may_stand_twice(answers: str) -> None:
    content = f'{{"schema": "cnnex.answers/1", "set": "A", "answers": {answers}}}'.encode()
    with pytest.raises(InputError, match="given twice"):
        read_record(content, Submission, "here")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.text(), JSON), st.booleans())
def test_the_fast_reader_reads_what_the_slow_one_does(answers: dict[str, Any], ascii_only: bool) -> None:
    content = json.dumps({"schema": "cnnex.answers/1", "set": "A", "answers": answers}, ensure_ascii=ascii_only)
    fast = read_record(content.encode(), Submission, "")
    assert fast == read_record(b"\xef\xbb\xbf" + content.encode(), Submission, "")  # a mark is for the slow one
    assert json.dumps(fast.answers) == json.dumps(json.loads(content)["answers"])


def test_a_long_number_stays_text() -> None:
    content = b'{"schema": "cnnex.answers/1", "set": "A", "answers": {"1a": %s}}' % (b"9" * 2000)
    assert read_record(content, Submission, "").answers == {"1a": "9" * 2000}
