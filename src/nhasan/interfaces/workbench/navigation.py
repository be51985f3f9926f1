"""The main items of the workbench: each person sees what they may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from nhasan.domain.access import Actor, Permission
from nhasan.domain.problems import phrase
from nhasan.interfaces.http import WORKBENCH

# Name of the page, its words, the permissions of which one is enough.
_ITEMS: tuple[tuple[str, str, tuple[Permission, ...]], ...] = (
    ("home", phrase("Việc của tôi"), ()),
    ("sent", phrase("Báo cáo đã gửi"), (Permission.ENTER,)),
    ("review", phrase("Duyệt báo cáo"), (Permission.REVIEW,)),
    ("review", phrase("Kỳ báo cáo"), (Permission.MANAGE,)),
    ("forms", phrase("Biểu mẫu"), (Permission.MANAGE,)),
    ("releases", phrase("Công bố"), (Permission.PUBLISH,)),
    ("indicator_sets", phrase("Chỉ tiêu"), ()),
    ("areas", phrase("Địa bàn"), ()),
    ("people", phrase("Người dùng"), (Permission.ADMINISTER,)),
    ("help", phrase("Cách làm"), ()),
)

# Pages that belong to an item though their address begins otherwise.
_BELONGS = (
    (f"{WORKBENCH}ky/", "review"), (f"{WORKBENCH}danh-muc-ma/", "indicator_sets"),
    (f"{WORKBENCH}danh-muc/", "releases"), (f"{WORKBENCH}don-vi/", "people"),
    (f"{WORKBENCH}nhat-ky/", "people"),
)


def address(name: str, *args: Any) -> str:
    """Return the address of a page of the workbench, "" while no module brings it."""
    try:
        return reverse(f"workbench:{name}", args=args)
    except NoReverseMatch:
        return ""


def items(actor: Actor, path: str) -> list[dict[str, Any]]:
    """Return the items of the main menu for that person, the present one marked."""
    named: dict[str, str] = {}  # a page under two names is called by the first that fits
    for name, words, needed in _ITEMS:
        if address(name) and (not needed or any(actor.can(each) for each in needed)):
            named.setdefault(address(name), _(words))
    found = [{"url": url, "label": words, "current": False} for url, words in named.items()]
    path = next((address(name) for start, name in _BELONGS if path.startswith(start)), path)
    here = [item for item in found if path.startswith(str(item["url"]))]
    if here:
        max(here, key=lambda item: len(str(item["url"])))["current"] = True
    return found


def page_navigation(request: HttpRequest) -> dict[str, Any]:
    """Give every page of the workbench its main menu."""
    actor = getattr(request, "actor", None)
    if actor is None or not request.path.startswith(WORKBENCH):
        return {}
    return {"nav": items(actor, request.path)}
