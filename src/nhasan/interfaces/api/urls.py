"""Addresses of the API: one documented version, refusals alike everywhere, never a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import django_auth

from nhasan.domain.problems import NotFound, Problem, phrase
from nhasan.interfaces.api import notes, offline, reports, together
from nhasan.interfaces.http import said

api = NinjaAPI(
    title=phrase("Nhà Sàn"), version="1", urls_namespace="api-1", docs_url=None, auth=django_auth,
    description=(
        "The documented interface of the house. Signed-in sessions only; send the CSRF token as "
        "X-CSRFToken. Decimals are text in machine notation; a refusal is `{code, message}`."
    ),
)
api.add_router("/assignments", reports.router)
api.add_router("/assignments", notes.router)
api.add_router("/rounds", together.router)
api.add_router("/offline", offline.router)


def _answer(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, refused: Any) -> HttpResponse:
    """Answer a refusal of the house."""
    return _answer(refused.code, said(refused), refused.status)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, refused: Any) -> HttpResponse:
    """Answer a body or an address that does not have the documented shape."""
    places = sorted({".".join(str(part) for part in each["loc"]) for each in refused.errors})
    words = _("Yêu cầu chưa đúng dạng: {places}").format(places=", ".join(places)[:500])
    return _answer("invalid", words, 422)


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, refused: Any) -> HttpResponse:
    """Answer somebody who is not signed in."""
    return _answer("sign-in", _("Hết phiên làm việc. Hãy đăng nhập lại."), 401)


_HTTP_ERRORS = {
    400: ("bad-request", phrase("Yêu cầu không đọc được.")),
    403: ("csrf", phrase("Trang đã để quá lâu. Hãy tải lại trang rồi làm tiếp.")),
}


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, refused: Any) -> HttpResponse:
    """Answer what the framework refused before the house saw it."""
    code, words = _HTTP_ERRORS.get(refused.status_code, _HTTP_ERRORS[400])
    return _answer(code, _(words), refused.status_code)


def not_found(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer an address that is not there, as JSON like everything here."""
    missing = NotFound()
    return _answer(missing.code, said(missing), missing.status)


urlpatterns = [path("", api.urls), re_path(r"^(?P<rest>.*)$", not_found)]
