"""One place: what its figures say, in which tables it stands, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhasan.domain.area_lines import Stand
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.problems import NotFound
from nhasan.interfaces.area_lines import drawn
from nhasan.interfaces.http import Request
from nhasan.interfaces.portal import peoples, shares
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.choice import OF_PLACE, Choice, Codes
from nhasan.interfaces.portal.drawing import Beside, chart, figure_address, picture, shown
from nhasan.interfaces.portal.holdings import Cell, Holding, holding
from nhasan.interfaces.portal.wording import level_word
from nhasan.releases import queries as releases

_BARS = 12


@dataclass(frozen=True, slots=True)
class Kin:
    """A place that another was made from or went into; no address on its own page."""

    title: str
    address: str
    part: str


@dataclass(frozen=True, slots=True)
class Era:
    """One place under a code, from its first to its last day, with where it came from and went."""

    title: str
    since: date | None
    last: date | None
    ended: date | None
    begun_by: str
    ended_by: str
    made_from: tuple[Kin, ...]
    went_into: tuple[Kin, ...]


@public
def one(request: Request, level: str, code: str) -> HttpResponseBase:
    """Show one place as the published tables know it, and what the map says of it."""
    cards = tuple(releases.datasets())
    held = [
        each for card in cards
        if (level, code) in (each := holding(card.name, card.version)).places
    ]
    stood = releases.standings(level, code)
    if not held and not stood:
        raise NotFound()
    gone = bool(stood) and all(each.until and each.until <= request.today for each in stood)
    tag = "\n".join([*(each.page.card.urn for each in held), str(stood), str(gone),
                     str(releases.map_edition())])
    return page(request, "portal/place.html", tag, lambda: {
        **_context(held, cards, level, code),
        **_eras(stood, level, code, gone),
        "lines": drawn(releases.lines_of(level, code), _page_of),
    })


def _page_of(stand: Stand, _day: date | None) -> str:
    return reverse("portal:place", args=[stand.level, stand.code])


def _eras(stood: Sequence[releases.Standing], level: str, code: str,
          gone: bool) -> dict[str, Any]:
    eras = [
        Era(
            each.title, each.since, each.until - timedelta(days=1) if each.until else None,
            each.until, each.begun_by, each.ended_by, _kin(each.made_from, level, code),
            _kin(each.went_into, level, code),
        )
        for each in stood
    ]
    told = [era for era in eras if era.since or era.last]
    return {"eras": told, "gone": eras[-1] if gone else None, "titles": [e.title for e in eras]}


def _kin(found: Sequence[releases.Neighbour], level: str, code: str) -> tuple[Kin, ...]:
    words = {"partial": _("một phần"), "renamed": _("đổi tên")}
    return tuple(
        Kin(each.title,
            "" if (each.level, each.code) == (level, code)
            else reverse("portal:place", args=[each.level, each.code]),
            words.get(each.kind, ""))
        for each in found
    )


def _context(held: list[Holding], cards: tuple[releases.Card, ...], level: str,
             code: str) -> dict[str, Any]:
    names = list(dict.fromkeys(each.places[level, code] for each in held))
    return {
        "names": names, "name": names[0] if names else "", "level": level_word(level),
        "code": code, "composition": composition(cards, level, code),
        "datasets": [
            {"card": each.page.card, "lines": headlines(each, level, code),
             "address": f"{each.page.card.address}?" + urlencode(
                 {AREA_LEVEL: level, REF_AREA: code})}
            for each in held
        ],
    }


def composition(cards: tuple[releases.Card, ...], level: str,
                code: str) -> dict[str, Any] | None:
    """Return the largest ethnic groups of a place, with shares, and where the whole table is."""
    here = peoples.counted(cards, level)
    if here is None or (level, code) not in here.holding.places:
        return None
    if len(here.cells(**{REF_AREA: code})) < 2:
        return None
    held = here.holding
    choice = Choice(Codes({
        INDICATOR: (here.indicator,), AREA_LEVEL: (here.level,), REF_AREA: (code,),
        TIME_PERIOD: (here.period,),
    }), rows=peoples.DIM, sort="-0")
    side = chart(held, choice, _BARS)
    beside = []
    if OF_PLACE in shares.of_choice(held, choice):
        read = shares.in_shares(held, OF_PLACE)
        beside.append(Beside(_("Tỷ lệ (%)"), {
            cell.key: cell for cell in read.cells(choice.selection(held.stock))}))
    table = picture(held, choice, get_language() or "", sorts=False, beside=beside, most=_BARS)
    address = f"{held.page.card.address}?{choice.query(held.stock)}"
    return {"side": side, "picture": table, "address": address,
            "source": held.page.card.source} if side else None


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
