"""Answers of the portal: cacheable by anyone, checked by a tag, never with a cookie.

A page is made of published releases and of the code that draws it, so its tag follows from
both. A reader who has the page already is answered before anything is drawn.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nhasan.domain.problems import NotFound
from nhasan.releases import queries as releases

LASTING = 31_536_000
"""A year, in seconds: how long bytes that never change may be kept."""
SOON, LATER = 60, 600

class Drawn:
    """Pages that were drawn, the least asked for let go first."""

    def __init__(self, most: int) -> None:
        """Keep at most so many bytes."""
        self._most = most
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, etag: str) -> bytes | None:
        """Return a page that was drawn before."""
        with self._lock:
            if etag in self._held:
                self._held.move_to_end(etag)
            return self._held.get(etag)

    def put(self, etag: str, body: bytes) -> None:
        """Keep a page for the next reader."""
        with self._lock:
            if etag not in self._held:
                self._size += len(body)
            self._held[etag] = body
            while self._size > self._most:
                self._size -= len(self._held.popitem(last=False)[1])

    def clear(self) -> None:
        """Let go of every page."""
        with self._lock:
            self._held.clear()
            self._size = 0


drawn = Drawn(most=32_000_000)

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Make a view of the portal: only reading, one page per language, help when it is lost."""
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except NotFound:
            response = lost(request)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return require_safe(shown)


def page(request: HttpRequest, template: str, tag: str, context: Callable[[], Mapping[str, Any]],
         *, modified: datetime | None = None, keep: int = SOON) -> HttpResponseBase:
    """Answer with a page, or with 304 before `context` has been asked for anything.

    Everything that a page depends on is in its tag, so what was drawn for one reader is kept
    for the next.
    """
    etag = _etag(request, tag)
    known = get_conditional_response(
        request, etag=etag, last_modified=int(modified.timestamp()) if modified else None,
    )
    if known is not None:
        return stamped(known, etag, modified, keep)
    body = drawn.get(etag)
    if body is None:
        body = render(request, template, {**frame(request), **context()}).content
        drawn.put(etag, body)
    return stamped(HttpResponse(body), etag, modified, keep)


def text(request: HttpRequest, content: str, kind: str) -> HttpResponseBase:
    """Answer with a short text for machines."""
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    known = get_conditional_response(request, etag=etag)
    return stamped(known or HttpResponse(content, content_type=kind), etag, None, LATER)


def stamped(response: HttpResponseBase, etag: str, modified: datetime | None,
            keep: int) -> HttpResponseBase:
    """Say how long an answer may be kept and how to ask whether it still holds."""
    response.headers["ETag"] = etag
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified.timestamp())
    response.headers["Cache-Control"] = (
        f"public, max-age={keep}, immutable" if keep == LASTING else f"public, max-age={keep}"
    )
    return response


def lost(request: HttpRequest) -> HttpResponse:
    """Answer an address of the portal that leads nowhere, with ways on."""
    words = request.path.rstrip("/").rpartition("/")[2].replace("_", " ").replace("-", " ")
    return render(request, "portal/not_found.html", {
        **frame(request), "words": words[:80], "datasets": releases.datasets(),
    }, status=404)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what stands around every page: the sections, with the present one marked."""
    sections = (
        ("portal:datasets", _("Số liệu")), ("portal:map", _("Bản đồ")),
        ("portal:groups", _("54 dân tộc")), ("portal:methods", _("Phương pháp")),
        ("portal:developers", _("Dữ liệu mở")),
    )
    nav = []
    for name, label in sections:
        url = reverse(name)
        current = request.path.startswith(url) or (
            name == "portal:datasets" and request.path.startswith("/data/"))
        nav.append({"url": url, "label": label, "current": current})
    return {"nav": nav, "languages": _others()}


def _others() -> list[tuple[str, str]]:
    """Return the other languages that the house has been translated into."""
    now = get_language()
    return [(code, name) for code, name in settings.LANGUAGES if code != now]


def _etag(request: HttpRequest, tag: str) -> str:
    told = "\n".join((
        tag, request.build_absolute_uri(), get_language() or "", build(), str(settings.RELEASES),
    ))
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


@cache
def build() -> str:
    """Return a fingerprint of everything that draws pages: code, templates, static files."""
    interfaces = Path(__file__).resolve().parents[1]
    found = hashlib.sha256()
    for folder, kind in (
        (".", "*.py"), ("portal", "*.py"), ("templatetags", "*.py"), ("templates", "**/*.html"),
        ("static/build", "*.*"), ("../locale", "**/*.mo"),
    ):
        for path in sorted((interfaces / folder).glob(kind)):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]
