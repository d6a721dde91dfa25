"""The floors of the house: a module imports only what lies below it, wherever in its text the import stands."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "cnnex"

GROUND = {"errors", "seeds", "resources", "jsontext", "workers"}
MODEL = GROUND | {"notation", "figures", "model"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "seeds": set(),
    "resources": {"errors"},
    "jsontext": set(),
    "workers": {"errors"},
    "maths": set(),
    "figures": set(),
    "notation": {"errors"},
    "model": GROUND | {"notation", "figures"},
    # Siblings: each may know the model, none of them the others.
    "topics": MODEL | {"maths"},
    "answers": MODEL,
    "render": MODEL,
    "store": MODEL,
    # The two walks. They share the model only.
    "plans": MODEL | {"topics"},
    "generator": MODEL | {"maths", "topics", "plans"},
    "gallery": MODEL | {"topics", "plans", "generator"},
    "stress": MODEL | {"topics", "plans", "generator", "store"},
    "grader": MODEL | {"answers"},
    "checker": MODEL | {"answers"},
    "export": MODEL | {"render", "store"},
    "marking": MODEL | {"answers", "grader", "store", "export"},
    "classroom": MODEL | {"plans", "generator", "store", "export"},
}
ROOF = {"cli", "api", "__init__", "__main__"}
"""What may import everything below."""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def floor_of(module: str) -> str:
    """The part of the house that a dotted name belongs to; `__init__` is the package itself."""
    return module.split(".")[1] if "." in module else "__init__"


def dotted(path: Path) -> str:
    names = ["cnnex", *path.relative_to(SOURCE).with_suffix("").parts]
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def imports(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, also within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # `from cnnex import maths` names a module in its list.
            found = [f"{base}.{alias.name}" for alias in node.names] if base == "cnnex" else [base]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] == "cnnex" and name != "cnnex.__version__")


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_a_module_imports_only_what_lies_below(path: Path) -> None:
    own = floor_of(dotted(path))
    if own in ROOF:
        return
    assert own in MAY_IMPORT, f"{own} has no place in the house yet"
    wrong = {name for name in imports(path) if floor_of(name) not in MAY_IMPORT[own] | {own}}
    assert wrong == set()


def test_the_floors_have_no_stairs_back() -> None:
    """The table itself: nobody may import what may import him."""
    for lower, upper in ((a, b) for a in MAY_IMPORT for b in MAY_IMPORT if a in MAY_IMPORT[b]):
        assert upper not in MAY_IMPORT[lower]


def test_relative_imports_and_lists_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.SOURCE", tmp_path)
    (tmp_path / "maths").mkdir()
    path = tmp_path / "maths" / "pooling.py"
    path.write_text("from ..topics import x\nfrom . import shapes\ndef f():\n    from cnnex import cli, store\n")
    assert sorted(map(floor_of, imports(path))) == ["cli", "maths", "store", "topics"]


PYTHON_ONLY = """
import sys
{program}
print(*sorted({{"sympy", "numpy", "jinja2", "typst"}} & {{name.partition(".")[0] for name in sys.modules}}))
"""


@pytest.mark.parametrize(
    ("program", "loaded"),
    [
        ("import cnnex, cnnex.cli", ""),
        ("from cnnex.generator import generate_set; from cnnex.plans import deal; "
         "generate_set(deal(['pooling'], [], 6, 'medium'), 'x').sheet(solutions=True)", ""),
        ("import sympy", "sympy"),
    ],
    ids=["command line", "generating pooling", "sympy is seen"],
)  # fmt: skip
def test_heavy_libraries_are_imported_late(program: str, loaded: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", PYTHON_ONLY.format(program=program)],
        env={"PYTHONPATH": str(SOURCE.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == loaded
