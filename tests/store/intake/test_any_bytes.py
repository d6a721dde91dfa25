"""Whatever bytes come in, under whatever name: nothing is raised, and each file is in the account."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from handed_in import put, submission, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cnnex.store.intake import READERS


def samples() -> dict[str, bytes]:
    book, sheet, packed = Workbook(), io.BytesIO(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Timestamp", "id", "1a"])
    book.active.append(["3/4/2026 10:00", "ada", "6"])
    book.save(sheet)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", submission())
        archive.writestr("b/c.csv", "id,1a\nada,6\n")
    table = b'Timestamp,id,"1a\nwhat"\n3/4/2026 10:00,ada,6\n25/4/2026 10:00,"b""ob",7\n'
    return {
        ".json": submission(), ".jsonl": submission() + b"\n" + submission("bob"), ".csv": table, ".tsv": table,
        ".md": b"Set: 7RAW-BH5B\n**(a)** x *[1a, 1 point]*\n- **A** b\n6\n```answer 1b\n7\n```\n",
        ".zip": packed.getvalue(),
        ".ipynb": b'{"cells": [{"source": ["1a: 6"], "metadata": {"tags": ["2a"]}}]}', ".xlsx": sheet.getvalue(),
    }  # fmt: skip


SAMPLES = samples()
EVERY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_each_reader_has_a_sample() -> None:
    assert set(READERS) - set(SAMPLES) == {".ndjson", ".markdown", ".txt"}


@pytest.mark.parametrize("suffix", sorted({*READERS, *SAMPLES, "", ".pdf"}))
@EVERY
@given(st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, suffix: str, content: bytes) -> None:
    attempts, unusable = take(put(tmp_path, f"a{suffix}", content))
    assert attempts or unusable
    if suffix not in (".csv", ".tsv", ".jsonl", ".ndjson"):
        assert len(attempts) + len(unusable) == 1


@pytest.mark.parametrize("suffix", SAMPLES)
@EVERY
@given(st.data())
def test_damaged_files(tmp_path: Path, suffix: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[suffix])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    take(put(tmp_path, f"a{suffix}", bytes(content)))


@EVERY
@given(
    st.text(alphabet="1ab(),;\t\"'=:*#`~-[] \n\r.é\0", max_size=200), st.sampled_from(["utf-8", "utf-16", "latin-1"])
)
def test_text_of_the_right_letters(tmp_path: Path, text: str, encoding: str) -> None:
    for suffix in (".csv", ".md", ".jsonl"):
        take(put(tmp_path, f"a{suffix}", text.encode(encoding)))
