"""How split areas were shared out, by documents: what counts now, and taking a table in.

A table is shown first with the share of every line; nothing is written until the reader says so.
Between the two pages its lines travel signed in the page itself.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from nhasan.areas import operations, queries
from nhasan.domain.access import Permission
from nhasan.domain.problems import Problem
from nhasan.domain.share_tables import Line, Read, lines_of, read
from nhasan.domain.words import date_text
from nhasan.formats.rosters import cells_of
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.cubes import level_words
from nhasan.interfaces.workbench.uploads import too_heavy, too_large

_SALT = "area-shares"
_KEPT_FOR = 3600  # seconds between looking and saying yes
_MOST, _MOST_ROWS, _SAID = 300, 15_000, 20
_LEVELS = ("commune", "province")


class ShareForm(forms.Form):
    """A document and its table, for the areas that were split on one day."""

    lan = forms.ChoiceField(
        label=gettext_lazy("Lần chia tách"),
        error_messages={"required": gettext_lazy("Hãy chọn lần chia tách.")})
    so = forms.CharField(label=gettext_lazy("Số văn bản"), max_length=200)
    nguon = forms.CharField(
        label=gettext_lazy("Đọc ở đâu"), max_length=500, required=False,
        help_text=gettext_lazy("Địa chỉ văn bản hoặc tên tệp; ghi cả những chỗ chưa đọc được."))
    minh_hoa = forms.BooleanField(label=gettext_lazy("Số liệu minh hoạ"), required=False)
    tep = forms.FileField(
        label=gettext_lazy("Tệp bảng (.xlsx hoặc .csv)"), required=False,
        help_text=gettext_lazy(
            "Cần cột “Mã cũ”, “Mã mới” và một cột “Tỷ lệ” hoặc “Số dân”. Đơn vị nào bị tách thì "
            "ghi đủ các phần của nó."))
    bang = forms.CharField(
        label=gettext_lazy("hoặc gõ, dán bảng vào đây"), required=False, max_length=400_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy("Dòng đầu là tên cột, cách nhau bằng dấu phẩy hoặc chấm phẩy."))

    def __init__(self, *given: Any, **wanted: Any) -> None:
        """Offer the days on which areas were split."""
        super().__init__(*given, **wanted)
        offered: Any = self.fields
        offered["lan"].choices = [("", ""), *(
            (f"{level}:{on}", ngettext(
                "{level}, ngày {day}: {n} đơn vị bị tách",
                "{level}, ngày {day}: {n} đơn vị bị tách", split,
            ).format(level=level_words(level), day=date_text(on), n=split))
            for level in _LEVELS for on, split in queries.split_days(level))]

    @property
    def table(self) -> str:
        """Return the name of the field that holds the table."""
        return "tep" if self.cleaned_data.get("tep") else "bang"

    def clean(self) -> dict[str, Any]:
        """Ask for a table."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("tep") and not str(given.get("bang", "")).strip():
            self.add_error("tep", _("Bạn chưa chọn tệp hoặc dán bảng."))
        return given


@require_http_methods(["GET", "POST"])
def shares(request: Request) -> HttpResponse:
    """List the documents; take a table in: first what it says, then, when told so, its lines."""
    request.actor.require_root(Permission.MANAGE)
    if request.method == "POST" and request.POST.get("giu"):
        return _written(request)
    form = ShareForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if too_large(request):
            form.add_error("tep", too_heavy())
        elif form.is_valid():
            try:
                kept = _packed(form)
            except Problem as refused:
                form.add_error(form.table, said(refused))
            else:
                if not (wrong := _wrong(kept)):
                    return _look(request, kept)
                form.add_error(form.table, wrong)
    return _ask(request, form)


def _wrong(kept: dict[str, Any]) -> list[str]:
    """Return what is wrong with a table, line by line; beside the field nothing typed is lost."""
    _level, _on, found = _read(kept)
    return [_("Dòng {n}: {words}").format(
                n=each.line.number, words=" ".join(words.said(_) for words in each.words))
            for each in found if each.words][:_SAID]


def _ask(request: Request, form: ShareForm) -> HttpResponse:
    return render(request, "workbench/shares.html", {
        "form": form, "documents": [
            (each, level_words(each.level)) for each in queries.share_documents()],
    }, status=422 if form.errors else 200)


def _packed(form: ShareForm) -> dict[str, Any]:
    """Return what was given, its table read into lines."""
    given = form.cleaned_data
    file = given["tep"]
    content = file.read() if isinstance(file, UploadedFile) else str(given["bang"]).encode()
    lines = lines_of(cells_of(content, _MOST_ROWS), given["lan"].partition(":")[0])
    return {"lan": given["lan"], "so": given["so"], "nguon": given["nguon"],
            "minh_hoa": given["minh_hoa"], "dong": [list(line) for line in lines]}


def _read(kept: dict[str, Any]) -> tuple[str, date, list[Read]]:
    level, _colon, day = kept["lan"].partition(":")
    on = date.fromisoformat(day)
    lines = [Line(*each) for each in kept["dong"]]
    return level, on, read(lines, queries.heirs_of_split(level, on))


def _look(request: Request, kept: dict[str, Any], problem: str = "") -> HttpResponse:
    level, on, found = _read(kept)
    faulty = [each for each in found if each.words]  # the map may have changed meanwhile
    before = queries.names({(level, each.line.old) for each in found}, on=_eve(on))
    after = queries.names({(level, each.line.new) for each in found}, on=on)
    return render(request, "workbench/shares_look.html", {
        "kept_facts": kept, "on": on, "problem": problem,
        "faulty": [(each.line, [words.said(_) for words in each.words])
                   for each in faulty[:_MOST]],
        "areas": len({each.line.old for each in found}), "total": len(found),
        "rows": [
            (each.line, before.get((level, each.line.old), ""),
             after.get((level, each.line.new), ""),
             None if each.share is None else 100 * float(each.share), each.share)
            for each in found[:_MOST]],
        "more": len(found) > _MOST,
        "kept": "" if faulty else signing.dumps(kept, salt=_SALT, compress=True),
    }, status=422 if faulty or problem else 200)


def _eve(on: date) -> date:
    return date.fromordinal(on.toordinal() - 1)


def _written(request: Request) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["giu"], salt=_SALT, max_age=_KEPT_FOR)
    except signing.BadSignature:
        messages.error(request, _("Trang đã cũ. Hãy chọn lại tệp."))
        return redirect("workbench:shares")
    level, on, found = _read(kept)
    given = [operations.NewShare(each.line.old, each.line.new, each.share)
             for each in found if each.share is not None]
    if len(given) < len(found):  # the map has changed meanwhile
        return _look(request, kept)
    try:
        operations.set_shares(
            actor=request.actor, level=level, on=on, number=kept["so"], source=kept["nguon"],
            illustrative=bool(kept["minh_hoa"]), at=request.at, shares=given)
    except Problem as refused:
        return _look(request, kept, said(refused))
    messages.success(request, _(
        "Đã ghi bảng chia theo {number}. Số liệu đọc trên bản đồ khác nay chia được theo bảng "
        "này.").format(number=kept["so"]))
    return redirect("workbench:shares")


urlpatterns = [path("viec/bang-chia/", shares, name="shares")]
"""Addresses of this module."""
