"""Units, accounts and roles, and the trail of what everybody did."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.domain.access import ROLES, Actor, Permission
from nhasan.domain.problems import Problem
from nhasan.domain.words import normalised
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.acts import act_words, known_acts
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.powers import powers_of
from nhasan.organisations import operations, queries

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that is taken for another when a password is read out."""
_PAGE = 50
_SHOW_ONCE = "mat-khau-ban-dau"


def new_password() -> str:
    """Return an initial password that can be read out over the telephone."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(4)) for _m in range(4))


@require_GET
def people(request: Request) -> HttpResponse:
    """List the accounts one administers, with their roles today."""
    require(request.actor, Permission.ADMINISTER)
    words = request.GET.get("q", "").strip()
    found = queries.people(request.actor, on=request.today, search=words)
    page = Paginator(found, _PAGE).get_page(request.GET.get("trang"))
    return render(request, "workbench/people.html", {
        "page": page, "words": words, "roles": _roles(), "tab": "people",
    })


def _roles() -> list[tuple[str, str, str]]:
    return [(role.id, _(role.name), _(role.description)) for role in ROLES.values()]


@require_GET
def units(request: Request) -> HttpResponse:
    """Show the tree of the units one administers."""
    require(request.actor, Permission.ADMINISTER)
    words = request.GET.get("q", "").strip()
    found = list(queries.units(request.actor, permission=Permission.ADMINISTER, search=words))
    counts = queries.accounts_by_unit(request.actor)
    return render(request, "workbench/units.html", {
        "number": len(found), "words": words, "tab": "units",
        "branches": _branches(found, counts),
    })


def _branches(found: list[Any], counts: dict[int, int]) -> list[dict[str, Any]]:
    """Return the units as a tree; a unit whose parent was not found stands at the top."""
    made = {
        unit.path: {"unit": unit, "accounts": counts.get(unit.pk, 0), "below": []}
        for unit in found
    }
    top = []
    for at, branch in made.items():
        above = f"{at.rstrip('/').rpartition('/')[0]}/"
        if above in made:
            made[above]["below"].append(branch)
        else:
            top.append(branch)
    return top


class UnitField(forms.CharField):
    """A unit found by typing: its name, its short name or its code, without accents too."""

    def __init__(self, **wanted: Any) -> None:
        super().__init__(widget=forms.TextInput(
            attrs={"list": "cac-don-vi", "autocomplete": "off"}), **wanted)
        self.units: list[Any] = []

    def name_of(self, code: str) -> str:
        """Return what stands in the box for a unit's code."""
        return next((unit.name for unit in self.units if unit.code == code), "")

    def clean(self, value: Any) -> str:
        """Return the code of the one unit that was meant, or ask again."""
        text: str = super().clean(value)
        found = self._meant(normalised(text))
        if len(found) == 1:
            return str(found[0].code)
        raise forms.ValidationError(
            _("“{text}” có thể là {count} đơn vị: {names}. Hãy gõ đủ tên, hoặc mã.").format(
                count=len(found), text=text,
                names="; ".join(f"{unit.name} ({unit.code})" for unit in found[:5])) if found
            else _("Không có đơn vị “{text}” trong phạm vi bạn quản trị. Gõ vài chữ của tên rồi "
                   "chọn trong danh sách hiện ra.").format(text=text))

    def _meant(self, wanted: str) -> list[Any]:
        """Return the units of exactly that name or code, else those whose name has the words."""
        exact = [unit for unit in self.units if wanted in {
            normalised(each) for each in (unit.code, unit.name, unit.short_name)}]
        return exact or [
            unit for unit in self.units if f" {wanted} " in f" {normalised(unit.name)} "
        ]


class AccountForm(forms.Form):
    """Who the new account is for."""

    ho_ten = forms.CharField(
        label=gettext_lazy("Họ và tên"), max_length=120,
        error_messages={"required": gettext_lazy("Chưa nhập họ và tên.")},
    )
    ten = forms.RegexField(
        r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", label=gettext_lazy("Tên đăng nhập"), max_length=64,
        help_text=gettext_lazy("Chữ thường không dấu, số, dấu chấm hoặc gạch ngang."),
        error_messages={
            "required": gettext_lazy("Chưa nhập tên đăng nhập."),
            "invalid": gettext_lazy(
                "Tên đăng nhập chỉ gồm chữ thường không dấu, số, dấu chấm, gạch ngang; ví dụ "
                "nguyen.van.a."),
        },
    )
    don_vi = UnitField(
        label=gettext_lazy("Đơn vị"), max_length=300,
        help_text=gettext_lazy("Gõ vài chữ của tên, ví dụ “Ba Bể”, rồi chọn trong danh sách."),
        error_messages={"required": gettext_lazy("Chưa chọn đơn vị của người này.")},
    )
    vai = forms.ChoiceField(
        label=gettext_lazy("Vai trò đầu tiên"), required=False,
        help_text=gettext_lazy("Giao ở đơn vị trên, từ hôm nay. Sau này thêm, bớt được."),
    )

    def __init__(self, *given: Any, actor: Actor, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        self.units = list(_open_units(actor))
        field: Any = self.fields["don_vi"]
        field.units = self.units
        self.initial["don_vi"] = field.name_of(self.initial.get("don_vi", ""))
        self.fields["vai"].choices = [  # type: ignore[attr-defined]
            ("", _("Chưa giao vai trò")), *((role, name) for role, name, _why in _roles()),
        ]


def _open_units(actor: Actor) -> Iterable[Any]:
    return queries.units(actor, permission=Permission.ADMINISTER).filter(closed__isnull=True)


def _units(actor: Actor) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in _open_units(actor)]


@require_http_methods(["GET", "POST"])
def open_account(request: Request) -> HttpResponse:
    """Open an account; its first password is shown once, on the page that follows."""
    require(request.actor, Permission.ADMINISTER)
    form = AccountForm(
        request.POST or None, actor=request.actor,
        initial={"don_vi": request.GET.get("don_vi", "")},
    )
    if request.method == "POST" and form.is_valid():
        password, given = new_password(), form.cleaned_data
        try:
            account = operations.open_account_with_role(
                actor=request.actor, username=given["ten"], name=given["ho_ten"],
                unit=given["don_vi"], password=password, role=given["vai"],
                valid_from=request.today, at=request.at,
            )
        except Problem as refused:
            form.add_error("ten", said(refused))
        else:
            return _to_password(request, account.pk, password, opened=True)
    return render(request, "workbench/person_open.html", {
        "form": form, "roles": _roles(), "tab": "people",
    }, status=422 if form.errors else 200)


def _to_password(request: Request, pk: int, password: str, *, opened: bool) -> HttpResponse:
    """Lead to the page that shows a first password; it lies in the session until it is shown."""
    request.session[_SHOW_ONCE] = {"pk": pk, "password": password, "opened": opened}
    return HttpResponseRedirect(reverse("workbench:person_password", args=[pk]))


@require_GET
def first_password(request: Request, pk: int) -> HttpResponse:
    """Show a first password once; asked for again, the page says that it was shown."""
    found = queries.person(request.actor, pk)
    kept = request.session.get(_SHOW_ONCE, {})
    shown = kept if kept.get("pk") == pk else {}
    if shown:
        del request.session[_SHOW_ONCE]
    return render(request, "workbench/person_password.html", {
        "person": found, "password": shown.get("password", ""),
        "opened": shown.get("opened", False), "tab": "people",
    })


class RoleForm(forms.Form):
    """Which role, over which branch, from which day."""

    vai = forms.ChoiceField(
        label=gettext_lazy("Vai trò"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Hãy chọn một vai trò.")},
    )
    don_vi = forms.ChoiceField(
        label=gettext_lazy("Ở đơn vị"),
        help_text=gettext_lazy("Vai trò có hiệu lực ở đơn vị này và mọi đơn vị trực thuộc."),
    )
    tu = DayField(label=gettext_lazy("Từ ngày"))

    def __init__(self, *given: Any, actor: Actor, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        self.fields["don_vi"].choices = _units(actor)  # type: ignore[attr-defined]
        self.fields["vai"].choices = [  # type: ignore[attr-defined]
            (role, f"{name}: {why}") for role, name, why in _roles()
        ]


@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    """Show one account: its roles, past and present, and what may be done with it."""
    found = queries.person(request.actor, pk)
    return _show(request, found, RoleForm(actor=request.actor, initial={
        "don_vi": found.unit.code, "tu": request.today,
    }))


def _show(request: Request, found: Any, form: RoleForm, status: int = 200) -> HttpResponse:
    scope = request.actor.may(Permission.ADMINISTER)
    own = str(found.pk) == request.actor.id
    history = queries.role_history(found)
    may, may_not = powers_of([
        (each.role, each.unit.name) for each in history
        if each.valid_from <= request.today
        and (each.valid_to is None or each.valid_to > request.today)
    ])
    return render(request, "workbench/person.html", {
        "person": found, "form": form, "own": own, "tab": "people",
        "powers": may, "powerless": may_not,
        "roles": [
            {"assignment": each, "name": _(ROLES[each.role].name),
             "why": _(ROLES[each.role].description),
             "now": each.valid_from <= request.today
             and (each.valid_to is None or each.valid_to > request.today),
             "may_end": scope.covers(each.unit.path or "")
             and not (own and each.role == "administrator")}
            for each in history
        ],
    }, status=status)


@require_POST
def assign_role(request: Request, pk: int) -> HttpResponse:
    """Give a person one more role."""
    found = queries.person(request.actor, pk)
    form = RoleForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _show(request, found, form, 422)
    given = form.cleaned_data
    try:
        operations.assign_role(
            actor=request.actor, user=pk, role=given["vai"], unit=given["don_vi"],
            valid_from=given["tu"], at=request.at,
        )
    except Problem as refused:
        form.add_error("vai", said(refused))
        return _show(request, found, form, refused.status)
    messages.success(request, _("Đã giao vai trò “{role}” cho {name}.").format(
        role=_(ROLES[given["vai"]].name), name=found.name))
    return _to_person(pk)


@require_POST
def end_role(request: Request, pk: int, role: int) -> HttpResponse:
    """End a role today."""
    found = queries.person(request.actor, pk)
    if role in {each.pk for each in queries.role_history(found)}:
        operations.end_role(
            actor=request.actor, assignment=role, on=request.today, at=request.at,
        )
        messages.success(request, _("Vai trò đã thôi từ hôm nay. Những việc đã làm vẫn giữ."))
    return _to_person(pk)


@require_POST
def deactivate(request: Request, pk: int) -> HttpResponse:
    """Deactivate an account; what it did stays."""
    operations.deactivate_account(actor=request.actor, user=pk, at=request.at)
    messages.success(request, _("Đã khoá tài khoản. Người này không đăng nhập được nữa."))
    return _to_person(pk)


@require_POST
def activate(request: Request, pk: int) -> HttpResponse:
    """Open a deactivated account again."""
    operations.activate_account(actor=request.actor, user=pk, at=request.at)
    messages.success(request, _("Đã mở lại tài khoản."))
    return _to_person(pk)


@require_POST
def reset_password(request: Request, pk: int) -> HttpResponse:
    """Give an account a new first password, shown once."""
    password = new_password()
    operations.reset_password(
        actor=request.actor, user=pk, password=password, at=request.at,
    )
    return _to_password(request, pk, password, opened=False)


def _to_person(pk: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("workbench:person", args=[pk]))


@require_GET
def audit(request: Request) -> HttpResponse:
    """Show who did what and when, where one administers."""
    words, action = request.GET.get("q", "").strip(), request.GET.get("viec", "")
    found = queries.audit(request.actor, search=words, action=action)
    page = Paginator(found, _PAGE).get_page(request.GET.get("trang"))
    touched = queries.accounts_touched(request.actor, page.object_list)
    return render(request, "workbench/audit.html", {
        "page": page, "words": words, "action": action, "tab": "audit",
        "actions": known_acts(queries.audit_actions(request.actor)),
        "lines": [
            {"event": event, "act": act_words(event.action), "sealed": bool(event.digest),
             "of": touched.get(event.pk, "") if event.action != "account.sign_in" else ""}
            for event in page
        ],
    })


urlpatterns = [
    path("viec/nguoi-dung/", people, name="people"),
    path("viec/nguoi-dung/moi/", open_account, name="person_open"),
    path("viec/nguoi-dung/<int:pk>/", person, name="person"),
    path("viec/nguoi-dung/<int:pk>/vai-tro/", assign_role, name="person_assign_role"),
    path("viec/nguoi-dung/<int:pk>/vai-tro/<int:role>/thoi/", end_role, name="person_end_role"),
    path("viec/nguoi-dung/<int:pk>/khoa/", deactivate, name="person_deactivate"),
    path("viec/nguoi-dung/<int:pk>/mo-khoa/", activate, name="person_activate"),
    path("viec/nguoi-dung/<int:pk>/mat-khau/", reset_password, name="person_reset_password"),
    path("viec/nguoi-dung/<int:pk>/mat-khau-moi/", first_password, name="person_password"),
    path("viec/don-vi/", units, name="units"),
    path("viec/nhat-ky/", audit, name="audit"),
]
