"""Report forms: what is asked, on which basis, and which indicator every column feeds."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nhasan.collection import operations, queries
from nhasan.domain.access import Permission
from nhasan.domain.forms import Expansion, FormDefinition, Layout, Row, Table
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import Forbidden, Problem, phrase
from nhasan.domain.rules import BRACED
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.workbench.sheet import Head, heads
from nhasan.metadata import queries as metadata

FREQUENCIES = {
    "A": phrase("hằng năm"), "S": phrase("sáu tháng"), "Q": phrase("hằng quý"),
    "M": phrase("hằng tháng"), "D": phrase("hằng ngày"), "school_year": phrase("năm học"),
}
LAYOUTS = {
    "official": phrase("theo mẫu in trong văn bản"),
    "mixed": phrase("một phần theo văn bản, một phần của hệ thống"),
    "own": phrase("của hệ thống"),
}

SEVERITIES = {
    "error": phrase("phải sửa"), "warning": phrase("phải giải thích"), "note": phrase("lưu ý"),
}


@dataclass(frozen=True, slots=True)
class Blank:
    """One table of a form without figures."""

    title: str
    unit: str
    row_header: str
    heads: tuple[tuple[Head, ...], ...]
    lines: tuple[tuple[Row, tuple[bool, ...]], ...]
    width: int


@require_GET
def forms(request: Request) -> HttpResponse:
    """List the report forms, each in the version that counts."""
    require(request.actor, Permission.READ)
    return render(request, "workbench/forms.html", {
        "forms": [
            {"form": form, "version": version, "definition": version.definition}
            for form in queries.forms()
            for version in [queries.form_version(form.identifier)]
        ],
    })


@require_GET
def form(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show one version of a form: its basis, its tables, and what they feed."""
    require(request.actor, Permission.READ)
    found = queries.form_version(identifier, version)
    definition = queries.definition_of(found)
    source = definition.source
    layout = _layout(definition)
    return render(request, "workbench/form.html", {
        "version": found, "form": found.form, "source": source,
        "provenance": source.get("provenance") if isinstance(source.get("provenance"), dict)
        else {"source": source.get("provenance", "")},
        "frequency": _(FREQUENCIES.get(source.get("frequency", ""), "")) or "",
        "layout": _(LAYOUTS[source["layout"]]) if source.get("layout") in LAYOUTS else "",
        "tables": [_blank(table) for table in layout.tables],
        "rules": [
            (rule, BRACED.sub("…", rule.message),
             _(SEVERITIES.get(rule.severity, rule.severity)), layout.table(rule.each))
            for rule in layout.rules
        ],
        "indicators": sorted(
            metadata.indicators_by_ref(definition.indicators()).items()),
        "dataflow": metadata.dataflow(found.form.dataflow) if found.form.dataflow else None,
        "rounds": [held for held in queries.rounds(request.actor)
                   if held.form_version_id == found.pk],
        "in_force": next((each for each in [queries.form_version(identifier)]
                          if each.state == "in_force" and each.pk != found.pk), None),
        "may_publish": _may_publish(request)
        and ARTEFACT.allows(found.state, "put_in_force"),
    })


def _layout(definition: FormDefinition) -> Layout:
    """Return the form with codes as rows, and a word where each unit's own rows come."""
    below = {level: (Row(level, _("mỗi đơn vị hành chính một dòng")),)
             for level in definition.area_levels()}
    named = {table["id"]: (Row("o", _("dòng do đơn vị ghi tên")),)
             for table in definition.source["tables"]
             if any("open" in item for item in table["rows"])}
    codes = metadata.code_rows(definition.code_lists())
    return definition.layout(Expansion(codes, below, named))


def _blank(table: Table) -> Blank:
    return Blank(
        table.title, table.unit, table.row_header, heads(table.columns, table.unit),
        tuple(
            (row, tuple(table.cell_computed(row, column) for column in table.columns))
            for row in table.rows
        ),
        1 + len(table.columns),
    )


def _may_publish(request: Request) -> bool:
    try:
        request.actor.require_root(Permission.MANAGE)
    except Forbidden:
        return False
    return True


@require_POST
def publish(request: Request, identifier: str, version: str) -> HttpResponse:
    """Publish a drafted version: from then on it is frozen and rounds may use it."""
    request.actor.require_root(Permission.MANAGE)
    queries.form_version(identifier, version)
    try:
        operations.publish_form(
            actor=request.actor, form=identifier, version=version, at=request.at,
        )
    except Problem as refused:
        messages.error(request, said(refused))
    else:
        messages.success(request, _(
            "Đã ban hành biểu mẫu. Từ giờ nội dung không sửa được nữa, và mở kỳ báo cáo được."))
    return HttpResponseRedirect(reverse("workbench:form", args=[identifier, version]))


urlpatterns = [
    path("viec/bieu-mau/", forms, name="forms"),
    path("viec/bieu-mau/<str:identifier>/<str:version>/", form, name="form"),
    path("viec/bieu-mau/<str:identifier>/<str:version>/ban-hanh/", publish,
         name="form_publish"),
]
