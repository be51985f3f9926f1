"""Maps: five steps of one hue, marks for what is missing, and a key that counts.

A hidden figure is hatched, a missing one dotted; neither looks like a small number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nhasan.domain.observations import Figure, Status
from nhasan.interfaces.notation import figure_text, number_text
from nhasan.interfaces.outlines import FINE, Outlines
from nhasan.interfaces.scales import Scale, scale_of

_HATCH, _DOTS, _BLANK = "gach", "cham", "trang"
_MARKS = {
    Status.CONFIDENTIAL: _HATCH, Status.NOT_REPORTED: _DOTS, Status.NOT_APPLICABLE: _BLANK,
}


@dataclass(frozen=True, slots=True)
class Key:
    """One line of the key: a swatch and its words."""

    swatch: SafeString
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawn map with its key, and the step from which the darkest areas begin.

    `signs` counts the areas from 0 up and those below, where the map keeps them apart.
    """

    svg: SafeString
    key: tuple[Key, ...]
    darkest: int
    darkest_from: Decimal | None
    signs: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """How a key speaks: what so many areas are called, and with how many decimals."""

    areas: Callable[[int], str]
    decimals: int

    def count(self, count: int) -> str:
        if not count:
            return _("không có {areas} nào").format(areas=self.areas(count))
        return _("{count} {areas}").format(count=number_text(count), areas=self.areas(count))


def drawn(outlines: Outlines, figures: Mapping[str, Figure], *, name: str, title: str,
          areas: Callable[[int], str], decimals: int = 0, scale: Scale | None = None,
          address: Callable[[str], str] | None = None) -> Drawing:
    """Return the map of figures per area.

    `name` keeps the marks of two maps of a page apart; `areas` says what so many are called.
    Without a `scale` the steps follow from the figures. With an `address` an area that has a
    figure leads there; the table beside has the same links for who does without a mouse.
    """
    held = {area.code: figures.get(area.code) for area in outlines.areas}
    scale = scale or scale_of(
        [one.value for one in held.values() if one and one.value is not None])
    paths = [
        _area(area.path, _look(name, held[area.code], scale),
              _said(area.name, held[area.code], decimals),
              address(area.code) if address and held[area.code] else "")
        for area in outlines.areas
    ]
    svg = (
        f'<svg class="ban-do" viewBox="0 0 {outlines.width} {outlines.height}" '
        f'role="{"group" if address else "img"}" '
        f'aria-labelledby="{name}-ten"><title id="{name}-ten">{escape(title)}</title>'
        f'{_defs(name)}<g transform="scale({1 / FINE})">{"".join(paths)}{_islets(outlines)}</g>'
        f"{_sea_names(outlines)}</svg>"
    )
    top = [one for one in held.values() if one and one.value is not None
           and scale.step(one.value) == len(scale.bounds) + 1]
    return Drawing(
        mark_safe(svg), tuple(_key(name, held.values(), scale, _Words(areas, decimals))),  # noqa: S308
        len(top) if scale.bounds else 0, scale.bounds[-1] if scale.bounds else None,
        _signs(held.values()) if scale.parts_at_zero else None,
    )


def _signs(figures: Iterable[Figure | None]) -> tuple[int, int]:
    values = [one.value for one in figures if one and one.value is not None]
    below = sum(value < 0 for value in values)
    return len(values) - below, below


def swatch(look: str) -> SafeString:
    """Return the small square of a key: `class="b3"` or a pattern."""
    return mark_safe(  # noqa: S308
        '<svg width="30" height="20" aria-hidden="true" focusable="false">'
        f'<rect class="o-mau-vien{" " + look if look[0] == "b" else ""}" x=".5" y=".5" '
        f'width="29" height="19"{"" if look[0] == "b" else f" {look}"}/></svg>'
    )


def patterns(name: str) -> SafeString:
    """Return the definitions of the hatch and the dots for a page without a map."""
    return mark_safe(  # noqa: S308
        f'<svg width="0" height="0" aria-hidden="true" focusable="false">{_defs(name)}</svg>'
    )


def _look(name: str, figure: Figure | None, scale: Scale) -> str:
    if figure is not None and figure.value is not None:
        return f'class="{_shade(scale.darkness(figure.value))}"'
    status = figure.status if figure is not None else Status.NOT_REPORTED
    return f'class="b0" fill="url(#{name}-{_MARKS[status]}-5)"'


def _shade(shade: int) -> str:
    """Return the class of a shade; those below 0 have a hue of their own."""
    return f"b{shade}" if shade > 0 else f"b-am{-shade}"


def _area(path: str, look: str, said: str, address: str) -> str:
    drawn_path = (
        f'<path {look} vector-effect="non-scaling-stroke" d="{path}">'
        f"<title>{escape(said)}</title></path>"
    )
    if not address:
        return drawn_path
    # Sixty stops on the way through a page help nobody: the table has the same links.
    return f'<a href="{address}" tabindex="-1" aria-hidden="true">{drawn_path}</a>'


def _said(name: str, figure: Figure | None, decimals: int) -> str:
    shown = figure or Figure(None, Status.NOT_REPORTED)
    return f"{name}: {figure_text(shown, decimals)}"


def _islets(outlines: Outlines) -> str:
    return f'<path class="dao" d="{outlines.islets}"/>' if outlines.islets else ""


def _sea_names(outlines: Outlines) -> str:
    if not outlines.country:
        return ""
    lines = (
        (300, 176, "start", _("Quần đảo Hoàng Sa")), (300, 201, "start", _("(Đà Nẵng)")),
        (526, 366, "end", _("Quần đảo Trường Sa")), (526, 391, "end", _("(Khánh Hòa)")),
    )
    return "".join(
        f'<text x="{x}" y="{y}" text-anchor="{side}">{escape(words)}</text>'
        for x, y, side, words in lines
    )


def _defs(name: str) -> str:
    """Return the marks twice: as the key shows them, and as the fine drawing needs them."""
    hatch = (
        'width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="{0}rotate(45)">'
        '<rect width="7" height="7" fill="#fff"/><rect width="2.6" height="7" fill="#504d5f"/>'
    )
    dots = (
        'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="{0}">'
        '<rect width="6" height="6" fill="#fbf8f2"/>'
        '<circle cx="1.5" cy="1.5" r=".8" fill="#857c6d"/>'
    )
    blank = (
        'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="{0}">'
        '<rect width="6" height="6" fill="#fff"/>'
    )
    found = [
        f'<pattern id="{name}-{mark}{suffix}" {body.format(scaled)}</pattern>'
        for mark, body in ((_HATCH, hatch), (_DOTS, dots), (_BLANK, blank))
        for suffix, scaled in (("", "scale(1) "), ("-5", f"scale({FINE}) "))
    ]
    return f"<defs>{''.join(found)}</defs>"


def _key(name: str, figures: Iterable[Figure | None], scale: Scale, words: _Words) -> list[Key]:
    held = list(figures)
    counts = [0] * (len(scale.bounds) + 2)
    missing = dict.fromkeys(_MARKS, 0)
    for figure in held:
        if figure is not None and figure.value is not None:
            counts[scale.step(figure.value)] += 1
        else:
            missing[figure.status if figure is not None else Status.NOT_REPORTED] += 1
    steps = [
        Key(swatch(_shade(scale.shade(step))),
            f"{_range(scale, step, words.decimals)} ({words.count(counts[step])})")
        for step in range(len(scale.bounds) + 1, 0, -1) if any(counts)
    ]
    return [*steps, *_missing_keys(name, missing, words)]


def _missing_keys(name: str, missing: Mapping[Status, int], words: _Words) -> list[Key]:
    said = {
        Status.CONFIDENTIAL: _("bảo mật"), Status.NOT_REPORTED: _("chưa có"),
        Status.NOT_APPLICABLE: _("không áp dụng"),
    }
    return [
        Key(swatch(f'fill="url(#{name}-{_MARKS[status]})"'),
            f"{said[status]}: {words.count(count)}")
        for status, count in missing.items()
        if count or status is not Status.NOT_APPLICABLE
    ]


def _range(scale: Scale, step: int, decimals: int) -> str:
    bounds: Sequence[Decimal] = scale.bounds
    if not bounds:
        return _("mọi giá trị")
    low = number_text(bounds[step - 2], _shown(bounds[step - 2], decimals)) if step > 1 else ""
    high = number_text(bounds[step - 1], _shown(bounds[step - 1], decimals)) if (
        step <= len(bounds)) else ""
    if not low:
        return _("dưới {high}").format(high=high)
    if not high:
        return _("từ {low}").format(low=low)
    return _("{low} đến dưới {high}").format(low=low, high=high)


def _shown(value: Decimal, decimals: int) -> int:
    """Return how many places a bound needs: whole bounds are written whole."""
    return 0 if value == value.to_integral_value() else max(decimals, 1)
