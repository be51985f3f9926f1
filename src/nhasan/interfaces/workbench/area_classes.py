"""Dated classes of areas: what holds on a day, by which document, and taking a list in.

A list is shown first as its difference; nothing is written until the reader says so. Between
the two pages its lines travel signed in the page itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from nhasan.areas import operations, queries
from nhasan.domain.access import Permission
from nhasan.domain.area_classes import (
    ODD_DAY,
    Line,
    NewClass,
    Verdict,
    full_code,
    lines_of,
)
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.words import Words
from nhasan.formats.rosters import cells_of
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.areas import asked_day, keeps_the_map
from nhasan.interfaces.workbench.days import DayField, day_of
from nhasan.interfaces.workbench.uploads import too_heavy, too_large

_SALT = "area-classes"
_KEPT_FOR = 3600  # seconds between looking and saying yes
_MOST = 300
_MOST_ROWS = 15_000
_VERDICTS = {
    Verdict.NEW: gettext_lazy("ghi mới"), Verdict.CHANGED: gettext_lazy("thay loại đã ghi"),
    Verdict.SAME: gettext_lazy("đã ghi như vậy"), Verdict.FAULT: gettext_lazy("cần sửa"),
}


class SchemeForm(forms.Form):
    """A new way of sorting."""

    ma = forms.RegexField(
        r"^[A-Z0-9][A-Z0-9-]{1,30}$", label=gettext_lazy("Mã"), strip=True,
        help_text=gettext_lazy("Chữ hoa không dấu, số và gạch ngang, ví dụ XA-BIEN-GIOI."),
        error_messages={"invalid": gettext_lazy(
            "Mã chỉ gồm chữ hoa không dấu, số và gạch ngang, ví dụ XA-BIEN-GIOI.")})
    ten = forms.CharField(label=gettext_lazy("Tên cách phân loại"), max_length=200)
    loai = forms.CharField(
        label=gettext_lazy("Các loại"), widget=forms.Textarea({"rows": 4}), max_length=2000,
        help_text=gettext_lazy("Mỗi dòng một loại: mã | tên. Ví dụ: III | Khu vực III"))

    def kinds(self) -> list[tuple[str, str]]:
        """Return the classes as they were typed."""
        found = []
        for line in self.cleaned_data["loai"].splitlines():
            code, _bar, name = (part.strip() for part in line.partition("|"))
            if code:
                found.append((code[:16], (name or code)[:120]))
        return found


class DecisionForm(forms.Form):
    """The document, the days, and the list."""

    so = forms.CharField(label=gettext_lazy("Số văn bản"), max_length=120,
                         help_text=gettext_lazy("Ví dụ: 861/QĐ-TTg."))
    ky = DayField(label=gettext_lazy("Ngày ký"))
    trich_yeu = forms.CharField(label=gettext_lazy("Trích yếu"), max_length=400, required=False)
    nguon = forms.CharField(
        label=gettext_lazy("Đọc ở đâu"), max_length=500, required=False,
        help_text=gettext_lazy("Địa chỉ văn bản hoặc tên tệp; ghi cả những chỗ chưa đọc được."))
    tu = DayField(label=gettext_lazy("Có hiệu lực từ ngày"))
    den = DayField(label=gettext_lazy("Đến hết ngày"), required=False)
    cap = forms.ChoiceField(label=gettext_lazy("Cấp"), choices=[
        ("commune", gettext_lazy("xã, phường, đặc khu")), ("province", gettext_lazy("tỉnh"))])
    du = forms.ChoiceField(
        label=gettext_lazy("Bảng liệt kê đủ trong"), required=False,
        help_text=gettext_lazy(
            "Chọn khi bảng kể hết các địa bàn có loại ở nơi đó: địa bàn không có tên là không "
            "thuộc loại nào. Bỏ trống thì những địa bàn khác coi là chưa biết."))
    minh_hoa = forms.BooleanField(label=gettext_lazy("Số liệu minh hoạ"), required=False)
    tep = forms.FileField(
        label=gettext_lazy("Tệp bảng (.xlsx hoặc .csv)"), required=False,
        help_text=gettext_lazy(
            "Cần cột “Mã” và “Loại”; thêm được “Tên”, “Thôn”, “Từ ngày”, “Đến hết ngày”."))
    bang = forms.CharField(
        label=gettext_lazy("hoặc gõ, dán bảng vào đây"), required=False, max_length=400_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Dòng đầu là tên cột. Ví dụ: Mã,Loại rồi xuống dòng 01900,III"))

    def __init__(self, *given: Any, on: date, **wanted: Any) -> None:
        """Offer the provinces of a day as what a list is complete for."""
        super().__init__(*given, **wanted)
        offered: Any = self.fields
        offered["du"].choices = [
            ("", _("(chưa chắc là đủ)")), ("country:VN", _("Cả nước")),
            *((f"province:{code}", title) for code, title in _provinces(on))]

    def clean(self) -> dict[str, Any]:
        """Ask for a list, and for days in their order."""
        given: dict[str, Any] = super().clean() or {}
        if not given.get("tep") and not str(given.get("bang", "")).strip():
            self.add_error("tep", _("Bạn chưa chọn tệp hoặc dán bảng."))
        since, last = given.get("tu"), given.get("den")
        if since and last and last < since:
            self.add_error("den", _("Ngày kết thúc phải sau ngày bắt đầu."))
        return given


def _provinces(on: date) -> list[tuple[str, str]]:
    """Return the provinces of today, then those that were no more, each once by its code."""
    now = [(each.code, each.title) for each in queries.areas(on=on, level="province")]
    before = [
        (each.code, each.title)
        for each in queries.areas(on=queries.DAY_BEFORE_MERGER, level="province")
        if each.code not in {code for code, _title in now}]
    return [*now, *before]


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a list as the page shows it before anything is written."""

    number: int
    code: str
    title: str
    kind: str
    before: str
    verdict: str
    faulty: bool
    words: list[str]


@require_http_methods(["GET", "POST"])
def schemes(request: Request) -> HttpResponse:
    """List the ways of sorting; who keeps the map may add one."""
    require(request.actor, Permission.READ)
    keeps = keeps_the_map(request.actor)
    form = SchemeForm(request.POST or None)
    if request.method == "POST":
        request.actor.require_root(Permission.MANAGE)
        if form.is_valid():
            try:
                made = operations.define_scheme(
                    actor=request.actor, code=form.cleaned_data["ma"], note="",
                    name_vi=form.cleaned_data["ten"], kinds=form.kinds(), at=request.at)
            except Problem as refused:
                form.add_error("loai" if refused.status == 422 else "ma", said(refused))
            else:
                messages.success(request, _("Đã lập cách phân loại. Nay hãy ghi bảng đầu tiên."))
                return redirect("workbench:class_scheme", made.code)
    return render(request, "workbench/class_schemes.html", {
        "schemes": [(each, queries.kinds_of(each), len(queries.decisions(each)))
                    for each in queries.schemes()],
        "form": form, "keeps": keeps,
    }, status=422 if form.errors else 200)


@require_GET
def scheme(request: Request, code: str) -> HttpResponse:
    """Show what a way of sorting says of the areas of a day, by class, with its documents."""
    require(request.actor, Permission.READ)
    found = queries.scheme(code)
    if found is None:
        raise NotFound()
    asked = asked_day(request)
    names = {each.code: each.name for each in queries.kinds_of(found)} | {
        "": _("chưa đọc được loại")}
    rows = queries.members(found, on=asked.day)
    chosen = request.GET.get("loai", "tat-ca")
    wanted = [row for row in rows if chosen == "tat-ca" or row.kind == chosen]
    above = queries.parents_of([row.area for row in wanted[:_MOST]], on=asked.day)
    counts = Counter(row.kind for row in rows)
    return render(request, "workbench/class_scheme.html", {
        "scheme": found, "asked": asked, "keeps": keeps_the_map(request.actor),
        "errors": [{"href": "#ngay", "text": asked.error}] if asked.error else [],
        "counts": [(kind, name, counts[kind]) for kind, name in names.items()
                   if kind or counts[kind]],
        "chosen": chosen, "more": len(wanted) > _MOST, "total": len(rows),
        "rows": [{"row": row, "kind": names.get(row.kind, row.kind),
                  "above": ", ".join(each.title for each in reversed(above[row.area_id])
                                     if each.level in ("province", "district"))}
                 for row in wanted[:_MOST]],
        "decisions": queries.decisions(found),
    })


@require_http_methods(["GET", "POST"])
def take_in(request: Request, code: str) -> HttpResponse:
    """Take a list in: first what it would change, then, when told so, its lines."""
    request.actor.require_root(Permission.MANAGE)
    found = queries.scheme(code)
    if found is None:
        raise NotFound()
    if request.method == "POST" and request.POST.get("giu"):
        return _written(request, found)
    form = DecisionForm(request.POST or None, request.FILES or None, on=request.today)
    if request.method != "POST":
        return _ask(request, found, form)
    if too_large(request):
        form.add_error("tep", too_heavy())
    elif form.is_valid():
        try:
            lines = lines_of(cells_of(_content(form), _MOST_ROWS))
        except Problem as refused:
            form.add_error("tep", said(refused))
        else:
            return _look(request, found, form.cleaned_data, lines)
    return _ask(request, found, form)


def _content(form: DecisionForm) -> bytes:
    file = form.cleaned_data["tep"]
    if isinstance(file, UploadedFile):
        return bytes(file.read())
    return str(form.cleaned_data["bang"]).encode()


def _ask(request: Request, found: Any, form: DecisionForm) -> HttpResponse:
    return render(request, "workbench/class_import.html", {"scheme": found, "form": form},
                  status=422 if form.errors else 200)


def _new(line: Line, level: str, since: date, until: date | None) -> NewClass:
    """Return a line with its days; its own days come before those of the whole list."""
    own, last = day_of(line.since), day_of(line.last)
    odd = next((text for text, day in ((line.since, own), (line.last, last))
                if text and day is None), "")
    return NewClass(
        level, full_code(level, line.code), line.kind, own or since,
        last + timedelta(days=1) if last else until, line.part, line.name, "", line.number,
        Words(ODD_DAY, {"day": odd}) if odd else None)


def _look(request: Request, found: Any, given: dict[str, Any],
          lines: list[Line]) -> HttpResponse:
    kept = {
        "so": given["so"], "ky": given["ky"].isoformat(), "trich_yeu": given["trich_yeu"],
        "nguon": given["nguon"], "cap": given["cap"], "du": given["du"],
        "tu": given["tu"].isoformat(), "den": given["den"].isoformat() if given["den"] else "",
        "minh_hoa": given["minh_hoa"], "dong": [list(line) for line in lines],
    }
    return _difference(request, found, kept)


def _lines(kept: dict[str, Any]) -> list[NewClass]:
    last = date.fromisoformat(kept["den"]) if kept["den"] else None
    return [_new(Line(*line), kept["cap"], date.fromisoformat(kept["tu"]),
                 last + timedelta(days=1) if last else None) for line in kept["dong"]]


def _difference(request: Request, found: Any, kept: dict[str, Any],
                problem: str = "") -> HttpResponse:
    names = {each.code: each.name for each in queries.kinds_of(found)}
    told = queries.sorting(found, _lines(kept))
    lines = [_told(each, names) for each in told.outcomes]
    faulty = [line for line in lines if line.faulty]
    changing = [line for line in lines if not line.faulty and line.verdict != _(
        str(_VERDICTS[Verdict.SAME]))]
    return render(request, "workbench/class_look.html", {
        "scheme": found, "kept_facts": kept, "faulty": faulty[:_MOST], "problem": problem,
        "counts": [(str(words), len(told.of(verdict))) for verdict, words in _VERDICTS.items()],
        "changing": changing[:_MOST], "more": len(changing) > _MOST,
        "writes": bool(changing) and not faulty,
        "kept": signing.dumps(kept, salt=_SALT, compress=True),
    }, status=422 if faulty or problem else 200)


def _told(outcome: queries.Outcome, names: dict[str, str]) -> Told:
    line = outcome.line
    kind = outcome.kind
    title = f"{line.part}, {outcome.area.title}" if line.part and outcome.area else (
        outcome.area.title if outcome.area else line.name)
    return Told(
        line.number, line.code, title,
        (kind.name or _("chưa đọc được loại")) if kind else line.kind,
        ", ".join(dict.fromkeys(
            names.get(row.kind) or _("chưa đọc được loại") for row in outcome.was)),
        str(_VERDICTS[outcome.verdict]), outcome.verdict is Verdict.FAULT,
        [words.said(_) for words in outcome.words])


def _written(request: Request, found: Any) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["giu"], salt=_SALT, max_age=_KEPT_FOR)
    except signing.BadSignature:
        form = DecisionForm(None, on=request.today)
        messages.error(request, _("Trang đã cũ. Hãy chọn lại tệp."))
        return _ask(request, found, form)
    place = kept["du"].partition(":")
    try:
        operations.classify(
            actor=request.actor, scheme=found.code, lines=_lines(kept), at=request.at,
            decision=operations.NewDecision(
                kept["so"], date.fromisoformat(kept["ky"]), kept["trich_yeu"], kept["nguon"],
                [(place[0], place[2])] if place[2] else [], bool(kept["minh_hoa"])))
    except Problem as refused:
        return _difference(request, found, kept, said(refused))
    messages.success(request, _("Đã ghi bảng phân loại theo {number}.").format(
        number=kept["so"]))
    return redirect("workbench:class_scheme", found.code)


urlpatterns = [
    path("viec/phan-loai-dia-ban/", schemes, name="class_schemes"),
    path("viec/phan-loai-dia-ban/<str:code>/", scheme, name="class_scheme"),
    path("viec/phan-loai-dia-ban/<str:code>/ghi/", take_in, name="class_import"),
]
