"""Places in words, read back by a reader of its own."""

import random
import re

from cnnex.answers.places import named


def ordinals(text: str) -> list[int]:
    found: list[int] = []
    for first, last in re.findall(r"(\d+)(?:st|nd|rd|th)(?: to (\d+)(?:st|nd|rd|th))?", text):
        found += range(int(first) - 1, int(last or first))
    return found


def read_back(words: str, height: int, width: int) -> list[int]:
    everything = list(range(height * width))
    if words.startswith(("both", f"all {height * width} ")) or words == "the entry":
        return everything
    if height == 1:
        return ordinals(words)
    if words.startswith("the entry in"):
        row, column = ordinals(words)
        return [row * width + column]
    found = []
    for part in re.split(r"(?:, | and )(?=the|all)", words):
        entries, rows = part.split(" of the ")
        columns = list(range(width)) if entries == "all entries" else ordinals(entries)
        assert part.startswith("all") or ("entries" in part) == (len(columns) * len(ordinals(rows)) > 1)
        found += [row * width + column for row in ordinals(rows) for column in columns]
    return sorted(found)


def test_places_can_be_read_back() -> None:
    drawn = random.Random(1)
    for _ in range(500):
        height, width = drawn.choice([(1, 1), (1, 5), (2, 3), (7, 9), (1, 14)])
        total = height * width
        places = sorted(drawn.sample(range(total), drawn.randint(1, total)))
        assert read_back(named(places, (height, width)), height, width) == places


def test_what_is_too_scattered_is_counted() -> None:
    scattered = sorted(random.Random(2).sample(range(400), 150))
    assert named(scattered, (20, 20)) == "150 of the 400 entries"
    assert named(range(0, 400, 2), (1, 400)) == "200 of the 400 entries"
    assert named(range(0, 400, 20), (20, 20)) == "the 1st entries of the 1st to 20th rows"
