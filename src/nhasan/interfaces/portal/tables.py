"""A table of figures: filters, lines, chart, map, downloads, source and citation."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nhasan.domain.cube import AREA_LEVEL, INDICATOR
from nhasan.formats import FORMATS
from nhasan.interfaces import map_choice
from nhasan.interfaces.http import local_day
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.portal import recasting, shares, wording
from nhasan.interfaces.portal.answers import LATER, SOON, page, public
from nhasan.interfaces.portal.choice import SHOWN, SORT, Choice, read
from nhasan.interfaces.portal.downloads import LABELS, NAMED
from nhasan.interfaces.portal.drawing import LINES, Picture, picture
from nhasan.interfaces.portal.filters import fields
from nhasan.interfaces.portal.holdings import Holding, holding
from nhasan.releases import queries as releases


@public
def table(request: HttpRequest, agency: str, identifier: str,
          version: str = "") -> HttpResponseBase:
    """Show figures of a dataset: the newest release, or the version that the address names."""
    held = holding(f"{agency}:{identifier}", version)
    card = held.page.card
    return page(
        request, "portal/table.html", _standing(held, map_choice.wanted(request.GET.dict())),
        lambda: _context(request, held, bool(version)),
        modified=held.page.withdrawn_at or card.published_at, keep=LATER if version else SOON,
    )


@public
def slashed(request: HttpRequest, path: str) -> HttpResponseBase:
    """Lead from an address with a slash at its end to the one without."""
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"/data/{path}" + (f"?{query}" if query else ""))


def _standing(held: Holding, asked: map_choice.Wanted) -> str:
    """Return what a page depends on: the release, what is published now, and the map."""
    return "\n".join(
        [held.page.card.urn, held.page.run, str(releases.map_edition() if asked.day else ""),
         *(f"{line.version} {line.state}" for line in held.page.versions)]
    )


def _context(request: HttpRequest, held: Holding, named: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "page": held.page, "card": held.page.card, "holding": held, "named": named,
        "newest": newest(held), "published": local_day(held.page.card.published_at),
    }
    if held.page.withdrawn_because:
        return found
    asked = map_choice.wanted(request.GET.dict())
    on_map = recasting.read_on(held, asked)
    choice = replace(read(dict(request.GET.lists()), on_map.stock), on=asked.said)
    read_as = shares.read_as(on_map, choice)
    if read_as is on_map:
        choice = replace(choice, share="")
    found |= {
        "asked_map": recasting.fitting(on_map, asked), "keys": recasting.keys(on_map, asked),
        "legend": recasting.legend(on_map, choice.picked.get(AREA_LEVEL, ())),
        "maps": maps(on_map, choice, asked),
    }
    shown = picture(read_as, choice, get_language() or "")
    title = _titled(shown.title, asked)
    lasting = request.build_absolute_uri(f"{held.address}?{choice.query(on_map.stock)}")
    return {
        **found, "picture": shown, "choice": choice, "lines": _paged(shown),
        "fields": fields(on_map, replace(choice, page=1), get_language() or ""),
        "downloads": downloads(on_map, choice), "lasting": lasting,
        "program": request.build_absolute_uri(program(on_map, choice)),
        "title": title, "citation": wording.citation(held, title, lasting),
        "indicators": [(ref, held.indicators[ref]) for ref in shown.refs][:20],
        "policy": policy(held), "switch": switch(on_map, choice),
        "only_wholes": wording.lower(held.dim_name(shares.only_wholes(on_map, choice))),
    }


def switch(held: Holding, choice: Choice) -> list[dict[str, Any]]:
    """Return the ways to read a choice: as figures, or as shares of one whole or another."""
    ways = shares.of_choice(held, choice)
    refs = choice.picked.get(INDICATOR) or held.stock.codes[INDICATOR]
    return [
        {"label": shares.called(held, refs, way),
         "query": choice.query(held.stock, **{SHOWN: way, SORT: ""}), "now": way == choice.share}
        for way in ("", *ways)
    ] if ways else []


def _titled(title: str, asked: map_choice.Wanted) -> str:
    """Return a title that says on which map figures are read, when it is not their own."""
    return _("{title}, quy đổi theo bản đồ ngày {day}").format(
        title=title, day=date_text(asked.day)) if asked.day else title


def maps(held: Holding, choice: Choice, asked: map_choice.Wanted) -> list[map_choice.Way]:
    """Return the ways to read a choice on a map, with their addresses."""
    plain = replace(choice, on=(), sort="")
    return map_choice.ways(asked, lambda way: replace(plain, on=way.said).query(held.stock))


def newest(held: Holding) -> str:
    """Return the number of the newest published version when this is an older one."""
    first = next((line for line in held.page.versions if line.state == "published"), None)
    return first.version if first and first.version != held.version else ""


def policy(held: Holding) -> str:
    """Return in a sentence how the figures are protected."""
    rules = held.page.policy
    if rules.get("public"):
        return _("Không ẩn số nào, vì số liệu này đã công khai: {source}.").format(
            source=str(rules["public"]).rstrip("."))
    return _(
        "Số đếm từ 1 đến {most} không hiện, ghi là bảo mật; một số ô khác được ẩn thêm để không "
        "tính ngược ra được."
    ).format(most=int(rules.get("threshold", 1)) - 1)


def downloads(held: Holding, choice: Choice) -> list[dict[str, str]]:
    """Return the files of exactly what is chosen, one for each format."""
    names = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "parquet": "Parquet"}
    query = _selected(held, replace(choice, page=1))
    # People open a CSV in Excel: theirs has names beside the codes. A program's has codes alone.
    with_names = f"{query}{'&' if query else '?'}{LABELS}={NAMED}"
    return [
        {"label": names.get(each.id, each.id),
         "address": f"{held.address}/figures.{each.extension}"
                    f"{with_names if each.id == 'csv' else query}"}
        for each in FORMATS
    ]


def program(held: Holding, choice: Choice) -> str:
    """Return where a program reads what is chosen: codes alone, in machine notation."""
    return f"{held.address}/figures.csv{_selected(held, replace(choice, page=1))}"


@lru_cache(maxsize=128)
def _selected(held: Holding, choice: Choice) -> str:
    """Return the query that selects the figures of a page, sums with their parts."""
    picked = shares.with_wholes(held, choice).selection(held.stock)
    pairs = urlencode(
        [*((dim, code) for dim in held.stock.codes for code in picked.get(dim, ())), *choice.on],
        safe=":",
    )
    return f"?{pairs}" if pairs else ""


def _paged(shown: Picture) -> Any:
    """Return the present page of lines, for the links to the others."""
    return Paginator(range(shown.lines), LINES).page(shown.page)


def said_on(held: Holding) -> str:
    """Return the day of publication as people write it."""
    return date_text(local_day(held.page.card.published_at))


