"""What doors share: the actor and the moment of a request, and how a refusal is answered.

One of the two files that read the clock; the moment is handed down as `at`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from nhasan.domain.access import Actor, Permission
from nhasan.domain.problems import Forbidden, NotFound, Problem
from nhasan.domain.words import Words
from nhasan.interfaces.office import OfficeDay
from nhasan.organisations.queries import actor_for

Handler = Callable[[HttpRequest], HttpResponse]
WORKBENCH = "/viec/"
API = "/api/"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Request(HttpRequest):
    """A request of a signed-in person, as `ActorMiddleware` leaves it."""

    actor: Actor
    at: datetime
    today: date


def moment() -> datetime:
    """Return now; every door hands it down."""
    return timezone.now()


def local_day(at: datetime) -> date:
    """Return the day in Viet Nam of a moment."""
    return timezone.localtime(at).date()


def visitor_address(request: HttpRequest) -> str:
    """Return the address a visitor comes from, by which wrong passwords are counted.

    Behind a proxy every visitor has the proxy's own address; with `NHASAN_HTTPS=1` there is
    one, and it alone sets `X-Real-IP` (docs/how-to/deploy.md).
    """
    behind = request.META.get("HTTP_X_REAL_IP", "") if settings.HTTPS else ""
    return str(behind or request.META.get("REMOTE_ADDR", ""))


class LanguageMiddleware:
    """Speak Vietnamese unless the reader chose otherwise.

    What the browser says of itself is not asked: offices use computers set up in English by
    people who read Vietnamese, and a public page must be the same for everybody.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer the request in the chosen language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        request.LANGUAGE_CODE = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(request.LANGUAGE_CODE):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class ActorMiddleware:
    """Give each request its moment and, when somebody is signed in, its actor.

    Officials' pages are closed by default: without a signed-in person, a page under the
    workbench leads to the sign-in page, and the API answers 401.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer the request with its moment and its actor at hand."""
        request.at = moment()
        request.today = local_day(request.at)
        if not _closed(request.path):
            return self.get_response(request)
        user = request.user
        if not user.is_authenticated:
            return _sign_in_first(request)
        request.actor = actor_for(user, request.today)
        if user.must_change_password and request.path != reverse("workbench:change_password"):
            return _change_password_first(request)
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        return response


def _closed(path: str) -> bool:
    return path.startswith((WORKBENCH, API))


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse(
            {"code": "sign-in", "message": _("Hết phiên làm việc. Hãy đăng nhập lại.")},
            status=401,
        )
    return HttpResponseRedirect(
        f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}"
    )


def _change_password_first(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse(
            {"code": "change-password", "message": _("Hãy đổi mật khẩu trước khi làm việc.")},
            status=403,
        )
    return HttpResponseRedirect(reverse("workbench:change_password"))


class PlainTextMiddleware:
    """Refuse text that no database can hold, wherever in a request it stands."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; its fields are read only once it was let in."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Answer 400 when a NUL stands in the address or in a field."""
        fields = [request.path, *_texts(request.GET)]
        if request.content_type in _FORMS:
            fields += _texts(request.POST)
        if not any("\x00" in text for text in fields):
            return None
        words = _("Có ký tự lạ trong địa chỉ hoặc trong ô nhập. Hãy gõ lại.")
        if request.path.startswith(API):
            return JsonResponse({"code": "odd-text", "message": words}, status=400)
        context = {"problem": Problem(), "message": words, "status": 400}
        return render(request, "errors/problem.html", context, status=400)


def _texts(fields: QueryDict) -> Iterator[str]:
    for name, values in fields.lists():
        yield from (name, *values)


class ProblemMiddleware:
    """Turn a refusal into an answer, in the reader's language; the only place that does."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; refusals come back through `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """Answer a `Problem`; leave everything else to Django."""
        if not isinstance(exception, Problem):
            return None
        words = said(exception)
        if request.path.startswith(API):
            return JsonResponse(
                {"code": exception.code, "message": words}, status=exception.status,
            )
        return render(
            request, "errors/problem.html",
            {"problem": exception, "message": words, "status": exception.status},
            status=exception.status,
        )


def said(problem: Problem) -> str:
    """Return the sentence of a refusal in the reader's language."""
    facts = {
        name: fact.said(_) if isinstance(fact, Words)
        else _(fact) if isinstance(fact, str) and fact else fact
        for name, fact in problem.facts.items()
    }
    try:
        return _(problem.message).format_map(facts)
    except (KeyError, IndexError, ValueError):
        return str(problem)


def require(actor: Actor, permission: Permission) -> None:
    """Refuse a page to somebody who holds the permission nowhere."""
    if not actor.can(permission):
        raise Forbidden()


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Give every template the actor, the unit and the moment."""
    actor = getattr(request, "actor", None)
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "at": getattr(request, "at", None), "actor": actor,
        "today": OfficeDay.of(request.today) if hasattr(request, "today") else None,
    }
    if actor is not None and user is not None:
        context |= {
            "account": user, "unit": user.unit,
            "may": {permission.value: actor.can(permission) for permission in Permission},
        }
    return context


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere: JSON under the API, a page elsewhere."""
    if request.path.startswith(API):
        return JsonResponse({"code": "not-found", "message": _(NotFound.message)}, status=404)
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django itself refuses."""
    return render(request, "errors/403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours without asking the database for anything."""
    if request.path.startswith(API):
        return JsonResponse(
            {"code": "fault", "message": _("Máy chủ gặp lỗi. Số đã lưu vẫn còn. Hãy thử lại.")},
            status=500,
        )
    return render(request, "errors/500.html", status=500)
