"""What we know: one value at one key, with its status.

Names follow SDMX: CL_OBS_STATUS (A, L, M, Q) and CL_CONF_STATUS (F, C). Nothing is just
"empty": zero, not reported, not applicable and confidential are four different things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Status(StrEnum):
    """Why a value is there, or why it is not (SDMX CL_OBS_STATUS)."""

    REPORTED = "A"
    NOT_REPORTED = "L"
    NOT_APPLICABLE = "M"
    CONFIDENTIAL = "Q"


class Confidentiality(StrEnum):
    """Whether a value may be shown (SDMX CL_CONF_STATUS)."""

    FREE = "F"
    CONFIDENTIAL = "C"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its status; the value is present exactly when the status says reported."""

    value: Decimal | None
    status: Status = Status.REPORTED

    def __post_init__(self) -> None:
        if (self.value is None) == (self.status is Status.REPORTED):
            raise ValueError("a figure has a value exactly when it is reported")

    @property
    def confidentiality(self) -> Confidentiality:
        """Tell whether the figure is withheld from readers."""
        hidden = self.status is Status.CONFIDENTIAL
        return Confidentiality.CONFIDENTIAL if hidden else Confidentiality.FREE


NOT_REPORTED = Figure(None, Status.NOT_REPORTED)
NOT_APPLICABLE = Figure(None, Status.NOT_APPLICABLE)
CONFIDENTIAL = Figure(None, Status.CONFIDENTIAL)


def reported(value: Decimal | int | str) -> Figure:
    """Return a reported figure."""
    return Figure(Decimal(value))


def scaled(value: Decimal, decimals: int) -> int:
    """Return the value as an integer of 10**-decimals units, rounded half up.

    SQLite keeps decimals as binary floats, so the store holds scaled integers.
    """
    return int(value.scaleb(decimals).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def unscaled(value: int, decimals: int) -> Decimal:
    """Return the decimal that `scaled` stored."""
    return Decimal(value).scaleb(-decimals)


def breakdown_text(parts: Mapping[str, str]) -> str:
    """Return the canonical text of a breakdown: `DIM=code` pairs, sorted, joined by `;`.

    A code may be a name that a unit typed ("Tổ 1; 2"), so its own `;` is written `%3B`.
    """
    codes = {dim: code.replace("%", "%25").replace(";", "%3B") for dim, code in parts.items()}
    return ";".join(f"{dim}={codes[dim]}" for dim in sorted(codes))


def breakdown_parts(text: str) -> dict[str, str]:
    """Return the pairs of a canonical breakdown text."""
    pairs = (pair.split("=", 1) for pair in text.split(";")) if text else ()
    return {dim: code.replace("%3B", ";").replace("%25", "%") for dim, code in pairs}


@dataclass(frozen=True, slots=True)
class Key:
    """Where a value belongs: indicator, area (level and code), period, breakdown.

    `indicator` is `SET:code`, for example `NHASAN132:0101`. `area` is `level:code`, for
    example `province:06`; codes were re-used in 2025, so the period's date says which unit.
    """

    indicator: str
    area: str
    period: str
    breakdown: str = ""
