"""Unit data apart: rows about single people, in a folder that nobody else on the machine enters.

A survey has a folder, each of its parts (a province) a Parquet file in it. A part that is sent
again takes the place of the one before as a whole.
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from nhasan.domain.problems import Invalid, NotFound

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class UnitData:
    """Keeps files of unit data by survey and part below one folder."""

    def __init__(self, root: Path | str) -> None:
        """Remember the folder; it is made when something is first put in."""
        self._root = Path(root)

    def put(self, survey: str, part: str, content: BinaryIO) -> Path:
        """Keep a part of a survey and return its file."""
        place = self._place(survey, part)
        for folder in (self._root, place.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        handle, aside = tempfile.mkstemp(prefix=".aside-", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                copyfileobj(content, target)
                target.flush()
                os.fsync(target.fileno())
            Path(aside).replace(place)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(aside)
        return place

    def part(self, survey: str, part: str) -> Path:
        """Return the file of a part; what is not kept is not found."""
        place = self._place(survey, part)
        if not place.is_file():
            raise NotFound()
        return place

    def parts(self, survey: str) -> list[Path]:
        """Return the files of a survey, by the names of their parts."""
        return sorted(self._place(survey, "part").parent.glob("[!.]*.parquet"))

    def _place(self, survey: str, part: str) -> Path:
        for name in (survey, part):
            if not _NAME.fullmatch(name):
                raise Invalid(reason=f"“{name}” không dùng làm tên được")
        return self._root / survey / f"{part}.parquet"
