"""The rows that a unit names itself: its villages, its programmes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from nhasan.collection import operations, queries
from nhasan.domain.problems import NotFound, Problem
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.sayings import receives


def rows(request: Request, pk: int, table: str) -> HttpResponse:
    """Name the rows of a table: rename those there, add more by typing or pasting a list."""
    row = queries.assignment(request.actor, pk)
    found = queries.layout_of(row).table(table)
    if found is None or not found.open_rows:
        raise NotFound()
    present = row.open_rows.get(table, [])
    problem = ""
    if request.method == "POST":
        named = _named(request, present)
        try:
            operations.save_open_rows(
                actor=request.actor, assignment=pk, table=table, rows=named, at=request.at)
        except Problem as refused:
            problem, present = said(refused), named
        else:
            return redirect(f"{reverse('workbench:report', args=[pk])}#grid-{table}")
    return render(
        request, "workbench/rows.html",
        {"row": row, "table": found, "present": present, "problem": problem,
         "open_now": receives(request, row)},
        status=422 if problem else 200,
    )


def _named(request: Request, present: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows as the person wants them: an emptied name takes its row away."""
    kept = [
        {"id": item["id"], "label": label}
        for item in present
        if (label := " ".join(request.POST.get(f"ten-{item['id']}", item["label"]).split()))
    ]
    added = [
        " ".join(line.split()) for line in request.POST.get("them", "").splitlines()
        if line.strip()
    ]
    # An id is never given twice: the history of a row taken away must not meet another's
    return kept + [{"id": f"t{uuid4().hex[:10]}", "label": label} for label in added]


urlpatterns = [path("viec/bao-cao/<int:pk>/dong/<slug:table>/", rows, name="rows")]
