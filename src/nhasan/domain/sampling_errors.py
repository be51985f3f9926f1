"""Standard errors of totals and ratios from a stratified sample of clusters.

Taylor linearisation with ultimate clusters: whatever is drawn inside a cluster, the spread
between the clusters' totals within each stratum holds all of it. For a ratio of two totals
R = Y / X the total of cluster c of stratum h is linearised to d = y - R x, and

    variance = 1 / X² · Σ_h n_h / (n_h - 1) · Σ_c (d_hc - mean of d_h)²

over the n_h clusters of the sample's whole stratum, those without a row in the cell included
(their d is zero): a cell is a domain of the sample, not a sample of its own. A total is the
ratio to a fixed number. Clusters are taken as drawn with replacement, so that no share of the
frame is needed and the error is, if anything, too large.

Sources: K. M. Wolter, Introduction to Variance Estimation, 2nd ed. (Springer 2007), chapters 2.4
(ultimate clusters) and 6 (Taylor series); United Nations Statistics Division, Household Sample
Surveys in Developing and Transition Countries (ST/ESA/STAT/SER.F/96, 2005), chapter XXI.

Sums of cluster totals are integers, so the variance is an exact fraction, and its root is
rounded once: every engine gives the same digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from nhasan.domain.problems import Problem, phrase


class EmptyStratum(Problem):
    """A stratum that the sample was meant to have holds no cluster at all."""

    code = "empty-stratum"
    status = 422
    message = phrase("Mẫu không có địa bàn nào ở tầng: {strata}. Không tính được sai số.")


class LonelyCluster(Problem):
    """A stratum with a single cluster shows no spread, and nobody said what to do about it."""

    code = "lonely-cluster"
    status = 422
    message = phrase(
        "Chỉ có một địa bàn mẫu ở tầng: {strata}. Hãy gộp với tầng gần nhất, hoặc nói rõ "
        "là tầng này được điều tra toàn bộ.",
    )


class Moments(NamedTuple):
    """Sums over the clusters of one stratum, of totals y above and x below the line."""

    y: int
    x: int
    yy: int
    xx: int
    xy: int


def moments(totals: Iterable[tuple[int, int]]) -> Moments:
    """Return the sums over clusters of (y, x)."""
    held = list(totals)
    return Moments(
        sum(y for y, _ in held), sum(x for _, x in held), sum(y * y for y, _ in held),
        sum(x * x for _, x in held), sum(x * y for y, x in held),
    )


def checked_strata(
    clusters: Mapping[str, int], meant: Iterable[str], *, lonely_is_certain: bool,
) -> list[str]:
    """Return the strata of a single cluster; refuse what gives no error at all.

    A stratum taken as certain was surveyed as a whole: it adds nothing to the error.
    """
    empty = sorted(set(meant) - set(clusters))
    if empty:
        raise EmptyStratum(strata=", ".join(empty))
    lonely = sorted(stratum for stratum, count in clusters.items() if count == 1)
    if lonely and not lonely_is_certain:
        raise LonelyCluster(strata=", ".join(lonely))
    return lonely


def standard_error(
    strata: Mapping[str, Moments], clusters: Mapping[str, int], fixed: int, factor: int,
) -> int | None:
    """Return the standard error in units of 1/factor, rounded half up.

    `clusters` counts the clusters of each stratum of the whole sample. `fixed` is the number
    that a total stands over; zero means that the x of the clusters are the denominator.
    """
    above = sum(held.y for held in strata.values())
    below = fixed or sum(held.x for held in strata.values())
    if not below:
        return None
    ratio = Fraction(0) if fixed else Fraction(above, below)
    variance = Fraction(0)
    for stratum, held in strata.items():
        count = clusters[stratum]
        if count > 1:
            squares = held.yy - 2 * ratio * held.xy + ratio * ratio * held.xx
            mean = held.y - ratio * held.x
            variance += Fraction(count, count - 1) * (squares - mean * mean / count)
    return _rounded_root(variance * factor * factor / (below * below))


def _rounded_root(square: Fraction) -> int:
    """Return the root rounded half up: half of (twice the root, rounded down, and one)."""
    return (isqrt(4 * square.numerator // square.denominator) + 1) // 2
