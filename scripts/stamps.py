"""Know whether something already made is still made of the same things."""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts import places


def digest(paths: Iterable[Path], *words: str) -> str:
    """Return a digest of the names and contents of files, in an order of their own."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(f"\0{os.path.relpath(path, places.ROOT)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def files_under(folder: Path, *, without: frozenset[str] = frozenset()) -> list[Path]:
    """Return the files of a folder, leaving out those below a folder or file of these names."""
    found: list[Path] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name in without:
            continue
        if path.is_dir():
            found.extend(files_under(path, without=without))
        elif path.is_file():
            found.append(path)
    return found


def read(stamp: Path) -> str:
    """Return what a stamp says, or nothing."""
    with contextlib.suppress(OSError):
        return stamp.read_text().strip()
    return ""


def write(stamp: Path, text: str) -> None:
    """Leave a stamp."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(text + "\n")


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Wait until no other run is making the same thing."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
