"""What a class costs: ten problems over all topics, problems and solutions as PDF, keys and the print file.

    python benchmarks/classes.py      prints the tables, exit code 1 if a limit is missed

Each class is made in a process of its own, and the time counted is that of this process and of all that it started,
from their start to their end. Needs `resource`, so no Windows.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import cnnex
from cnnex.export import export_sheet
from cnnex.generator import generate_set
from cnnex.plans import Entry, Plan, families_of
from cnnex.seeds import Stream
from cnnex.topics import topic_names

STUDENTS = 300
LIMIT, LIMIT_OF_TWO = 120.0, 15.0
SIZES = (50, 300, 1000)


def made(students: int, workers: int) -> dict[str, float]:
    """CPU a student and wall time a student in ms, peak memory of the first process and of the largest other in MB."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder, "roster.csv")
        roster.write_text("id,name\n" + "".join(f"{number:05},Student {number}\n" for number in range(students)))
        start = time.perf_counter()
        made = cnnex.generate_class(
            topic_names(), roster=roster, output=Path(folder, "class"), count=10, seed="class", workers=workers
        )
        wall = time.perf_counter() - start
    assert not made.failures
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    unit = 1 if sys.platform == "darwin" else 1024
    memory = {name: usage.ru_maxrss * unit / 1e6 for name, usage in (("first", own), ("worker", others))}
    return {"cpu": cpu / students * 1e3, "wall": wall / students * 1e3, **memory}


def apart(students: int, workers: int) -> dict[str, float]:
    """The same, measured in a process of its own."""
    command = [sys.executable, __file__, str(students), str(workers)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def two_exercises(number: int) -> Plan:
    """The pair that R/exams was measured with: 2x2 max pooling of a 6x6 matrix, and a 1D output size."""
    families = {family.id: (topic, family) for topic, family in families_of(["pooling", "padding_stride"])}
    rng = Stream("two exercises", number)
    image = tuple(tuple(rng.randint(-9, 9) for _ in range(6)) for _ in range(6))
    pooling = {"input": image, "kernel_size": 2, "stride": 2, "padding": 0}
    layer = {"size": (rng.randint(20, 60),), "kernel_size": (rng.randint(2, 6),), "stride": (rng.randint(1, 3),),
             "padding": (rng.randint(0, 3),), "dilation": (1,)}  # fmt: skip
    entries = [
        Entry(id_, *families[id_], given={name: (value,) for name, value in given.items()}, parts=(part,))
        for id_, given, part in (("F14-max-pooling", pooling, "output"), ("F01-output-size", layer, "output_size"))
    ]
    return Plan("Pooling and output size", tuple(entries))


def spent_on_two() -> tuple[float, float]:
    """Medians in ms: the PDF of the pair from the drawing of the numbers on, and the set ID by itself."""
    pdfs, ids = [], []
    for number in range(50):
        plan = two_exercises(number)
        start = time.process_time()
        problems = generate_set(plan, f"seed {number}", f"Student {number}")
        drawn = time.process_time()
        assert problems.id
        known = time.process_time()
        export_sheet(problems.sheet(), "pdf")
        pdfs.append(time.process_time() - known + drawn - start)
        ids.append(known - drawn)
    return median(pdfs) * 1e3, median(ids) * 1e3


def main() -> int:
    """Measure, print, and say by the exit code whether a limit was missed."""
    pair, set_id = spent_on_two()
    one = apart(STUDENTS, 1)
    two = {size: apart(size, 2) for size in SIZES}
    both = two[STUDENTS]
    rows = [
        (f"a student of {STUDENTS}, one process: CPU", one["cpu"], LIMIT),
        (f"a student of {STUDENTS}, two processes: CPU of all", both["cpu"], LIMIT),
        (f"a student of {STUDENTS}, one process: wall", one["wall"], None),
        (f"a student of {STUDENTS}, two processes: wall", both["wall"], one["wall"]),
        ("the two exercises that R/exams was measured with, drawn and as one PDF: CPU", pair, LIMIT_OF_TWO),
        ("a set ID, slow on purpose: CPU", set_id, None),
    ]
    print("| ten problems over all topics | measured | limit |\n|---|---:|---:|")
    for what, spent, limit in rows:
        print(f"| {what} | {spent:.0f} ms | {f'{limit:.0f} ms' if limit else ''} |")
    print("\n| students | memory of the first process | of a worker |\n|---:|---:|---:|")
    for size, found in two.items():
        print(f"| {size:,} | {found['first']:.0f} MB | {found['worker']:.0f} MB |")
    missed = [what for what, spent, limit in rows if limit and spent > limit]
    grown = two[SIZES[-1]]["first"] > 1.25 * two[SIZES[0]]["first"]
    grown |= two[SIZES[-1]]["worker"] > 1.25 * two[SIZES[0]]["worker"]
    missed += ["memory grows with the class"] if grown else []
    if missed:
        print(f"\nbeyond the limit: {'; '.join(missed)}", file=sys.stderr)
    return bool(missed)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(made(int(sys.argv[1]), int(sys.argv[2]))))
    else:
        sys.exit(main())
