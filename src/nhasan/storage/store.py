"""A store of bytes on the file system, addressed by the SHA-256 of their content.

A file is written aside, brought to the disk and then renamed into its place, so that a file
with a digest for a name is always whole: a killed server leaves at most an unnamed remnant.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from nhasan.domain.problems import NotFound, phrase

CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")


class ContentMissing(NotFound):
    """No content of that digest is kept here."""

    code = "content-missing"
    message = phrase("Không tìm thấy tệp đã lưu. Hãy báo người quản trị, kèm mã {digest}.")


class Store:
    """Keeps bytes by digest below one folder."""

    def __init__(self, root: Path | str) -> None:
        """Remember the folder; it is made when something is first put in."""
        self._root = Path(root)

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep the content and return its digest; content already kept is left as it is."""
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        self._root.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        handle, aside = tempfile.mkstemp(prefix=".aside-", dir=self._root)
        try:
            with os.fdopen(handle, "wb") as target:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            return self._settle(Path(aside), digest.hexdigest())
        finally:
            with suppress(FileNotFoundError):
                os.unlink(aside)

    def _settle(self, aside: Path, digest: str) -> str:
        """Give the finished file its name and make the name last."""
        place = self._place(digest)
        if place.exists():
            return digest
        place.parent.mkdir(parents=True, exist_ok=True)
        aside.chmod(0o440)
        aside.replace(place)
        for folder in (place.parent, place.parent.parent, self._root):
            _sync_folder(folder)
        return digest

    def open(self, digest: str) -> BinaryIO:
        """Open kept content for reading; raise `ContentMissing` when there is none."""
        return self.path(digest).open("rb")

    def path(self, digest: str) -> Path:
        """Return the file of kept content; raise `ContentMissing` when there is none."""
        if not _DIGEST.fullmatch(digest) or not self._place(digest).is_file():
            raise ContentMissing(digest=digest[:12])
        return self._place(digest)

    def holds(self, digest: str) -> bool:
        """Tell whether content of that digest is kept here."""
        return bool(_DIGEST.fullmatch(digest)) and self._place(digest).is_file()

    def intact(self, digest: str) -> bool:
        """Read kept content again and tell whether it still is what its name says."""
        found = hashlib.sha256()
        with self.open(digest) as stream:
            while chunk := stream.read(CHUNK):
                found.update(chunk)
        return found.hexdigest() == digest

    def _place(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:4] / digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
