"""The whole handout of a set: sheets, solutions, a blank answers file, the key."""

from __future__ import annotations

import json
from pathlib import Path

from cnnex import __version__
from cnnex.errors import InputError
from cnnex.export import export_sheet
from cnnex.model.problem_set import ProblemSet
from cnnex.store.records import blank_submission, encode, key_of

SHEETS = ("md", "tex", "pdf", "html")


def handout(problems: ProblemSet, engine: str | None = None, templates: str | None = None) -> dict[str, bytes]:
    """All files of a handout by name; with an engine the PDFs are made from the LaTeX.

    Templates of the folder `templates` stand in place of ours.

    Raises:
        InputError: a template of the folder has an error.
        OutputError: a sheet can't be printed.
        MissingToolError: the engine isn't installed.
    """
    files: dict[str, bytes] = {}
    place = None if templates is None else Path(templates)
    for name, sheet in (("problems", problems.sheet()), ("solutions", problems.sheet(solutions=True))):
        for format_ in SHEETS:
            files[f"{name}.{format_}"] = export_sheet(sheet, format_, engine, place)
    files["answers.json"] = encode(blank_submission(problems))
    files["key.json"] = encode(key_of(problems, __version__))
    return files


def refuse_to_replace(folder: Path, files: dict[str, bytes]) -> None:
    """Check that writing the files loses nobody's work.

    Raises:
        InputError: the folder holds the handout of another set, or answers that were filled in.
    """
    changed = [name for name, content in files.items() if _differs(folder / name, content)]
    if not changed:
        return
    ours = _set_of(files["key.json"])
    for name in ("key.json", "answers.json"):
        path = folder / name
        if path.is_file() and (there := _set_of(path.read_bytes())) != ours:
            raise InputError(f"{folder} holds the handout of another set ({there})", hint="use --force to replace it")
    if "answers.json" in changed:
        raise InputError(f"{folder / 'answers.json'} has been filled in", hint="use --force to replace it")
    if not (folder / "key.json").exists():
        raise InputError(f"{folder / changed[0]} is another file", hint="use --force to replace it")


def _differs(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() != content


def _set_of(content: bytes) -> str:
    try:
        return str(json.loads(content)["set"])
    except (ValueError, KeyError, TypeError):
        return "unknown"
