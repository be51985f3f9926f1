"""Drafts of indicator sets: begun anew or as an amendment, described, thrown away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.domain.access import Actor, Permission
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.days import DayField, day_of
from nhasan.interfaces.workbench.indicator_settling import found_set, require_keeping
from nhasan.interfaces.workbench.uploads import too_large
from nhasan.metadata import operations
from nhasan.organisations import queries as organisations
from nhasan.storage.store import Store

_NAME = gettext_lazy("Chữ cái không dấu, chữ số, dấu gạch ngang hoặc dấu chấm, không có dấu cách.")
_NUMBERS = gettext_lazy("Chữ số và dấu chấm, ví dụ 2.0.0.")
_NATIONAL = "*"
_ISSUERS = ("ministry", "focal", "department")


class DecisionForm(forms.Form):
    """What a set rests on: its name, and the decision that issues it."""

    ten = forms.CharField(label=gettext_lazy("Tên bộ chỉ tiêu"), max_length=400)
    so = forms.CharField(
        label=gettext_lazy("Số văn bản ban hành"), max_length=100, required=False,
        help_text=gettext_lazy("Ví dụ 02/2025/TT-BKHĐT."))
    ngay = DayField(label=gettext_lazy("Ngày văn bản"), required=False)
    co_quan = forms.CharField(
        label=gettext_lazy("Cơ quan ban hành"), max_length=200, required=False)
    can_cu = forms.CharField(
        label=gettext_lazy("Tên đầy đủ của văn bản"), max_length=600, required=False)

    def decision(self) -> dict[str, str]:
        """Return the decision as it is kept."""
        given = self.cleaned_data
        day = given["ngay"]
        return {
            "number": given["so"], "date": day.isoformat() if day else "",
            "issuer": given["co_quan"], "text": given["can_cu"] or given["so"],
        }


class VersionForm(DecisionForm):
    """A new version of a set that there is."""

    phien_ban = forms.RegexField(
        r"^[0-9]+(\.[0-9]+){0,3}$", label=gettext_lazy("Phiên bản"), max_length=24,
        help_text=_NUMBERS, error_messages={"invalid": _NUMBERS})
    field_order = ["phien_ban", "ten", "so", "ngay", "co_quan", "can_cu"]


class NewSetForm(VersionForm):
    """A set that there was not before: a national one, or one's own."""

    ma = forms.RegexField(
        r"^[0-9A-Za-z.-]{1,32}$", label=gettext_lazy("Mã của bộ"), error_messages={
            "invalid": _NAME}, help_text=_NAME)
    cua = forms.ChoiceField(
        label=gettext_lazy("Bộ này là của"), help_text=gettext_lazy(
            "Bộ riêng của một đơn vị đứng cạnh bộ chung, không sửa gì bộ chung. Bản thảo của "
            "bộ riêng chỉ đơn vị ấy và cấp trên nhìn thấy."))
    minh_hoa = forms.BooleanField(
        label=gettext_lazy("Bộ tập làm, số liệu minh hoạ"), required=False)
    field_order = ["cua", "ma", "phien_ban", "ten", "so", "ngay", "co_quan", "can_cu", "minh_hoa"]

    def __init__(self, *given: Any, actor: Actor, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        self.fields["cua"].choices = _owners(actor)  # type: ignore[attr-defined]


class DescribeForm(DecisionForm):
    """Everything about a draft that is not an indicator, with the paper itself."""

    nguon = forms.CharField(label=gettext_lazy("Nguồn"), required=False, max_length=600)
    day_du = forms.CharField(
        label=gettext_lazy("Mức đầy đủ"), required=False, max_length=600,
        help_text=gettext_lazy("Bộ đã nhập được bao nhiêu trên tổng số chỉ tiêu của văn bản."))
    tep = forms.FileField(
        label=gettext_lazy("Tệp văn bản"), required=False, max_length=200,
        help_text=gettext_lazy("PDF hoặc DOCX. Tệp được giữ cùng bộ chỉ tiêu."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.doc"}))

    def clean_tep(self) -> Any:
        """Refuse what is no document."""
        file = self.cleaned_data["tep"]
        if file and not str(file.name).lower().endswith((".pdf", ".docx", ".doc")):
            raise forms.ValidationError(_("Hãy chọn tệp PDF hoặc DOCX."))
        return file


def _owners(actor: Actor) -> list[tuple[str, str]]:
    found = organisations.units(actor, permission=Permission.MANAGE).filter(
        kind__in=_ISSUERS, closed__isnull=True)
    whole = any(path.count("/") <= 2 for path in actor.may(Permission.MANAGE).paths)
    national = [(_NATIONAL, _("chung cho cả nước"))] if whole else []
    return [*national, *((unit.code, unit.name) for unit in found)]


def following(version: str) -> str:
    """Return the version number that a new version would bear: the first number, one more."""
    first, _dot, rest = version.partition(".")
    if not first.isdigit():
        return f"{version}-2"
    zeros = ".".join("0" for _part in rest.split(".")) if rest else "0"
    return f"{int(first) + 1}.{zeros}"


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a set that there was not before."""
    require(request.actor, Permission.MANAGE)
    form = NewSetForm(request.POST or None, actor=request.actor, initial={"phien_ban": "1.0.0"})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        owner, short = given["cua"].removeprefix(_NATIONAL), given["ma"].upper()
        identifier = f"{owner}-{short}"[:64] if owner else short
        try:
            operations.draft_indicator_set(
                actor=request.actor, agency=owner[:32] or "NHASAN", identifier=identifier,
                version=given["phien_ban"], name_vi=given["ten"], source="",
                decision=form.decision(), completeness="", illustrative=given["minh_hoa"],
                indicators=(), unit=owner, at=request.at)
        except Problem as refused:
            form.add_error("ma", said(refused))
        else:
            messages.success(request, _("Đã lập bản thảo. Giờ thêm chỉ tiêu hoặc nhập từ tệp."))
            return redirect("workbench:indicator_set", identifier, given["phien_ban"])
    return _page(request, form, {"step": "new"})


@require_http_methods(["GET", "POST"])
def amend(request: Request, identifier: str, version: str) -> HttpResponse:
    """Draft a new version from the one that counts."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    form = VersionForm(request.POST or None, initial={
        "phien_ban": following(found.version), "ten": found.name_vi})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["phien_ban"]
        try:
            operations.amend_indicator_set(
                actor=request.actor, identifier=identifier, version=wanted,
                name_vi=form.cleaned_data["ten"], decision=form.decision(), at=request.at)
        except Problem as refused:
            form.add_error("phien_ban", said(refused))
        else:
            messages.success(request, _(
                "Đã chép bộ đang áp dụng thành bản thảo. Hãy sửa trên bản thảo này."))
            return redirect("workbench:indicator_set", identifier, wanted)
    return _page(request, form, {"step": "amend", "set": found})


@require_http_methods(["GET", "POST"])
def describe(request: Request, identifier: str, version: str) -> HttpResponse:
    """Say what a drafted set rests on."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    ARTEFACT.after(found.state, "edit")
    form = DescribeForm(request.POST or None, request.FILES or None, initial={
        "ten": found.name_vi, "so": found.decision.get("number", ""),
        "ngay": day_of(str(found.decision.get("date", ""))),
        "co_quan": found.decision.get("issuer", ""), "can_cu": found.decision.get("text", ""),
        "nguon": found.source, "day_du": found.completeness,
    })
    if request.method == "POST" and form.is_valid():
        if too_large(request):
            form.add_error("tep", _("Tệp nặng quá {limit} MB nên không được nhận.").format(
                limit=int(settings.WORKBOOK_LIMIT) // (1024 * 1024)))
        else:
            _described(request, found, form)
            messages.success(request, _("Đã ghi căn cứ của bộ chỉ tiêu."))
            return redirect("workbench:indicator_set", identifier, version)
    return _page(request, form, {"step": "describe", "set": found})


def _described(request: Request, found: Any, form: DescribeForm) -> None:
    given = form.cleaned_data
    file = given["tep"]
    operations.describe_indicator_set(
        actor=request.actor, identifier=found.identifier, version=found.version,
        name_vi=given["ten"], source=given["nguon"], completeness=given["day_du"],
        decision=form.decision(), document=file.read() if file else b"",
        document_name=str(file.name) if file else "", at=request.at)


def _page(request: Request, form: forms.Form, more: dict[str, Any]) -> HttpResponse:
    return render(request, "workbench/indicator_set_draft.html", {"form": form, **more},
                  status=422 if form.errors else 200)


@require_POST
def discard(request: Request, identifier: str, version: str) -> HttpResponse:
    """Throw a draft away."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    operations.discard_indicator_set(
        actor=request.actor, identifier=identifier, version=version, at=request.at)
    messages.success(request, _("Đã bỏ bản thảo {version}.").format(version=version))
    return redirect("workbench:indicator_sets")


@require_GET
def document(request: Request, identifier: str, version: str) -> HttpResponseBase:
    """Hand out the decision as it was kept."""
    require(request.actor, Permission.READ)
    found = found_set(request.actor, identifier, version)
    if not found.document_digest:
        raise NotFound()
    return FileResponse(
        Store(settings.STORE).open(found.document_digest), as_attachment=True,
        filename=found.document_name)


urlpatterns = [
    path("viec/chi-tieu/soan/", new, name="indicator_set_new"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/sua-doi/", amend,
         name="indicator_set_amend"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/can-cu/", describe,
         name="indicator_set_describe"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/bo-ban-thao/", discard,
         name="indicator_set_discard"),
    path("viec/chi-tieu/<str:identifier>/<str:version>/van-ban/", document,
         name="indicator_set_document"),
]
