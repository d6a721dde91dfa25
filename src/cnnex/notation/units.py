"""What a number counts, where somebody writes it down: `1792 parameters`."""

from __future__ import annotations

import re

_WORD = (
    r"(?:px|pix(?:el)?s?|weights?|bias(?:es)?|param(?:eter)?s?|mult(?:iplication)?s?|macs?|flops?|op(?:eration)?s"
    r"|add(?:ition)?s|neurons?|units?|channels?|filters?|kernels?|features?|connections?|entries|elements?|values?"
    r"|positions?|steps?|layers?|rows?|columns?|zeros?|learnable|trainable|free|shared|in total|total)"
)
_WORDS = rf"(?:{_WORD}\b\s?){{1,3}}"
_UNIT = re.compile(
    rf"(?<=[0-9)}}\s,~$])(?:\\(?:text|mathrm|textrm)\s?\{{\s?{_WORDS}\}}|\({_WORDS}\)|{_WORDS})[\s.$]{{0,5}}$", re.I
)

_LONGEST = 80
"""Words of this length and blanks are looked for at the end of a text, however long it is."""


def without_unit(text: str) -> str:
    r"""A number without the words behind it that say what is counted; multiples such as kB and other words stay.

    >>> without_unit("1792 learnable parameters."), without_unit(r"28\,\text{px}"), without_unit("7 kB")
    ('1792 ', '28\\,', '7 kB')
    """
    if not text.rstrip(" .})$")[-1:].isalpha():
        return text
    return text[:-_LONGEST] + _UNIT.sub("", text[-_LONGEST:], count=1)
