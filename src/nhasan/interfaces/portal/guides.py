"""Pages that explain: how to read the figures, how a program reads them, for machines."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from nhasan.formats import FORMATS
from nhasan.interfaces.maps import patterns, swatch
from nhasan.interfaces.portal.answers import LATER, page, public, text
from nhasan.interfaces.portal.choice import read
from nhasan.interfaces.portal.holdings import Holding, holding
from nhasan.interfaces.portal.peoples import DIM
from nhasan.releases import queries as releases

_COOKIE = "django_language"
_YEAR = 365 * 24 * 3600
_ROBOTS = "User-agent: *\nDisallow: /viec/\nDisallow: /dang-nhap/\nDisallow: /api/\nSitemap: {}\n"


@public
def methods(request: HttpRequest) -> HttpResponseBase:
    """Explain how to read tables and maps, how figures are protected, which codes are used."""
    return page(request, "portal/methods.html", "methods", lambda: {
        "patterns": patterns("md"), "hatch": swatch('fill="url(#md-gach)"'),
        "dots": swatch('fill="url(#md-cham)"'),
    }, keep=LATER)


@public
def developers(request: HttpRequest) -> HttpResponseBase:
    """Explain the addresses, with examples that work on this very installation."""
    cards = tuple(releases.datasets())
    return page(
        request, "portal/developers.html", "\n".join(card.urn for card in cards),
        lambda: _examples(request, cards),
    )


def _examples(request: HttpRequest, cards: tuple[releases.Card, ...]) -> dict[str, Any]:
    held = [holding(card.name, card.version) for card in cards]
    example = next((each for each in held if DIM in each.dims), held[0] if held else None)
    found: dict[str, Any] = {
        "root": request.build_absolute_uri("/").rstrip("/"),
        "formats": [(each.id, each.media_type) for each in FORMATS],
        "datasets": cards,
    }
    if example is None:
        return found
    choice = read({}, example.stock)
    return {
        **found, "example": example.page.card, "version_address": example.address,
        "dims": [(dim.id, dim.name, [(code.code, code.label) for code in dim.codes[:3]])
                 for dim in example.page.dims],
        "selected": urlencode(_some(example), safe=":"),
        "parquet": next(
            (line.name for line in example.page.files if line.format == "parquet"), ""),
        "table_query": choice.query(example.stock),
    }


def _some(held: Holding) -> dict[str, str]:
    """Return one code of a breakdown and one level: an example of a selection."""
    codes = {dim: held.stock.codes[dim] for dim in held.stock.breakdowns}
    found = {dim: each[1] if len(each) > 1 else each[0] for dim, each in codes.items()}
    level = held.stock.codes["AREA_LEVEL"][-1]
    return {**dict(list(found.items())[:1]), "AREA_LEVEL": level}


@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language that a reader chose: the only cookie that the portal ever sets.

    It needs no token: another site could at most change the language of the page.
    """
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(target if safe else reverse("portal:home"))
    code = request.POST.get("language", "")
    if code and check_for_language(code):
        response.set_cookie(
            _COOKIE, code, max_age=_YEAR, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@public
def robots(request: HttpRequest) -> HttpResponseBase:
    """Tell crawlers what is theirs to read."""
    content = _ROBOTS.format(request.build_absolute_uri(reverse("portal:sitemap")))
    return text(request, content, "text/plain; charset=utf-8")


@public
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """List the pages that are worth finding."""
    cards = tuple(releases.datasets())
    names = ("home", "datasets", "map", "groups", "indicators", "methods", "developers",
             "calendar")
    paths = [*(reverse(f"portal:{name}") for name in names), *(card.address for card in cards)]
    lines = "".join(
        f"<url><loc>{escape(request.build_absolute_uri(path))}</loc></url>" for path in paths
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{lines}</urlset>\n'
    )
    return text(request, content, "application/xml")
