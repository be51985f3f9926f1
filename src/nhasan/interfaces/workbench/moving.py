"""People who move to another unit; a unit's page: how it is reached, who goes on elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.domain.access import ROLES, Actor, Permission
from nhasan.domain.problems import Problem
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.people import UnitField
from nhasan.organisations import operations, queries


class MoveForm(forms.Form):
    """Where a person goes, and what they do there."""

    don_vi = UnitField(
        label=gettext_lazy("Chuyển đến đơn vị"), max_length=300,
        help_text=gettext_lazy("Gõ vài chữ của tên, ví dụ “Ba Bể”, rồi chọn trong danh sách."),
        error_messages={"required": gettext_lazy("Chưa chọn đơn vị chuyển đến.")},
    )
    vai = forms.MultipleChoiceField(
        label=gettext_lazy("Vai trò ở đơn vị mới"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, actor: Actor, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        field: Any = self.fields["don_vi"]
        self.units = field.units = list(
            queries.units(actor, permission=Permission.ADMINISTER).filter(closed__isnull=True))
        self.fields["vai"].choices = [  # type: ignore[attr-defined]
            (role.id, f"{_(role.name)}: {_(role.description)}") for role in ROLES.values()
        ]


@require_http_methods(["GET", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Move a person to another unit from today on."""
    found = queries.person(request.actor, pk)
    now = [each.role for each in queries.role_history(found)
           if each.unit_id == found.unit_id and each.valid_from <= request.today
           and (each.valid_to is None or each.valid_to > request.today)]
    form = MoveForm(request.POST or None, actor=request.actor, initial={"vai": now})
    if request.method == "POST" and form.is_valid():
        try:
            moved = operations.move_account(
                actor=request.actor, user=pk, unit=form.cleaned_data["don_vi"],
                roles=form.cleaned_data["vai"], at=request.at,
            )
        except Problem as refused:
            form.add_error("don_vi", said(refused))
        else:
            messages.success(request, _(
                "{name} thuộc {unit} từ hôm nay. Báo cáo đang nhập ở đơn vị cũ vẫn ở đơn vị đó. "
                "Nếu tên hiển thị còn ghi đơn vị cũ, hãy đổi ở mục “Tên hiển thị”.")
                .format(name=moved.name, unit=moved.unit.name))
            return HttpResponseRedirect(
                reverse("workbench:person", args=[pk], query={"ten": "1"}, fragment="ten"))
    return render(request, "workbench/person_move.html", {
        "form": form, "person": found, "tab": "people",
        "ending": [_(ROLES[role].name) for role in now],
    }, status=422 if form.errors else 200)


@require_POST
def rename(request: Request, pk: int) -> HttpResponse:
    """Call a person by another name."""
    found = queries.person(request.actor, pk)
    try:
        found = operations.rename_account(
            actor=request.actor, user=pk, name=request.POST.get("ten", ""), at=request.at)
    except Problem as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, _("Từ giờ người này hiện là {name}.").format(name=found.name))
    return HttpResponseRedirect(reverse("workbench:person", args=[pk]))


class ContactForm(forms.Form):
    """How the office of a unit is reached."""

    dien_thoai = forms.RegexField(
        r"^[0-9 +().-]{6,40}$", label=gettext_lazy("Điện thoại của cơ quan"), required=False,
        error_messages={"invalid": gettext_lazy(
            "Số điện thoại chưa đúng. Hãy viết như 0208 3 876 123.")},
    )
    thu = forms.EmailField(
        label=gettext_lazy("Thư điện tử của cơ quan"), required=False, max_length=200,
        help_text=gettext_lazy("Hiện trong danh sách đơn vị gửi muộn, để gọi và gửi công văn."),
        error_messages={"invalid": gettext_lazy(
            "Địa chỉ chưa đúng. Hãy viết như mai.ht@thainguyen.gov.vn.")},
    )


@require_GET
def unit(request: Request, pk: int) -> HttpResponse:
    """Show one unit: how it is reached, who has an account, what it became."""
    found = _unit(request, pk)
    form = ContactForm(initial={"dien_thoai": found.phone, "thu": found.email})
    return _show(request, found, form)


def _unit(request: Request, pk: int) -> Any:
    return queries.unit(request.actor, pk)


def _show(request: Request, found: Any, form: ContactForm, status: int = 200) -> HttpResponse:
    return render(request, "workbench/unit.html", {
        "unit_shown": found, "form": form, "tab": "units",
        "people": queries.people_at(request.actor, found.pk),
    }, status=status)


@require_POST
def set_contact(request: Request, pk: int) -> HttpResponse:
    """Keep how the office of a unit is reached."""
    found, form = _unit(request, pk), ContactForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form, 422)
    operations.set_contact(
        actor=request.actor, unit=found.code, email=form.cleaned_data["thu"],
        phone=form.cleaned_data["dien_thoai"], at=request.at,
    )
    messages.success(request, _("Đã lưu liên hệ của {unit}.").format(unit=found.name))
    return HttpResponseRedirect(reverse("workbench:unit", args=[pk]))


@require_POST
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Move everybody of a closed unit to its successor."""
    found = _unit(request, pk)
    moved = operations.hand_over_people(actor=request.actor, unit=found.code, at=request.at)
    messages.success(request, ngettext(
        "Đã chuyển {count} người sang {unit}.", "Đã chuyển {count} người sang {unit}.", moved,
    ).format(count=moved, unit=found.successor.name))
    return HttpResponseRedirect(reverse("workbench:unit", args=[pk]))


urlpatterns = [
    path("viec/nguoi-dung/<int:pk>/chuyen/", move, name="person_move"),
    path("viec/nguoi-dung/<int:pk>/ten/", rename, name="person_rename"),
    path("viec/don-vi/<int:pk>/", unit, name="unit"),
    path("viec/don-vi/<int:pk>/lien-he/", set_contact, name="unit_contact"),
    path("viec/don-vi/<int:pk>/chuyen-nguoi/", hand_over, name="unit_hand_over"),
]
