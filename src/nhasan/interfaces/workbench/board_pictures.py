"""Pictures of a board: a bar for each line in its parts, and a map of shares.

No part is told by its colour alone: late is hatched, what is still to come is dotted, and
every bar has its numbers in words beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nhasan.collection.queries.timeliness import Tally
from nhasan.domain.observations import reported
from nhasan.interfaces.maps import Key, drawn, patterns, swatch
from nhasan.interfaces.notation import number_text
from nhasan.interfaces.outlines import Outlines, outlines_of, tiles_of
from nhasan.interfaces.scales import Scale

Place = tuple[str, str]
_NAME, _MAP = "td", "bd-td"
_LOOKS = {
    "in_time": 'class="td-dung"', "late": f'class="td-vach" fill="url(#{_NAME}-gach)"',
    "returned": 'class="td-lai"', "waiting": f'class="td-vach" fill="url(#{_NAME}-cham)"',
    "overdue": 'class="td-qua"',
}
_BAR = 16
_LEVELS = ("province", "commune")
_QUARTERS = Scale((Decimal(25), Decimal(50), Decimal(75), Decimal(100)))


def _words() -> dict[str, str]:
    """Return what each part of a bar is called after a number."""
    return {
        "in_time": _("{n} đúng hạn"), "late": _("{n} muộn"), "returned": _("{n} bị trả lại"),
        "waiting": _("{n} chưa đến hạn"), "overdue": _("{n} quá hạn"),
    }


def told(tally: Tally) -> str:
    """Return the parts of a tally in words, those that are none left out."""
    return ", ".join(
        words.format(n=number_text(count)) for part, words in _words().items()
        if (count := getattr(tally, part))
    )


def bar(tally: Tally) -> SafeString:
    """Return one bar in its parts; its words stand beside it, so it is only looked at."""
    parts, start = [], Decimal(0)
    for part, look in _LOOKS.items():
        wide = Decimal(100 * getattr(tally, part)) / Decimal(tally.asked or 1)
        if wide:
            parts.append(
                f'<rect {look} x="{start:.2f}%" y="0" width="{wide:.2f}%" height="{_BAR}"/>')
        start += wide
    return mark_safe(  # noqa: S308
        f'<svg class="td-thanh" width="100%" height="{_BAR}" aria-hidden="true" '
        f'focusable="false">{"".join(parts)}</svg>'
    )


def stacked(lines: Sequence[tuple[str, str, Tally]]) -> SafeString:
    """Return a list of bars: (name, where it leads, tally), each with its numbers in words."""
    items = "".join(
        f'<li><span class="td-ten">{_name(name, url)}</span>{bar(tally)}'
        f'<span class="td-so">{escape(told(tally))}</span></li>'
        for name, url, tally in lines
    )
    return mark_safe(f'{patterns(_NAME)}<ol class="td-cot">{items}</ol>')  # noqa: S308


def _name(name: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name)


def key_of(tally: Tally) -> list[tuple[SafeString, str]]:
    """Return the key of the bars: a swatch and its words with the number of all."""
    return [
        (mark_safe(  # noqa: S308
            f'<svg width="30" height="{_BAR}" aria-hidden="true" focusable="false">'
            f'<rect {_LOOKS[part]} x="0" y="0" width="30" height="{_BAR}"/></svg>'),
         words.format(n=number_text(getattr(tally, part))))
        for part, words in _words().items()
    ]


@dataclass(frozen=True, slots=True)
class BoardMap:
    """A map of a board: what it shows, the drawing, its key, how many areas are not on it.

    `tiled`: a square stands for each area, for want of their outlines.
    """

    about: str
    svg: SafeString
    key: tuple[Key, ...]
    outside: int
    tiled: bool = False


def map_of(tallies: Mapping[Place, Tally], *, on: date, timely: bool,
           names: Callable[[Collection[Place]], Mapping[Place, str]]) -> BoardMap | None:
    """Return the map of the shares by area, of the first level that outlines are held of.

    Without any, each area of the level that has most of them is a square with its name.
    """
    by_level = {level: {code: tally for (at, code), tally in tallies.items() if at == level}
                for level in _LEVELS}
    for level, held in by_level.items():
        found = _outlines(level, on, held)
        if found is not None:
            return _drawn(found, held, len(tallies), timely=timely)
    level, held = max(by_level.items(), key=lambda pair: len(pair[1]))
    called = names({(level, code) for code in held})
    tiles = tiles_of(level, [(code, called.get((level, code), code)) for code in held])
    return _drawn(tiles, held, len(tallies), timely=timely) if tiles else None


def _drawn(found: Outlines, held: Mapping[str, Tally], every: int, *, timely: bool) -> BoardMap:
    figures = {
        code: reported(share.quantize(Decimal(1), ROUND_HALF_UP))
        for code, tally in held.items()
        if (share := tally.timely if timely else tally.complete) is not None
    }
    about = (_("Tỷ lệ gửi đúng hạn trên các báo cáo đã đến hạn (%)") if timely
             else _("Tỷ lệ đã gửi trên các báo cáo đã đến hạn (%)"))
    drawing = drawn(found, figures, name=_MAP, title=about, scale=_QUARTERS, areas=_areas)
    there = {area.code for area in found.areas}
    return BoardMap(
        about, drawing.svg, _key_of_map(drawing.key, len(there - figures.keys())),
        every - len(held.keys() & there), found.tiled,
    )


def _outlines(level: str, on: date, held: Collection[str]) -> Outlines | None:
    """Return the outlines that hold most of the areas, if there are such."""
    for code in held:
        found = outlines_of(level, on, frozenset({code}))
        if found is not None:
            there = sum(1 for area in found.areas if area.code in held)
            return found if 2 * there >= len(held) else None
    return None


def _key_of_map(key: Sequence[Key], without: int) -> tuple[Key, ...]:
    """Return the steps, and what the dots mean here: nothing is due yet."""
    steps = key[:len(_QUARTERS.bounds) + 1]
    if not without:
        return tuple(steps)
    return (*steps, Key(
        swatch(f'fill="url(#{_MAP}-cham)"'),
        _("chưa có báo cáo nào đến hạn: {n} địa bàn").format(n=number_text(without)),
    ))


def _areas(count: int) -> str:
    return ngettext("địa bàn", "địa bàn", count)
