"""Files of any encoding as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnex.store.encodings import decoded

TEXT = "id;Größe\n1;−½\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)) == TEXT


def test_marked_big_endian() -> None:
    assert decoded(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


def test_western() -> None:
    assert decoded("Zoë – 5 €".encode("cp1252")) == "Zoë – 5 €"
    assert decoded(b"Zo\xeb\x81") == "Zoë\x81"


@given(st.binary())
def test_it_never_fails(content: bytes) -> None:
    decoded(content)
