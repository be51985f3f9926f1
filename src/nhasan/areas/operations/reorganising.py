"""Reorganisations: drafted, decided, and enacted on their day, once.

Until the day the map has nothing of them. On the day the old places end and the new ones
begin in one transaction, with the links between them; classes and jurisdictions end with
their places; a unit that answers for nothing more hands over to the one that took its place.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from nhasan.areas.models import Area, AreaClass, Jurisdiction, Reorganisation
from nhasan.areas.operations.enacting import NewLink, enact
from nhasan.areas.operations.sharing import NewShare, set_shares
from nhasan.areas.queries.rehearsal import Rehearsal, rehearse, waiting
from nhasan.areas.queries.standing import on_day
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.area_classes import Span
from nhasan.domain.calendar import sensible
from nhasan.domain.lifecycle import REORGANISATION
from nhasan.domain.notices import reorganisation_page
from nhasan.domain.problems import Conflict, Invalid, NotFound, Problem, phrase
from nhasan.domain.reorganisation import Line, packed, share_of
from nhasan.domain.words import date_text, normalised
from nhasan.organisations.authority import operation
from nhasan.organisations.operations import close_unit, notify_house

logger = logging.getLogger("nhasan.areas")


class DecreeEntered(Conflict):
    """A decree of that number and day is being prepared or was enacted."""

    code = "decree-entered"
    message = phrase("Văn bản {decree} cho ngày này đã có.")


class NotYetRight(Invalid):
    """A reorganisation has flaws; it cannot be decided."""

    code = "reorganisation-flawed"
    message = phrase("Còn {count} chỗ chưa đúng, chỗ đầu là: {reason}")


@dataclass(frozen=True, slots=True)
class Decree:
    """The document of a reorganisation, as given to `draft_reorganisation`."""

    number: str
    title: str
    on: date
    issuer: str = ""
    source: str = ""


@operation("reorganisation.draft")
def draft_reorganisation(*, actor: Actor, decree: Decree, lines: Sequence[Line],
                         at: datetime) -> Reorganisation:
    """Keep a reorganisation as a draft, with whatever flaws it has."""
    actor.require_root(Permission.MANAGE)
    _check(decree)
    if Reorganisation.objects.filter(decree=decree.number, on=decree.on).exclude(
            state="discarded").exists():
        raise DecreeEntered(decree=decree.number)
    return Reorganisation.objects.create(
        decree=decree.number, title=decree.title, on=decree.on, issuer=decree.issuer,
        source=decree.source, lines=packed(lines), drafted_at=at, drafted_by_name=actor.name)


@operation("reorganisation.edit")
def edit_reorganisation(*, actor: Actor, pk: int, decree: Decree, lines: Sequence[Line],
                        at: datetime) -> Reorganisation:
    """Change a draft."""
    row = _found(actor, pk)
    REORGANISATION.after(row.state, "edit")
    _check(decree)
    if Reorganisation.objects.filter(decree=decree.number, on=decree.on).exclude(
            state="discarded").exclude(pk=pk).exists():
        raise DecreeEntered(decree=decree.number)
    row.decree, row.title, row.on = decree.number, decree.title, decree.on
    row.issuer, row.source, row.lines = decree.issuer, decree.source, packed(lines)
    row.save()
    return row


@operation("reorganisation.decide")
def decide_reorganisation(*, actor: Actor, pk: int, at: datetime) -> Reorganisation:
    """Decide a draft: the pulse enacts it on its day. Refused while anything is not right."""
    row = _found(actor, pk)
    row.state = REORGANISATION.after(row.state, "decide")
    _require_right(rehearse(row))
    row.decided_at, row.decided_by_name = at, actor.name
    row.save(update_fields=["state", "decided_at", "decided_by_name"])
    return row


@operation("reorganisation.recall")
def recall_reorganisation(*, actor: Actor, pk: int, at: datetime) -> Reorganisation:
    """Take a decided reorganisation back to mend it, as long as it was not enacted."""
    row = _found(actor, pk)
    row.state = REORGANISATION.after(row.state, "recall")
    row.decided_at, row.decided_by_name = None, ""
    row.save(update_fields=["state", "decided_at", "decided_by_name"])
    return row


@operation("reorganisation.discard")
def discard_reorganisation(*, actor: Actor, pk: int, at: datetime) -> Reorganisation:
    """Give a draft up."""
    row = _found(actor, pk)
    row.state = REORGANISATION.after(row.state, "discard")
    row.save(update_fields=["state"])
    return row


def enact_due(*, actor: Actor, at: datetime) -> int:
    """Enact what was decided and whose day has come; a step of the pulse.

    One that the map does not allow any more stays decided: its page says why, and those who
    keep the map are told once for each decision.
    """
    done = 0
    for pk in waiting(localtime(at).date()):
        try:
            enact_reorganisation(actor=actor, pk=pk, at=at)
        except Problem as refused:
            _tell_stuck(actor, pk, refused, at)
        else:
            done += 1
    return done


def _tell_stuck(actor: Actor, pk: int, refused: Problem, at: datetime) -> None:
    logger.warning("reorganisation %s is not enacted: %s", pk, refused)
    row = Reorganisation.objects.get(pk=pk)
    notify_house(
        actor=actor, audience=Permission.MANAGE, kind="reorganisation_stuck", at=at,
        key=f"reorganisation_stuck:{pk}:{row.decided_at:%Y%m%d%H%M%S}",
        facts={"title": f"{row.decree} {row.title}", "day": date_text(row.on),
               "reason": str(refused)},
        path=reorganisation_page(pk))


@operation("reorganisation.enact")
def enact_reorganisation(*, actor: Actor, pk: int, at: datetime) -> Reorganisation:
    """Enact one decided reorganisation on or after its day: all of it or nothing."""
    row = _found(actor, pk)
    row.state = REORGANISATION.after(row.state, "enact")
    if row.on > localtime(at).date():
        raise Invalid(reason=phrase("chưa đến ngày có hiệu lực"))
    found = rehearse(row)
    _require_right(found)
    classes = _ended_classes(found, at)
    made = _redraw(row, found)
    _carry_on(classes, found, made, at)
    row.change = enact(
        actor=actor, decree=row.decree, title=row.title, on=row.on, source=row.source, at=at,
        links=[NewLink(line.level, line.old, line.new, line.kind, note=line.note)
               for line in found.draft.lines])
    _share_out(actor, row, found, at)
    _hand_on(actor, row, found, at)
    row.enacted_at = at
    row.save(update_fields=["state", "enacted_at", "change"])
    return row


def _found(actor: Actor, pk: int) -> Reorganisation:
    actor.require_root(Permission.MANAGE)
    row = Reorganisation.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


def _check(decree: Decree) -> None:
    if not decree.number.strip() or not decree.title.strip():
        raise Invalid(reason=phrase("văn bản cần có số và tên"))
    sensible(decree.on)


def _require_right(found: Rehearsal) -> None:
    if found.stops:
        raise NotYetRight(count=len(found.stops), reason=found.stops[0].words)


def _redraw(row: Reorganisation, found: Rehearsal) -> dict[tuple[str, str], Area]:
    """End the old places and write the new ones."""
    Area.objects.filter(pk__in=[area.pk for area in found.olds.values()]).update(
        valid_to=row.on, ended_by=row.decree)
    made = {
        key: Area(
            level=line.level, code=line.new, unit_type=line.unit_type, name=line.name,
            parent_level=line.parent_level, parent_code=line.parent, valid_from=row.on,
            established_by=row.decree, area_km2=line.km2,
            search=normalised(f"{line.name} {line.new}"))
        for key, line in found.draft.told().items()
    }
    Area.objects.bulk_create(made.values(), batch_size=500)
    return made


def _ended_classes(found: Rehearsal, at: datetime) -> list[AreaClass]:
    """Replace the classes that would outlive the places that end; return them."""
    rows = list(AreaClass.objects.filter(
        area__in=[area.pk for area in found.olds.values()], replaced_at__isnull=True,
    ).exclude(valid_to__lte=found.draft.on).select_related("area"))
    AreaClass.objects.filter(pk__in=[row.pk for row in rows]).update(replaced_at=at)
    return rows


def _carry_on(rows: Iterable[AreaClass], found: Rehearsal, made: dict[tuple[str, str], Area],
              at: datetime) -> None:
    """Write the classes anew up to the day; over a mere renaming they go on."""
    on, renamed = found.draft.on, _renamed(found)
    AreaClass.objects.bulk_create([
        _again(row, area, span, at)
        for row in rows
        for area, life in ((row.area, Span(None, on)),
                           (made.get(renamed.get((row.area.level, row.area.code), ("", ""))),
                            Span(on, None)))
        if area is not None and (span := Span(row.valid_from, row.valid_to).both(life))
    ], batch_size=500)


def _renamed(found: Rehearsal) -> dict[tuple[str, str], tuple[str, str]]:
    """Return old → new where a place only changed its name or its kind."""
    return {
        key: (lines[0].level, lines[0].new) for key, lines in found.draft.olds.items()
        if len(lines) == 1 and lines[0].kind == "renamed"
        and len(found.draft.news[lines[0].level, lines[0].new]) == 1
    }


def _again(row: AreaClass, area: Area, span: Span, at: datetime) -> AreaClass:
    return AreaClass(
        scheme_id=row.scheme_id, decision_id=row.decision_id, area=area, part=row.part,
        kind=row.kind, valid_from=span.since, valid_to=span.until, basis=row.basis,
        recorded_at=at)


def _share_out(actor: Actor, row: Reorganisation, found: Rehearsal, at: datetime) -> None:
    """Keep the shares that the decree gives, so that old figures can be read on the new map."""
    given: dict[str, list[NewShare]] = defaultdict(list)
    for line in found.draft.lines:
        if (share := share_of(line)) is not None and line.kind == "partial":
            given[line.level].append(NewShare(line.old, line.new, share))
    for level, shares in given.items():
        set_shares(actor=actor, level=level, on=row.on, number=row.decree, source=row.source,
                   shares=shares, at=at)


def _hand_on(actor: Actor, row: Reorganisation, found: Rehearsal, at: datetime) -> None:
    """End the jurisdictions over what ended, give those over what began, close who is done."""
    for old in _held(found, row.on):
        old.valid_to = row.on
        old.save(update_fields=["valid_to"])
    Jurisdiction.objects.bulk_create([
        Jurisdiction(unit=unit, level=level, code=code, valid_from=row.on)
        for (level, code), unit in found.heirs.items()
    ])
    for unit, successor in found.closing:
        close_unit(actor=actor, code=unit.code, successor=successor.code, closed=row.on, at=at)


def _held(found: Rehearsal, on: date) -> Iterable[Jurisdiction]:
    keys = set(found.olds)
    rows = Jurisdiction.objects.within(EVERYTHING).filter(
        on_day(on), level__in={level for level, _ in keys}, code__in={code for _, code in keys})
    return [row for row in rows
            if (row.level, row.code) in keys and (row.valid_from is None or row.valid_from < on)]
