"""The main items of the workbench: each person sees what they may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from nhasan.domain.access import Actor, Permission
from nhasan.interfaces.http import WORKBENCH
from nhasan.organisations.queries import unseen_notices

# Name of the page, its words, the permissions of which one is enough. A menu names many of a kind
# where a heading of a column names one: other languages tell the two apart.
_ITEMS: tuple[tuple[str, str | Promise, tuple[Permission, ...]], ...] = (
    ("home", gettext_lazy("Việc của tôi"), ()),
    ("sent", gettext_lazy("Báo cáo đã gửi"), (Permission.ENTER,)),
    ("review", pgettext_lazy("mục chính", "Duyệt báo cáo"), (Permission.REVIEW,)),
    ("review", pgettext_lazy("mục chính", "Kỳ báo cáo"), (Permission.MANAGE,)),
    ("boards", pgettext_lazy("mục chính", "Tiến độ"), (Permission.READ,)),
    ("forms", pgettext_lazy("mục chính", "Biểu mẫu"), (Permission.MANAGE,)),
    ("releases", gettext_lazy("Công bố"), (Permission.PUBLISH,)),
    ("indicator_sets", pgettext_lazy("mục chính", "Chỉ tiêu"), ()),
    ("areas", pgettext_lazy("mục chính", "Địa bàn"), ()),
    ("people", gettext_lazy("Người dùng"), (Permission.ADMINISTER,)),
    ("help", gettext_lazy("Cách làm"), ()),
)

# Pages that belong to an item though their address begins otherwise.
_BELONGS = (
    (f"{WORKBENCH}ky/", "review"), (f"{WORKBENCH}cho-duyet/", "review"),
    (f"{WORKBENCH}che-do", "review"),
    (f"{WORKBENCH}gia-han/", "review"), (f"{WORKBENCH}yeu-cau-dot-xuat/", "review"),
    (f"{WORKBENCH}danh-muc-ma/", "indicator_sets"),
    (f"{WORKBENCH}tieu-chi/", "indicator_sets"),
    (f"{WORKBENCH}phan-loai-dia-ban/", "areas"), (f"{WORKBENCH}sap-xep/", "areas"),
    (f"{WORKBENCH}bang-chia/", "areas"),
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
            named.setdefault(address(name), str(words))
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
    return {
        "nav": items(actor, request.path),
        # Counted only where a page shows it.
        "unseen_notices": lambda: unseen_notices(actor, request.at).count(),  # type: ignore[attr-defined]
    }
