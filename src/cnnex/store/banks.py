"""Problem banks: YAML files, found by name or by path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    path = Path(name)
    if not path.suffix:
        path = folder("problem_banks") / f"{name}.yaml"
        if not path.exists():
            raise InputError(f"there is no bank {name!r}", hint=nearest(name, bank_names()))
    return decode(read_yaml(path), Bank, str(path))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, without aliases and with each name once.

    Raises:
        InputError: the file can't be read, or isn't such YAML (with line and column).
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.MarkedYAMLError(problem="an alias (*) is not taken", problem_mark=mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands twice", problem_mark=key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(path.read_bytes(), Loader)  # noqa: S506 (a safe loader with two more refusals)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except RecursionError:
        raise InputError(f"{path}: the lists in this file are nested too deeply") from None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        what = getattr(error, "problem", None) or "it can't be read"
        raise InputError(f"{path}: {place}this is not the YAML of a bank: {what}") from None
