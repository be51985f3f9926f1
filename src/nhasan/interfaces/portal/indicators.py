"""One indicator: what it means, who decided it, where its figures are."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from nhasan.domain.cube import INDICATOR
from nhasan.domain.indicators import BREAK_KINDS, FIELDS
from nhasan.domain.problems import NotFound
from nhasan.interfaces.portal.answers import page, public
from nhasan.interfaces.portal.holdings import holding
from nhasan.interfaces.portal.wording import level_word
from nhasan.metadata import queries as metadata
from nhasan.releases import queries as releases


def address(ref: str) -> str:
    """Return the address of the page of an indicator."""
    owner, _colon, key = ref.partition(":")
    return reverse("portal:indicator", args=[owner, key])


@public
def one(request: HttpRequest, owner: str, key: str) -> HttpResponseBase:
    """Show one indicator of a set that is, or was, in force."""
    found = metadata.indicator(f"{owner}:{key}")
    if found is None or found.indicator_set.state == "draft":
        raise NotFound()
    cards = releases.indicator_datasets(found.ref)
    tag = "\n".join([found.indicator_set.urn, found.indicator_set.state,
                     *(card.urn for card in cards)])
    return page(request, "portal/indicator.html", tag, lambda: _context(found, cards))


def _context(found: Any, cards: list[releases.Card]) -> dict[str, Any]:
    held = found.indicator_set
    names = {
        dim.id: dim.name_vi for flow in metadata.dataflows() for dim in metadata.dimensions(flow)
    }
    cites = found.cites or {}
    return {
        "indicator": found, "set": held, "decision": held.decision or {},
        "levels": [level_word(level) for level in found.area_levels],
        "breakdowns": [names.get(dim, dim) for dim in found.dimensions],
        "adds": _adds(found), "breaks": _breaks(found.ref),
        "own_periods": [each for each in found.breakdowns if each.get("period")],
        "cites": f"{cites['set']}:{cites['key']}" if "set" in cites and "key" in cites else "",
        "cites_address": address(f"{cites['set']}:{cites['key']}") if (
            "set" in cites and "key" in cites) else "",
        "datasets": [
            {"card": card, "address": f"{card.address}?{urlencode({INDICATOR: found.ref})}"}
            for card in cards
        ],
    }


def _breaks(ref: str) -> list[dict[str, Any]]:
    """Return where figures before and after are not of one measure, the latest first."""
    return [
        {"on": each.on, "kind": _(BREAK_KINDS[each.kind]), "words": each.words,
         "fields": [_(FIELDS[name]) for name in each.changed]}
        for each in metadata.breaks(ref)
    ]


def _adds(found: Any) -> str:
    if found.adds_over_area == "sum":
        return _("Cộng được từ cấp dưới lên cấp trên.")
    return _("Không cộng được khi gộp địa bàn: phải tính lại từ số gốc.")


@public
def overview(request: HttpRequest) -> HttpResponseBase:
    """Show every indicator that has published figures, set by set."""
    cards = releases.datasets()
    return page(
        request, "portal/indicators.html", "\n".join(card.urn for card in cards),
        lambda: {"sets": _sets(cards)},
    )


def _sets(cards: list[releases.Card]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for card in cards:
        held = holding(card.name, card.version)
        for ref, facts in held.indicators.items():
            entry = found[str(facts.get("set_name") or ref)].setdefault(ref, {
                "label": facts["label"], "unit": facts.get("unit", ""), "address": address(ref),
                "code": ref, "datasets": [],
            })
            entry["datasets"].append(card)
    return [(name, list(rows.values())) for name, rows in found.items()]
