"""Search: groups by any of their names, places, indicators and datasets, without diacritics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA
from nhasan.domain.words import normalised
from nhasan.interfaces.http import Request
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.portal import asking, indicators, peoples
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.peoples import Group
from nhasan.interfaces.portal.wording import level_word
from nhasan.metadata import queries as metadata
from nhasan.releases import queries as releases

LONGEST = 100
_MOST = 12
_HITS = 300
_SHORTEST = 3
_WORD = re.compile(r"(\w+)")
_KINDS = frozenset(("xa", "phuong", "huyen", "tinh", "thanh", "thi", "quan"))


@dataclass(slots=True)
class Found:
    """One thing that was found: what it is called, what it is, where to read on."""

    label: str
    address: str
    detail: str = ""
    number: str = ""
    also: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Named:
    """A group that was found by one of its names; `name` is empty for its own name."""

    group: Group
    name: str
    shared: bool


@public
def search(request: Request) -> HttpResponseBase:
    """Answer what a reader typed."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST].replace("\x00", "")
    cards = tuple(releases.datasets())
    return page(
        request, "portal/search.html", f"{_standing(cards)}\n{request.today}",
        lambda: _context(text, cards, request.today),
    )


def _standing(cards: Sequence[releases.Card]) -> str:
    """Return what a search looks through: releases, groups, and indicators in force."""
    sets = (f"{each.urn} {each.state}" for each in metadata.indicator_sets())
    return "\n".join([peoples.standing(cards), *sets])


def _context(text: str, cards: tuple[releases.Card, ...], today: date) -> dict[str, Any]:
    wanted = releases.plain(text)
    if not wanted:
        return {"query": "", "asked": False, "datasets": cards}
    hits = releases.search(text, limit=_HITS)
    people = named_groups(wanted)
    asked = asking.question(text, cards)
    if asked.group and not people:
        people = [Named(asked.group, "", False)]
    places = _places(hits)
    if asked.place and not any(one.address == _place_address(*asked.place[:2]) for one in places):
        places.insert(0, _place(asked.place))
    if not (hits or people or places) or wanted.split()[0] in _KINDS:
        places += _on_the_map(asked, wanted, today)
    found: dict[str, list[Any]] = {
        "answers": asking.answers(asked, cards),
        "groups": people[:_MOST], "places": list({
            one.address: one for one in places}.values())[:_MOST],
        "indicators": _indicators(hits)[:_MOST],
        "tables": [Found(hit.label, hit.address, hit.detail) for hit in hits
                   if hit.kind == "dataset"],
        "unpublished": _unpublished(text, hits)[:_MOST],
    }
    for one in found["indicators"]:
        one.number = asking.latest(one.detail, cards)
    for kind in ("places", "indicators", "tables", "unpublished"):
        for one in found[kind]:
            one.label = marked(one.label, wanted)
    count = sum(len(each) for each in found.values())
    return {
        "query": text, "asked": True, **found,
        "ambiguous": sum(one.shared for one in people[:_MOST]) > 1,
        "nothing": not count, "count": count,
        "meant": "" if count else asking.meant(text, cards),
    }


def marked(label: str, wanted: str) -> SafeString:
    """Return a name with the words marked that were looked for."""
    words = wanted.split()
    parts = [
        format_html("<mark>{}</mark>", part)
        if (plain := releases.plain(part)) and any(plain.startswith(word) for word in words)
        else escape(part)
        for part in _WORD.split(label)
    ]
    return SafeString("".join(parts))


def _place_address(level: str, code: str) -> str:
    return reverse("portal:place", args=[level, code])


def _place(place: asking.Place) -> Found:
    level, code, label = place
    return Found(label, _place_address(level, code), level_word(level))


def _on_the_map(asked: asking.Question, wanted: str, today: date) -> list[Found]:
    """Return places that the map knows, now or before, whether or not they have figures."""
    words = [wanted]
    if asked.place:
        # “xã Hà Hiệu, Bắc Kạn”: the larger place behind the name is no part of it.
        words.append(wanted.replace(normalised(asked.place[2]), "").strip())
    found = [row for each in words if len(each) >= _SHORTEST
             for row in releases.places_named(each, on=today)]
    return [
        Found(row.title, _place_address(row.level, row.code), level_word(row.level), also=[
            _("đến hết ngày {day}").format(day=date_text(row.until - timedelta(days=1)))
        ] if row.until and row.until <= today else [])
        for row in found
    ]


def named_groups(wanted: str) -> list[Named]:
    """Return the groups of which a name holds the words, the nearest names first."""
    found = []
    for group in peoples.groups():
        names = [("", group.name), *((each, each) for each in (*group.aliases, *group.others))]
        ranked = [(_rank(wanted, releases.plain(name)), shown) for shown, name in names]
        rank, shown = min(ranked, key=lambda pair: (pair[0], bool(pair[1])))
        if rank < _NOT:
            found.append((rank, group.code, group, shown))
    if any(rank == 0 for rank, *_rest in found):
        found = [entry for entry in found if entry[0] <= 1]
    exact = [entry for entry in found if entry[0] == 0]
    return [
        Named(group, shown, rank == 0 and len(exact) > 1)
        for rank, _code, group, shown in sorted(found, key=lambda entry: entry[:2])
    ]


_NOT = 9


def _rank(wanted: str, name: str) -> int:
    """Return how near a name is: the same, its first word, one of its words, part of a word."""
    if name == wanted or name.replace(" ", "") == wanted.replace(" ", ""):
        return 0
    if name.startswith(f"{wanted} "):
        return 1
    if f" {wanted} " in f" {name} ":
        return 2
    if len(wanted) > 2 and wanted in name:
        return 3
    return _NOT


def _places(hits: Sequence[releases.Hit]) -> list[Found]:
    found: dict[str, Found] = {}
    for hit in hits:
        asked = parse_qs(urlsplit(hit.address).query)
        if hit.kind != "area" or REF_AREA not in asked or AREA_LEVEL not in asked:
            continue
        level, code = asked[AREA_LEVEL][0], asked[REF_AREA][0]
        address = _place_address(level, code)
        entry = found.setdefault(
            f"{address} {hit.label}", Found(hit.label, address, level_word(level)))
        entry.also.append(hit.detail)
    return list(found.values())


def _indicators(hits: Sequence[releases.Hit]) -> list[Found]:
    found: dict[str, Found] = {}
    for hit in hits:
        ref = parse_qs(urlsplit(hit.address).query).get(INDICATOR, [""])[0]
        if hit.kind == "indicator" and ":" in ref:
            entry = found.setdefault(ref, Found(hit.label, indicators.address(ref), ref))
            entry.also.append(hit.detail)
    return list(found.values())


def _unpublished(text: str, hits: Sequence[releases.Hit]) -> list[Found]:
    """Return indicators in force that were found and have no published figures."""
    having = {found.detail for found in _indicators(hits)}
    return [
        Found(row.name_vi, indicators.address(row.ref), row.indicator_set.name_vi)
        for row in metadata.search_indicators(text, in_force=True, limit=60)
        if row.ref not in having
    ]
