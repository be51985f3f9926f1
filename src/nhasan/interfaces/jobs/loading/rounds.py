"""Real figures, arriving as work: a workbook from the template, uploaded, sent, approved."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import uuid4

from openpyxl import load_workbook

from nhasan.areas import queries as areas
from nhasan.collection import operations as collection
from nhasan.collection import queries as work
from nhasan.domain.access import Actor
from nhasan.domain.checking import reason_key
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.workbook import read_form
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.people import MINISTRY, accounts
from nhasan.organisations import queries as organisations

DAYS_TO_SEND = 30


def enterer_of(load: Load, people: Mapping[str, Actor]) -> dict[str, Actor]:
    """Return unit key → the actor of the account that enters for it.

    A closed board has no account of its own: those of its successor answer for it.
    """
    units = load.json("organisations.json")["units"]
    found: dict[str, Actor] = {
        account.unit: people[account.username] for account in accounts(load)
        if "enterer" in account.roles and account.username in people
    }
    for unit in units:
        if unit["successor"] in found:
            found[unit["key"]] = found[unit["successor"]]
    return found


def load_rounds(load: Load, people: Mapping[str, Actor]) -> None:
    """Open each round of real figures and bring every unit's workbook through it."""
    enterers = enterer_of(load, people)
    present = {held.identifier for held in work.rounds(load.actor)}
    reports = opened = 0
    for facts in load.json("demo.json")["rounds"]:
        if facts["id"] in present:
            continue
        on = date.fromisoformat(facts["reference_date"])
        held = collection.open_round(
            actor=people["bo-chi-tieu"], identifier=facts["id"], form=facts["form"],
            version=str(facts["form_version"]), receiver=MINISTRY, title_vi=facts["title"],
            period=facts["period"], map_day=on, opens=load.today,
            due=load.today + timedelta(days=DAYS_TO_SEND), closes=None, illustrative=False,
            at=load.at,
        )
        answers = _answers(load, facts["cells"])
        for unit in facts["units"]:
            report(load, people, enterers[unit], held.pk, unit, on, answers[unit])
            reports += 1
        collection.close_round(actor=people["bo-chi-tieu"], round_id=held.pk, at=load.at)
        opened += 1
    load.tell(f"{opened} kỳ báo cáo có số thật: {reports} bảng tính đã tải lên, gửi và duyệt")


def _answers(load: Load, name: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in load.csv(name):
        found[row["unit"]][row["cell"]] = row["text"]
    return found


def report(load: Load, people: Mapping[str, Actor], enterer: Actor, round_id: int, unit: str,
           on: date, answers: Mapping[str, str]) -> None:
    """Bring one unit's workbook through a round: download, fill, upload, send, approve."""
    body = organisations.unit_by_code(unit)
    held = areas.jurisdictions(load.actor, on=on, unit=body.pk if body else None)[0]
    given = collection.assign(
        actor=people["bo-chi-tieu"], round_id=round_id, unit=unit, level=held.level,
        code=held.code, at=load.at,
    )
    row = work.assignment(enterer, given.pk)
    upload = collection.receive_workbook(
        actor=enterer, assignment=row.pk, name=f"{unit}.xlsx", content=filled(row, answers),
        at=load.at,
    )
    explain(actor=enterer, assignment=row.pk, findings=upload.findings, at=load.at)
    sent = collection.submit(actor=enterer, assignment=row.pk, submission=uuid4(), at=load.at)
    collection.approve(actor=people["bo-duyet"], submission=sent.pk, at=load.at)


def explain(*, actor: Actor, assignment: int, findings: Sequence[Finding], at: datetime) -> None:
    """Answer warnings as an officer would: the figures were compared with their source."""
    reasons = {
        reason_key(finding): "Đã đối chiếu với số liệu nguồn."
        for finding in findings if finding.severity is Severity.WARNING
    }
    if reasons:
        collection.explain(actor=actor, assignment=assignment, reasons=reasons, at=at)


def filled(row: Any, answers: Mapping[str, str]) -> bytes:
    """Return the system's own template with the answers typed into their cells."""
    template = work.workbook(row)
    places = read_form(template, work.layout_of(row), work.workbook_context(row)).places
    book = load_workbook(io.BytesIO(template))
    for cell, text in answers.items():
        sheet, address = places[cell]
        book[sheet][address] = _typed(text)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _typed(text: str) -> str | int | float:
    """Return what a person's keystrokes become in a spreadsheet: a number where it is one."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number == number.to_integral_value() else float(number)
