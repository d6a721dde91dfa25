"""A set for programs: the key's data with the words in Markdown, and without its answers unless asked for."""

from __future__ import annotations

from msgspec import UNSET

from cnnex import __version__
from cnnex.model.problem_set import Item, ProblemSet
from cnnex.model.records import SetFile, SetItem, SetPart
from cnnex.model.sheet import SheetItem, without_figures
from cnnex.store.records import asked, conventions_of, encode, key_part


def set_file(problems: ProblemSet, *, solutions: bool = False) -> bytes:
    """The set as `cnnex.set/1`; with solutions also the seed, each part's value and mistakes, each item's solution."""
    sheet = problems.sheet(solutions=solutions)
    pairs = zip(problems.items, sheet.items, strict=True)
    return encode(
        SetFile(
            schema="cnnex.set/1",
            set=problems.id,
            version=__version__,
            seed=problems.seed if solutions else UNSET,
            title=problems.title,
            items=tuple(_set_item(item, printed) for item, printed in pairs),
        )
    )


def _set_item(item: Item, printed: SheetItem) -> SetItem:
    from cnnex.export.markdown import solution, statement, words

    printed = without_figures(printed)  # a program has `given`
    parts = []
    for part, shown in zip(item.problem.parts, printed.parts, strict=True):
        fields = {**asked(item, part), "prompt": words(shown.prompt)}
        if printed.solution is not None:
            answered = key_part(item, part)
            fields |= {"value": answered.value, "mistakes": answered.mistakes}
        parts.append(SetPart(**fields))
    return SetItem(
        number=item.number,
        topic=item.topic,
        family=item.family,
        level=item.level,
        before=printed.before or UNSET,
        statement=statement(printed),
        given=dict(item.problem.given),
        conventions=conventions_of(item),
        parts=tuple(parts),
        solution=UNSET if printed.solution is None else solution(printed),
    )
