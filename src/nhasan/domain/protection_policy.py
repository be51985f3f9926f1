"""Policies of protection: what may not be shown, and how well it must stay hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nhasan.domain.problems import Invalid

METHOD = "suppression"
"""How small counts are protected; policies of before all lines were solved do not name it."""


@dataclass(frozen=True, slots=True)
class DisclosurePolicy:
    """How the figures of a dataflow are protected.

    Either `public` names the source that has already published the figures, and nothing is
    hidden; or counts of the `indicators` that are below the `threshold` are hidden. With
    `dimensions` only cells that are broken down by one of them are looked at. A zero says
    that there is nobody, and is shown unless `zero_allowed` is false.

    Whoever reckons with all that is shown must be left with a range of at least `interval` for
    each hidden count (nothing said: that it may be any count below the threshold), and of at
    least `share` per cent of it. `limits` are what readers know besides the sums: pairs of
    indicators of which the first is never more than the second.
    """

    public: str = ""
    threshold: int = 0
    indicators: frozenset[str] = frozenset()
    zero_allowed: bool = True
    dimensions: frozenset[str] = frozenset()
    interval: int = 0
    share: int = 0
    limits: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if bool(self.public) == bool(self.threshold):
            raise Invalid(reason="chính sách bảo mật nói rõ một điều: đã công khai, hoặc ngưỡng")
        if self.threshold < 0 or (self.threshold and not self.indicators):
            raise Invalid(reason="ngưỡng bảo mật áp dụng cho ít nhất một chỉ tiêu đếm")
        if self.interval < 0 or self.share < 0:
            raise Invalid(reason="khoảng phải giữ quanh ô ẩn không là số âm")
        if any(lesser == greater for lesser, greater in self.limits):
            raise Invalid(reason="một chỉ tiêu không có giới hạn là chính nó")

    def room(self, value: int, one: int = 1) -> int:
        """Return how wide the range of a hidden count must stay, in units of which `one` is 1."""
        least = self.interval or max(1, self.threshold - (2 if self.zero_allowed else 1))
        return max(least * one, -(-abs(value) * self.share // 100))

    def weaker_than(self, other: DisclosurePolicy) -> bool:
        """Tell whether this policy could show what the other one hides."""
        if other.public:
            return False
        return bool(
            self.public or self.threshold < other.threshold or self.share < other.share
            or self.room(0) < other.room(0)
            or (self.zero_allowed and not other.zero_allowed)
            or not set(other.limits) <= set(self.limits)
            or not other.indicators <= self.indicators
            or (self.dimensions and not other.dimensions)
            or bool(self.dimensions and not other.dimensions <= self.dimensions)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the policy as JSON."""
        return {
            "public": self.public, "threshold": self.threshold,
            "indicators": sorted(self.indicators), "zero_allowed": self.zero_allowed,
            "dimensions": sorted(self.dimensions), "interval": self.interval,
            "share": self.share, "limits": [list(pair) for pair in self.limits],
            "method": METHOD,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DisclosurePolicy:
        """Return the policy that `to_json` wrote."""
        return cls(
            data.get("public", ""), int(data.get("threshold", 0)),
            frozenset(data.get("indicators", ())), bool(data.get("zero_allowed", True)),
            frozenset(data.get("dimensions", ())), int(data.get("interval", 0)),
            int(data.get("share", 0)),
            tuple((lesser, greater) for lesser, greater in data.get("limits", ())),
        )
