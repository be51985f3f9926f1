"""Where a report stands in its review, its signed papers, and how final its figures are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nhasan.collection import queries
from nhasan.collection.queries import Assignment, Attachment, Review, Submission
from nhasan.domain.access import Permission
from nhasan.domain.figure_levels import FIGURE_LEVELS
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.notation import period_text

DONE, NOW, LATER, BROKEN_OFF = "xong", "dang-cho", "sau", "tra-lai"


@dataclass(frozen=True, slots=True)
class Step:
    """One stage as a page shows it: where, whether it is done, by whom and when."""

    name: str
    unit: str
    state: str
    who: str = ""
    at: datetime | None = None


def steps_of(row: Assignment, sent: Submission, reviews: Sequence[Review]) -> list[Step]:
    """Return the stages of a submission in order, the one it waits in marked."""
    done = {each.stage: each for each in reviews if each.submission_id == sent.pk}
    found, waiting = [], sent.state == "submitted"
    for stage in queries.stages(row):
        unit = queries.unit_of_stage(row, stage).name
        said = done.get(stage.id)
        if said is not None:
            state = BROKEN_OFF if said.decision in ("returned", "reopened") else DONE
            found.append(Step(_(stage.name), unit, state, said.by_name, said.at))
        elif waiting and stage.id == queries.stage(row).id:
            found.append(Step(_(stage.name), unit, NOW))
        else:
            found.append(Step(_(stage.name), unit, LATER))
    return found


def papers_of(row: Assignment) -> list[Attachment]:
    """Return the signed papers of a report, newest first."""
    return [each for each in queries.attachments(row) if each.kind == "signed"]


def level_words(found: Submission) -> str:
    """Return how final the figures of a submission are, in words."""
    return _(FIGURE_LEVELS[queries.level_of(found)])


@require_GET
def waiting(request: Request) -> HttpResponse:
    """List every report that waits for the reader's own unit, whatever the stage."""
    require(request.actor, Permission.REVIEW)
    rows: list[Any] = [
        {"report": each, "row": each.assignment, "stage": _(queries.stage(each.assignment).name),
         "period": period_text(each.assignment.round.period),
         "own": each.assignment.pk in mine}
        for found in [queries.to_review(request.actor)]
        for mine in [queries.written_by(request.actor, [item.assignment for item in found])]
        for each in found
    ]
    return render(request, "workbench/waiting.html", {"rows": rows, "current": "review"})


urlpatterns = [path("viec/cho-duyet/", waiting, name="waiting")]
