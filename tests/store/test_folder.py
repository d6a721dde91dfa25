from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cnnex.errors import InputError, OutputError
from cnnex.store.folder import alone_in, write_file, write_files

COUNT = """
import sys
from pathlib import Path
from cnnex.store.folder import alone_in

for _ in range(40):
    with alone_in(Path(sys.argv[1]), 60):
        number = Path(sys.argv[2])
        before = int(number.read_text())
        number.write_text(str(before + 1))
"""


def test_a_second_run_is_kept_out_and_told(tmp_path: Path) -> None:
    with alone_in(tmp_path), pytest.raises(InputError, match="another run is writing in"), alone_in(tmp_path):
        pass


def test_a_folder_made_for_nothing_goes_again_and_one_with_files_stays(tmp_path: Path) -> None:
    with alone_in(tmp_path / "nothing"):
        pass
    with alone_in(tmp_path / "something"):
        (tmp_path / "something" / "file").touch()
    with alone_in(tmp_path / "something"):
        pass
    (tmp_path / "before").mkdir()
    with alone_in(tmp_path / "before"):
        pass
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["before", "file", "something"]


def test_who_waits_has_a_folder_also_where_the_other_took_it_away(tmp_path: Path) -> None:
    folder = tmp_path / "graded"
    waits = threading.Event()

    def second() -> None:
        waits.set()
        with alone_in(folder, 60):
            write_files(folder, {"marks": b"7"})

    other = threading.Thread(target=second)
    with alone_in(folder):
        other.start()
        waits.wait()
    other.join()
    assert (folder / "marks").read_bytes() == b"7"


def test_processes_take_turns_while_the_folder_comes_and_goes(tmp_path: Path) -> None:
    number = tmp_path / "number"
    number.write_text("0")
    command = [sys.executable, "-c", COUNT, str(tmp_path / "folder"), str(number)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert number.read_text() == "120"


def test_a_file_isnt_a_folder_and_a_folder_isnt_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="it is a file"), alone_in(tmp_path / "file"):
        pass
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(OutputError, match="it is a file"), alone_in(tmp_path / "nowhere"):
        pass
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="it is a folder"):
        write_file(tmp_path / "folder", b"")
