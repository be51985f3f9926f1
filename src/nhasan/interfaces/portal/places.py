"""One place: what its figures say, and in which tables it stands."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.problems import NotFound
from nhasan.interfaces.portal import peoples
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.choice import Choice, Codes
from nhasan.interfaces.portal.drawing import Side, chart, figure_address, shown
from nhasan.interfaces.portal.holdings import Cell, Holding, holding
from nhasan.interfaces.portal.wording import level_word
from nhasan.releases import queries as releases

_BARS = 12


@public
def one(request: HttpRequest, level: str, code: str) -> HttpResponseBase:
    """Show one place as the published tables know it."""
    cards = tuple(releases.datasets())
    held = [
        each for card in cards
        if (level, code) in (each := holding(card.name, card.version)).places
    ]
    if not held:
        raise NotFound()
    return page(
        request, "portal/place.html", "\n".join(each.page.card.urn for each in held),
        lambda: _context(held, cards, level, code),
    )


def _context(held: list[Holding], cards: tuple[releases.Card, ...], level: str,
             code: str) -> dict[str, Any]:
    names = list(dict.fromkeys(each.places[level, code] for each in held))
    return {
        "names": names, "name": names[0], "level": level_word(level), "code": code,
        "composition": composition(cards, level, code),
        "datasets": [
            {"card": each.page.card, "lines": headlines(each, level, code),
             "address": f"{each.page.card.address}?" + urlencode(
                 {AREA_LEVEL: level, REF_AREA: code})}
            for each in held
        ],
    }


def composition(cards: tuple[releases.Card, ...], level: str,
                code: str) -> tuple[Side, str] | None:
    """Return the largest ethnic groups of a place as bars, and where the whole table is."""
    here = peoples.counted(cards, level)
    if here is None or (level, code) not in here.holding.places:
        return None
    if len(here.cells(**{REF_AREA: code})) < 2:
        return None
    choice = Choice(Codes({
        INDICATOR: (here.indicator,), AREA_LEVEL: (here.level,), REF_AREA: (code,),
        TIME_PERIOD: (here.period,),
    }), rows=peoples.DIM)
    side = chart(here.holding, choice, _BARS)
    address = f"{here.holding.page.card.address}?{choice.query(here.holding.stock)}"
    return (side, address) if side else None


def headlines(held: Holding, level: str, code: str) -> list[dict[str, Any]]:
    """Return the newest undivided figure of each indicator for one place."""
    split = [held.dims.index(dim) for dim in held.stock.breakdowns]
    at, when = held.dims.index(INDICATOR), held.dims.index(TIME_PERIOD)
    order = {period: rank for rank, period in enumerate(held.stock.codes[TIME_PERIOD])}
    newest: dict[str, Cell] = {}
    for cell in held.cells({AREA_LEVEL: (level,), REF_AREA: (code,)}):
        if any(cell.key[place] != TOTAL for place in split):
            continue
        before = newest.get(cell.key[at])
        if before is None or order[before.key[when]] < order[cell.key[when]]:
            newest[cell.key[at]] = cell
    return [
        {"label": held.indicators[ref]["label"], "unit": held.unit(ref), "shown": shown(cell),
         "when": held.label(TIME_PERIOD, cell.key[when]),
         "address": figure_address(held, cell.key)}
        for ref, cell in newest.items()
    ]
