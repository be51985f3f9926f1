"""One release: what it says otherwise than the last, its approval, and the ways back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nhasan.catalogue import queries as catalogue
from nhasan.domain.access import Permission
from nhasan.domain.cube import INDICATOR
from nhasan.domain.identity import Urn
from nhasan.domain.lifecycle import RELEASE
from nhasan.domain.observations import Figure
from nhasan.domain.problems import Problem, phrase
from nhasan.domain.revision import CHANGED, GONE, NEW, Revision
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import date_text, figure_text
from nhasan.interfaces.workbench import cubes
from nhasan.interfaces.workbench.days import DayField
from nhasan.releases import operations, queries

MOST_CHANGES = 100
KINDS = {NEW: phrase("số mới"), CHANGED: phrase("thay đổi"), GONE: phrase("không còn")}
_PUBLISHED_AT = time(8, 0)
"""When a release that was given a day is said in public on that day."""


class ApproveForm(forms.Form):
    """When an approved release is said in public."""

    ngay = DayField(
        label=gettext_lazy("Công bố vào ngày"), required=False,
        help_text=gettext_lazy(
            "Viết ngày/tháng/năm, ví dụ 31/12/2026: công bố lúc 8 giờ sáng ngày đó. Bỏ trống "
            "thì công bố ngay sau khi phê duyệt."),
    )


class WhyForm(forms.Form):
    """Why a release is given up, called back or withdrawn."""

    ly_do = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Hãy ghi lý do.")},
    )


@require_GET
def release(request: Request, pk: UUID) -> HttpResponse:
    """Show one release: what it says otherwise than the last, and what is next."""
    return _show(request, pk)


def _show(request: Request, pk: UUID, *, why_form: WhyForm | None = None,
          status: int = 200) -> HttpResponse:
    require(request.actor, Permission.PUBLISH)
    found = queries.review_of(request.actor, pk)
    held = found.release
    compared = queries.compared(request.actor, pk)
    words = _words(held, found.cube.dims, found.cube.column(INDICATOR), compared)
    return render(request, "workbench/release.html", {
        **_facts(request, held), **_compared(compared, words, MOST_CHANGES),
        "files": _files(found.files),
        "codes": [
            {"change": each, "dimension": words.breakdown(each.dimension),
             "label": words.any_code(each.dimension, each.code)}
            for each in found.changes if each.code
        ],
        "log": found.suppressed, "rows": len(found.cube),
        "why_form": why_form or WhyForm(),
        "undecided": _undecided(found.changes),
    }, status=status)


def _facts(request: Request, held: Any) -> dict[str, Any]:
    """Return what every page about a release says of it."""
    mine = request.actor.may(Permission.PUBLISH).covers(held.unit.path or "")
    address = Urn.parse(held.urn).address
    return {
        "release": held, "state": _(RELEASE.states[held.state]), "address": address,
        "steps": address.strip("/").split("/"), "own": held.drafted_by == request.actor.id,
        "can": {act: mine and RELEASE.allows(held.state, act) for act in RELEASE.actions},
        "unlisted": held.state in ("draft", "approved")
        and catalogue.open_dataset(held.dataflow) is None,
    }


def _undecided(changes: Sequence[Any]) -> int:
    return sum(1 for each in changes if each.kind == operations.GONE and not each.decided)


def _words(held: Any, dims: Sequence[str], indicators: Sequence[str],
           compared: queries.Compared | None) -> cubes.Words:
    """Return the words of a release and of whatever the one before it had besides."""
    known = set(indicators)
    if compared is not None:
        dims = compared.revision.dims
        known |= compared.revision.by_indicator().keys()
    return cubes.Words(dims, known, held.dataflow, cubes.map_rule(held.run.plan))


def _compared(compared: queries.Compared | None, words: cubes.Words,
              most: int) -> dict[str, Any]:
    """Return what differs from the release before: how much of what, and the first figures."""
    if compared is None:
        return {"before": None}
    found = compared.revision
    lines = cubes.moved_lines(found.rows[:most], words)
    names = [words.breakdown(dim) for dim in words.breakdowns]
    return {
        "before": compared.before, "same": found.same, "counts": _counts(found),
        "uncovered": found.uncovered(),
        "moved_rows": len(found.rows), "moved_more": max(0, len(found.rows) - most),
        "moved": [
            {"line": each, "kind": _(KINDS[each.kind]),
             "broken_down": list(zip(names, each.breakdown, strict=True))}
            for each in lines
        ],
        "breakdowns": names,
        "by_indicator": [
            (words.indicator(ref), [counts[kind] for kind in KINDS])
            for ref, counts in found.by_indicator().items()
        ],
    }


def _counts(found: Revision) -> list[tuple[str, int]]:
    counts = found.counts()
    return [(_(words), counts[kind]) for kind, words in KINDS.items()]


@require_GET
def changes_csv(request: Request, pk: UUID) -> HttpResponse:
    """Give every figure that differs from the release before as a table for a spreadsheet."""
    require(request.actor, Permission.PUBLISH)
    held = queries.release_of(request.actor, pk)
    compared = queries.compared(request.actor, pk)
    dims = compared.revision.dims if compared else ()
    words = _words(held, dims, (), compared)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([
        _("Thay đổi"), _("Chỉ tiêu"), _("Đơn vị"), _("Cấp"), _("Mã địa bàn"), _("Địa bàn"),
        _("Kỳ"), *(words.breakdown(dim) for dim in words.breakdowns), _("Trước"), _("Nay"),
    ])
    for line in cubes.moved_lines(compared.revision.rows, words) if compared else ():
        writer.writerow([_plain(cell) for cell in (
            _(KINDS[line.kind]), line.indicator, line.unit, line.level, line.code, line.area,
            line.period, *line.breakdown,
        )] + [_machine(line.before), _machine(line.after)])
    response = HttpResponse(
        "\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8",
    )
    name = f"{held.identifier}-{held.version}-khac-ban-truoc.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _machine(figure: Figure | None) -> str:
    """Return a number as machines write it, else the words for why there is none."""
    if figure is None:
        return ""
    return figure_text(figure) if figure.value is None else f"{figure.value:f}"


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _files(files: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the files of a release by format: a release of many indicators has many."""
    kinds: dict[str, list[Any]] = {}
    for each in files:
        kinds.setdefault(each.format, []).append(each)
    return [
        {"format": kind, "number": len(group), "size": sum(each.size for each in group),
         "name": group[0].path if len(group) == 1 else ""}
        for kind, group in kinds.items()
    ]


@require_POST
def decide_gone(request: Request, pk: UUID) -> HttpResponse:
    """Say what became of a code that is gone: another code, or that it is gone for good."""
    require(request.actor, Permission.PUBLISH)
    queries.release_of(request.actor, pk)
    for_good = bool(request.POST.get("bo_han"))
    return _act(request, pk, lambda: operations.decide_gone(
        actor=request.actor, release=pk, dimension=request.POST.get("phan_to", ""),
        code=request.POST.get("ma", ""), at=request.at,
        decided=operations.GONE if for_good else request.POST.get("thay", "")[:100],
    ))


def _act(request: Request, pk: UUID, act: Callable[[], Any], done: str = "") -> HttpResponse:
    """Do an act on a release and come back to its page, with what was done or why not."""
    try:
        act()
    except Problem as refused:
        messages.error(request, said(refused))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(reverse("workbench:release", args=[pk]))


@require_http_methods(["GET", "POST"])
def approve(request: Request, pk: UUID) -> HttpResponse:
    """Show a release once more before it is approved; approve it, for at once or for a day."""
    require(request.actor, Permission.PUBLISH)
    held = queries.release_of(request.actor, pk)
    if request.method == "GET":
        return _last_look(request, held, ApproveForm())
    form = ApproveForm(request.POST)
    day = form.cleaned_data["ngay"] if form.is_valid() else None
    if day and day < request.today:
        form.add_error("ngay", _("Ngày công bố không được ở trước hôm nay."))
    if form.errors:
        return _last_look(request, held, form)
    return _act(request, pk, lambda: operations.approve(
        actor=request.actor, release=pk, at=request.at,
        publish_on=make_aware(datetime.combine(day, _PUBLISHED_AT)) if day else None,
    ), _("Đã phê duyệt. Bản này được công bố vào ngày {day}.").format(day=date_text(day))
        if day else _("Đã phê duyệt. Bản này được công bố trong vòng một phút."))


def _last_look(request: Request, held: Any, form: ApproveForm) -> HttpResponse:
    facts = _facts(request, held)
    if not facts["can"]["approve"] or facts["own"]:
        return HttpResponseRedirect(reverse("workbench:release", args=[held.pk]))
    compared = queries.compared(request.actor, held.pk)
    found = queries.review_of(request.actor, held.pk)
    return render(request, "workbench/release_approve.html", {
        **facts, "form": form, "log": found.suppressed, "rows": len(found.cube),
        "undecided": _undecided(found.changes),
        "before": compared.before if compared else None,
        "counts": _counts(compared.revision) if compared else (),
        "same": compared.revision.same if compared else 0,
        "uncovered": compared.revision.uncovered() if compared else 0,
    }, status=422 if form.errors else 200)


def _with_reason(request: Request, pk: UUID, act: Callable[..., Any],
                 done: str) -> HttpResponse:
    """Do what needs a reason, or ask for the reason again."""
    require(request.actor, Permission.PUBLISH)
    queries.release_of(request.actor, pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _show(request, pk, why_form=form, status=422)
    return _act(request, pk, lambda: act(
        actor=request.actor, release=pk, reason=form.cleaned_data["ly_do"], at=request.at,
    ), done)


@require_POST
def recall(request: Request, pk: UUID) -> HttpResponse:
    """Take an approval back before the release is said."""
    return _with_reason(request, pk, operations.recall, _(
        "Đã rút lại phê duyệt. Bản này là bản thảo như trước, chưa ai ngoài cơ quan thấy."))


@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    """Withdraw a published release with a reason that everybody can read."""
    return _with_reason(request, pk, operations.withdraw, _(
        "Đã thu hồi. Địa chỉ vẫn còn và nói rõ lý do thu hồi."))


@require_POST
def discard(request: Request, pk: UUID) -> HttpResponse:
    """Give up a draft, with a reason."""
    require(request.actor, Permission.PUBLISH)
    held = queries.release_of(request.actor, pk)
    answer = _with_reason(request, pk, operations.discard, _("Đã bỏ bản thảo."))
    if answer.status_code == 302 and pk not in {
        each.pk for each in queries.in_hand(request.actor)
    }:
        return HttpResponseRedirect(reverse("workbench:dataflow", args=[held.dataflow]))
    return answer


urlpatterns = [
    path("viec/cong-bo/ban/<uuid:pk>/", release, name="release"),
    path("viec/cong-bo/ban/<uuid:pk>/khac-ban-truoc.csv", changes_csv, name="release_changes"),
    path("viec/cong-bo/ban/<uuid:pk>/ma-khong-con/", decide_gone, name="release_decide_gone"),
    path("viec/cong-bo/ban/<uuid:pk>/phe-duyet/", approve, name="release_approve"),
    path("viec/cong-bo/ban/<uuid:pk>/rut-phe-duyet/", recall, name="release_recall"),
    path("viec/cong-bo/ban/<uuid:pk>/thu-hoi/", withdraw, name="release_withdraw"),
    path("viec/cong-bo/ban/<uuid:pk>/bo/", discard, name="release_discard"),
]
