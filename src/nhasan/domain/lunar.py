"""The moon's calendar of Viet Nam, reckoned from sun and moon on the meridian of UTC+7.

Three rules make it: a month begins on the day of the new moon; the eleventh month is the one
with the winter solstice; where thirteen months lie between two solstices, the first of them in
which the sun enters no new sign of thirty degrees repeats the number before it. China reckons
by the same rules on UTC+8, so that Tết falls on another day where a new moon or a solstice
comes between midnight there and midnight here: 1985, 2007, 2030.

Official since 1968 (Quyết định 121-CP ngày 8/8/1967). The series are those of Meeus,
Astronomical Algorithms, chapters 25 and 49; they are good to a minute or so for the moon and a
quarter of an hour for the sun.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from math import floor, radians, sin

FIRST_YEAR, LAST_YEAR = 1968, 2199
_ZONE = 7 / 24  # of a day
_MONTH = 29.530588861
_NEW_MOON_2000 = 2451550.09766
_EPOCH = date(2000, 1, 1).toordinal() - 2451544.5  # from the day number of astronomers to ours
_SOLSTICE = 9  # the sign that the sun enters then, of twelve

# Days by which a new moon comes later: (coefficient, power of E, times of M, M', F)
_PERIODIC = (
    (-0.40720, 0, 0, 1, 0), (0.17241, 1, 1, 0, 0), (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2), (0.00739, 1, -1, 1, 0), (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0), (-0.00111, 0, 0, 1, -2), (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0), (-0.00042, 0, 0, 3, 0), (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2), (-0.00024, 1, -1, 2, 0), (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2), (0.00004, 0, 3, 0, 0), (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2), (-0.00003, 0, 1, 1, 2), (0.00003, 0, -1, 1, 2),
)
# The same from the planets: (coefficient, degrees at k = 0, degrees a month)
_PLANETS = (
    (0.000325, 299.77, 0.107408), (0.000165, 251.88, 0.016321), (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478), (0.000110, 84.66, 18.206239),
)


def tet(year: int) -> date:
    """Return the first day of the first month: Tết of that year."""
    return solar(year, 1, 1)


def solar(year: int, month: int, day: int) -> date:
    """Return the day of the sun's calendar for one of the moon's, of an ordinary month."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the moon's calendar is reckoned from {FIRST_YEAR} to {LAST_YEAR}")
    sui = year if month <= 10 else year + 1
    first = next(start for number, leap, start in months(sui) if number == month and not leap)
    return first + timedelta(days=day - 1)


@lru_cache(maxsize=512)
def months(year: int) -> tuple[tuple[int, bool, date], ...]:
    """Return the months from the eleventh of the year before to the tenth: number, leap, day."""
    first, following = _eleventh(year - 1), _eleventh(year)
    starts = [_new_moon(k) for k in range(first, following + 1)]
    leap = _leap(starts) if len(starts) == 14 else 0
    found = []
    number = 11
    for place, start in enumerate(starts[:-1]):
        if place and place != leap:
            number = number % 12 + 1
        found.append((number, place == leap and place > 0, start))
    return tuple(found)


def _leap(starts: list[date]) -> int:
    """Return the place of the first month in which the sun enters no sign."""
    signs = [_sign(start) for start in starts]
    return next(at for at in range(1, len(starts) - 1) if signs[at] == signs[at + 1])


def _eleventh(year: int) -> int:
    """Return which new moon begins the month that has the winter solstice of the year."""
    k = floor((date(year, 12, 31).toordinal() - _EPOCH - _NEW_MOON_2000) / _MONTH) + 1
    while _new_moon(k) > date(year, 12, 31) or _sign(_new_moon(k)) >= _SOLSTICE:
        k -= 1
    return k


@lru_cache(maxsize=4096)
def _new_moon(k: int) -> date:
    """Return the day, in Viet Nam, of the k-th new moon since January 2000."""
    t = k / 1236.85
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t**2
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3
    node = 160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3
    eccentricity = 1 - 0.002516 * t - 0.0000074 * t**2
    moment = _NEW_MOON_2000 + _MONTH * k + 0.00015437 * t**2 - 0.00000015 * t**3
    moment += sum(
        size * eccentricity**power * sin(radians(a * sun + b * moon + c * node))
        for size, power, a, b, c in _PERIODIC
    )
    moment += sum(size * sin(radians(at + by * k)) for size, at, by in _PLANETS)
    moment -= 0.00017 * sin(radians(124.7746 - 1.56375588 * k))
    return _local_day(moment - _slower(2000 + t * 100) / 86400)


def _local_day(moment: float) -> date:
    return date.fromordinal(floor(moment + _EPOCH + _ZONE))


def _slower(year: float) -> float:
    """Return by how many seconds the earth's turning lags behind even time (Espenak, Meeus)."""
    if year < 1986:
        t = year - 1975
        return 45.45 + 1.067 * t - t**2 / 260 - t**3 / 718
    if year < 2005:
        t = year - 2000
        return 63.86 + 0.3345 * t - 0.060374 * t**2 + 0.0017275 * t**3
    t = year - 2000
    return 62.92 + 0.32217 * t + 0.005589 * t**2


@lru_cache(maxsize=4096)
def _sign(day: date) -> int:
    """Return which of twelve signs the sun stands in as the day begins in Viet Nam.

    A sign that the sun enters during the day itself belongs to the month that begins with it.
    """
    t = (day.toordinal() - _EPOCH - _ZONE - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * sin(m)
        + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    )
    apparent = mean + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))
    return floor(apparent % 360 / 30)
