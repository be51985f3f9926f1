"""Steps of a map: round bounds that part the figures into groups of like size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

STEPS = 5
_SHADES = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
_NICE = tuple(Decimal(text) for text in ("1", "1.5", "2", "3", "5", "10"))


@dataclass(frozen=True, slots=True)
class Scale:
    """The bounds between steps, ascending; one step more than there are bounds."""

    bounds: tuple[Decimal, ...]

    def step(self, value: Decimal) -> int:
        """Return the step of a value, the first being 1."""
        return bisect_right(self.bounds, value) + 1

    def shade(self, step: int) -> int:
        """Return the shade of a step, of five: few steps still use the whole range."""
        return _SHADES[len(self.bounds) + 1][step - 1]

    def darkness(self, value: Decimal) -> int:
        """Return the shade of a value."""
        return self.shade(self.step(value))


def scale_of(values: Sequence[Decimal]) -> Scale:
    """Return at most five steps with round bounds, each of them holding some values."""
    ordered = sorted(values)
    if not ordered or ordered[0] == ordered[-1]:
        return Scale(())
    cuts = [ordered[len(ordered) * part // STEPS] for part in range(1, STEPS)]
    spread = ordered[-1] - ordered[0]
    bounds: list[Decimal] = []
    for cut in cuts:
        rounded = _rounded(cut, spread)
        low = bounds[-1] if bounds else ordered[0]
        if rounded > low and _some(ordered, low, rounded) and rounded <= ordered[-1]:
            bounds.append(rounded)
    return Scale(tuple(bounds))


def _some(ordered: Sequence[Decimal], low: Decimal, high: Decimal) -> bool:
    """Tell whether any value lies from `low` to below `high`."""
    return any(low <= value < high for value in ordered)


def _rounded(value: Decimal, spread: Decimal) -> Decimal:
    """Return the nearest round number; finer where all values lie close together."""
    if not value:
        return value
    size = Decimal(1).scaleb(abs(value).adjusted())
    near = min(_NICE, key=lambda nice: abs(abs(value) / size - nice)) * size
    if abs(near - abs(value)) * STEPS > spread:
        step = Decimal(1).scaleb(spread.adjusted() - 1)
        near = (abs(value) / step).to_integral_value() * step
    return near.normalize().copy_sign(value) + 0
