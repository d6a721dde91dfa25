"""Judging answers that come with their keys, one by one or by the million: `cnnex check`."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from cnnex.answers.feedback import feedback
from cnnex.answers.judgement import Candidate, Judgement
from cnnex.answers.question import Offered, Question
from cnnex.errors import CnnexError, InputError
from cnnex.jsontext import parse_json, shallow
from cnnex.notation.formula import FUNCTIONS

_LOG = logging.getLogger(__name__)
_NAME = re.compile(r"\\?[A-Za-z]+(?:_\w+|\d+)?'{0,3}")
_CHUNK = 500  # lines that a worker takes at once
_PREPARED = 1024  # keys kept ready
_DEEPEST = 2  # lists in one another in a key


class Mistake(Struct, frozen=True):
    """A predicted mistake of a row."""

    id: str
    value: Any


class Row(Struct, frozen=True):
    """An answer with its key: one line of a batch; what is null counts as absent."""

    id: Any
    kind: str
    expected: Any
    answer: Any = None
    symbols: tuple[str, ...] | None = None
    domain: str | None = None
    opts: dict[str, Any] | None = None
    choices: dict[str, Any] | list[Any] | None = None
    mistakes: tuple[Mistake, ...] | None = None


class Checked(Struct, frozen=True):
    """What became of a row; `cpu_us` is reading, deciding and explaining, with the key prepared."""

    id: Any
    verdict: str
    credit: float
    read_as: str
    message: str
    diagnosis: tuple[str, ...]
    cpu_us: float


class Failed(Struct, frozen=True):
    """A line that is no row, or whose key can't be used."""

    line: int
    id: Any
    error: str


class _Arguments(Struct, frozen=True):
    """What `check` is told besides the answers; as in a row, None counts as absent."""

    kind: str
    symbols: tuple[str, ...] | None
    domain: str | None
    choices: dict[Any, Any] | list[Any] | None
    mistakes: tuple[tuple[str, Any], ...] | None


def check(
    expected: Any,
    answer: Any,
    *,
    kind: str = "expr",
    symbols: Sequence[str] = (),
    domain: str = "real",
    opts: Mapping[str, Any] | None = None,
    choices: Offered = None,
    mistakes: Sequence[tuple[str, Any]] = (),
) -> Judgement:
    """Judge one answer, as `cnnex grade` would.

    Args:
        expected: the right answer, as text in the students' notation, a number, or nested lists.
        answer: the student's answer.
        kind: `expr`, `integer`, `rational`, `number`, `vector`, `matrix`, `shape`, `choice`, `selection` or
            `boolean`.
        symbols: the names that may occur; without any, those of an expected text.
        domain: `real`, `positive`, or `integers`, where p, P and names that begin with them are at least
            0 and every other name is at least 1.
        opts: `rtol`, `atol`, `decimals`, `sigfigs`, `form`, `arithmetic`, as in a key.
        choices: the words of each choice by its id, or a list of words; without any, choices are letters, or
            true and false if the right answer is one of them.
        mistakes: pairs of a mistake's id and the wrong value that it leads to.

    Raises:
        InputError: the expected answer, a mistake or an option can't be used.

    >>> check("k_1*x_1 + k_2*x_2", "k1x1 + k2x2").verdict
    <Verdict.CORRECT: 'correct'>
    """
    named = {"kind": kind, "symbols": symbols, "domain": domain, "choices": choices, "mistakes": mistakes}
    try:
        given = msgspec.convert(named, _Arguments)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$.")
        raise InputError(f"{path.rstrip('`')}: {problem[0].lower()}{problem[1:]}") from None
    question = Question(
        given.kind,
        expected,
        symbols=given.symbols or _names_in(expected),
        domain=given.domain or "real",
        choices=given.choices,
        mistakes=[Candidate(name, value) for name, value in given.mistakes or ()],
        opts=opts,
    )
    question.prepare()
    return question.judge(answer)


def _names_in(expected: Any, depth: int = 0) -> tuple[str, ...]:
    """The names that a text uses, for those who don't list them."""
    if isinstance(expected, list) and depth < _DEEPEST:
        return tuple(dict.fromkeys(name for entry in expected for name in _names_in(entry, depth + 1)))
    if not isinstance(expected, str):
        return ()
    found = dict.fromkeys(_NAME.findall(expected))
    return tuple(name for name in found if not name.startswith("\\") and name not in FUNCTIONS)


def check_lines(lines: Iterable[bytes], *, level: str = "hint", workers: int = 1) -> Iterator[bytes]:
    """Judge a stream of JSON lines; one JSON line out for each, in the same order for any number of workers.

    A line that is no row gives its number, its id where it has one, and the error; the rest goes on.
    """
    chunks = _chunked(enumerate(lines, 1))
    if workers == 1:
        for chunk in chunks:
            yield from _check_chunk(chunk, level)
        return
    with ProcessPoolExecutor(workers) as pool:
        waiting: deque[Future[list[bytes]]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(_check_chunk, chunk, level))
            if len(waiting) > 2 * workers:  # so that a million lines never wait in memory
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunked(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    numbered = iter(lines)
    while chunk := list(islice(numbered, _CHUNK)):
        yield chunk


def _check_chunk(chunk: list[tuple[int, bytes]], level: str) -> list[bytes]:
    return [_check_line(number, line, level) for number, line in chunk if line.strip()]


def _check_line(number: int, line: bytes, level: str) -> bytes:
    try:
        value = _decoded(line)
    except (ValueError, RecursionError) as error:
        return _encoded(Failed(number, None, f"this is not JSON: {error}"))
    try:
        return _encoded(_check_row(number, value, level))
    except Exception as error:  # noqa: BLE001 - a defect of ours costs this line alone, and isn't silent
        _LOG.exception("line %d met a defect in cnnex, please report it", number)
        failed = Failed(number, _id_of(value), f"this met a defect in cnnex, please report it: {error!r}")
        return _encoded(failed)


def _decoded(line: bytes) -> Any:
    """The value of a line; half a surrogate pair, a huge number and lists without end are no reason to fail."""
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return parse_json(shallow(line.decode("utf-8-sig")))


def _encoded(result: Checked | Failed) -> bytes:
    try:
        return msgspec.json.encode(result)
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(msgspec.to_builtins(result)).encode()


def _check_row(number: int, value: Any, level: str) -> Checked | Failed:
    try:
        row = msgspec.convert(value, Row)
        question = _prepared(
            msgspec.json.encode([row.kind, row.expected, row.symbols, row.domain, row.opts, row.choices, row.mistakes])
        )
    except msgspec.ValidationError as error:
        return Failed(number, _id_of(value), str(error))
    except CnnexError as error:
        return Failed(number, row.id, str(error))
    except UnicodeEncodeError:
        return Failed(number, row.id, "half a surrogate pair stands in the key")
    start = time.thread_time_ns()
    judgement = question.judge(row.answer)
    spent = (time.thread_time_ns() - start) / 1e3
    return Checked(
        row.id,
        judgement.verdict,
        float(judgement.credit),
        judgement.read_as,
        feedback(judgement, level),
        judgement.diagnosis,
        spent,
    )


def _id_of(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else None


@lru_cache(_PREPARED)
def _prepared(key: bytes) -> Question:
    """The prepared key of a row, which answers to one key share."""
    kind, expected, symbols, domain, opts, choices, mistakes = msgspec.json.decode(key)
    question = Question(
        kind,
        expected,
        symbols=symbols or (),
        domain=domain or "real",
        choices=choices,
        mistakes=[Candidate(mistake["id"], mistake["value"]) for mistake in mistakes or ()],
        opts=opts,
    )
    question.prepare()  # for `cpu_us` is the time of an answer
    return question
