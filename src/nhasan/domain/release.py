"""Releases: a numbered statement that never changes, and how the next number follows.

A release is a folder with a manifest. The manifest says what is in it, from which run it
came, by which rules it was protected, and the fingerprint of every file and of the content.
The bytes of a Parquet file differ between writers; the fingerprint of the content does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from nhasan.domain.identity import FIRST, Urn, Version
from nhasan.domain.problems import Invalid, phrase

REFERENCE_DATE_MAP = "reference-date"
MAP_RULES = {
    REFERENCE_DATE_MAP: phrase("Số liệu theo địa giới của ngày cuối kỳ."),
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of a release: where it lies in the folder, its size and fingerprint."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release says about itself.

    `codes` holds the codes in use per dimension, and `changes` what they say against the
    release before. `plan` is how the figures were computed from what was reported.
    """

    urn: Urn
    title: str
    content: str
    rows: int
    dims: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]
    files: tuple[File, ...]
    writer: str
    run: str
    policy: Mapping[str, Any]
    source: str = ""
    map_rule: str = REFERENCE_DATE_MAP
    illustrative: bool = False
    as_of: str = ""
    plan: tuple[Mapping[str, Any], ...] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as JSON."""
        found = asdict(self)
        found["urn"] = str(self.urn)
        found["codes"] = {dim: list(codes) for dim, codes in self.codes.items()}
        found["files"] = [asdict(file) for file in self.files]
        found["dims"] = list(self.dims)
        found["plan"] = list(self.plan)
        return found

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Manifest:
        """Return the manifest that `to_json` wrote."""
        facts = dict(data)
        facts["urn"] = Urn.parse(data["urn"])
        facts["dims"] = tuple(data["dims"])
        facts["codes"] = {dim: tuple(codes) for dim, codes in data["codes"].items()}
        facts["files"] = tuple(File(**file) for file in data["files"])
        facts["plan"] = tuple(data.get("plan", ()))
        return cls(**facts)

    def text(self) -> str:
        """Return the manifest as it is written to its file."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new release says otherwise than the last."""

    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    new: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    figures: bool = False

    @property
    def nothing(self) -> bool:
        """Tell whether both releases say the same."""
        return not (self.gone or self.new or self.figures)

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON."""
        return {
            "gone": {dim: list(codes) for dim, codes in self.gone.items()},
            "new": {dim: list(codes) for dim, codes in self.new.items()},
            "figures": self.figures,
        }


def difference(old: Manifest, new: Manifest) -> Difference:
    """Return which codes are gone, which are new, and whether the content differs.

    A whole dimension that is gone counts as all of its codes; a new dimension likewise.
    """
    if old.urn.name != new.urn.name:
        raise Invalid(reason=f"“{old.urn.name}” và “{new.urn.name}” là hai bộ dữ liệu khác nhau")
    return Difference(
        gone=_missing(old.codes, new.codes), new=_missing(new.codes, old.codes),
        figures=old.content != new.content,
    )


def _missing(
    here: Mapping[str, tuple[str, ...]], there: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[str, ...]]:
    found = {
        dim: tuple(sorted(set(codes) - set(there.get(dim, ())))) for dim, codes in here.items()
    }
    return {dim: codes for dim, codes in found.items() if codes}


def next_version(last: Version | None, found: Difference) -> Version:
    """Return the number that follows from the difference.

    Something gone breaks those who read it: major. Something new: minor. Figures only: patch.
    Refuses to number a release that says nothing new.
    """
    if last is None:
        return FIRST
    if found.nothing:
        raise Invalid(reason="bản này giống hệt bản công bố trước, không có gì để công bố")
    if found.gone:
        return last.next_major()
    return last.next_minor() if found.new else last.next_patch()
