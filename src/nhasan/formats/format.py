"""What a format of figures is, and what a file says beside its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from nhasan.domain.cube import TOTAL, Cube
from nhasan.domain.observations import Status
from nhasan.domain.problems import phrase

OBS_VALUE = "OBS_VALUE"
OBS_STATUS = "OBS_STATUS"
CONF_STATUS = "CONF_STATUS"
UNIT_MEASURE = "UNIT_MEASURE"
DECIMALS = "DECIMALS"
COVERAGE = "COVERAGE"
MEASURES = (OBS_VALUE, OBS_STATUS, CONF_STATUS, UNIT_MEASURE, DECIMALS, COVERAGE)

ESTIMATED = "E"
"""A figure reckoned for another map (CL_OBS_STATUS): written for readers, never read in."""
CONFIDENTIALITY = {str(status): "F" for status in Status} | {
    str(Status.CONFIDENTIAL): "C", ESTIMATED: "F",
}

DIMENSION_NAMES = {
    "INDICATOR": phrase("Chỉ tiêu"),
    "AREA_LEVEL": phrase("Cấp hành chính"),
    "REF_AREA": phrase("Địa bàn"),
    "TIME_PERIOD": phrase("Kỳ"),
    "ETHNIC_GROUP": phrase("Dân tộc"),
    "SEX": phrase("Giới tính"),
    "URBAN_RURAL": phrase("Thành thị, nông thôn"),
    "AGE": phrase("Nhóm tuổi"),
    "SCHOOL_LEVEL": phrase("Cấp học"),
    "VILLAGE": phrase("Thôn"),
}
ATTRIBUTE_NAMES = {OBS_STATUS: phrase("Trạng thái"), CONF_STATUS: phrase("Mức công khai")}
ATTRIBUTE_LABELS: Mapping[str, Mapping[str, str]] = {
    OBS_STATUS: {
        str(Status.REPORTED): phrase("có số"), str(Status.NOT_REPORTED): phrase("chưa có"),
        str(Status.NOT_APPLICABLE): phrase("không áp dụng"),
        str(Status.CONFIDENTIAL): phrase("bảo mật"), ESTIMATED: phrase("ước tính"),
    },
    CONF_STATUS: {"F": phrase("công khai"), "C": phrase("bảo mật")},
}
TOTAL_NAME = phrase("Tổng số")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says beside its figures, for people and for citation.

    `release` is the release's name, `address` where it can be read in public. `labels` gives
    the names of codes per dimension, `names` those of dimensions, `units` that of each
    indicator. `named` asks for names beside the codes of a format that has codes alone.
    """

    title: str = ""
    source: str = ""
    release: str = ""
    address: str = ""
    published: str = ""
    licence: str = ""
    illustrative: bool = False
    notes: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    named: bool = False

    def dimension_name(self, dimension: str) -> str:
        """Return the name of a dimension, or of an attribute that has codes, for people."""
        return self.names.get(dimension) or DIMENSION_NAMES.get(
            dimension, ATTRIBUTE_NAMES.get(dimension, dimension))

    def label(self, dimension: str, code: str) -> str:
        """Return the name of a code for people; a code without a name stands for itself."""
        found = self.labels.get(dimension, ATTRIBUTE_LABELS.get(dimension, {})).get(code)
        return found or (TOTAL_NAME if code == TOTAL else code)


Writer = Callable[[Cube, About], Iterator[bytes]]
Reader = Callable[[bytes], Cube]


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write figures into a file and to read them back.

    `write` yields the file piece by piece.
    """

    id: str
    media_type: str
    extension: str
    write: Writer
    read: Reader

    def content(self, cube: Cube, about: About) -> bytes:
        """Return the whole file at once."""
        return b"".join(self.write(cube, about))


def plain_number(value: int | None, decimals: int) -> str:
    """Return a scaled value in machine notation: `-12.50`; nothing for a missing one."""
    if value is None:
        return ""
    if not decimals:
        return str(value)
    digits = str(abs(value)).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"
