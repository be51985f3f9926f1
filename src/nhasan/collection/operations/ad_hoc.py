"""Ad hoc requests: a few columns by a day, for chosen units, in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from nhasan.collection.models import CollectionRound, Form, FormVersion
from nhasan.collection.operations.openings import all_within, give_parts, tell_given
from nhasan.collection.queries.regime import reporting_parts
from nhasan.domain.access import Actor, Permission
from nhasan.domain.ad_hoc import AskedColumn, definition
from nhasan.domain.calendar import sensible
from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.periods import Period
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.schedule import Reporters
from nhasan.domain.verification import verify
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit


@operation("round.ask_ad_hoc")
def ask_ad_hoc(*, actor: Actor, receiver: str, title: str, columns: Sequence[AskedColumn],
               reporters: Mapping[str, Any], due: date, at: datetime,
               rows: Sequence[str] = (), document: str = "", period: str = "",
               ) -> CollectionRound:
    """Ask chosen units for a few figures by a day: the form, the round and every part at once.

    `reporters` as of an obligation. The figures are of today unless a period is named.
    """
    scope, today = actor.require(Permission.MANAGE), localtime(at).date()
    body = OrganisationUnit.objects.within(scope).one(code=receiver)
    if due < today:
        raise Invalid(reason=phrase("hạn gửi phải từ hôm nay trở đi"))
    sensible(due)
    who = Reporters.parse(reporters)
    all_within(scope, who.units)
    parts = reporting_parts(who, body, map_day=today, on=today)
    if len({part.unit for part in parts}) < len(set(who.units)) or not parts:
        raise Invalid(reason=phrase("có đơn vị được chọn chưa phụ trách địa bàn nào"))
    name = _next_name(body, today)
    version = _form(definition(name, title, columns, rows, document=document), at)
    held = CollectionRound.objects.create(
        identifier=name, form_version=version, receiver=body, title_vi=version.form.title_vi[:300],
        period=str(Period.parse(period or today.isoformat())), map_day=today, opens=today,
        due=due, closes=None, ad_hoc=True,
    )
    tell_given(actor, held, give_parts(held, parts, at), "round_asked",
               {"who": body.short_name}, at)
    return held


def _next_name(body: OrganisationUnit, today: date) -> str:
    """Return the next free name of a request of that unit on that day."""
    head = f"YC-{today:%Y%m%d}-{body.pk}-"
    taken = Form.objects.filter(identifier__startswith=head).values_list("identifier", flat=True)
    numbers = [int(name[len(head):]) for name in taken if name[len(head):].isdigit()]
    return f"{head}{max(numbers, default=0) + 1}"


def _form(data: Mapping[str, Any], at: datetime) -> FormVersion:
    """Keep the form of a request, in force at once and for this one time."""
    parsed = FormDefinition.parse(data)
    verify(parsed.layout(Expansion()))
    form = Form.objects.create(
        identifier=parsed.id, code="", title_vi=parsed.title, legal_basis=parsed.legal_basis,
    )
    return FormVersion.objects.create(
        form=form, version=parsed.version, definition=dict(data), state="in_force",
        published_at=at,
    )
