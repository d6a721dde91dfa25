"""Zips, honest and hostile: each trick costs only the member that plays it."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
from handed_in import put, refusal, submission, take

from cnnex.store.intake import archives

GOOD = [("a/answers.json", submission("ada")), ("z/answers.json", submission("zoe"))]


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content, method)
    return out.getvalue()


def check(tmp_path: Path, content: bytes, reason: str, count: int = 1) -> None:
    """The two good members are read, and the other says why it isn't."""
    attempts, unusable = take(put(tmp_path, "hw.zip", content))
    assert [each.student for each in attempts] == ["ada", "zoe"]
    assert attempts[0].source.endswith("hw.zip:a/answers.json")
    assert [reason in each.reason for each in unusable] == [True] * count, unusable


def test_members_in_the_order_of_their_names(tmp_path: Path) -> None:
    hidden = [("__MACOSX/a/._answers.json", b"x"), ("a/.DS_Store", b"x"), ("Thumbs.db", b"x"), ("empty/", b"")]
    check(tmp_path, zipped(GOOD[1], *hidden, GOOD[0]), "", 0)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(tmp_path: Path, method: int) -> None:
    check(tmp_path, zipped(*GOOD, method=method), "", 0)


def test_a_zip_in_a_zip_and_no_deeper(tmp_path: Path) -> None:
    inner = zipped(("answers.json", submission("bob")))
    third = zipped(("inner.zip", inner))
    attempts, unusable = take(put(tmp_path, "hw.zip", zipped(("inner.zip", inner), ("third.zip", third))))
    assert [(each.student, each.source.partition("hw.zip")[2]) for each in attempts] == [
        ("bob", ":inner.zip:answers.json")
    ]
    assert [each.source.partition("hw.zip")[2] for each in unusable] == [":third.zip:inner.zip"]
    assert unusable[0].reason == "this is a zip in a zip in a zip; unpack it first"


@pytest.mark.parametrize("name", ["../b.json", "b/../../b.json", "/etc/b.json", "C:/b.json"])
def test_names_that_lead_out(tmp_path: Path, name: str) -> None:
    check(tmp_path, zipped(*GOOD, (name, submission("eve"))), "leads out of the zip")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["hw.zip"]


def test_links(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.json")
    link.external_attr = 0o120777 << 16
    check(tmp_path, zipped(*GOOD, (link, b"/etc/passwd")), "a link or a device")


def test_a_name_that_stands_twice(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(*GOOD, ("a/answers.json", submission("eve")))
    check(tmp_path, content, "another member of this name")


def test_an_encrypted_member(tmp_path: Path) -> None:
    content = bytearray(zipped(*GOOD, ("m.json", submission("bob"))))
    place = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    place = content.index(b"PK\x01\x02", place + 4)
    content[place + 8] |= 1
    check(tmp_path, bytes(content), "encrypted")


def test_a_broken_member(tmp_path: Path) -> None:
    content = zipped(*GOOD, ("m.json", submission("bob")), method=zipfile.ZIP_STORED)
    check(tmp_path, content.replace(b'"bob"', b'"eve"'), "broken (Bad CRC-32")


def test_a_zip_that_is_cut_off(tmp_path: Path) -> None:
    assert refusal(tmp_path, "hw.zip", zipped(*GOOD)[:-30]) == "this zip is broken; download it again"
    assert refusal(tmp_path, "hw2.zip", zipped()) == "this zip is empty"
    assert "this is no submission" in refusal(tmp_path, "hw3.zip", b"hello")


def test_a_bomb_costs_itself(tmp_path: Path) -> None:
    bomb = zipped(*GOOD, ("bomb.json", bytes(50 << 20)), ("bomb.csv", b"\0" * (400 << 20)))
    assert len(bomb) < 1 << 20
    check(tmp_path, bomb, "which is too much for what it is", 2)


def test_a_bomb_whose_header_lies(tmp_path: Path) -> None:
    content = bytearray(zipped(*GOOD, ("m.json", bytes(50 << 20))))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 100)
    attempts, unusable = take(put(tmp_path, "hw.zip", bytes(content)))
    assert len(attempts) == 2
    assert len(unusable) == 1


def test_many_members_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives.Budget, "__init__", lambda self: setattr(self, "left", 3 << 20))
    noise = [(f"m{number}.json", os.urandom(1 << 20)) for number in range(4)]
    content = zipped(GOOD[0], *noise)
    attempts, unusable = take(put(tmp_path, "hw.zip", content))
    assert [each.student for each in attempts] == ["ada"]
    assert len(unusable) == 4
    assert "too much" in unusable[-1].reason


def test_a_large_table_in_a_zip(tmp_path: Path) -> None:
    rows = b"Timestamp,id,1a\n" + b"".join(b"3/25/2026 10:00,s%d,%s\n" % (n, os.urandom(500).hex().encode())
                                           for n in range(3000))  # fmt: skip
    attempts, unusable = take(put(tmp_path, "hw.zip", zipped(("all.csv", rows + b"3/4/2026 10:00,last,6\n"))))
    assert (len(attempts), unusable) == (3001, [])
    assert attempts[-1].at == "2026-03-04T10:00:00"
    assert attempts[-1].source.endswith("hw.zip:all.csv:3002")
