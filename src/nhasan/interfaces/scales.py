"""Steps of a map: round bounds that part the figures into groups of like size.

Where some figures lie below 0 and some above, 0 is a bound and each side has a hue of its own:
a step that mixes gain and loss says nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

STEPS = 5
_OF_A_SIDE = 3
_SHADES = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
_BELOW = {1: (2,), 2: (1, 3), 3: (1, 2, 3)}
_NICE = tuple(Decimal(text) for text in ("1", "1.5", "2", "3", "5", "10"))


@dataclass(frozen=True, slots=True)
class Scale:
    """The bounds between steps, ascending; one step more than there are bounds."""

    bounds: tuple[Decimal, ...]

    def step(self, value: Decimal) -> int:
        """Return the step of a value, the first being 1."""
        return bisect_right(self.bounds, value) + 1

    @property
    def parts_at_zero(self) -> bool:
        """Tell whether figures below 0 are kept apart from the others."""
        return bool(self.bounds) and self.bounds[0] <= 0 and Decimal(0) in self.bounds

    def shade(self, step: int) -> int:
        """Return the shade of a step, of five: few steps still use the whole range.

        Below 0 the shade is negative, of three, and deeper the further from 0.
        """
        if not self.parts_at_zero:
            return _SHADES[len(self.bounds) + 1][step - 1]
        below = self.bounds.index(Decimal(0)) + 1
        if step <= below:
            return -_BELOW[below][below - step]
        return _SHADES[len(self.bounds) + 1 - below][step - below - 1]

    def darkness(self, value: Decimal) -> int:
        """Return the shade of a value."""
        return self.shade(self.step(value))


def scale_of(values: Sequence[Decimal]) -> Scale:
    """Return at most five steps with round bounds, each of them holding some values."""
    ordered = sorted(values)
    if not ordered or ordered[0] == ordered[-1]:
        return Scale(())
    if ordered[0] < 0 <= ordered[-1]:
        below = _bounds([value for value in ordered if value < 0], _OF_A_SIDE)
        above = _bounds([value for value in ordered if value >= 0], _OF_A_SIDE)
        return Scale((*below, Decimal(0), *above))
    return Scale(tuple(_bounds(ordered, STEPS)))


def _bounds(ordered: Sequence[Decimal], steps: int) -> list[Decimal]:
    """Return round bounds that part ascending values into at most so many steps."""
    cuts = [ordered[len(ordered) * part // steps] for part in range(1, steps)]
    spread = ordered[-1] - ordered[0]
    bounds: list[Decimal] = []
    for cut in cuts:
        rounded = _rounded(cut, spread)
        low = bounds[-1] if bounds else ordered[0]
        if rounded > low and _some(ordered, low, rounded) and rounded <= ordered[-1]:
            bounds.append(rounded)
    return bounds


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
