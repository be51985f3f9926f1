"""The ethnic groups: their names, their languages, how many they are, where they live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.problems import NotFound
from nhasan.domain.words import normalised
from nhasan.interfaces.portal import shares
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.choice import OF_PLACE, Choice, Codes
from nhasan.interfaces.portal.drawing import GROUP_DIM, Beside, picture
from nhasan.interfaces.portal.holdings import Cell, Holding, holding
from nhasan.metadata import queries as metadata
from nhasan.releases import queries as releases

CODE_LIST = "CL_ETHNIC_1979"
DIM = GROUP_DIM
_PERSONS = "nguoi"


@dataclass(frozen=True, slots=True)
class Group:
    """One ethnic group as the list of 1979 and later practice name it."""

    code: str
    name: str
    aliases: tuple[str, ...]
    others: tuple[str, ...]
    family: str
    language: str
    minority: bool
    code_2008: str
    name_1979: str
    note: str


@dataclass(frozen=True, slots=True)
class Family:
    """Groups of one language family, the most numerous first."""

    name: str
    members: tuple[tuple[Group, Cell | None], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Where persons are counted by group: a release, its indicator, a level, the last period."""

    holding: Holding
    indicator: str
    level: str
    period: str

    def cells(self, **codes: str) -> list[Cell]:
        """Return the figures of the last period, for codes that are named."""
        where = {INDICATOR: (self.indicator,), AREA_LEVEL: (self.level,),
                 TIME_PERIOD: (self.period,)}
        return self.holding.cells({**where, **{dim: (code,) for dim, code in codes.items()}})

    @property
    def place(self) -> int:
        """Return where the group stands in a key."""
        return self.holding.dims.index(DIM)


def groups() -> tuple[Group, ...]:
    """Return the ethnic groups in official order; codes that are no group are left out."""
    found = metadata.code_list(CODE_LIST)
    return _groups(found.urn, found.state) if found else ()


@lru_cache(maxsize=8)
def _groups(urn: str, state: str) -> tuple[Group, ...]:
    return tuple(
        _group(row) for row in metadata.codes(CODE_LIST) if row.attributes.get("language_family")
    )


def _group(row: Any) -> Group:
    facts: Mapping[str, Any] = row.attributes
    return Group(
        row.code, row.name_vi, tuple(row.aliases), tuple(row.other_names),
        facts.get("language_family", ""), facts.get("language_group", ""),
        bool(facts.get("is_minority")), facts.get("code_2008", ""), facts.get("name_1979", ""),
        facts.get("note", ""),
    )


def counted(cards: tuple[releases.Card, ...], level: str) -> Counted | None:
    """Return the release that counts persons by group at a level, for most groups and areas."""
    found: list[tuple[tuple[int, int], Counted]] = []
    for card in cards:
        if level in card.levels and not card.illustrative:
            held = holding(card.name, card.version)
            found += _counts(held, level)
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _counts(held: Holding, level: str) -> Iterable[tuple[tuple[int, int], Counted]]:
    if DIM not in held.dims or held.page.withdrawn_because:
        return
    periods = held.stock.codes[TIME_PERIOD]
    for ref in held.stock.codes[INDICATOR]:
        if normalised(held.unit(ref)) != _PERSONS:
            continue
        fit = held.stock.with_codes({INDICATOR: ref, AREA_LEVEL: level})
        seen = {one.codes[TIME_PERIOD] for one in fit}
        last = next((period for period in reversed(periods) if period in seen), "")
        size = sum(one.areas for one in fit if one.codes[TIME_PERIOD] == last)
        if last:
            yield (size, len(seen)), Counted(held, ref, level, last)


def population(cards: tuple[releases.Card, ...]) -> tuple[Counted, dict[str, Cell]] | None:
    """Return how many each group counts in the whole country, by the last release."""
    found = counted(cards, "country")
    if found is None:
        return None
    return found, {cell.key[found.place]: cell for cell in found.cells()}


def standing(cards: Sequence[releases.Card]) -> str:
    """Return what a page about groups depends on: the releases, and the list of groups."""
    found = metadata.code_list(CODE_LIST)
    said = f"{found.urn} {found.state}" if found else ""
    return "\n".join([said, *(card.urn for card in cards)])


def families(known: Sequence[Group], counts: Mapping[str, Cell]) -> list[Family]:
    """Return the groups by language family, the largest families first."""
    held: dict[str, list[Group]] = defaultdict(list)
    for group in known:
        held[group.family].append(group)
    return [
        Family(name, tuple(
            (group, counts.get(group.code))
            for group in sorted(members, key=lambda one: -_number(counts.get(one.code)))
        ))
        for name, members in sorted(held.items(), key=lambda pair: -len(pair[1]))
    ]


def minority_sum(known: Sequence[Group], counts: Mapping[str, Cell]) -> Decimal | None:
    """Return how many belong to the minority groups; nothing when one of them is not known."""
    cells = [counts.get(group.code) for group in known if group.minority]
    numbers = [cell.figure.value for cell in cells if cell]
    if not cells or len(numbers) < len(cells):
        return None
    held = [number for number in numbers if number is not None]
    return sum(held, Decimal(0)) if len(held) == len(cells) else None


def whole(known: Sequence[Group], counts: Mapping[str, Cell]) -> Decimal | None:
    """Return the whole population that the groups are part of, if the release has it."""
    cell = counts.get(TOTAL)
    return cell.figure.value if cell else None


def shared_names(known: Sequence[Group], group: Group) -> list[tuple[str, list[Group]]]:
    """Return the other names of a group, each with the other groups that it also names."""
    found = []
    for name in dict.fromkeys((*group.others, *group.aliases)):
        plain = normalised(name)
        also = [
            other for other in known if other.code != group.code
            and plain in {normalised(each) for each in (other.name, *other.others)}
        ]
        if plain != normalised(group.name):
            found.append((name, also))
    return found


def _number(cell: Cell | None) -> Decimal:
    return cell.figure.value or Decimal(0) if cell else Decimal(0)


@public
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show the groups by language family with their numbers."""
    cards = tuple(releases.datasets())
    return page(
        request, "portal/groups.html", standing(cards),
        lambda: groups_context(cards),
    )


def groups_context(cards: tuple[releases.Card, ...]) -> dict[str, Any]:
    """Return the families of groups, and where their numbers are from."""
    known = groups()
    found = population(cards)
    counts = found[1] if found else {}
    return {
        "families": families(known, counts), "groups_count": len(known),
        "counted": found[0] if found else None,
        "counted_when": found[0].holding.label(TIME_PERIOD, found[0].period) if found else "",
    }


@public
def one(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show one group: its names, its number over time, where it lives, which tables have it."""
    known = groups()
    group = next((each for each in known if each.code == code), None)
    if group is None:
        raise NotFound()
    cards = tuple(releases.datasets())
    return page(
        request, "portal/group.html", standing(cards),
        lambda: _context(known, group, cards),
    )


def _context(known: Sequence[Group], group: Group,
             cards: tuple[releases.Card, ...]) -> dict[str, Any]:
    here = counted(cards, "province")
    lives = None
    if here is not None and group.code in here.holding.stock.codes[DIM]:
        choice = Choice(Codes({
            INDICATOR: (here.indicator,), AREA_LEVEL: (here.level,), TIME_PERIOD: (here.period,),
            DIM: (group.code,),
        }), sort="-0")
        lives = (choice, picture(
            here.holding, choice, get_language() or "", sorts=False,
            beside=_beside(here, choice, group, cards)))
    return {
        "group": group, "others": shared_names(known, group),
        "series": _series(group, cards), "here": here,
        "lives": lives[1] if lives else None,
        "lives_query": lives[0].query(here.holding.stock) if lives and here else "",
        "datasets": [
            card for card in cards
            if group.code in holding(card.name, card.version).stock.codes.get(DIM, ())
        ],
        "kin": [each for each in known
                if each.language == group.language and each.code != group.code],
    }


def _beside(here: Counted, choice: Choice, group: Group,
            cards: tuple[releases.Card, ...]) -> list[Beside]:
    """Return what share a group is of each province, and each province of the group."""
    held = here.holding
    found = []
    if OF_PLACE in shares.of_choice(held, choice):
        read = shares.in_shares(held, OF_PLACE)
        found.append(Beside(_("% dân số của nơi đó"), {
            cell.key: cell for cell in read.cells(choice.selection(held.stock))}))
    everywhere = population(cards)
    whole = everywhere[1].get(group.code) if everywhere else None
    if everywhere and whole and everywhere[0].period == here.period:
        found.append(Beside(_("% người {name} cả nước").format(name=group.name), {
            cell.key: shares.of(cell, whole)
            for cell in held.cells(choice.selection(held.stock))}))
    return found


def _series(group: Group, cards: tuple[releases.Card, ...]) -> list[dict[str, Any]]:
    """Return how many the group counted in the whole country, period by period."""
    found = counted(cards, "country")
    if found is None:
        return []
    held = found.holding
    cells = held.cells({
        INDICATOR: (found.indicator,), AREA_LEVEL: (found.level,), DIM: (group.code,),
    })
    at = held.dims.index(TIME_PERIOD)
    return [
        {"period": held.label(TIME_PERIOD, cell.key[at]), "cell": cell, "holding": held,
         "area": held.label(REF_AREA, cell.key[held.dims.index(REF_AREA)], found.level)}
        for cell in cells
    ]
