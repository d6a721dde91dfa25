"""How fast cnnex is: CPU medians on one core, with a reference loop and, where installed, a peer beside them.

    python benchmarks/speed.py             prints the table, exit code 1 if a limit is missed
    python benchmarks/speed.py --markdown  prints the first half of docs/benchmarks.md

The reference loop is plain Python of fixed length; divide by it to compare two machines.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cnnex
from cnnex.model.value import Kind
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS

Row = tuple[str, float, float | None]
"""What was measured, its median in milliseconds, and its limit."""


def median_of(work: Callable[[int], object], repeats: int = 9, size: int = 1) -> float:
    """The median CPU time of `work(repeat)` in milliseconds, per unit of its size."""
    times = []
    for repeat in range(repeats):
        start = time.process_time()
        work(repeat)
        times.append((time.process_time() - start) / size * 1e3)
    return statistics.median(times)


def child(arguments: list[str]) -> float:
    """The CPU time of a process in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def generation() -> list[Row]:
    """A problem with key, worked solution and mistakes; then its Markdown."""
    rows: list[Row] = []
    cases = [("pooling", None, 0.5), ("backprop", "F33-conv1d-symbolic-gradients", 2.0)]
    for topic, family, limit in cases:
        for level in LEVELS:

            def draw(repeat: int, level: str = level, topic: str = topic, family: str | None = family) -> None:
                cnnex.generate(topic, family=family or (), count=50, difficulty=level, seed=f"{level}/{repeat}")

            draw(-1)
            rows.append((f"{family or topic}, {level}: a problem", median_of(draw, size=50), limit))
    for topic in ("pooling", "backprop"):
        for level in LEVELS:
            sets = [cnnex.generate(topic, count=50, difficulty=level, seed=f"markdown/{i}") for i in range(9)]
            sets = [problems for problems in sets if problems.id]
            cnnex.document(sets[0], "md", solutions=True)
            spent = median_of(lambda i, sets=sets: cnnex.document(sets[i], "md", solutions=True), size=50)  # type: ignore[misc]
            rows.append((f"{topic}, {level}: Markdown of a problem with its solution", spent, 0.3))
    return rows


def families() -> list[tuple[str, list[float], float]]:
    """A problem of each family at each level, with key, solution and mistakes, without rendering."""
    found = []
    for topic in topic_names():
        for family in load_topic(topic).families:
            spent = []
            for level in LEVELS:

                def draw(repeat: int, topic: str = topic, name: str = family.id, level: str = level) -> None:
                    cnnex.generate(topic, family=name, count=20, difficulty=level, seed=f"{level}/{repeat}")

                draw(-1)
                spent.append(median_of(draw, size=20))
            found.append((family.id, spent, 2.0 if Kind.EXPRESSION in family.kinds else 1.0))
    return found


def documents() -> list[Row]:
    """A PDF of ten problems, in a batch of 50, and the page and the Markdown of such a set."""
    batch = [cnnex.generate(["pooling", "padding_stride"], count=10, seed=f"batch/{number}") for number in range(51)]
    cnnex.document(batch[50], "pdf")
    rows: list[Row] = [
        ("a PDF of ten problems, in a batch of 50", median_of(lambda i: cnnex.document(batch[i], "pdf"), 50), 60.0)
    ]
    for name, format_ in (("an HTML page", "html"), ("Markdown", "md")):
        for solutions in (False, True):

            def write(i: int, format_: str = format_, solutions: bool = solutions) -> None:
                cnnex.document(batch[i], format_, solutions=solutions)

            what = f"{name} of ten problems{', with solutions' * solutions}"
            write(50)
            rows.append((what, median_of(write, 50), 6.0 if solutions else 3.0))
    return rows


def commands() -> list[Row]:
    """Whole commands, start-up included."""
    program = str(Path(sysconfig.get_path("scripts")) / "cnnex")
    listing = [child([program, "--help"]) for _ in range(7)]
    sheet = [child([program, "generate", "--topic", "pooling", "--seed", str(i)]) for i in range(7)]
    return [
        ("`cnnex --help`", statistics.median(listing), 100.0),
        ("`cnnex generate --topic pooling`", statistics.median(sheet), 300.0),
    ]


def reference(_: int = 0) -> None:
    """A loop of fixed length, the yardstick of this machine."""
    total = 0
    for number in range(1_000_000):
        total += number & 7


def peer() -> list[Row]:
    """reasoning-gym's forward-only pooling problem, in the same run; it is not part of our tests."""
    try:
        import reasoning_gym
    except ImportError:
        return []

    def draw(repeat: int) -> None:
        for entry in reasoning_gym.create_dataset("pool_matrix", seed=repeat * 1000, size=200):
            entry["question"]

    draw(99)  # warm up
    return [("reasoning-gym `pool_matrix`: a forward-only problem", median_of(draw, size=200), None)]


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    out = ["| what | CPU, median | limit |", "|---|---:|---:|"]
    out += [f"| {what} | {spent:.2f} ms | {f'{limit:g} ms' if limit else ''} |" for what, spent, limit in rows]
    return "\n".join(out)


def family_table(rows: list[tuple[str, list[float], float]]) -> str:
    """The families as a Markdown table."""
    out = [f"| family | {' | '.join(LEVELS)} | limit |", "|---|---:|---:|---:|---:|"]
    out += [f"| `{name}` | {' | '.join(f'{each:.2f}' for each in spent)} | {limit:g} |" for name, spent, limit in rows]
    return "\n".join(out)


def main() -> int:
    """Measure, print, and say by the exit code whether a limit was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--markdown", action="store_true", help="print docs/benchmarks.md")
    markdown = parser.parse_args().markdown
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rows: list[Row] = [("reference loop, a million additions", median_of(reference), None)]
        rows += peer() + generation() + documents() + commands()
        drawn = families()
    if markdown:
        print("# Speed\n")
        print("Medians of CPU time on one core, written by `python benchmarks/speed.py --markdown`. The reference loop")
        print("is plain Python of fixed length; divide by it to compare two machines.\n")
    print(table(rows))
    if markdown:
        print("\n## Families\n")
        print("Milliseconds of CPU for a problem with key, worked solution and mistakes, by level.\n")
    print(family_table(drawn))
    missed = [what for what, spent, limit in rows if limit and spent > limit]
    missed += [name for name, spent, limit in drawn if max(spent) > limit]
    if missed:
        print(f"\nbeyond the limit: {'; '.join(missed)}", file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
