"""Nouns of processing: recipes, policies, runs and what they gave."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from nhasan.domain.access import Actor, Grant, Permission
from nhasan.domain.correspondence import KeyKind
from nhasan.domain.cube import Cube
from nhasan.domain.derived_figures import Place
from nhasan.domain.problems import Conflict, WrongState, phrase
from nhasan.engines.parquet import read_cube
from nhasan.processing.computation import NoPolicy, Recipe, computed
from nhasan.processing.explaining import Explained, explained
from nhasan.processing.models import DisclosurePolicy, Plan, ProcessingRun, WorkingPart
from nhasan.processing.recast_series import SeriesOnMap, series_on_map

PROTECTED = "protected.parquet"
FULL = "full.parquet"
SOURCES = "sources.json"
LOG = "log.json"


class LostRun(Conflict):
    """The figures of an earlier release that the new ones must be protected against."""

    code = "run-lost"
    message = phrase(
        "Không còn kết quả của lượt tổng hợp {run} đã công bố, nên không xét được hai bản cạnh "
        "nhau. Hãy khôi phục thư mục của lượt ấy từ bản sao lưu."
    )


def recipe(dataflow: str) -> Recipe:
    """Return how a dataflow is added up; without a decision, only its breakdowns are."""
    found = plan(dataflow)
    return Recipe.from_json(found.recipe) if found else Recipe()


def plan(dataflow: str) -> Plan | None:
    """Return what was decided about adding a dataflow up, by whom and why, if anything was."""
    return Plan.objects.filter(dataflow=dataflow).first()


def policy(dataflow: str) -> DisclosurePolicy:
    """Return how a dataflow is protected, or refuse: without a policy nothing leaves."""
    found = DisclosurePolicy.objects.filter(dataflow=dataflow).first()
    if found is None:
        raise NoPolicy(dataflow=dataflow)
    return found


def runs(actor: Actor, *, dataflow: str = "") -> Sequence[ProcessingRun]:
    """Return the runs within the actor's reading, newest first."""
    found = ProcessingRun.objects.within(actor.may(Permission.READ)).select_related("unit")
    if dataflow:
        found = found.filter(dataflow=dataflow)
    return list(found.order_by("-requested_at")[:200])


def run(actor: Actor, pk: UUID) -> ProcessingRun:
    """Return one run within the actor's reading."""
    return (
        ProcessingRun.objects.within(actor.may(Permission.READ)).select_related("unit").one(pk=pk)
    )


def folder(pk: UUID) -> Path:
    """Return where the outputs of a run lie."""
    return Path(settings.RUNS) / str(pk)


@dataclass(frozen=True, slots=True)
class Output:
    """What a finished run hands on to releases: protected figures, and where they came from."""

    run: ProcessingRun
    cube: Cube
    sources: Mapping[int, Mapping[str, Any]]


def output(actor: Actor, pk: UUID) -> Output:
    """Return the protected figures of a finished run."""
    found = _finished(actor, pk)
    sources = json.loads((folder(pk) / SOURCES).read_text(encoding="utf-8"))
    return Output(
        found, read_cube(folder(pk) / PROTECTED),
        {int(number): source for number, source in sources.items()},
    )


def cubes_said(runs: Sequence[UUID], policy: Mapping[str, Any]) -> list[Cube]:
    """Return what these runs gave to be said in public; refuse when that is lost.

    Where nothing is hidden, nothing has to be known of them.
    """
    if policy.get("public"):
        return []
    lost = [pk for pk in runs if not (folder(pk) / PROTECTED).is_file()]
    if lost:
        raise LostRun(run=str(lost[0]))
    return [read_cube(folder(pk) / PROTECTED) for pk in dict.fromkeys(runs)]


def suppression_log(actor: Actor, pk: UUID) -> dict[str, Any]:
    """Return what a run hid and by which rule; never a value."""
    _finished(actor, pk)
    found: dict[str, Any] = json.loads((folder(pk) / LOG).read_text(encoding="utf-8"))
    return found


def _finished(actor: Actor, pk: UUID) -> ProcessingRun:
    found = run(actor, pk)
    if found.state != "done":
        raise WrongState(action=phrase("lấy kết quả"), state=found.state)
    return found


def preview(actor: Actor, dataflow: str, at: datetime,
            where: Mapping[str, Collection[str]] | None = None) -> Cube:
    """Return live, unprotected figures of a dataflow, within what the actor may read."""
    found = computed(
        actor, dataflow, at, recipe(dataflow), {"public": "preview"}, settings.ENGINE,
    )
    return found.cube.select(where or {})


def reader_of(found: ProcessingRun) -> Actor:
    """Return the house acting for the unit of a run: it reads what that unit may read."""
    return Actor(
        id="house:run", name="Hệ thống", unit_path=found.unit.path or "",
        grants=(Grant("publisher", found.unit.path or "-"),),
    )


def up_to(dataflow: str) -> datetime | None:
    """Return when the working cube of a dataflow was last written, nothing if it never was."""
    last: datetime | None = WorkingPart.objects.filter(dataflow=dataflow).aggregate(
        last=Max("written_at"))["last"]
    return last


def explain(actor: Actor, dataflow: str, place: Place) -> Explained:
    """Return a figure of the working cube and how it came about, within READ."""
    return explained(actor, dataflow, place)


def explain_on_map(actor: Actor, dataflow: str, place: Place, day: date,
                   key: KeyKind) -> SeriesOnMap:
    """Return a figure in every period there is, on the map of a day, within READ."""
    return series_on_map(actor, dataflow, place, day, key)
