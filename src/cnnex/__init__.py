"""Exercises on convolutional neural networks: generated with exact keys, graded with named mistakes.

>>> import cnnex
>>> problems = cnnex.generate("pooling", count=2, seed="homework 1")
>>> key = cnnex.key(problems)
>>> answers = {part.id: part.value for item in key.items for part in item.parts}
>>> report = cnnex.grade({"schema": "cnnex.answers/1", "set": problems.id, "answers": answers}, key)
>>> report.score == report.points
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Class",
    "CnnexError",
    "Course",
    "Judgement",
    "Key",
    "Outputs",
    "Problem",
    "ProblemSet",
    "Report",
    "Summary",
    "check",
    "document",
    "generate",
    "generate_class",
    "grade",
    "grade_class",
    "key",
    "list_topics",
]

if TYPE_CHECKING:
    from cnnex.answers.judgement import Judgement
    from cnnex.api import document, generate, generate_class, grade, grade_class, key, list_topics
    from cnnex.checker import check
    from cnnex.classroom import Class
    from cnnex.errors import CnnexError
    from cnnex.marking.outputs import Outputs
    from cnnex.model.course import Course
    from cnnex.model.marks import Summary
    from cnnex.model.problem import Problem
    from cnnex.model.problem_set import ProblemSet
    from cnnex.model.records import Key, Report

_HOMES = {
    "CnnexError": "cnnex.errors",
    "check": "cnnex.checker",
    "Class": "cnnex.classroom",
    "Course": "cnnex.model.course",
    "Judgement": "cnnex.answers.judgement",
    "Key": "cnnex.model.records",
    "Outputs": "cnnex.marking.outputs",
    "Problem": "cnnex.model.problem",
    "ProblemSet": "cnnex.model.problem_set",
    "Report": "cnnex.model.records",
    "Summary": "cnnex.model.marks",
}


def __getattr__(name: str) -> Any:
    # Imported when used, so that `cnnex --help` and `import cnnex` cost nothing.
    if name not in __all__:
        raise AttributeError(f"module 'cnnex' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "cnnex.api")), name)
