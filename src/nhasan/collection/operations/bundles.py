"""One workbook with several forms: each form is taken or refused by itself, and told so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from nhasan.collection.models import WorkbookUpload
from nhasan.collection.operations.workbooks import take_arrival, to_fill, undisturbed
from nhasan.collection.queries import read_report
from nhasan.domain.access import Actor, Permission
from nhasan.domain.problems import Invalid, NotFound, Problem, phrase
from nhasan.domain.validation import Severity
from nhasan.formats.forms.workbook import Filled, Identity
from nhasan.organisations.authority import operation
from nhasan.organisations.queries import units
from nhasan.storage.store import Store

MOST_PARTS = 200
NOT_YOURS = phrase(
    "Biểu này không thuộc việc của bạn, hoặc đã được giao lại. Các biểu khác trong tệp không bị "
    "ảnh hưởng.")
TWICE = phrase("Biểu này có hai lần trong tệp; đã nhận lần đầu.")
EMPTY = phrase("Biểu chưa điền nên được để lại; nộp sau cũng được.")


class NoForms(Invalid):
    """The workbook does not say which forms it holds."""

    code = "workbook-no-forms"
    message = phrase(
        "Tệp không còn thông tin về các biểu trong đó. Hãy tải lại tệp nhiều biểu, chép số liệu "
        "sang rồi nộp; hoặc nộp từng biểu ở đúng việc của biểu.")


def receive_bundle(*, actor: Actor, name: str, content: bytes, at: datetime) -> WorkbookUpload:
    """Read a workbook with several forms into their drafts, each form by itself.

    One that is refused does not hold up the others; what became of each is kept with the file.
    A form in which nothing was filled is left alone.
    """
    actor.require(Permission.ENTER)
    with undisturbed():
        filled = Filled(content)
        if not filled.identities:
            raise NoForms()
        parts = []
        seen: set[str] = set()
        for identity in filled.identities[:MOST_PARTS]:
            again = identity.assignment in seen
            seen.add(identity.assignment)
            parts.append(
                _refused(identity, TWICE) if again
                else _one(actor, filled, identity, name, at))
        return _keep(actor=actor, name=name, content=content, parts=parts, at=at)


def _one(actor: Actor, filled: Filled, identity: Identity, name: str,
         at: datetime) -> dict[str, Any]:
    """Take one form, or say why it is not taken.

    The bytes are not kept with the report: they hold the figures of other units.
    """
    number = identity.assignment
    try:
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            raise NotFound()
        row = to_fill(actor, int(number))
        arrival = read_report(filled, row)
        if not arrival.answers.cells and not arrival.answers.reasons:
            return {**_refused(identity, EMPTY), "state": "empty"}
        got = take_arrival(
            actor=actor, assignment=row.pk, name=name, content=b"", arrival=arrival,
            rows=row.open_rows, at=at)
    except NotFound:
        return _refused(identity, NOT_YOURS)
    except Problem as refused:
        return {**_refused(identity, str(refused)), "template": refused.message,
                "facts": {key: str(fact) for key, fact in refused.facts.items()}}
    count = [finding.severity for finding in got.findings]
    return {
        "state": "taken", "assignment": number, "title": row.round.title_vi,
        "unit": row.unit.name, "file": got.attachment.pk, "cells": got.cells,
        "errors": count.count(Severity.ERROR), "warnings": count.count(Severity.WARNING),
    }


def _refused(identity: Identity, message: str) -> dict[str, Any]:
    return {
        "state": "refused", "assignment": identity.assignment,
        "title": identity.period_label or identity.form,
        "unit": identity.unit_name, "message": message, "template": message, "facts": {},
    }


@operation("workbook.receive_bundle")
def _keep(*, actor: Actor, name: str, content: bytes, parts: Sequence[dict[str, Any]],
          at: datetime) -> WorkbookUpload:
    """Keep the file and what became of each form."""
    unit = units(actor, permission=Permission.ENTER).order_by("path").first()
    own = units(actor, permission=Permission.ENTER).filter(path=actor.unit_path).first()
    if unit is None:
        raise NotFound()
    return WorkbookUpload.objects.create(
        unit=own or unit, name=name[:200], digest=Store(settings.STORE).put(content),
        size=len(content), uploaded_at=at, uploaded_by=actor.id, parts=list(parts),
    )
