"""Lists of what was published: datasets, the versions of one, the calendar."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from nhasan.domain.cube import TIME_PERIOD
from nhasan.domain.disclosure import limits_of
from nhasan.domain.observations import Status
from nhasan.interfaces.http import local_day
from nhasan.interfaces.notation import number_text
from nhasan.interfaces.portal import wording
from nhasan.interfaces.portal.answers import LATER, page, public
from nhasan.interfaces.portal.holdings import Holding, holding
from nhasan.interfaces.portal.tables import newest, policy
from nhasan.releases import queries as releases

_LONGEST = 100


@public
def datasets(request: HttpRequest) -> HttpResponseBase:
    """List the datasets; a search over titles and descriptions, and a choice of subject."""
    text = " ".join(request.GET.get("q", "").split())[:_LONGEST]
    subject = request.GET.get("linh_vuc", "")[:_LONGEST]
    everything = releases.datasets()
    found = releases.datasets(text, subject=subject)
    return page(
        request, "portal/datasets.html", "\n".join(card.urn for card in everything),
        lambda: {
            "datasets": [_line(card) for card in found], "asked": text, "subject": subject,
            "subjects": sorted({card.subject for card in everything if card.subject}),
            "all": len(everything),
        },
    )


def _line(card: releases.Card) -> dict[str, Any]:
    first, last = card.first_period, card.last_period
    return {
        "card": card, "when": first if first == last else f"{first}–{last}",
        "levels": ", ".join(wording.level_word(level) for level in card.levels),
        "published": local_day(card.published_at),
    }


@public
def release(request: HttpRequest, agency: str, identifier: str,
            version: str) -> HttpResponseBase:
    """Show one release: what it is, its versions, its files, how it was protected."""
    held = holding(f"{agency}:{identifier}", version)
    return page(
        request, "portal/release.html",
        "\n".join([held.page.card.urn, held.page.run,
                   *(f"{line.version} {line.state}" for line in held.page.versions)]),
        lambda: {**_context(held), "lasting": request.build_absolute_uri(held.address)},
        modified=held.page.withdrawn_at or held.page.card.published_at, keep=LATER,
    )


def _context(held: Holding) -> dict[str, Any]:
    shown = held.page
    return {
        "page": shown, "card": shown.card, "holding": held, "newest": newest(held),
        "published": local_day(shown.card.published_at), "policy": policy(held),
        "limits": [_(text) for text in limits_of(shown.policy)],
        "counts": [] if shown.withdrawn_because else _counts(held),
        "versions": [
            {"line": line, "published": local_day(line.published_at),
             "changes": _changes(held, line)}
            for line in shown.versions
        ],
        "files": [
            {"file": line, "address": f"{held.address}/files/{line.name}",
             "size": _size(line.size)}
            for line in shown.files
        ],
        "map_days": sorted({held.day(period) for period in held.stock.codes[TIME_PERIOD]}) if (
            not shown.withdrawn_because) else [],
    }


def _counts(held: Holding) -> list[tuple[str, str]]:
    """Return how many figures are shown, missing and hidden."""
    table = releases.figures_arrow(held.name, {}, held.version)
    counts = Counter(table["OBS_STATUS"].to_pylist())
    words = {
        Status.REPORTED: _("có số"), Status.CONFIDENTIAL: _("bảo mật"),
        Status.NOT_REPORTED: _("chưa có"), Status.NOT_APPLICABLE: _("không áp dụng"),
    }
    return [(text, number_text(counts.get(str(status), 0))) for status, text in words.items()]


def _changes(held: Holding, line: Any) -> list[str]:
    """Return in sentences what a version says otherwise than the one before."""
    said = []
    for kind, sentence in (
        ("new", _("Thêm {count} mã: {codes}.")), ("gone", _("Bớt {count} mã: {codes}.")),
    ):
        codes = [(dim, code) for dim, code, _decided in line.changes.get(kind, ())]
        if codes:
            names = [held.names[dim].get(code, code) for dim, code in codes[:5]]
            more = "…" if len(codes) > 5 else ""
            said.append(sentence.format(
                count=number_text(len(codes)), codes=", ".join(names) + more))
    if line.changes.get("figures"):
        said.append(_("Có số liệu được sửa."))
    return said


def _size(count: int) -> str:
    """Return a size as people say it."""
    if count < 1024:
        return f"{count} B"
    if count < 1024 * 1024:
        return f"{number_text(round(count / 1024))} KB"
    return f"{number_text(round(count / 1024 / 1024, 1))} MB"


@public
def calendar(request: HttpRequest) -> HttpResponseBase:
    """Show what was promised and what was published."""
    lines = releases.calendar()
    cards = releases.datasets()
    return page(
        request, "portal/calendar.html",
        "\n".join([*(str(line) for line in lines), *(card.urn for card in cards)]),
        lambda: {
            "coming": [line for line in lines if not line.done],
            "done": [line for line in lines if line.done],
            "datasets": [_line(card) for card in sorted(
                cards, key=lambda card: card.published_at, reverse=True)],
        },
    )
