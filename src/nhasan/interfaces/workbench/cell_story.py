"""The story of one cell, in one click: who wrote what, when, from where, and why."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nhasan.collection import queries
from nhasan.domain.problems import NotFound, phrase
from nhasan.interfaces.http import Request
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench.sayings import where

CHANNELS = {
    "screen": phrase("trên màn hình"), "workbook": phrase("từ tệp Excel"),
    "loader": phrase("khi nạp dữ liệu"), "undo": phrase("khi hoàn tác một lần lưu"),
    "offline": phrase("khi không có mạng, gửi lên sau"),
    "carried": phrase("chép từ kỳ trước"), "mapped": phrase("từ bảng tính riêng của đơn vị"),
}
"""By which way a value came into a draft, in words."""
_LONGEST_CELL = 160


@require_GET
def cell_story(request: Request, pk: int) -> HttpResponse:
    """Show what happened to one cell of a report, the newest first."""
    row = queries.assignment(request.actor, pk)
    cell = request.GET.get("o", "")
    layout = queries.layout_of(row)
    if cell.count("/") != 2 or len(cell) > _LONGEST_CELL:
        raise NotFound()
    return render(request, "workbench/cell_story.html", {
        "row": row, "cell": cell, "where": where(layout, cell),
        "period": period_text(row.round.period),
        "events": [
            (each, _(CHANNELS[each.channel]) if each.channel else "")
            for each in queries.story_of(row, cell)
        ],
    })


urlpatterns = [path("viec/bao-cao/<int:pk>/o/", cell_story, name="cell_story")]
