"""What grading costs: the planned class of the tests with all its files, and many submissions as JSON lines.

    python benchmarks/grading.py             prints the tables, exit code 1 if a limit is missed
    python benchmarks/grading.py --markdown  prints a part of docs/benchmarks.md

Each run is a process of its own, and the CPU time is that of this process and of all that it started, from their
start to their end. Needs `resource`, so no Windows.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import msgspec

import cnnex

TESTS = Path(__file__).parents[1] / "tests"
STUDENTS, PARTS = 300, 20
CLASS_LIMIT = 4.0
RATE_LIMIT, GAIN_LIMIT, GROWTH_LIMIT = 8000.0, 1.7, 1.25
FEW, MANY = 10_000, 100_000
DISTINCT = 3000
"""Attempts that are planned for the JSON lines; with more lines they come again and again, of other students."""


def graded(folder: Path, path: Path, workers: int, sheets: str) -> dict[str, float]:
    """CPU and wall time in s, and peak memory of the first process and of the largest other in MB."""
    start = time.perf_counter()
    summary = cnnex.grade_class(
        path, key=folder / ("class" if sheets == "html" else "keys"), policy=TESTS / "simulated" / "rules.toml",
        output=folder / f"graded-{path.stem}-{workers}", workers=workers,
        outputs=msgspec.convert({"sheets": sheets}, cnnex.Outputs),
    )  # fmt: skip
    wall = time.perf_counter() - start
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    unit = 1 if sys.platform == "darwin" else 1024
    memory = {name: usage.ru_maxrss * unit / 1e6 for name, usage in (("first", own), ("worker", others))}
    return {"cpu": cpu, "wall": wall, "attempts": summary.graded, **memory}


def apart(folder: Path, path: Path, workers: int, sheets: str = "none") -> dict[str, float]:
    """The same, measured in a process of its own."""
    command = [sys.executable, __file__, "--run", str(folder), str(path), str(workers), sheets]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def prepare(folder: Path) -> None:
    """The class, what it hands in, and the JSON lines."""
    sys.path.insert(0, str(TESTS))
    from simulated.inbox import Inbox
    from simulated.plan import attempt, planned, roster

    (folder / "students.csv").write_text(roster(STUDENTS))
    cnnex.generate_class(
        bank=TESTS / "simulated" / "bank.yaml", roster=folder / "students.csv", output=folder / "class",
        formats=["md"], seed="grading",
    )  # fmt: skip
    shutil.copytree(folder / "class" / "keys", folder / "keys")  # here the sets are nobody's own
    Inbox(folder / "inbox", planned(folder / "class", STUDENTS))
    keys = [json.loads(path.read_text()) for path in sorted(folder.glob("class/keys/*.json"))]
    planned_lines = []
    for number in range(DISTINCT):
        key, rng = keys[number % STUDENTS], Random(f"line {number}")
        typed = attempt("", key, None, rng, json_file=True).typed
        planned_lines.append(json.dumps({"schema": "cnnex.answers/1", "set": key["set"], "answers": typed})[:-1])
    for count in (DISTINCT, FEW, MANY):
        with (folder / f"{count}.jsonl").open("w") as file:
            file.writelines(f'{planned_lines[n * 7 % DISTINCT]}, "student": "s{n}"}}\n' for n in range(count))


def main(*, markdown: bool) -> int:
    """Measure, print, and say by the exit code whether a limit was missed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        # in a process of its own: a process begins with the peak memory of the one that starts it
        subprocess.run([sys.executable, __file__, "--prepare", place], check=True)
        whole = apart(folder, folder / "inbox", 1, "html")
        unlike, few, many, two = (
            apart(folder, folder / f"{count}.jsonl", workers)
            for count, workers in ((DISTINCT, 1), (FEW, 1), (MANY, 1), (MANY, 2))
        )
    rate = MANY * PARTS / many["cpu"]
    gain = many["wall"] / two["wall"]
    growth = many["first"] / few["first"]
    rows = [
        (f"{whole['attempts']:.0f} attempts of {STUDENTS} students, all files: CPU", f"{whole['cpu']:.1f} s",
         f"{CLASS_LIMIT:g} s", whole["cpu"] <= CLASS_LIMIT),
        (f"{DISTINCT:,} submissions, no two alike: answers a second of CPU",
         f"{DISTINCT * PARTS / unlike['cpu']:,.0f}", "", True),
        (f"{MANY:,} submissions, one process: answers a second of CPU", f"{rate:,.0f}", f"at least {RATE_LIMIT:,.0f}",
         rate >= RATE_LIMIT),
        ("the same with two processes: as many times faster", f"{gain:.2f}", f"at least {GAIN_LIMIT:g}",
         gain >= GAIN_LIMIT),
        ("the same with two processes: answers a second", f"{MANY * PARTS / two['wall']:,.0f}",
         f"at least {2 * RATE_LIMIT:,.0f}", MANY * PARTS / two["wall"] >= 2 * RATE_LIMIT),
        ("the same with two processes: CPU of all, as a multiple of one", f"{two['cpu'] / many['cpu']:.2f}", "", True),
        (f"memory with {FEW:,} submissions", f"{few['first']:.0f} MB", "", True),
        (f"memory with {MANY:,} submissions", f"{many['first']:.0f} MB", f"at most {GROWTH_LIMIT:g} times as much",
         growth <= GROWTH_LIMIT),
    ]  # fmt: skip
    if markdown:
        print("\n## Grading a class\n")
        print(f"{PARTS} parts over eight families, {STUDENTS} sets: the planned class of the tests with all its odd")
        print("files, and submissions as JSON lines (gradebook and class page, no feedback). More than a third of the")
        print(f"answers are wrong, and most are spelled oddly. The many submissions are {DISTINCT:,} that come again,")
        print("each of another student; what many students type alike is judged once. Written by")
        print("`python benchmarks/grading.py --markdown`.\n")
    print("| what | figure | limit |\n|---|---:|---|")
    for what, figure, limit, _ in rows:
        print(f"| {what} | {figure} | {limit} |")
    missed = [what for what, _, _, holds in rows if not holds]
    if missed:
        print(f"\nbeyond the limit: {'; '.join(missed)}", file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true", help="print a part of docs/benchmarks.md")
    parser.add_argument("--prepare", help=argparse.SUPPRESS)
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.prepare:
        prepare(Path(arguments.prepare))
    elif arguments.run:
        home, inbox, processes, form = arguments.run
        print(json.dumps(graded(Path(home), Path(inbox), int(processes), form)))
    else:
        sys.exit(main(markdown=arguments.markdown))
