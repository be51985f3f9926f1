"""Indicator sets: drafted by decision, edited while drafts; what putting in force keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from nhasan.domain.access import Actor, Permission
from nhasan.domain.calendar import sensible
from nhasan.domain.indicators import FIELDS, Changed, faults
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.domain.words import normalised
from nhasan.metadata.models import Correspondence, Indicator, IndicatorSet, SeriesBreak
from nhasan.metadata.queries import (
    check_formulas,
    check_sheet,
    compared,
    digest_of,
    digest_of_set,
    newest,
    predecessor,
    sheet_of,
    sheets,
)
from nhasan.organisations.authority import operation
from nhasan.organisations.models import OrganisationUnit
from nhasan.storage.store import Store

_OF_ONE_VERSION = ("replaces", "break_words", "correspondence")


class VersionExists(Conflict):
    """An artefact of that name and version is already there."""

    code = "version-exists"
    message = phrase("Đã có “{urn}”. Hãy soạn phiên bản khác.")


class BadSheet(Invalid):
    """The sheet of an indicator breaks a rule; nothing was written."""

    code = "bad-sheet"
    message = phrase("Chỉ tiêu “{key}”, mục “{field}”: {reason}.")


class ChangedMeanwhile(Conflict):
    """Somebody else changed the indicator after the page was opened."""

    code = "indicator-changed"
    message = phrase(
        "Chỉ tiêu “{key}” vừa được người khác sửa. Chưa ghi gì; hãy mở lại chỉ tiêu ở trang khác, "
        "xem chỗ họ sửa, rồi ghi lại phần của bạn.")


class SetChangedMeanwhile(Conflict):
    """Somebody else changed indicators of the set after its difference was shown."""

    code = "set-changed"
    message = phrase(
        "Bộ chỉ tiêu vừa được người khác sửa sau khi bạn mở trang này. Chưa ghi gì; hãy mở lại "
        "trang và xem lại phần khác nhau.")


def unchanged(found: IndicatorSet, seen: str) -> None:
    """Refuse to go on with a set that is not as it was shown; nothing shown is no promise."""
    if seen and seen != digest_of_set(found):
        raise SetChangedMeanwhile()


def set_to_keep(actor: Actor, identifier: str, version: str) -> IndicatorSet:
    """Return a set that the actor may change: a national one from the top, a local one at home.

    What belongs to another unit is not there.
    """
    found = IndicatorSet.objects.filter(identifier=identifier, version=version).first()
    if found is None:
        actor.require(Permission.MANAGE)
        raise NotFound()
    if found.unit_id is None:
        actor.require_root(Permission.MANAGE)
    else:
        _unit_to_keep(actor, found.unit_id)
    return found


def _unit_to_keep(actor: Actor, pk: int) -> OrganisationUnit:
    return OrganisationUnit.objects.within(actor.may(Permission.MANAGE)).one(pk=pk)


def _draft_to_keep(actor: Actor, identifier: str, version: str) -> IndicatorSet:
    found = set_to_keep(actor, identifier, version)
    ARTEFACT.after(found.state, "edit")
    return found


def _unit_of(actor: Actor, code: str) -> OrganisationUnit | None:
    if not code:
        actor.require_root(Permission.MANAGE)
        return None
    return OrganisationUnit.objects.within(actor.require(Permission.MANAGE)).one(code=code)


@operation("indicator_set.draft")
def draft_indicator_set(*, actor: Actor, agency: str, identifier: str, version: str,
                        name_vi: str, source: str, decision: Mapping[str, str],
                        completeness: str, illustrative: bool,
                        indicators: Sequence[Mapping[str, Any]], at: datetime,
                        unit: str = "") -> IndicatorSet:
    """Draft an indicator set; each mapping holds the fields of `Indicator` by name.

    With a `unit` (its code) the set is that unit's own; without one it is everybody's.
    """
    owner = _unit_of(actor, unit)
    _fresh(identifier, version, owner)
    drafted = IndicatorSet.objects.create(
        agency=agency, identifier=identifier, version=version, name_vi=name_vi, source=source,
        decision=dict(decision), completeness=completeness, illustrative=illustrative,
        unit=owner,
    )
    _write(drafted, indicators)
    return drafted


def _fresh(identifier: str, version: str, owner: OrganisationUnit | None) -> None:
    """Refuse a name that is taken, by another version or by another owner."""
    same = IndicatorSet.objects.filter(identifier=identifier)
    if same.filter(version=version).exists() or same.exclude(unit=owner).exists():
        raise VersionExists(urn=f"{identifier}({version})")


def _write(drafted: IndicatorSet, rows: Sequence[Mapping[str, Any]]) -> None:
    Indicator.objects.bulk_create([
        Indicator(indicator_set=drafted, position=position, search=_search(fields), **fields)
        for position, fields in enumerate(rows, 1)
    ])


def _search(fields: Mapping[str, Any]) -> str:
    names = (fields["name_vi"], fields["key"], fields.get("official_code", ""))
    return normalised(" | ".join(names))


@operation("indicator_set.amend")
def amend_indicator_set(*, actor: Actor, identifier: str, version: str, name_vi: str,
                        decision: Mapping[str, str], at: datetime) -> IndicatorSet:
    """Draft a new version of a set from the one that counts: a copy, to be edited.

    Of another decision the copy says nothing of the old one: where it was read, how complete it
    was entered.
    """
    before = newest(IndicatorSet.objects.filter(identifier=identifier).exclude(state="draft"))
    if before is None:
        raise NotFound()
    set_to_keep(actor, identifier, before.version)
    _fresh(identifier, version, before.unit)
    same = decision.get("number", "") == before.decision.get("number", "")
    drafted = IndicatorSet.objects.create(
        agency=before.agency, identifier=identifier, version=version, name_vi=name_vi,
        name_en=before.name_en, decision=dict(decision),
        source=before.source if same else decision.get("text", ""),
        completeness=before.completeness if same else "",
        illustrative=before.illustrative, unit=before.unit,
        amends=before.version,
    )
    rows = []
    for row in before.indicators.order_by("position"):
        row.pk, row.indicator_set, row._state.adding = None, drafted, True
        for name in _OF_ONE_VERSION:
            setattr(row, name, "")
        rows.append(row)
    Indicator.objects.bulk_create(rows)
    return drafted


@operation("indicator_set.describe")
def describe_indicator_set(*, actor: Actor, identifier: str, version: str, name_vi: str,
                           source: str, completeness: str, decision: Mapping[str, str],
                           at: datetime, document: bytes = b"",
                           document_name: str = "") -> IndicatorSet:
    """Say what a drafted set rests on: name, decision, source; a file given is kept with it."""
    found = _draft_to_keep(actor, identifier, version)
    found.name_vi, found.source, found.completeness = name_vi, source, completeness
    found.decision = {**found.decision, **decision}
    if document:
        found.document_digest = Store(settings.STORE).put(document)
        found.document_name = document_name[:200]
    found.save()
    return found


@operation("indicator_set.discard")
def discard_indicator_set(*, actor: Actor, identifier: str, version: str,
                          at: datetime) -> IndicatorSet:
    """Throw a draft away."""
    found = _draft_to_keep(actor, identifier, version)
    pk = found.pk
    Indicator.objects.filter(indicator_set=found).delete()
    IndicatorSet.objects.filter(pk=pk).delete()
    return found


@operation("indicator_set.replace")
def replace_indicators(*, actor: Actor, identifier: str, version: str,
                       rows: Sequence[Mapping[str, Any]], at: datetime,
                       seen: str = "") -> IndicatorSet:
    """Give a drafted set the indicators of a file, all of them or none.

    What a file does not carry (a column left out, where an indicator was taken from) is kept
    by key. `seen` is the digest of the set that the file was shown beside.
    """
    found = _draft_to_keep(actor, identifier, version)
    unchanged(found, seen)
    for sheet in rows:
        _verified(sheet)
    kept = {
        row.key: {**sheet_of(row), "cites": row.cites, "derived": row.derived,
                  "status_text": row.status_text, "disaggregations": row.disaggregations}
        for row in found.indicators.all()
    }
    found.indicators.all().delete()
    _write(found, [{**kept.get(sheet["key"], {}), **_fields(sheet)} for sheet in rows])
    return found


def _fields(sheet: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sheet[name] for name in FIELDS if name in sheet}


def _verified(sheet: Mapping[str, Any]) -> None:
    for field, words in faults(sheet):
        raise BadSheet(key=sheet.get("key", ""), field=FIELDS[field], reason=str(words))


@operation("indicator.put")
def put_indicator(*, actor: Actor, identifier: str, version: str, was: str,
                  sheet: Mapping[str, Any], at: datetime, seen: str = "") -> Indicator:
    """Add an indicator to a drafted set, or change the one whose key `was`.

    A key that changes says by itself which earlier indicator goes on under the new one. `seen`
    is the digest of the sheet that was being edited: one that changed meanwhile is not
    written over.
    """
    found = _draft_to_keep(actor, identifier, version)
    _verified(sheet)
    fields = _fields(sheet)
    row = found.indicators.filter(key=was).first() if was else None
    if was and row is None:
        raise NotFound()
    if row is not None and seen and seen != digest_of(row):
        raise ChangedMeanwhile(key=was)
    if fields["key"] != was and found.indicators.filter(key=fields["key"]).exists():
        raise BadSheet(key=fields["key"], field=FIELDS["key"],
                       reason=phrase("mã này đã có trong bộ"))
    check_sheet(found, was, fields)
    if row is None:
        row = Indicator(indicator_set=found, position=_last(found) + 1)
    elif fields["key"] != was and not fields.get("replaces"):
        fields["replaces"] = _earlier_key(found, was)
    for name, value in fields.items():
        setattr(row, name, value)
    row.search = _search(fields)
    row.save()
    return row


def _last(found: IndicatorSet) -> int:
    last = found.indicators.order_by("-position").values_list("position", flat=True).first()
    return last or 0


def _earlier_key(found: IndicatorSet, key: str) -> str:
    before = predecessor(found)
    return key if before and before.indicators.filter(key=key).exists() else ""


@operation("indicator.drop")
def drop_indicator(*, actor: Actor, identifier: str, version: str, key: str,
                   at: datetime) -> Indicator:
    """Take an indicator out of a drafted set."""
    found = _draft_to_keep(actor, identifier, version)
    row = found.indicators.filter(key=key).first()
    if row is None:
        raise NotFound()
    found.indicators.filter(pk=row.pk).delete()
    return row


def ready(found: IndicatorSet, before: IndicatorSet | None, on: date | None) -> None:
    """Refuse a set that cannot be in force: empty, formulas that do not hold, a day too early."""
    if not found.indicators.exists():
        raise Invalid(reason=phrase("bộ chỉ tiêu chưa có chỉ tiêu nào"))
    sensible(on)
    if before and before.in_force_from and on and on <= before.in_force_from:
        raise Invalid(reason=phrase("ngày áp dụng phải sau ngày áp dụng của phiên bản trước"))
    check_formulas(found.identifier, sheets(found))


def settle_change(found: IndicatorSet, before: IndicatorSet | None, on: date | None,
                  impact: Mapping[str, Any]) -> None:
    """Keep with a set what it changed and touched, and mark where series break."""
    if before is None:
        return
    change = compared(before, found)
    found.difference, found.impact = change.data(), dict(impact)
    found.save(update_fields=["difference", "impact"])
    rows = {row.key: row for row in found.indicators.all()}
    SeriesBreak.objects.bulk_create([
        SeriesBreak(
            indicator_set=found, key=each.key, before_version=before.version,
            before_key=each.was, on=on, kind=each.break_kind, changed=_broken(each),
            words=rows[each.key].break_words,
            correspondence=_correspondence(rows[each.key].correspondence),
        )
        for each in change.changed if each.break_kind
    ])


def _broken(changed: Changed) -> list[str]:
    return [change.field for change in changed.fields if change.breaks]


def _correspondence(identifier: str) -> Correspondence | None:
    found = Correspondence.objects.filter(identifier=identifier) if identifier else []
    return newest(found)
