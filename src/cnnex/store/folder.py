"""Writing files: all of them or none, and never a half-written one."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from cnnex.errors import InputError, OutputError

STAGING = ".cnnex-"
"""How folders begin in which files wait for the others; a run that was killed leaves its own."""
_LOCK = f"{STAGING}class.lock"


def make_folder(folder: Path) -> None:
    """Make a folder where there is none.

    Raises:
        OutputError: it can't be made.
    """
    try:
        while not folder.is_dir():
            with suppress(FileExistsError):  # it is a file, or was there until a moment ago
                folder.mkdir(parents=True, exist_ok=True)
            if not _may_be_made(folder):
                raise OutputError(f"can't write into {folder}: it is a file", hint="choose another name")
    except OSError as error:
        raise OutputError(f"can't write {folder}: {error.strerror or error}") from None


def _may_be_made(folder: Path) -> bool:
    """Whether nothing is in a folder's place, or a folder, asked at one moment."""
    try:
        return stat.S_ISDIR(os.lstat(folder).st_mode) or folder.is_dir()
    except FileNotFoundError:
        return True


@contextmanager
def alone_in(folder: Path, patience: float = 0) -> Iterator[None]:
    """Make the folder and keep other runs out of it. The system lets go of the lock when a process is killed.

    A folder that was made for this and in which nothing was written goes again.

    Args:
        folder: where to write.
        patience: how long to wait for another run, in seconds.

    Raises:
        InputError: another run is writing there.
        OutputError: the folder can't be made.
    """
    from filelock import FileLock, Timeout

    made = not folder.exists()
    lock = FileLock(folder / _LOCK, timeout=patience)
    try:
        while not lock.is_locked:
            make_folder(folder)
            with suppress(FileNotFoundError, FileExistsError):  # who had it has just taken the folder away
                lock.acquire()
    except Timeout:
        hint = "start this one when the other has ended"
        raise InputError(f"another run is writing in {folder}", hint=hint) from None
    except OSError as error:
        raise OutputError(f"can't write into {folder}: {error.strerror or error}") from None
    try:
        yield
    finally:
        with suppress(OSError):  # Windows removes it by itself, later
            (folder / _LOCK).unlink()
        lock.release()
        if made:
            with suppress(OSError):  # it isn't empty
                folder.rmdir()


def clean_up(folder: Path) -> None:
    """Remove what a killed run left beside the places of its files; to be called while nobody else writes there."""
    for path in folder.glob(f"{STAGING}*"):
        shutil.rmtree(path, ignore_errors=True)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write all files into a folder, which is made where it doesn't exist.

    They are written beside their places first and moved there when all are complete; what they replace
    is kept until then. So a full disk or an interruption leaves the folder as it was.

    Raises:
        OutputError: the folder or a file can't be written.
    """
    made = not folder.exists()
    staging = None
    try:
        make_folder(folder)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
        for name, content in files.items():
            if (folder / name).is_dir():
                raise OutputError(f"can't write {folder / name}: it is a folder")
            (staging / name).write_bytes(content)
        _move(staging, folder, list(files))
    except OSError as error:
        place = folder / Path(error.filename).name if error.filename else folder
        raise OutputError(f"can't write {place}: {error.strerror or error}") from None
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        if made and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _move(staging: Path, folder: Path, names: list[str]) -> None:
    """Move the staged files to their places, or put everything back."""
    kept = staging / "kept"
    kept.mkdir()
    moved: list[str] = []
    try:
        for name in names:
            moved.append(name)
            if (folder / name).exists():
                os.replace(folder / name, kept / name)
            os.replace(staging / name, folder / name)
    except BaseException:
        for name in moved:
            if (kept / name).exists():
                os.replace(kept / name, folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write one file, or nothing.

    Raises:
        OutputError: it can't be written.
    """
    if path.is_dir():
        raise OutputError(f"can't write {path}: it is a folder")
    if path.exists() and not path.is_file():  # a device or a pipe is written to, not replaced
        try:
            path.write_bytes(content)
        except OSError as error:
            raise OutputError(f"can't write {path}: {error.strerror or error}") from None
    else:
        write_files(path.parent, {path.name: content})


def digest_of(folder: Path) -> str:
    """A hash of all files of a folder, with their names in it, wherever it lies.

    Raises:
        InputError: a file can't be read.
    """
    digest = blake2b(digest_size=16)
    try:
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode("utf-8", "surrogateescape"))
            digest.update(content)
    except OSError as error:
        raise InputError(f"{error.filename or folder}: {error.strerror or error}") from None
    return digest.hexdigest()
