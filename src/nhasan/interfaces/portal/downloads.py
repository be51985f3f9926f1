"""Files: exactly what was chosen, in every format, and the files of a release as they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.http import StreamingHttpResponse as Streamed
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from nhasan.domain.cube import FIXED, INDICATOR, Cube
from nhasan.domain.problems import Invalid, NotFound, phrase
from nhasan.domain.words import date_text
from nhasan.formats import About, Format, format_of
from nhasan.formats.format import ESTIMATED
from nhasan.interfaces import map_choice
from nhasan.interfaces.http import local_day
from nhasan.interfaces.portal import recasting, wording
from nhasan.interfaces.portal.answers import LASTING, SOON, build, public, stamped
from nhasan.interfaces.portal.choice import EVERYTHING
from nhasan.interfaces.portal.holdings import Holding, holding
from nhasan.releases import queries as releases

LABELS, CODES_ALONE, NAMED = "labels", "id", "name"  # as SDMX-CSV 2.0 calls the choice
_AT_ONCE = 50_000  # more rows than that are sent while they are written


@public
def figures(request: HttpRequest, agency: str, identifier: str, extension: str,
            version: str = "") -> HttpResponseBase:
    """Send the figures that the address selects; a dimension that is not named comes whole."""
    kind = format_of(extension)
    if kind is None:
        raise NotFound()
    asked = map_choice.strictly(request.GET.dict())
    held = recasting.read_on(holding(f"{agency}:{identifier}", version), asked)
    wanted, named = selection(held, request), _named(request)
    etag = (f'"{held.page.manifest["content"][:16]}-{kind.id}-'
            f'{_told(held, wanted, named, asked)}"')
    # The map may be corrected after a release: only figures as they were reported last.
    keep = LASTING if version and not asked.day else SOON
    moment = held.page.card.published_at
    known = get_conditional_response(
        request, etag=etag, last_modified=int(moment.timestamp()))
    if known is not None:
        return stamped(known, etag, moment, keep)
    cube = cube_of(held, wanted)
    words = about(held, request.build_absolute_uri(held.address), wanted)
    response = _sent(kind, cube, replace(words, named=named))
    name = "-".join([identifier, held.version, *wording.file_parts(held, wanted)])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{name}{_mark(held)}.{kind.extension}"'
    )
    response.headers["Content-Location"] = f"{held.address}/figures.{kind.extension}" + (
        f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else "")
    return stamped(response, etag, moment, keep)


@public
def distribution(request: HttpRequest, agency: str, identifier: str, version: str,
                 path: str) -> HttpResponseBase:
    """Send one file of a release as it lies in its folder; its bytes never change."""
    held = holding(f"{agency}:{identifier}", version)
    found = releases.file(held.name, path, version)
    if found.name != path:
        raise NotFound()
    etag = f'"{found.sha256[:32] or held.page.run}"'
    moment = held.page.card.published_at
    known = get_conditional_response(
        request, etag=etag, last_modified=int(moment.timestamp()))
    if known is not None:
        return stamped(known, etag, moment, LASTING)
    name = path.replace("/", "-").replace("=", "-")
    response = FileResponse(
        found.path.open("rb"), as_attachment=True, content_type=found.media_type,
        filename=f"{identifier}-{version}{_mark(held)}-{name}",
    )
    return stamped(response, etag, moment, LASTING)


def selection(held: Holding, request: HttpRequest) -> dict[str, tuple[str, ...]]:
    """Return what an address selects; refuse a name or a code that the release has not.

    A program that misspells a name must hear of it, and not receive something else.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, values in request.GET.lists():
        if name in (LABELS, map_choice.MAP_DAY, map_choice.SPLIT_BY):
            continue
        known = held.stock.codes.get(name)
        if known is None:
            raise Invalid(reason=_("bộ dữ liệu này không có chiều “{name}”").format(
                name=name[:60]))
        codes = tuple(dict.fromkeys(code for code in map(str, values) if code != EVERYTHING))
        wrong = next((code for code in codes if code not in set(known)), None)
        if wrong is not None:
            raise Invalid(reason=_("chiều “{name}” không có mã “{code}”").format(
                name=name, code=wrong[:60]))
        if codes and EVERYTHING not in values:
            found[name] = codes
    return found


def _named(request: HttpRequest) -> bool:
    """Tell whether names are asked for beside codes; refuse what is neither."""
    asked = request.GET.get(LABELS, CODES_ALONE)
    if asked not in (CODES_ALONE, NAMED):
        raise Invalid(reason=_("“labels” nhận “{first}” hoặc “{second}”").format(
            first=CODES_ALONE, second=NAMED))
    return asked == NAMED


def cube_of(held: Holding, wanted: Mapping[str, Sequence[str]]) -> Cube:
    """Return the figures of a selection side by side, in the order of the release."""
    cells = held.cells(wanted)
    columns = tuple(zip(*(cell.key for cell in cells), strict=True)) if cells else (
        tuple(() for _dim in held.dims))
    return Cube(
        held.dims, columns,
        [None if cell.figure.value is None else int(cell.figure.value.scaleb(cell.decimals))
         for cell in cells],
        [cell.decimals for cell in cells],
        [ESTIMATED if cell.estimated else str(cell.figure.status) for cell in cells],
        [cell.coverage for cell in cells], [-1] * len(cells),
    )


def about(held: Holding, address: str, wanted: Mapping[str, Sequence[str]]) -> About:
    """Return what a file says beside its figures; its title is what was chosen."""
    card = held.page.card
    title = wording.chosen(held, wanted)
    return About(
        title=title, source=card.source, release=card.urn, address=address,
        published=date_text(local_day(card.published_at)), licence=card.licence,
        illustrative=card.illustrative,
        notes=tuple(filter(None, (
            phrase("Trích từ bộ số liệu “{0}”").format(card.title) if title != card.title else "",
            phrase("Số liệu minh hoạ, không phải số thật") if card.illustrative else "",
            *recasting.note(held),
        ))),
        units={ref: held.unit(ref) for ref in held.indicators},
        labels={dim: held.names[dim] for dim in (INDICATOR, *FIXED[1:], *held.stock.breakdowns)},
        names=held.dim_names,
    )


def _sent(kind: Format, cube: Cube, words: About) -> HttpResponseBase:
    if len(cube) > _AT_ONCE:
        return Streamed(kind.write(cube, words), content_type=kind.media_type)
    content = kind.content(cube, words)
    response = HttpResponse(content, content_type=kind.media_type)
    response.headers["Content-Length"] = str(len(content))
    return response


def _told(held: Holding, wanted: Mapping[str, Sequence[str]], named: bool,
          asked: map_choice.Wanted) -> str:
    """Return a short name of a selection and of what writes it, the same in every process."""
    told = "&".join([
        held.version, build(), str(named), *map(str, asked.said),
        str(releases.map_edition() if asked.day else ""),
        *(f"{dim}={','.join(codes)}" for dim, codes in sorted(wanted.items())),
    ])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _mark(held: Holding) -> str:
    return "-so-lieu-minh-hoa" if held.page.card.illustrative else ""
