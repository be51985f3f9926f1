"""Where a figure came from: release, run, sum or report, form, indicator, decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.dateparse import parse_datetime

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD
from nhasan.domain.observations import Figure
from nhasan.domain.problems import NotFound
from nhasan.interfaces.http import local_day
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.portal.answers import LATER, page, public
from nhasan.interfaces.portal.drawing import figure_address, shown
from nhasan.interfaces.portal.holdings import Cell, Holding, holding
from nhasan.interfaces.portal.tables import newest, policy
from nhasan.releases import queries as releases


@public
def figure(request: HttpRequest, agency: str, identifier: str, version: str,
           key: str) -> HttpResponseBase:
    """Show where one figure came from, as far as the public may see."""
    held = holding(f"{agency}:{identifier}", version)
    codes = key.split("/")
    if len(codes) != len(held.dims):
        raise NotFound()
    return page(
        request, "portal/figure.html", f"{held.page.card.urn} {held.page.run} {newest(held)}",
        lambda: _context(held, dict(zip(held.dims, codes, strict=True)),
                         request.build_absolute_uri),
        modified=held.page.card.published_at, keep=LATER,
    )


def _context(held: Holding, key: dict[str, str],
             whole_address: Callable[[str], str]) -> dict[str, Any]:
    found = releases.explain(held.name, key, held.version)
    cell = _cell(found.figure)
    parts = [
        {"name": part.name, "label": _named(held, found.figure, part.row),
         "shown": shown(_cell(part.row)), "number": part.row.value is not None,
         "address": figure_address(held, part.row.key)}
        for part in found.parts
    ]
    same = {dim: code for dim, code in key.items() if dim in (INDICATOR, AREA_LEVEL, TIME_PERIOD)}
    return {
        "found": found, "page": held.page, "card": held.page.card, "holding": held,
        "shown": shown(cell), "number": cell.figure.value is not None,
        "status": str(cell.figure.status), "parts": parts,
        "coverage": found.figure.coverage.partition("/")[::2] if found.figure.coverage else None,
        "names": [
            (held.dim_name(dim), label)
            for dim, label in zip(held.dims, _labels(held, found.figure), strict=True)
            if dim != AREA_LEVEL
        ],
        "title": _title(held, found.figure), "policy": policy(held),
        "published": local_day(found.published_at), "as_of": _day(found.as_of),
        "approved": _day(found.origin.approved_on) if found.origin else "",
        "decision": found.indicator.get("decision") or {},
        "same": same, "newest": newest(held),
        "published_before": bool(held.page.policy.get("public"))
        and not held.page.card.illustrative,
        "address": whole_address(figure_address(held, found.figure.key)),
        "area": (key[AREA_LEVEL], key[REF_AREA]),
    }


def _cell(row: releases.Row) -> Cell:
    return Cell(row.key, Figure(row.value, row.status), row.decimals, row.coverage)


def _labels(held: Holding, row: releases.Row) -> list[str]:
    level = row.key[held.dims.index(AREA_LEVEL)]
    return [
        held.label(dim, code, level) for dim, code in zip(held.dims, row.key, strict=True)
    ]


def _named(held: Holding, whole: releases.Row, part: releases.Row) -> str:
    """Return in what a figure differs from the one that it went into."""
    words = zip(held.dims, _labels(held, part), whole.key, part.key, strict=True)
    return ", ".join(
        label for dim, label, before, after in words if before != after and dim != AREA_LEVEL
    )


def _title(held: Holding, row: releases.Row) -> str:
    words = dict(zip(held.dims, _labels(held, row), strict=True))
    groups = [words[dim] for dim in held.stock.breakdowns if len(held.stock.codes[dim]) > 1]
    return ", ".join([words[INDICATOR], *groups, words[REF_AREA], words[TIME_PERIOD]])


def _day(text: str) -> str:
    """Return a day or a moment of a file as people write it."""
    if not text:
        return ""
    moment: datetime | None = parse_datetime(text) if "T" in text or " " in text else None
    if moment is not None:
        return date_text(local_day(moment) if moment.tzinfo else moment.date())
    return date_text(date.fromisoformat(text))
