"""`Student`: who gets a sheet, as a roster names them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]{0,59}(?<!\.)")
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE
)  # Windows has devices of these names


@dataclass(frozen=True, slots=True)
class Student:
    """A row of a roster. The id is text, whatever it looks like; names may be equal.

    `others` are further ids of the row, each with the head of its column: a user name, the number of a platform.
    """

    id: str
    name: str = ""
    email: str = ""
    section: str = ""
    others: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """What is printed on the student's sheets.

        >>> Student("007", "Ada Lovelace").label, Student("007").label
        ('Ada Lovelace (007)', '007')
        """
        return f"{self.name} ({self.id})" if self.name else self.id

    @property
    def folder(self) -> str:
        """The name of the student's files: the id where every system takes it, else what it can take and a hash.

        A plus sign sets the hash apart; an id that is kept has none. So no two ids share a name, whatever
        stands in the roster besides.

        >>> Student("007").folder, Student("ada@uni.edu").folder, Student("../7").folder, Student("nul").folder
        ('007', 'ada@uni.edu', '7+c4b68475e5575886', 'nul+d185ed23c2170844')
        """
        if _PLAIN.fullmatch(self.id) and not _RESERVED.fullmatch(self.id):
            return self.id
        kept = re.sub(r"[^A-Za-z0-9]+", "_", self.id).strip("_")[:40] or "id"
        return f"{kept}+{blake2b(self.id.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
