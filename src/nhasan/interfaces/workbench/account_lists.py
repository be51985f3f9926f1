"""Accounts from a list: a file is read, shown line by line, and only then are they opened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.domain.access import ROLES, Permission
from nhasan.domain.problems import Problem
from nhasan.domain.rosters import Entry, KnownUnit, Line, entries_of, lines_kept, lines_of
from nhasan.formats.rosters import cells_of
from nhasan.formats.tables import MEDIA, Sheet, written
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.people import new_password
from nhasan.interfaces.workbench.uploads import too_heavy, too_large
from nhasan.organisations import operations, queries
from nhasan.organisations.operations import NewAccount

_SHOW_ONCE = "mat-khau-danh-sach"
_FIELDS = ("number", "name", "username", "unit", "role", "email")


@require_http_methods(["GET", "POST"])
def account_list(request: Request) -> HttpResponse:
    """Take a list of people and show what would become of each line."""
    require(request.actor, Permission.ADMINISTER)
    if request.method != "POST":
        return _template() if "mau" in request.GET else _ask(request)
    file = request.FILES.get("tep")
    if too_large(request):
        return _ask(request, too_heavy(), 413)
    if not isinstance(file, UploadedFile):
        return _ask(request, _("Bạn chưa chọn tệp danh sách."), 422)
    try:
        lines = lines_of(cells_of(file.read()))
    except Problem as refused:
        return _ask(request, said(refused), refused.status)
    return _preview(request, lines)


def _ask(request: Request, error: str = "", status: int = 200) -> HttpResponse:
    return render(request, "workbench/account_list.html", {
        "tab": "people", "error": error,
        "errors": [{"href": "#tep", "text": error}] if error else [],
        "roles": [(_(role.name), _(role.description)) for role in ROLES.values()],
    }, status=status)


def _entries(request: Request, lines: Sequence[Line]) -> list[Entry]:
    units = [
        KnownUnit(unit.code, unit.name, unit.short_name)
        for unit in queries.units(request.actor, permission=Permission.ADMINISTER)
        .filter(closed__isnull=True)
    ]
    return entries_of(lines, units, queries.usernames())


def _preview(request: Request, lines: Sequence[Line], error: str = "",
             status: int = 200) -> HttpResponse:
    entries = _entries(request, lines)
    right = [each for each in entries if not each.faults]
    return render(request, "workbench/account_list_look.html", {
        "tab": "people", "right": len(right), "wrong": len(entries) - len(right),
        "errors": [{"href": "", "text": error}] if error else [],
        "lines": [
            {"entry": each, "faults": [fault.said(_) for fault in each.faults],
             "role": _(ROLES[each.role].name) if each.role else ""}
            for each in entries
        ],
        "kept": json.dumps(
            [[getattr(line, name) for name in _FIELDS] for line in lines], ensure_ascii=False),
    }, status=status)


@require_POST
@sensitive_post_parameters()
def open_list(request: Request) -> HttpResponse:
    """Open the accounts of the lines that are right; their passwords are shown once."""
    require(request.actor, Permission.ADMINISTER)
    try:
        lines = _kept(request.POST.get("dong", ""))
    except Problem as refused:
        return _ask(request, said(refused), refused.status)
    if not lines:
        return _ask(request, _("Danh sách đã mất giữa chừng. Hãy chọn lại tệp."), 422)
    right = [each for each in _entries(request, lines) if not each.faults and each.unit]
    accounts = [
        NewAccount(each.username, each.line.name, each.unit.code if each.unit else "",
                   each.role, each.line.email, new_password())
        for each in right
    ]
    try:
        operations.open_accounts(
            actor=request.actor, accounts=accounts, valid_from=request.today, at=request.at)
    except Problem as refused:
        return _preview(request, lines, said(refused), refused.status)
    request.session[_SHOW_ONCE] = [
        [each.name, entry.unit.name if entry.unit else "", each.username, each.password]
        for each, entry in zip(accounts, right, strict=True)
    ]
    return HttpResponseRedirect(reverse("workbench:account_list_passwords"))


def _kept(text: str) -> list[Line]:
    """Return the lines that the page of the preview kept; none when they are not whole."""
    try:
        return lines_kept(json.loads(text))
    except (ValueError, RecursionError):
        return []


@require_GET
def passwords(request: Request) -> HttpResponse:
    """Show the first passwords of a list once; asked for again, say that they were shown."""
    require(request.actor, Permission.ADMINISTER)
    shown: list[Any] = request.session.pop(_SHOW_ONCE, [])
    return render(request, "workbench/account_list_passwords.html", {
        "lines": shown, "tab": "people",
    })


def _template() -> HttpResponse:
    """Return an empty list with its heads and how each is filled."""
    names = ", ".join(_(role.name) for role in ROLES.values())
    sheet = Sheet(
        _("Danh sách lập tài khoản"),
        [_("Họ và tên"), _("Tên đăng nhập"), _("Đơn vị"), _("Vai trò"), _("Thư điện tử")], [],
        [_("Đơn vị: ghi tên đầy đủ hoặc mã. Vai trò: một trong {roles}; bỏ trống thì giao "
           "sau.").format(roles=names),
         _("Tên đăng nhập và thư điện tử bỏ trống được; máy tự đặt tên đăng nhập.")],
    )
    response = HttpResponse(written(sheet, "xlsx"), content_type=MEDIA["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="danh-sach-tai-khoan.xlsx"'
    return response


urlpatterns = [
    path("viec/nguoi-dung/danh-sach/", account_list, name="account_list"),
    path("viec/nguoi-dung/danh-sach/lap/", open_list, name="account_list_open"),
    path("viec/nguoi-dung/danh-sach/mat-khau/", passwords, name="account_list_passwords"),
]
