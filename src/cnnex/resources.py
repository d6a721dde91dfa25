"""Where templates and problem banks are: inside the installed package, else at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def folder(name: str) -> Path:
    """The folder of the `templates` or the `problem_banks`.

    >>> folder("templates").is_dir()
    True
    """
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _CHECKOUT / name
