"""The whole handout of a set: sheets, solutions, a blank answers file, the key."""

from __future__ import annotations

import json
from pathlib import Path

from cnnex import __version__
from cnnex.errors import InputError
from cnnex.export import export_sheet
from cnnex.model.problem_set import ProblemSet
from cnnex.store.records import blank_submission, encode, key_of

SHEETS = ("md", "tex", "pdf")


def handout(problems: ProblemSet, engine: str | None = None) -> dict[str, bytes]:
    """All files of a handout by name; with an engine the PDFs are made from the LaTeX.

    Raises:
        OutputError: a sheet can't be printed.
        MissingToolError: the engine isn't installed.
    """
    files: dict[str, bytes] = {}
    for name, sheet in (("problems", problems.sheet()), ("solutions", problems.sheet(solutions=True))):
        for format_ in SHEETS:
            files[f"{name}.{format_}"] = export_sheet(sheet, format_, engine=engine)
    files["answers.json"] = encode(blank_submission(problems))
    files["key.json"] = encode(key_of(problems, __version__))
    return files


def refuse_to_replace(folder: Path, files: dict[str, bytes]) -> None:
    """Check that writing the files loses nobody's work.

    Raises:
        InputError: the folder holds the handout of another set, or answers that were filled in.
    """
    for name in ("key.json", "answers.json"):
        path = folder / name
        if not path.exists():
            continue
        try:
            there, ours = (json.loads(content)["set"] for content in (path.read_bytes(), files[name]))
        except (OSError, ValueError, KeyError, TypeError):
            there, ours = "unknown", ""
        if there != ours:
            raise InputError(f"{folder} holds the handout of another set ({there})", hint="use --force to replace it")
    path = folder / "answers.json"
    if path.exists() and path.read_bytes() != files["answers.json"]:
        raise InputError(f"{path} has been filled in", hint="use --force to replace it with a blank one")
