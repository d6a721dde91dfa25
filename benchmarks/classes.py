"""What a class costs: 24 students as a sample, ten problems, problems and solutions as PDF, keys and print file.

    python benchmarks/classes.py      prints the table, exit code 1 if a limit is missed

The process that starts is counted apart, since a class of any size pays it once.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import cnnex

STUDENTS = 24
LIMIT = 120.0
TOPICS = ["pooling", "backprop", "receptive_field", "padding_stride", "convolution"]


def cpu() -> float:
    """The CPU time of this process and of its children that have ended, in milliseconds."""
    spent = os.times()
    return (spent.user + spent.system + spent.children_user + spent.children_system) * 1e3


def written(folder: Path, students: int, workers: int) -> tuple[float, float]:
    """CPU and wall time of a class in milliseconds."""
    roster = folder / f"{students}.csv"
    roster.write_text("id,name\n" + "".join(f"{number:05},Student {number}\n" for number in range(students)))
    before, start = cpu(), time.perf_counter()
    made = cnnex.generate_class(
        TOPICS, roster=roster, output=folder / f"{students}-{workers}", count=10, seed="class", workers=workers
    )
    assert not made.failures
    return cpu() - before, (time.perf_counter() - start) * 1e3


def main() -> int:
    """Measure, print, and say by the exit code whether a limit was missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(folder, 2, 1)
        alone, wall = written(folder, STUDENTS, 1)
        shared, faster = written(folder, STUDENTS, 2)
    rows = [
        ("a student, one process: CPU", alone / STUDENTS, LIMIT),
        ("a student, one process: wall", wall / STUDENTS, None),
        ("a student, two processes and their start: CPU", shared / STUDENTS, None),
        ("a student, two processes and their start: wall", faster / STUDENTS, None),
    ]
    print(f"| a class of {STUDENTS}, ten problems | measured | limit |\n|---|---:|---:|")
    for what, spent, limit in rows:
        print(f"| {what} | {spent:.0f} ms | {f'{limit:g} ms' if limit else ''} |")
    missed = [what for what, spent, limit in rows if limit and spent > limit]
    if missed:
        print(f"\nbeyond the limit: {'; '.join(missed)}", file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
