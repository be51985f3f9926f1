"""Reorganisations of the map: a draft decree, its rehearsal, and its decision.

Pages for those who keep the whole map. What is decided is enacted by the pulse on its day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.areas import operations, queries
from nhasan.areas.operations import Decree
from nhasan.collection import queries as collection
from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import REORGANISATION
from nhasan.domain.problems import NotFound, Problem, phrase
from nhasan.domain.reorganisation import Flaw, Line, lines_of, unpacked
from nhasan.formats.rosters import cells_of
from nhasan.formats.tables import MEDIA, Sheet, written
from nhasan.interfaces.area_lines import LINKS
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.uploads import too_heavy, too_large
from nhasan.metadata import queries as metadata
from nhasan.observations import queries as observations

_MOST, _SAID = 300, 20
_MOST_ROWS = 15_000
# As `domain/reorganisation.py` reads them: in Vietnamese for every reader.
_HEADS = (
    phrase("Cấp"), phrase("Mã cũ"), phrase("Mã mới"), phrase("Phần chuyển"), phrase("Tên mới"),
    phrase("Loại đơn vị"), phrase("Thuộc"), phrase("Tỷ lệ"), phrase("Diện tích"),
    phrase("Đơn vị phụ trách"), phrase("Ghi chú"),
)
_LEVELS = {"commune": phrase("xã"), "province": phrase("tỉnh")}
_ACTS = {
    "chot": (operations.decide_reorganisation, gettext_lazy("Đã chốt. Việc này tự thực hiện vào "
                                                            "ngày có hiệu lực.")),
    "rut": (operations.recall_reorganisation, gettext_lazy("Đã rút lại thành bản thảo.")),
    "bo": (operations.discard_reorganisation, gettext_lazy("Đã bỏ bản thảo.")),
}


class DecreeForm(forms.Form):
    """A decree and its table."""

    so = forms.CharField(label=gettext_lazy("Số văn bản"), max_length=200,
                         help_text=gettext_lazy("Ví dụ: 1683/NQ-UBTVQH15."))
    ten = forms.CharField(label=gettext_lazy("Tên gọi"), max_length=300)
    co_quan = forms.CharField(
        label=gettext_lazy("Cơ quan ban hành"), max_length=200, required=False)
    ngay = DayField(label=gettext_lazy("Có hiệu lực từ ngày"))
    nguon = forms.CharField(label=gettext_lazy("Đọc ở đâu"), max_length=500, required=False)
    tep = forms.FileField(
        label=gettext_lazy("Tệp bảng (.xlsx hoặc .csv)"), required=False,
        help_text=gettext_lazy(
            "Mỗi dòng một đơn vị cũ đi vào một đơn vị mới. Đơn vị giữ nguyên thì không ghi."))
    bang = forms.CharField(
        label=gettext_lazy("hoặc gõ, dán bảng vào đây"), required=False, max_length=400_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("Dòng đầu là tên cột, cách nhau bằng dấu phẩy hoặc chấm phẩy."))

    def decree(self) -> Decree:
        """Return the document as typed."""
        given = self.cleaned_data
        return Decree(given["so"].strip(), given["ten"].strip(), given["ngay"],
                      given["co_quan"], given["nguon"])

    def lines(self) -> list[Line]:
        """Return the lines of the file, or of the box."""
        file = self.cleaned_data["tep"]
        content = file.read() if isinstance(file, UploadedFile) else str(
            self.cleaned_data["bang"]).encode()
        return lines_of(cells_of(content, _MOST_ROWS))


def _found(request: Request, pk: int) -> Any:
    request.actor.require_root(Permission.MANAGE)
    row = queries.reorganisation(pk)
    if row is None:
        raise NotFound()
    return row


def _state(row: Any) -> str:
    return _(REORGANISATION.states[row.state])


@require_GET
def reorganisations(request: Request) -> HttpResponse:
    """List what is being prepared, what waits and what was enacted."""
    request.actor.require_root(Permission.MANAGE)
    if "mau" in request.GET:
        return _template()
    return render(request, "workbench/reorganisations.html", {
        "rows": [(row, _state(row), len(row.lines)) for row in queries.reorganisations()]})


def _template() -> HttpResponse:
    sheet = Sheet(_("Bảng sắp xếp"), list(_HEADS), [], [
        _("Phần chuyển: toàn bộ, một phần, đổi tên hoặc chấm dứt. Thuộc: mã tỉnh. Tỷ lệ: phần "
          "dân số của đơn vị cũ, ví dụ 0,4; bỏ trống khi chuyển toàn bộ."),
        _("Đơn vị phụ trách: mã đơn vị báo cáo cho đơn vị mới; bỏ trống khi chỉ có một đơn vị."),
    ])
    response = HttpResponse(written(sheet, "xlsx"), content_type=MEDIA["xlsx"])
    response["Content-Disposition"] = 'attachment; filename="bang-sap-xep.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
def draft(request: Request) -> HttpResponse:
    """Draft a reorganisation from a decree and its table."""
    request.actor.require_root(Permission.MANAGE)
    return _edited(request, None)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft."""
    row = _found(request, pk)
    REORGANISATION.after(row.state, "edit")
    return _edited(request, row)


def _edited(request: Request, row: Any) -> HttpResponse:
    initial = {
        "so": row.decree, "ten": row.title, "co_quan": row.issuer, "ngay": row.on,
        "nguon": row.source, "bang": _as_text(unpacked(row.lines)),
    } if row else {"bang": ",".join(_HEADS)}
    form = DecreeForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST":
        if too_large(request):
            form.add_error("tep", too_heavy())
        elif form.is_valid() and (kept := _kept(request, row, form)) is not None:
            return redirect("workbench:reorganisation", kept.pk)
    return render(request, "workbench/reorganisation_edit.html", {"row": row, "form": form},
                  status=422 if form.errors else 200)


def _kept(request: Request, row: Any, form: DecreeForm) -> Any:
    """Keep a draft; say beside the table why it could not be."""
    table = "tep" if form.cleaned_data["tep"] else "bang"
    try:
        lines = form.lines()
        if odd := [_("Dòng {n}: {words}").format(n=line.number, words=" ".join(line.odd))
                   for line in lines if line.odd]:
            form.add_error(table, odd[:_SAID])
            return None
        if row is None:
            return operations.draft_reorganisation(
                actor=request.actor, decree=form.decree(), lines=lines, at=request.at)
        return operations.edit_reorganisation(
            actor=request.actor, pk=row.pk, decree=form.decree(), lines=lines, at=request.at)
    except operations.DecreeEntered as refused:
        form.add_error("so", said(refused))
    except Problem as refused:
        form.add_error(table, said(refused))
    return None


def _as_text(lines: list[Line]) -> str:
    """Return lines as they are typed, to be mended."""
    rows = [
        [_LEVELS.get(line.level, line.level), line.old, line.new, LINKS[line.kind], line.name,
         line.unit_type, line.parent, line.share, line.km2, line.unit, line.note]
        for line in lines
    ]
    return "\n".join(";".join(cell.replace(";", ",") for cell in row) for row in [_HEADS, *rows])


@require_GET
def reorganisation(request: Request, pk: int) -> HttpResponse:
    """Show one: its lines, its rehearsal while it is not enacted, and what can be done."""
    row = _found(request, pk)
    found = queries.rehearse(row) if row.state in ("draft", "decided") else None
    lines = found.draft.lines if found else unpacked(row.lines)
    return render(request, "workbench/reorganisation.html", {
        "row": row, "state": _state(row), "number": len(lines),
        "eve": row.on - timedelta(days=1), "more": len(lines) > _MOST,
        "lines": [(line, _(LINKS[line.kind])) for line in lines[:_MOST]],
        "late": row.state == "decided" and row.on <= request.today,
        **(_rehearsal(request, row, found) if found else {}),
    })


def _rehearsal(request: Request, row: Any, found: queries.Rehearsal) -> dict[str, Any]:
    rounds = collection.rounds_on(request.actor, set(found.olds), row.on)
    names = {flow.identifier: flow.name_vi for flow in metadata.dataflows()}
    closing = {unit.pk for unit, _heir in found.closing}
    return {
        "rehearsed": True, "stops": [_told(each) for each in found.stops],
        "warnings": [_told(each) for each in found.warnings],
        "olds": sorted(found.olds.values(), key=lambda area: (area.level, area.code)),
        "news": len(found.draft.news), "units": found.units, "closing": found.closing,
        "accounts": found.accounts, "rounds": rounds,
        "parts": sum(each.parts for each in rounds), "owed": sum(each.owed for each in rounds),
        "over": [each for each in rounds if each.over],
        "obligations": collection.received_by(request.actor, closing),
        "series": [(names.get(each.dataflow, each.dataflow), each)
                   for each in observations.held_of_areas(request.actor, found.olds)],
    }


def _told(flaw: Flaw) -> tuple[list[int], str]:
    return list(flaw.lines), flaw.words.said(_)


@require_POST
def act(request: Request, pk: int, deed: str) -> HttpResponse:
    """Decide a draft, take a decided one back, or give a draft up."""
    _found(request, pk)
    if deed not in _ACTS:
        raise NotFound()
    do, words = _ACTS[deed]
    try:
        do(actor=request.actor, pk=pk, at=request.at)
    except operations.NotYetRight as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, str(words))
    return redirect("workbench:reorganisation", pk)


urlpatterns = [
    path("viec/sap-xep/", reorganisations, name="reorganisations"),
    path("viec/sap-xep/moi/", draft, name="reorganisation_draft"),
    path("viec/sap-xep/<int:pk>/", reorganisation, name="reorganisation"),
    path("viec/sap-xep/<int:pk>/sua/", edit, name="reorganisation_edit"),
    path("viec/sap-xep/<int:pk>/viec/<str:deed>/", act, name="reorganisation_act"),
]
