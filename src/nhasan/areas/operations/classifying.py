"""Classes of areas: given by a document for some days; what was said before stays on record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nhasan.areas.models import AreaClass, ClassDecision, ClassScheme
from nhasan.areas.queries.classes import Outcome, sorting
from nhasan.domain.access import Actor, Permission
from nhasan.domain.area_classes import NewClass, Span, Verdict
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.organisations.authority import operation


class SchemeExists(Conflict):
    """A scheme of that code is already there."""

    code = "class-scheme-exists"
    message = phrase("Đã có cách phân loại mang mã “{scheme}”.")


class ClassesFaulty(Invalid):
    """A list has lines that cannot be right; nothing of it was written."""

    code = "classes-faulty"
    message = phrase("{count} dòng chưa đúng, dòng đầu là {line}: {reason} Chưa ghi gì cả.")


class NothingToClassify(Invalid):
    """A list says what is on record already."""

    code = "classes-nothing-new"
    message = phrase("Bảng này không có gì khác với những gì đã ghi.")


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A document as given to `classify`."""

    number: str
    signed_on: date
    title: str = ""
    source: str = ""
    complete_within: Sequence[tuple[str, str]] = ()
    illustrative: bool = False


@operation("area.define_scheme")
def define_scheme(*, actor: Actor, code: str, name_vi: str, kinds: Sequence[tuple[str, str]],
                  note: str, at: datetime) -> ClassScheme:
    """Define a way of sorting areas: its classes (code, name) in their order."""
    actor.require_root(Permission.MANAGE)
    if ClassScheme.objects.filter(code=code).exists():
        raise SchemeExists(scheme=code)
    if not code or not name_vi or not kinds or not all(short for short, _ in kinds):
        raise Invalid(reason=phrase("cần mã, tên và ít nhất một loại"))
    if len({short for short, _ in kinds}) < len(kinds):
        raise Invalid(reason=phrase("có hai loại cùng mã"))
    return ClassScheme.objects.create(
        code=code, name_vi=name_vi, note=note,
        kinds=[{"code": short, "name": name} for short, name in kinds])


@operation("area.classify")
def classify(*, actor: Actor, scheme: str, decision: NewDecision, lines: Iterable[NewClass],
             at: datetime) -> ClassDecision:
    """Give areas their classes by a document; all lines or none.

    Where a class on record says otherwise for the same days, it is replaced for those days and
    stays as what was said before.
    """
    actor.require_root(Permission.MANAGE)
    found = ClassScheme.objects.filter(code=scheme).first()
    if found is None:
        raise NotFound()
    if not decision.number.strip():
        raise Invalid(reason=phrase("văn bản cần có số"))
    outcomes = sorting(found, lines).outcomes
    faults = [each for each in outcomes if each.verdict is Verdict.FAULT]
    if faults:
        raise ClassesFaulty(count=len(faults), line=faults[0].line.number,
                            reason=faults[0].words[0])
    fresh = [each for each in outcomes if each.verdict is not Verdict.SAME]
    if not fresh:
        raise NothingToClassify()
    made = ClassDecision.objects.create(
        scheme=found, number=decision.number.strip(), title=decision.title,
        signed_on=decision.signed_on, source=decision.source, illustrative=decision.illustrative,
        complete_within=[list(place) for place in decision.complete_within], recorded_at=at,
        recorded_by_name=actor.name)
    AreaClass.objects.filter(pk__in={row.pk for each in fresh for row in each.was}).update(
        replaced_at=at)
    AreaClass.objects.bulk_create(
        [row for each in fresh for row in (*_left(each, at), *_given(each, made, at))],
        batch_size=500)
    return made


def _given(outcome: Outcome, decision: ClassDecision, at: datetime) -> Iterable[AreaClass]:
    for place, span in outcome.pieces:
        yield AreaClass(
            scheme=decision.scheme, decision=decision, area=place, part=outcome.line.part,
            kind=outcome.kind.code if outcome.kind else "", valid_from=span.since,
            valid_to=span.until, basis=outcome.line.basis, recorded_at=at)


def _left(outcome: Outcome, at: datetime) -> Iterable[AreaClass]:
    """Return what remains of the classes on record before and after the new days."""
    for row in outcome.was:
        spans = [Span(row.valid_from, row.valid_to)]
        for place, span in outcome.pieces:
            if place.pk == row.area_id:
                spans = [left for one in spans for left in one.without(span)]
        for span in spans:
            yield AreaClass(
                scheme=row.scheme, decision=row.decision, area=row.area, part=row.part,
                kind=row.kind, valid_from=span.since, valid_to=span.until, basis=row.basis,
                recorded_at=at)
