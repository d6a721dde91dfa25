"""What a course may say."""

from __future__ import annotations

import pytest

from cnnex.model.course import Course


@pytest.mark.parametrize(
    ("workspace", "centimetres"), [("", 0), ("4cm", 4), ("40mm", 4), ("1.5in", 3.81), ("20cm", 20), ("0.1mm", 0.01)]
)
def test_lengths(workspace: str, centimetres: float) -> None:
    assert Course(workspace=workspace).centimetres == pytest.approx(centimetres)


@pytest.mark.parametrize(
    "workspace", ["4", "cm", "4 cm", "0cm", "-4cm", "21cm", "8in", "4em", "1e1cm", "4cm}\\input{x}", "4cm\n", "٤cm"]
)
def test_what_is_no_room_on_a_page_is_refused(workspace: str) -> None:
    with pytest.raises(ValueError, match=r"workspace: .* is no length"):
        Course(workspace=workspace)
