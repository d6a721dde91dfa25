"""`Course`: what an instructor's sheets have in common, whatever is asked on them."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

from cnnex.model.value import Kind

_LENGTH = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)(cm|mm|in)")
_CM = {"cm": 1.0, "mm": 0.1, "in": 2.54}
_MOST_CM = 20.0
"""What a page has room for below a question."""


class Course(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an instructor's sheets have in common; what is empty isn't printed.

    Attributes:
        name: of the course.
        institution: which gives the course.
        due: when answers are due, in the instructor's own words.
        decimal_sign: `.` or `,`: how decimals are printed, and read in answers.
        workspace: the room to write after each part of a sheet without solutions, such as `4cm`, `40mm` or `1.5in`.
        points: of a part, by the kind of its answer, where a bank gives none.

    Raises:
        ValueError: the workspace is no length, or none that fits on a page.

    >>> Course(name="Deep learning", workspace="4cm").centimetres
    4.0
    """

    name: Annotated[str, Meta(max_length=100)] = ""
    institution: Annotated[str, Meta(max_length=100)] = ""
    due: Annotated[str, Meta(max_length=40)] = ""
    decimal_sign: Literal[".", ","] = "."
    workspace: str = ""
    points: dict[Kind, Annotated[int, Meta(ge=0, le=1000)]] = {}

    def __post_init__(self) -> None:
        if self.workspace and not (_LENGTH.fullmatch(self.workspace) and 0 < self.centimetres <= _MOST_CM):
            raise ValueError(
                f"workspace: {self.workspace[:20]!r} is no length above 0 and up to {_MOST_CM:.0f} cm, such as 4cm, "
                "40mm or 1.5in"
            )

    @property
    def centimetres(self) -> float:
        """The height of the workspace."""
        found = _LENGTH.fullmatch(self.workspace)
        return float(found[1]) * _CM[found[2]] if found else 0.0

    @property
    def line(self) -> str:
        """The course and who gives it, on one line."""
        return ", ".join(filter(None, (self.name, self.institution)))


NO_COURSE = Course()
"""Sheets that say nothing of a course."""
