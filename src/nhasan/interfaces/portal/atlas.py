"""The page of maps: one indicator by province, with the group, the period and the share asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, TIME_PERIOD, TOTAL
from nhasan.interfaces.http import local_day
from nhasan.interfaces.portal import shares, wording
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.choice import SHOWN, Choice, Codes, read
from nhasan.interfaces.portal.drawing import picture
from nhasan.interfaces.portal.filters import Field, Option
from nhasan.interfaces.portal.holdings import Holding, holding
from nhasan.releases import queries as releases

WHAT, LEVEL = "so", "province"
_FEWEST = 3  # areas that make a map


@dataclass(frozen=True, slots=True)
class Theme:
    """What can be drawn: an indicator of a release."""

    holding: Holding
    ref: str

    @property
    def name(self) -> str:
        """Return what stands for it in an address."""
        return f"{self.holding.name}|{self.ref}"

    @property
    def label(self) -> str:
        """Return what it is called."""
        return str(self.holding.indicators[self.ref]["label"])

    def drawable(self) -> list[Mapping[str, str]]:
        """Return every combination of codes that has figures for enough provinces."""
        fit = self.holding.stock.with_codes({INDICATOR: self.ref, AREA_LEVEL: LEVEL})
        return [one.codes for one in fit if one.areas >= _FEWEST]


@public
def maps(request: HttpRequest) -> HttpResponseBase:
    """Show one indicator by province on a large map, and what else can be shown."""
    cards = tuple(releases.datasets())
    return page(
        request, "portal/map.html", "\n".join(card.urn for card in cards),
        lambda: _context(list(_themes(cards)), request.GET.get(WHAT, ""),
                         dict(request.GET.lists())),
    )


def _themes(cards: Sequence[releases.Card]) -> Iterator[Theme]:
    for card in cards:
        if LEVEL not in card.levels or card.illustrative:
            continue
        held = holding(card.name, card.version)
        for ref in held.stock.codes[INDICATOR]:
            theme = Theme(held, ref)
            if theme.drawable():
                yield theme


def _context(themes: list[Theme], wanted: str, asked: Mapping[str, list[str]]) -> dict[str, Any]:
    if not themes:
        return {"options": []}
    theme = next((each for each in themes if each.name == wanted), themes[0])
    held = theme.holding
    choice = _choice(theme, asked)
    read_as = shares.read_as(held, choice)
    return {
        "options": [
            {"value": each.name, "label": each.label, "group": each.holding.page.card.title,
             "chosen": each == theme}
            for each in themes
        ],
        "fields": [*_fields(theme, choice), *_ways(theme, choice)],
        "only_wholes": wording.lower(held.dim_name(shares.only_wholes(held, choice))),
        "picture": picture(read_as, choice, get_language() or "", sorts=False),
        "card": held.page.card,
        "address": f"{held.page.card.address}?{choice.query(held.stock)}",
        "published": local_day(held.page.card.published_at),
    }


def _choice(theme: Theme, asked: Mapping[str, list[str]]) -> Choice:
    """Return what is drawn: what was asked as far as there are figures, else the newest total."""
    held, fit = theme.holding, theme.drawable()
    picked: dict[str, str] = {}
    for dim in (*held.stock.breakdowns, TIME_PERIOD):
        present = [code for code in held.stock.codes[dim] if code in {one[dim] for one in fit}]
        wanted = next((code for code in asked.get(dim, ()) if code in present), "")
        usual = present[-1] if dim == TIME_PERIOD else (
            TOTAL if TOTAL in present else present[0])
        picked[dim] = wanted or usual
        fit = [one for one in fit if one[dim] == picked[dim]]
    share = read({SHOWN: asked.get(SHOWN, ())}, held.stock).share
    choice = Choice(Codes({
        INDICATOR: (theme.ref,), AREA_LEVEL: (LEVEL,),
        **{dim: (code,) for dim, code in picked.items()},
    }), sort="-0", share=share)
    return choice if share in shares.of_choice(held, choice) else Choice(choice.picked, sort="-0")


def _fields(theme: Theme, choice: Choice) -> Iterator[Field]:
    """Return the lists beside that of the indicators; a dimension with one code has none."""
    held, fit = theme.holding, theme.drawable()
    for dim in (*held.stock.breakdowns, TIME_PERIOD):
        present = {one[dim] for one in fit}
        codes = [code for code in held.stock.codes[dim] if code in present]
        if len(codes) > 1:
            yield Field(dim, held.dim_name(dim), tuple(
                Option(code, _("Tổng số") if code == TOTAL else held.label(dim, code),
                       choice.one(dim) == code)
                for code in codes
            ))
        fit = [one for one in fit if one[dim] == choice.one(dim)]


def _ways(theme: Theme, choice: Choice) -> Iterator[Field]:
    """Return the list of shares, when the indicator can be read as one."""
    held = theme.holding
    ways = shares.of_choice(held, choice)
    if ways:
        yield Field(SHOWN, _("Xem theo"), tuple(
            Option(way, shares.called(held, [theme.ref], way), choice.share == way)
            for way in ("", *ways)
        ))
