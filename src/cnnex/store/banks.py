"""Problem banks: YAML files, found by name or by path."""

from __future__ import annotations

from pathlib import Path

from cnnex.errors import InputError, nearest
from cnnex.model.records import Bank
from cnnex.resources import folder
from cnnex.store.records import decode


def bank_names() -> list[str]:
    """The banks that come with cnnex.

    >>> "cnn_worksheet" in bank_names()
    True
    """
    return sorted(path.stem for path in folder("problem_banks").glob("*.yaml"))


def load_bank(name: str) -> Bank:
    """A bank by the name of one of ours, or by the path of a file.

    Raises:
        InputError: there is none, it is no YAML (with line and column), or a field is bad (with its path).
    """
    import yaml

    path = Path(name)
    if not path.suffix:
        path = folder("problem_banks") / f"{name}.yaml"
        if not path.exists():
            raise InputError(f"there is no bank {name!r}", hint=nearest(name, bank_names()))
    try:
        content = yaml.safe_load(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        what = getattr(error, "problem", None) or "it can't be read"
        raise InputError(f"{path}: {place}this is not YAML: {what}") from None
    return decode(content, Bank, str(path))
