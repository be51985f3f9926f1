"""Ten million figures of 3,321 communes, and the officials who look at them.

Run as a process of its own on the database of the measurement. The map, the provinces and the
communes are the shipped ones; every commune has reported 12 indicators by 54 groups for five
quarters to the department of its province. One report goes the whole way (typed,
sent, approved, taken into the store); the others are written beside it in the same form, with
made-up figures. A few reports of the last quarter are sent and wait, to be approved while
officials read. Figures are illustrative.
"""

from __future__ import annotations

import json
import random
import time
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import connection

from benchmarks._storm_world import session
from benchmarks._year_world import AT_FIRST, HANOI, HOUSE, MAP_DAY, provinces_of, unit_of
from nhasan.collection import operations as collection
from nhasan.collection.models import Assignment, Submission
from nhasan.collection.operations import Change
from nhasan.domain.access import EVERYTHING
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.metadata import operations as metadata
from nhasan.observations import operations as observations
from nhasan.observations.models import Batch, Observation
from nhasan.organisations import operations as organisations
from nhasan.processing import operations as processing
from scripts import places as folders

FLOW = "LIVE"
INDICATORS = [f"{number:02}" for number in range(1, 13)]
GROUPS = [f"{number:02}" for number in range(1, 55)]
QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")
WAITING, DEPARTMENTS = 12, 12
AT = datetime(2026, 10, 5, 9, 0, tzinfo=HANOI)
_SEED = 20261005
FORM: dict[str, Any] = {
    "id": "LIVE", "version": "1", "code": "LIVE", "title": "Biểu của phép đo",
    "illustrative": True,
    "tables": [{
        "id": "t", "title": "Theo dân tộc", "row_header": "Dân tộc",
        "rows": [
            {"id": "tong", "label": "Tổng số", "sum": ["*"]},
            *({"id": f"g{code}", "label": f"Dân tộc {code}", "bind": {"ETHNIC_GROUP": code}}
              for code in GROUPS),
        ],
        "columns": [
            {"id": f"c{key}", "label": f"Cột {key}", "bind": {"INDICATOR": f"LIVE:{key}"}}
            for key in INDICATORS
        ],
    }],
}


def build() -> dict[str, Any]:
    """Make the world; return the sessions of officials, the screens, the waiting reports."""
    call_command("migrate", verbosity=0)
    load = Load(folders.ROOT / "data", AT_FIRST, AT_FIRST.date(), lambda words: None, HOUSE)
    provinces = {code: found for code, found in provinces_of(load).items() if found}
    organisations.open_unit(actor=HOUSE, code="BO", name="Bộ", short_name="Bộ", kind="ministry",
                            parent=None, opened=None, at=AT_FIRST)
    for province, communes in provinces.items():
        unit_of(f"SO-{province}", "focal", "BO", "province", province)
        for commune in communes:
            unit_of(f"XA-{commune}", "commune", f"SO-{province}", "commune", commune)
    _regime()
    for quarter in QUARTERS:
        for province, communes in provinces.items():
            collection.ask(
                actor=HOUSE, identifier=f"LIVE-{quarter}-{province}", form="LIVE", version="1",
                receiver=f"SO-{province}", title_vi=f"Biểu của phép đo, {quarter}",
                period=quarter, map_day=MAP_DAY, opens=AT.date(), due=date(2026, 10, 30),
                closes=None, illustrative=True, at=AT,
                parts=[(f"XA-{commune}", "commune", commune) for commune in communes])
    rows = list(Assignment.objects.within(EVERYTHING).order_by("-round__period", "pk"))
    step = len(provinces) // WAITING
    firsts = {communes[0] for communes in list(provinces.values())[::step][:WAITING]}
    waiting = [row for row in rows[:sum(map(len, provinces.values()))]
               if row.area_code in firsts][:WAITING]
    template = next(row for row in rows if row.area_code not in firsts)
    pattern = _whole_way(template)
    held = {row.pk for row in waiting} | {template.pk}
    figures = _written([row for row in rows if row.pk not in held], pattern)
    seconds, parts = _cube()
    home = {commune: code for code, found in provinces.items() for commune in found}
    return {
        "figures": figures, "cube_seconds": seconds, "cube_files": parts,
        "officials": _officials(list(provinces)), "provinces": provinces,
        "waiting": [
            {**_sent(row), "session": session(
                f"duyet-{row.area_code}", f"SO-{home[row.area_code]}", "reviewer")}
            for row in waiting],
    }


def _regime() -> None:
    metadata.draft_indicator_set(
        actor=HOUSE, agency="LIVE", identifier="LIVE", version="1", name_vi="Bộ của phép đo",
        source="phép đo", decision={}, completeness="", illustrative=True, at=AT_FIRST,
        indicators=[{"key": key, "name_vi": f"Chỉ tiêu {key}", "unit": "người", "decimals": 0,
                     "adds_over_area": "sum"} for key in INDICATORS])
    metadata.draft_code_list(
        actor=HOUSE, agency="LIVE", identifier="CL_LIVE", version="1", name_vi="Dân tộc",
        name_en="", source="phép đo", at=AT_FIRST,
        codes=[{"code": code, "name_vi": f"Dân tộc {code}", "aliases": [], "other_names": []}
               for code in GROUPS])
    metadata.draft_dataflow(
        actor=HOUSE, agency="LIVE", identifier=FLOW, version="1", name_vi="Số liệu của phép đo",
        description="", subject="", source="số liệu minh hoạ",
        dimensions=[("ETHNIC_GROUP", "Dân tộc", "CL_LIVE")],
        indicators=[f"LIVE:{key}" for key in INDICATORS], policy={}, illustrative=True,
        at=AT_FIRST)
    for kind, name in (("indicator_set", "LIVE"), ("code_list", "CL_LIVE"), ("dataflow", FLOW)):
        metadata.put_in_force(actor=HOUSE, kind=kind, identifier=name, version="1",
                              on=MAP_DAY if kind == "indicator_set" else None, at=AT_FIRST)
    collection.draft_form(actor=HOUSE, definition=FORM, dataflow=FLOW, at=AT_FIRST)
    collection.publish_form(actor=HOUSE, form="LIVE", version="1", at=AT_FIRST)


def _typed(seed: int) -> dict[str, int]:
    """Return the figures of a report, cell by cell, without the totals."""
    drawn = random.Random(seed)
    return {f"t/g{code}/c{key}": drawn.randint(0, 900) for code in GROUPS for key in INDICATORS}


def _sent(row: Any) -> dict[str, Any]:
    """Fill a report and send it; return what it will show once it is approved."""
    typed = _typed(_SEED + row.pk)
    collection.save_cells(
        actor=HOUSE, assignment=row.pk, channel="screen", at=AT,
        changes=[Change(cell, str(value), 0) for cell, value in typed.items()])
    submission = uuid4()
    collection.submit(actor=HOUSE, assignment=row.pk, submission=submission, at=AT)
    total = sum(typed[f"t/g{code}/c01"] for code in GROUPS)
    return {"submission": str(submission), "commune": row.area_code, "total": total}


def _whole_way(row: Any) -> list[tuple[str, str, str]]:
    """Let one report go the whole way; return (indicator, breakdown, cell) of its figures."""
    sent = _sent(row)
    collection.approve(actor=HOUSE, submission=sent["submission"], at=AT)
    observations.ingest_approved(actor=HOUSE, at=AT)
    return list(Observation.objects.within(EVERYTHING).order_by("pk").values_list(
        "indicator", "breakdown", "cell"))


def _written(rows: list[Any], pattern: list[tuple[str, str, str]]) -> int:
    """Write the other reports as approved and their figures as known; return how many."""
    whole = Submission.objects.within(EVERYTHING).get(assignment__state="approved")
    periods = dict(Assignment.objects.within(EVERYTHING).values_list("pk", "round__period"))
    sent = Submission.objects.bulk_create([
        Submission(assignment=row, sequence=1, receipt=f"LIVE-{row.pk}", submitted_at=AT,
                   form_version_id=whole.form_version_id, answers={"cells": {}}, digest="0" * 64,
                   state="approved")
        for row in rows], batch_size=2000)
    Assignment.objects.within(EVERYTHING).filter(pk__in=[row.pk for row in rows]).update(
        state="approved", first_sent_at=AT)
    seen: set[tuple[str, int]] = set()
    batches = []
    for row, submission in zip(rows, sent, strict=True):
        part = (periods[row.pk], row.receiver_id)
        batches.append(Batch(submission=submission, dataflow=FLOW, known_from=AT,
                             size=len(pattern), stale_at=None if part in seen else AT))
        seen.add(part)
    batches = Batch.objects.bulk_create(batches, batch_size=2000)
    drawn = random.Random(_SEED)
    known = AT.isoformat()
    with connection.cursor() as cursor, cursor.copy(
            "COPY observations_observation (batch_id, dataflow, indicator, area_level, area_code,"
            " period, breakdown, value, decimals, status, cell, known_from) FROM STDIN") as copy:
        for row, batch in zip(rows, batches, strict=True):
            copy.write("".join(
                f"{batch.pk}\t{FLOW}\t{ref}\tcommune\t{row.area_code}\t{periods[row.pk]}\t"
                f"{breakdown}\t{drawn.randrange(900)}\t0\tA\t{cell}\t{known}\n"
                for ref, breakdown, cell in pattern))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return len(rows) * len(pattern)


def _cube() -> tuple[float, int]:
    """Let the pulse's own step write the working cube; return its seconds and files."""
    began, files = time.perf_counter(), 0
    while done := processing.refresh_working_cube(actor=HOUSE, at=datetime.now(HANOI)):
        files += done
    return time.perf_counter() - began, files


def _officials(provinces: list[str]) -> list[dict[str, str]]:
    """Open a session for four officials of the ministry and twelve of departments."""
    found = [{"session": session(f"bo-{number}", "BO", "reader"), "province": ""}
             for number in range(4)]
    step = max(1, len(provinces) // DEPARTMENTS)
    return found + [
        {"session": session(f"so-{code}", f"SO-{code}", "reader"), "province": code}
        for code in provinces[::step][:DEPARTMENTS]]


def main() -> None:
    """Build, and write what the clients need."""
    print(json.dumps(build()))
