"""The rules of a course: which attempt counts, what lateness costs, what mistakes and follow-through still earn.

They come from a small file, `policy.toml`, and are pure functions. All shares are exact.

>>> policy = read_policy('''
... attempts = "best"
... attempt_penalty = "1/10"
... [late]
... due = 2026-11-20T23:59:00+01:00
... per_day = "1/5"
... most = "1/2"
... ''')
>>> policy.score(Fraction(10), late=2, number=2)
Fraction(27, 5)
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from cnnex.errors import InputError, nearest
from cnnex.model.share import share

Moment = Annotated[datetime, Meta(tz=True)]
_NOTHING, _ALL = Fraction(0), Fraction(1)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


class Late(Struct, frozen=True, forbid_unknown_fields=True):
    """What lateness costs.

    Attributes:
        due: when answers are due.
        grace: minutes after that which cost nothing.
        per_day: the share that each day begun after `due` takes away.
        most: the largest share that lateness takes away, within `days`.
        days: what comes in later than so many days earns nothing.
    """

    due: Moment | None = None
    grace: Annotated[int, Meta(ge=0, le=10_000)] = 0
    per_day: Fraction = _NOTHING
    most: Fraction = _ALL
    days: Annotated[int, Meta(ge=0, le=10_000)] | None = None


class FollowThroughRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What an answer earns that follows from a wrong earlier answer: at most this share of its points."""

    credit: Fraction = Fraction(3, 4)


class FeedbackRule(Struct, frozen=True, forbid_unknown_fields=True):
    """When students may see the worked solutions: from this moment, or only when they are released by hand."""

    release: Moment | None = None


class Policy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The rules of a course; an empty file is a policy, too.

    Attributes:
        attempts: which attempt of a student counts.
        attempt_penalty: the share that each attempt after the first takes away.
        late: what lateness costs.
        extensions: later moments that are due for single students, by id.
        follow_through: what an answer earns that follows from a wrong earlier one.
        mistakes: shares that diagnosed mistakes still earn, by `mistake` or `family/mistake`.
        feedback: when solutions are shown.
    """

    attempts: Literal["last", "best", "first"] = "last"
    attempt_penalty: Fraction = _NOTHING
    late: Late = Late()
    extensions: dict[str, Moment] = {}
    follow_through: FollowThroughRule = FollowThroughRule()
    mistakes: dict[str, Fraction] = {}
    feedback: FeedbackRule = FeedbackRule()

    def due(self, student: str) -> datetime | None:
        """When a student's answers are due."""
        extended = {folded(name): moment for name, moment in self.extensions.items()} if self.extensions else {}
        return extended.get(folded(student), self.late.due)

    def moment(self, at: str) -> datetime | None:
        """A time of submission; None where it is unknown. Without an offset it is local time, as that of `late.due`.

        >>> policy = Policy(late=Late(due=datetime.fromisoformat("2026-11-20T23:59+01:00")))
        >>> [str(policy.moment(at)) for at in ("2026-11-20T23:59Z", "2026-11-20T23:59", "yesterday")]
        ['2026-11-20 23:59:00+00:00', '2026-11-20 23:59:00+01:00', 'None']
        """
        try:
            found = datetime.fromisoformat(at)
        except ValueError:
            return None
        if not 1 < found.year < 9998:
            return None
        return found if found.tzinfo else found.replace(tzinfo=self.late.due.tzinfo if self.late.due else UTC)

    def days_late(self, student: str, at: datetime | None) -> int:
        """Days begun after the student's deadline; 0 in time, within the grace, or where one of the two is unknown.

        >>> late = Late(due=datetime.fromisoformat("2026-11-20T12:00Z"), grace=30)
        >>> [Policy(late=late).days_late("", datetime.fromisoformat(at))
        ...     for at in ("2026-11-20T12:30Z", "2026-11-20T12:31Z", "2026-11-21T12:01Z")]
        [0, 1, 2]
        """
        due = self.due(student)
        if due is None or at is None or at - due <= timedelta(minutes=self.late.grace):
            return 0
        return -((due - at) // timedelta(days=1))

    def late_share(self, late: int) -> Fraction:
        """The share that so many days take away."""
        if self.late.days is not None and late > self.late.days:
            return _ALL
        return min(self.late.per_day * late, self.late.most)

    def attempt_share(self, number: int) -> Fraction:
        """The share that is taken away from the attempt of this number, from 1."""
        return min(self.attempt_penalty * (number - 1), _ALL)

    def score(self, raw: Fraction, *, late: int, number: int) -> Fraction:
        """What is left of the earned points: one share is taken of what the other leaves.

        >>> Policy(attempt_penalty=Fraction(1, 10), late=Late(per_day=Fraction(1, 2))).score(
        ...     Fraction(20), late=1, number=2)
        Fraction(9, 1)
        """
        return raw * (1 - self.late_share(late)) * (1 - self.attempt_share(number))

    def counting(self, scores: Sequence[Fraction]) -> int:
        """The place of the attempt that counts among a student's scores in the order of time; of equal ones the later.

        >>> [Policy(attempts=which).counting([3, 5, 5, 4]) for which in ("last", "best", "first")]
        [3, 2, 0]
        """
        if self.attempts == "best":
            return max(range(len(scores)), key=lambda place: (scores[place], place))
        return 0 if self.attempts == "first" else len(scores) - 1

    def mistake_credit(self, family: str, mistake: str) -> Fraction | None:
        """The share that a mistake still earns; None where the policy doesn't say."""
        return self.mistakes.get(f"{family}/{mistake}", self.mistakes.get(mistake))

    def released(self, now: datetime) -> bool:
        """Whether worked solutions may be shown."""
        return self.feedback.release is not None and now >= self.feedback.release


def folded(student: str) -> str:
    """An id as it is compared: letters in any case and width are equal, leading zeros are kept.

    >>> folded(" Ada@Uni.EDU "), folded("007")
    ('ada@uni.edu', '007')
    """
    return unicodedata.normalize("NFKC", student).strip().casefold()


def load_policy(path: Path) -> Policy:
    """The policy in a file.

    Raises:
        InputError: it can't be read or is no policy; the message has the key and what was expected.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start + 1} is not UTF-8; save the file as UTF-8 text") from None
    return read_policy(text, str(path))


def read_policy(text: str, where: str = "policy") -> Policy:
    """A policy from its text; `where` names it in messages.

    >>> read_policy("late.perday = 1")
    Traceback (most recent call last):
    cnnex.errors.InputError: policy: late: there is no perday (did you mean per_day?)

    Raises:
        InputError: it is no TOML, or no policy.
    """
    try:
        value = tomllib.loads(text.replace("\r\n", "\n"), parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: this is not TOML: {str(error)[0].lower()}{str(error)[1:]}") from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{where}: this is not TOML: {str(error) or 'nested too deeply'}") from None
    try:
        return msgspec.convert(value, Policy, dec_hook=share_hook)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `$")
        raise _refusal(problem, path.rstrip("`").lstrip("."), value, where) from None


def _refusal(problem: str, place: str, value: dict[str, Any], where: str) -> InputError:
    if unknown := _UNKNOWN.fullmatch(problem):
        kind: Any = get_type_hints(Policy)[place] if place else Policy
        what = f"{where}: {place}: there is no {unknown[1]}" if place else f"{where}: there is no {unknown[1]}"
        return InputError(what, hint=nearest(unknown[1], kind.__struct_fields__))
    if place == "attempts":
        known = get_args(get_type_hints(Policy)["attempts"])
        return InputError(f"{where}: attempts is {value['attempts']!r}", hint=nearest(str(value["attempts"]), known))
    if place.endswith("[...]"):
        table = place.removesuffix("[...]")
        place = next(f"{table}.{name}" for name, each in value[table].items() if not _fits({table: {name: each}}))
    hint = ""
    if "`object`" in problem:
        problem, hint = "expected a table", f"begin it with [{place}]"
    if "datetime" in problem or "timezone" in problem:
        problem, hint = "expected date, time and offset", "such as 2026-11-20T23:59:00+01:00"
    return InputError(f"{where}: {place}: {problem[0].lower()}{problem[1:]}", hint=hint)


def _fits(value: dict[str, Any]) -> bool:
    try:
        msgspec.convert(value, Policy, dec_hook=share_hook)
    except msgspec.ValidationError:
        return False
    return True


def share_hook(kind: type, value: Any) -> Any:
    """Shares as a file has them: "1/2", 0.5, 0 or 1."""
    if kind is not Fraction or isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("expected a share from 0 to 1, such as '1/2'")
    return share(str(value))
