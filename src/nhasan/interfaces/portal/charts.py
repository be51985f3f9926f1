"""Bars: one for each figure, labelled directly, as wide as the page lets them be.

Lengths are shares of the width, so words keep their size on a phone. A hidden figure is
hatched and a missing one dotted; both say so in words and neither has a length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from nhasan.domain.observations import Figure, Status
from nhasan.interfaces.maps import patterns
from nhasan.interfaces.notation import figure_text

_BESIDE = 20  # the longest label that stands beside its bar; longer ones stand above
_FEW = 10  # a tenth of the labels may be cut short rather than move them all
_LINE, _TWO_LINES, _BAR = 24, 44, 16
_LETTER = 2.8  # share of a phone's width that one letter of a label takes
_DIGIT = 2.7  # share of a phone's width that one digit takes
_MARKED = {Status.CONFIDENTIAL: "gach", Status.NOT_REPORTED: "cham"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of a chart, with its name and its decimals."""

    label: str
    figure: Figure
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand, in shares of the width."""

    left: float
    zero: float
    unit: float
    above: bool

    def across(self, value: Decimal) -> float:
        return float(value) * self.unit


def bars(items: Sequence[Bar], *, name: str, title: str) -> SafeString:
    """Return the chart; `name` keeps the ids of two charts of a page apart."""
    items = _shortened(items)
    said = [figure_text(bar.figure, bar.decimals) for bar in items]
    frame = _frame(items, said)
    line = _TWO_LINES if frame.above else _LINE
    drawn = "".join(
        _bar(bar, words, frame, number * line, name)
        for number, (bar, words) in enumerate(zip(items, said, strict=True))
    )
    tall = len(items) * line
    svg = (
        f'<svg class="bieu-do" width="100%" height="{tall}" role="img" '
        f'aria-labelledby="{name}-ten"><title id="{name}-ten">{escape(title)}</title>{drawn}'
        f'<line class="truc" x1="{_share(frame.zero)}" x2="{_share(frame.zero)}" y1="0" '
        f'y2="{tall}"/></svg>'
    )
    return mark_safe(patterns(name) + svg)  # noqa: S308


def _shortened(items: Sequence[Bar]) -> list[Bar]:
    """Cut the few labels that are too long; the table beside has them whole."""
    long = sum(len(bar.label) > _BESIDE for bar in items)
    if not long or long * _FEW > len(items):
        return list(items)
    return [
        bar if len(bar.label) <= _BESIDE
        else replace(bar, label=f"{bar.label[:_BESIDE - 1].rstrip()}…") for bar in items
    ]


def _frame(items: Sequence[Bar], said: Sequence[str]) -> _Frame:
    values = [float(bar.figure.value) for bar in items if bar.figure.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    longest = max((len(bar.label) for bar in items), default=0)
    above = longest > _BESIDE
    left = 0.0 if above else longest * _LETTER + 2
    room = max(100 - left - 2 - _DIGIT * max((len(words) for words in said), default=0), 15.0)
    unit = room / (high - low) if high > low else 0.0
    return _Frame(left, left - low * unit, unit, above)


def _bar(bar: Bar, words: str, frame: _Frame, top: int, name: str) -> str:
    label = (
        f'<text x="0" y="{top + 17}">{escape(bar.label)}</text>' if frame.above else
        f'<text x="{_share(frame.left - 1.5)}" y="{top + 17}" text-anchor="end">'
        f"{escape(bar.label)}</text>"
    )
    y = top + (_TWO_LINES - _BAR - 5 if frame.above else (_LINE - _BAR) // 2)
    if bar.figure.value is None:
        return label + _missing(bar.figure.status, words, frame, y, name)
    wide = frame.across(bar.figure.value)
    start = frame.zero + min(wide, 0)
    return (
        f'{label}<rect class="cot" x="{_share(start)}" y="{y}" width="{_share(abs(wide))}" '
        f'height="{_BAR}"/>{_words(frame.zero + max(wide, 0), y, words)}'
    )


def _missing(status: Status, words: str, frame: _Frame, y: int, name: str) -> str:
    mark = _MARKED.get(status)
    square = (
        f'<rect class="o-mau-vien" x="{_share(frame.zero)}" y="{y}" width="22" '
        f'height="{_BAR}" fill="url(#{name}-{mark})"/>' if mark else ""
    )
    return square + _words(frame.zero, y, words, after=28 if mark else 6)


def _words(at: float, y: int, words: str, after: int = 6) -> str:
    return f'<text x="{_share(at)}" dx="{after}" y="{y + 13}">{escape(words)}</text>'


def _share(value: float) -> str:
    return f"{value:.2f}%"
