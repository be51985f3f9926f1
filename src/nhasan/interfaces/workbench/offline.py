"""Working without a network: the worker in the browser, the page about what waits, a manifest.

The page and the worker show nothing by themselves: what this computer holds is sealed in it, and
scripts of `frontend/offline` open it for the person it belongs to.
"""

from __future__ import annotations

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nhasan.interfaces.http import WORKBENCH, Request

_WORKER = "build/offline-worker.js"


def on_this_computer(request: Request) -> HttpResponse:
    """Show what this computer holds for the person: what waits, which forms open, files."""
    return render(request, "workbench/offline.html")


@never_cache
def without_network(request: HttpRequest) -> HttpResponse:
    """Show what the browser says where it has nothing to open; it names nobody."""
    return render(request, "workbench/without_network.html")


@never_cache
def worker(request: HttpRequest) -> HttpResponse:
    """Hand out the script that answers for the workbench when the network is away.

    It lies outside the workbench, so that a browser can renew it while nobody is signed in.
    """
    found = finders.find(_WORKER)
    if not isinstance(found, str):
        raise Http404
    with open(found, "rb") as file:
        answer = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = WORKBENCH
    return answer


def manifest(request: HttpRequest) -> JsonResponse:
    """Tell a browser how to put the workbench among a computer's programs."""
    return JsonResponse(
        {
            "name": _("Nhà Sàn"), "short_name": _("Nhà Sàn"), "lang": "vi",
            "start_url": reverse("workbench:home"), "scope": WORKBENCH, "display": "minimal-ui",
            "background_color": "#ffffff", "theme_color": "#ffffff",
            "icons": [{"src": staticfiles_storage.url("build/icon.svg"),
                       "type": "image/svg+xml", "sizes": "any"}],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


urlpatterns = [
    path("viec/may-nay/", on_this_computer, name="offline"),
    path("ngoai-tuyen/", without_network, name="without_network"),
    path("ngoai-tuyen.js", worker, name="offline_worker"),
    path("ngoai-tuyen.webmanifest", manifest, name="manifest"),
]
