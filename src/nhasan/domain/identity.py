"""Names: one name, from which an address and a folder follow.

    BDT:ETHNIC_POPULATION(1.0.0)  ↔  /data/BDT/ETHNIC_POPULATION/1.0.0
                                  ↔  releases/BDT/ETHNIC_POPULATION/1.0.0/

Nobody else puts such a path together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nhasan.domain.problems import Invalid

_ID = r"[A-Za-z][A-Za-z0-9_-]*"
_NUMBERS = r"\d+\.\d+\.\d+"
_URN = re.compile(rf"(?P<agency>{_ID}(?:\.{_ID})*):(?P<id>{_ID})\((?P<version>{_NUMBERS})\)")
_ADDRESS = re.compile(
    rf"/data/(?P<agency>{_ID}(?:\.{_ID})*)/(?P<id>{_ID})/(?P<version>{_NUMBERS})",
)
_PLAIN_CODE = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version of three numbers, ordered as people expect: 1.10.0 comes after 1.9.0."""

    major: int
    minor: int = 0
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `1.0.0`."""
        if not re.fullmatch(_NUMBERS, text):
            raise Invalid(reason=f"“{text}” không phải là số phiên bản; viết như 1.0.0")
        return cls(*(int(number) for number in text.split(".")))

    def __str__(self) -> str:
        """Return `major.minor.patch`."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def next_major(self) -> Version:
        """Return the version after a break: something is gone."""
        return Version(self.major + 1)

    def next_minor(self) -> Version:
        """Return the version after an addition."""
        return Version(self.major, self.minor + 1)

    def next_patch(self) -> Version:
        """Return the version after a correction of figures."""
        return Version(self.major, self.minor, self.patch + 1)


FIRST = Version(1)


@dataclass(frozen=True, slots=True, order=True)
class Urn:
    """The name of one version of one artefact: who maintains it, what it is, which version."""

    agency: str
    id: str
    version: Version

    def __post_init__(self) -> None:
        if not _URN.fullmatch(str(self)):
            raise Invalid(reason=f"“{self}” không phải là tên; viết như BDT:TEN_BO_DU_LIEU(1.0.0)")

    @classmethod
    def parse(cls, text: str) -> Urn:
        """Read `AGENCY:ID(1.0.0)` or `/data/AGENCY/ID/1.0.0`."""
        found = _URN.fullmatch(text) or _ADDRESS.fullmatch(text.rstrip("/"))
        if found is None:
            raise Invalid(reason=f"“{text}” không phải là tên; viết như BDT:TEN_BO_DU_LIEU(1.0.0)")
        return cls(found["agency"], found["id"], Version.parse(found["version"]))

    def __str__(self) -> str:
        """Return `AGENCY:ID(1.0.0)`."""
        return f"{self.agency}:{self.id}({self.version})"

    @property
    def name(self) -> str:
        """Return the name without its version: `AGENCY:ID`."""
        return f"{self.agency}:{self.id}"

    @property
    def address(self) -> str:
        """Return the path of its page."""
        return f"/data/{self.agency}/{self.id}/{self.version}"

    @property
    def folder(self) -> str:
        """Return the folder of its files, below the house's store."""
        return f"releases/{self.agency}/{self.id}/{self.version}"

    def at(self, version: Version) -> Urn:
        """Return the same artefact at another version."""
        return Urn(self.agency, self.id, version)


def file_part(code: str) -> str:
    """Return a code as part of a file name: `NHASAN132:0101` becomes `NHASAN132.0101`.

    Raises `Invalid` for a code that could climb out of its folder or fool a shell.
    """
    part = code.replace(":", ".")
    if not _PLAIN_CODE.fullmatch(part) or part.startswith("."):
        raise Invalid(reason=f"mã “{code}” không dùng làm tên tệp được")
    return part
