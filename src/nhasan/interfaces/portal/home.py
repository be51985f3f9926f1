"""The front page: search, what is new, main figures, a map, the groups. All from releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.observations import NOT_REPORTED, Figure
from nhasan.interfaces.http import local_day
from nhasan.interfaces.maps import Key, drawn, patterns, swatch
from nhasan.interfaces.notation import date_text, number_text
from nhasan.interfaces.outlines import outlines_of
from nhasan.interfaces.portal import peoples
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.drawing import figure_address
from nhasan.interfaces.portal.holdings import Cell, Holding, holding
from nhasan.interfaces.portal.wording import level_word
from nhasan.interfaces.scales import Scale
from nhasan.releases import queries as releases

_MILLION = Decimal(1_000_000)
_MAIN = 4
_NEW = 4
_TOP = 8
_MOST = 80  # percent: where nearly everybody belongs to a minority group
_STEPS = Scale(tuple(Decimal(percent) for percent in (5, 20, 50, _MOST)))
_DIGITS = 1


@dataclass(frozen=True, slots=True)
class Main:
    """One large figure: number, unit, what it is, and where it comes from."""

    number: str
    unit: str
    words: str
    detail: str
    address: str


@dataclass(frozen=True, slots=True)
class Share:
    """The share of minority groups in one province."""

    code: str
    name: str
    minority: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of all provinces, drawn, with what they find."""

    finding: str
    about: str
    svg: SafeString
    key: tuple[Key, ...]
    top: tuple[Share, ...]
    count: int
    address: str
    source: str
    published: date


@public
def home(request: HttpRequest) -> HttpResponseBase:
    """Show the front page."""
    cards = tuple(releases.datasets())
    coming = releases.calendar()
    tag = "\n".join([peoples.standing(cards), *(str(line) for line in coming)])
    newest = max((card.published_at for card in cards), default=None)
    return page(request, "portal/home.html", tag, lambda: {
        **_drawn(cards, get_language() or ""),
        "new": sorted(cards, key=lambda card: card.published_at, reverse=True)[:_NEW],
        "coming": [line for line in coming if not line.done][:3],
    }, modified=newest)


@lru_cache(maxsize=8)
def _drawn(cards: tuple[releases.Card, ...], language: str) -> dict[str, Any]:
    """Return everything that is computed from releases; computed once for the same releases."""
    known = peoples.groups()
    return {
        "main": _main(cards, known), "shares": shares(cards, known),
        **peoples.groups_context(cards),
        "patterns": patterns("md"), "hatch": swatch('fill="url(#md-gach)"'),
        "dots": swatch('fill="url(#md-cham)"'),
        "illustrative": any(card.illustrative for card in cards),
    }


def _main(cards: tuple[releases.Card, ...], known: Sequence[peoples.Group]) -> list[Main]:
    """Return the main figures: the minority groups, then the newest of other datasets."""
    found = []
    people = peoples.population(cards)
    if people:
        first = _minority(people, known)
        found += [first] if first else []
    rest = [
        card for card in cards
        if "country" in card.levels and not card.illustrative
        and not (people and card.name == people[0].holding.name)
    ]
    rest.sort(key=lambda card: (card.last_period[:4], card.rows), reverse=True)
    found += [main for card in rest if (main := _headline(card))]
    return found[:_MAIN]


def _minority(people: tuple[peoples.Counted, dict[str, Cell]],
              known: Sequence[peoples.Group]) -> Main | None:
    counted, counts = people
    total = peoples.minority_sum(known, counts)
    if total is None:
        return None
    everybody = peoples.whole(known, counts)
    when = counted.holding.label(TIME_PERIOD, counted.period)
    detail = _("cả nước, năm {year}").format(year=when)
    if everybody:
        detail = _("{share} dân số cả nước, năm {year}").format(
            share=f"{number_text(total * 100 / everybody, _DIGITS)}%", year=when)
    number, unit = _large(total, 0)
    words = _("người thuộc {count} dân tộc thiểu số").format(
        count=sum(group.minority for group in known))
    return Main(number, unit, words, detail, reverse("portal:groups"))


def _headline(card: releases.Card) -> Main | None:
    """Return the newest figure of the whole country that a dataset has."""
    held = holding(card.name, card.version)
    at = held.dims.index(REF_AREA)
    for period in reversed(held.stock.codes[TIME_PERIOD]):
        for ref in held.stock.codes[INDICATOR]:
            cell = _whole_country(held, ref, period)
            if cell is None or cell.figure.value is None:
                continue
            number, unit = _large(cell.figure.value, cell.decimals)
            label = held.unit(ref)
            return Main(
                number, f"{unit} {label}".strip() if label not in ("%", "‰") else label,
                str(held.indicators[ref]["label"]),
                _("{place}, {when}").format(
                    place=held.label(REF_AREA, cell.key[at], "country"),
                    when=held.label(TIME_PERIOD, period)),
                figure_address(held, cell.key),
            )
    return None


def _whole_country(held: Holding, ref: str, period: str) -> Cell | None:
    """Return the figure of the country that no breakdown divides, if the release has one."""
    cells = held.cells({INDICATOR: (ref,), AREA_LEVEL: ("country",), TIME_PERIOD: (period,)})
    split = [held.dims.index(dim) for dim in held.stock.breakdowns]
    plain = [cell for cell in cells if all(cell.key[at] == TOTAL for at in split)]
    found = plain or cells
    return found[0] if len(found) == 1 else None


def _large(value: Decimal, decimals: int) -> tuple[str, str]:
    """Return a number as people say it: millions with one decimal."""
    if abs(value) >= _MILLION:
        return number_text(value / _MILLION, _DIGITS), _("triệu")
    return number_text(value, decimals), ""


def shares(cards: tuple[releases.Card, ...], known: Sequence[peoples.Group]) -> Shares | None:
    """Return the share of minority groups in the population of each province."""
    counted = peoples.counted(cards, "province")
    if counted is None:
        return None
    held = counted.holding
    found, without = _shares(counted, known)
    outlines = outlines_of("province", held.day(counted.period), frozenset([*found, *without]))
    if outlines is None or not found:
        return None
    figures = {code: Figure(share.percent) for code, share in found.items()} | without
    when = held.label(TIME_PERIOD, counted.period)
    about = _("Tỷ lệ người dân tộc thiểu số trong dân số tỉnh (%), {year}, địa giới ngày {day}"
              ).format(year=when, day=date_text(held.day(counted.period)))
    picture = drawn(
        outlines, figures, name="ms", areas=partial(level_word, "province"), decimals=_DIGITS,
        scale=_STEPS, address=lambda code: reverse("portal:place", args=["province", code]),
        title=_("Bản đồ: {what}; số liệu trong bảng bên cạnh. Có quần đảo Hoàng Sa và quần đảo "
                "Trường Sa.").format(what=about),
    )
    ordered = sorted(found.values(), key=lambda share: share.percent, reverse=True)
    return Shares(
        _finding(ordered), about, picture.svg, picture.key, tuple(ordered[:_TOP]), len(ordered),
        held.page.card.address, held.page.card.source,
        local_day(held.page.card.published_at),
    )


def _shares(counted: peoples.Counted, known: Sequence[peoples.Group],
            ) -> tuple[dict[str, Share], dict[str, Figure]]:
    """Return the share of each province, and of which provinces it cannot be told."""
    held = counted.holding
    area = held.dims.index(REF_AREA)
    provinces: dict[str, dict[str, Cell]] = {}
    for cell in counted.cells():
        provinces.setdefault(cell.key[area], {})[cell.key[counted.place]] = cell
    found: dict[str, Share] = {}
    without: dict[str, Figure] = {}
    for code, counts in provinces.items():
        total, minority = peoples.whole(known, counts), peoples.minority_sum(known, counts)
        if total and minority is not None:
            percent = (minority * 100 / total).quantize(Decimal(10) ** -_DIGITS)
            found[code] = Share(code, held.label(REF_AREA, code, "province"), minority, percent)
        else:
            without[code] = NOT_REPORTED
    return found, without


def _finding(ordered: Sequence[Share]) -> str:
    many = sum(share.percent >= _MOST for share in ordered)
    if not many:
        return _("Trong {all} tỉnh có số, {place} có tỷ lệ cao nhất: {percent}%").format(
            all=number_text(len(ordered)), place=ordered[0].name,
            percent=number_text(ordered[0].percent, _DIGITS))
    return ngettext(
        "Trong %(all)s tỉnh có số, ở %(count)s tỉnh cứ 10 người có từ 8 người trở lên là dân tộc "
        "thiểu số",
        "Trong %(all)s tỉnh có số, ở %(count)s tỉnh cứ 10 người có từ 8 người trở lên là dân tộc "
        "thiểu số", many,
    ) % {"count": number_text(many), "all": number_text(len(ordered))}
