"""Five hundred communes before the due hour: units, accounts, a form, a round, open sessions.

Run as a process of its own on the database of the measurement; writes what the clients need to
its output as JSON, and afterwards, asked with `count`, what arrived.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta, timezone
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.utils import timezone as clock

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from nhasan.collection import operations as collection
from nhasan.collection.models import DraftRow, Submission
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.metadata import operations as metadata
from nhasan.organisations import operations as organisations

COMMUNES, ROWS, COLUMNS = 500, 60, 5
CELLS = ROWS * COLUMNS
HOUSE = Actor.house("benchmark")
MAP_DAY = date(2025, 7, 1)
_HANOI = timezone(timedelta(hours=7))
AT = datetime.now(_HANOI)
FORM: dict[str, Any] = {
    "id": "BAO", "version": "1", "code": "Bão", "title": "Biểu của ngày hết hạn",
    "frequency": "A", "legal_basis": "", "reporting_unit": "", "receiving_unit": "",
    "deadline": "", "provenance": "số liệu minh hoạ", "illustrative": True,
    "tables": [{
        "id": "t", "title": "Dân số và nghèo theo dân tộc", "unit": "", "row_header": "Dân tộc",
        "rows": [
            {"id": "tong", "label": "Tổng số", "sum": ["*"]},
            *({"id": f"r{row:02}", "label": f"Dòng {row:02}", "bind": {"LINE": f"{row:02}"}}
              for row in range(ROWS)),
        ],
        "columns": [
            *({"id": f"c{column}", "label": f"Cột {column}", "bind": {"INDICATOR": "BAO:01"}}
              for column in range(COLUMNS)),
            {"id": "ty_le", "label": "Tỷ lệ", "kind": "decimal", "decimals": 2, "unit": "%",
             "formula": "if([c0] = 0, 0, round([c1] / [c0] * 100, 2))"},
        ],
        "checks": [
            {"id": "phan-trong-tong", "test": "[c1] <= [c0]", "column": "c1",
             "message": "{c1} nhiều hơn {c0}."},
            {"id": "phan-nho", "test": "[c2] + [c3] <= [c1]", "column": "c2",
             "message": "{c2} cộng {c3} nhiều hơn {c1}."},
        ],
    }],
}


def figures(number: int) -> dict[str, str]:
    """Return the figures of one commune: every cell filled, every rule kept."""
    return {
        f"t/r{row:02}/c{column}": str((900 + number + row) // (2 ** column))
        for row in range(ROWS) for column in range(COLUMNS)
    }


def prepared() -> list[dict[str, Any]]:
    """Make the world and return, for each commune, its session and its report."""
    call_command("migrate", verbosity=0)
    _house()
    codes = [f"{number:05}" for number in range(1, COMMUNES + 1)]
    for code in codes:
        organisations.open_unit(
            actor=HOUSE, code=f"XA-{code}", name=f"Xã {code}", short_name=f"xã {code}",
            kind="commune", parent="SO", opened=None, at=AT)
    held = collection.ask(
        actor=HOUSE, identifier="BAO-2025", form="BAO", version="1", receiver="SO",
        title_vi="Ngày hết hạn", period="2025", map_day=MAP_DAY, opens=AT.date(),
        due=AT.date(), closes=None, illustrative=True, at=AT,
        parts=[(f"XA-{code}", "commune", code) for code in codes])
    reports = {
        row.unit.code: row.pk for row in collection_progress(held.pk)
    }
    return [
        {"report": reports[f"XA-{code}"], "cells": figures(number),
         "session": session(f"xa-{code}", f"XA-{code}", "enterer")}
        for number, code in enumerate(codes)
    ]


def collection_progress(pk: int) -> Any:
    """Return the reports of the round."""
    queries = import_module("nhasan.collection.queries")
    return queries.progress(HOUSE, pk, on=AT.date()).assignments


def _house() -> None:
    for code, kind, parent in (("BO", "ministry", None), ("SO", "focal", "BO")):
        organisations.open_unit(
            actor=HOUSE, code=code, name=code, short_name=code, kind=kind, parent=parent,
            opened=None, at=AT)
    areas.register(actor=HOUSE, source="phép đo", at=AT, areas=[
        NewArea("country", "VN", "Nước", "Việt Nam"),
        NewArea("province", "19", "Tỉnh", "Thái Nguyên", "country", "VN", MAP_DAY),
        *(NewArea("commune", f"{number:05}", "Xã", f"Xã {number}", "province", "19", MAP_DAY)
          for number in range(1, COMMUNES + 1)),
    ])
    metadata.draft_indicator_set(
        actor=HOUSE, agency="BAO", identifier="BAO", version="1", name_vi="Phép đo", source="",
        decision={}, completeness="", illustrative=True, at=AT,
        indicators=[{"key": "01", "name_vi": "Số", "unit": "người"}])
    metadata.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="BAO", version="1", on=MAP_DAY, at=AT)
    collection.draft_form(actor=HOUSE, definition=FORM, dataflow="BAO", at=AT)
    collection.publish_form(actor=HOUSE, form="BAO", version="1", at=AT)


def session(name: str, unit: str, role: str) -> str:
    """Open an account that has a role in a unit, and a session of it."""
    user = organisations.open_account(
        actor=HOUSE, username=name, name=f"Cán bộ {name}", unit=unit,
        password=None, must_change_password=False, at=AT)
    organisations.assign_role(
        actor=HOUSE, user=user.pk, role=role, unit=unit, valid_from=MAP_DAY, at=AT)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(clock.now() + timedelta(hours=8))
    store.save()
    return str(store.session_key)


def arrived() -> dict[str, int]:
    """Return how many submissions arrived and how many cells of theirs are kept and right."""
    sent = Submission.objects.within(EVERYTHING).select_related("assignment__unit")
    right = 0
    for each in sent.iterator():
        wanted = figures(int(each.assignment.unit.code.removeprefix("XA-")) - 1)
        cells = each.answers["cells"]
        # Compared by value: a draft writes 1004 as 1.004
        right += sum(1 for cell, text in wanted.items() if cells.get(cell, ["", ""])[1] == text)
    rows = DraftRow.objects.within(EVERYTHING).count()
    return {"submissions": sent.count(), "right": right, "rows": rows}


def main() -> None:
    """Prepare, or count what arrived."""
    found: Any = arrived() if sys.argv[1:] == ["count"] else prepared()
    print(json.dumps(found))
