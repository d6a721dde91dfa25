"""What every family says of follow-through is true: from the right answers follows the key."""

from __future__ import annotations

from typing import Any

import msgspec

from cnnex.answers.follow import entry_of, recomputed
from cnnex.answers.judgement import Judgement
from cnnex.answers.question import Question
from cnnex.grader import follow_through, question_of
from cnnex.model.outcome import Verdict
from cnnex.model.records import KeyPart
from contract.draws import CASES, Case, every_case, key_items


def parts(case: Case) -> list[dict[str, KeyPart]]:
    """The parts of each item, by id."""
    return [
        {part["id"]: msgspec.convert(part, KeyPart) for part in item["parts"]}
        for item in key_items(case)
        if any("follows" in part for part in item["parts"])
    ]


def right(part: KeyPart) -> Judgement:
    judgement = question_of(part).judge(part.value)
    assert judgement.verdict is Verdict.CORRECT
    return judgement


@every_case
def test_the_key_follows_from_the_right_answers(case: Case) -> None:
    for item in parts(case):
        order = list(item)
        for part in item.values():
            if part.follows is msgspec.UNSET:
                continue
            earlier = {}
            for symbol, (used, *place) in part.follows.uses.items():
                assert symbol not in part.symbols
                assert order.index(str(used)) < order.index(part.id)
                earlier[symbol] = entry_of(right(item[str(used)]).term, [int(index) for index in place])
                assert earlier[symbol] is not None, f"{part.name}: {symbol} isn't in {used}"
            value: Any = recomputed(part.follows.value, earlier, part.symbols, part.domain)  # type: ignore[arg-type]
            opts = None if part.opts is msgspec.UNSET else part.opts
            question = Question(part.kind, value, symbols=part.symbols, domain=part.domain, opts=opts)
            assert question.judge(part.value).verdict is Verdict.CORRECT, (part.name, value, part.value)


@every_case
def test_nobody_gains_where_the_earlier_answers_are_right(case: Case) -> None:
    for item in parts(case)[:10]:
        for part in item.values():
            for mistake in part.mistakes:
                judgements = {each.id: right(each) for each in item.values()}
                judgements[part.id] = question_of(part).judge(mistake.value)
                assert follow_through(part, mistake.value, judgements) is None


def test_some_family_declares_it() -> None:
    assert any(parts(case) for case in CASES if case.topic == "padding_stride")
