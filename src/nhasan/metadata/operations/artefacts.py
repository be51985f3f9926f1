"""Draft, put in force, retire. What is in force is never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from nhasan.domain.access import Actor, Permission
from nhasan.domain.calendar import sensible
from nhasan.domain.criteria import Criteria
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import Invalid, NotFound, phrase
from nhasan.domain.words import normalised
from nhasan.metadata.models import (
    Artefact,
    Code,
    CodeList,
    Component,
    Correspondence,
    CorrespondenceItem,
    CriteriaSet,
    Dataflow,
    DataStructure,
    IndicatorSet,
)
from nhasan.metadata.operations.sets import (
    VersionExists,
    ready,
    set_to_keep,
    settle_change,
    unchanged,
)
from nhasan.metadata.queries import newest, predecessor
from nhasan.organisations.authority import operation

KINDS: dict[str, Any] = {
    "code_list": CodeList, "correspondence": Correspondence, "indicator_set": IndicatorSet,
    "data_structure": DataStructure, "dataflow": Dataflow, "criteria_set": CriteriaSet,
}


def _fresh(model: type[Artefact], agency: str, identifier: str, version: str) -> None:
    """Refuse a name that is taken."""
    if model._default_manager.filter(
        agency=agency, identifier=identifier, version=version,
    ).exists():
        raise VersionExists(urn=f"{agency}:{identifier}({version})")


@operation("code_list.draft")
def draft_code_list(*, actor: Actor, agency: str, identifier: str, version: str, name_vi: str,
                    name_en: str, source: str, codes: Sequence[Mapping[str, Any]],
                    at: datetime) -> CodeList:
    """Draft a code list with its codes, in official order."""
    actor.require_root(Permission.MANAGE)
    _fresh(CodeList, agency, identifier, version)
    drafted = CodeList.objects.create(
        agency=agency, identifier=identifier, version=version, name_vi=name_vi,
        name_en=name_en, source=source,
    )
    Code.objects.bulk_create([
        Code(
            code_list=drafted, position=position, code=code["code"], name_vi=code["name_vi"],
            name_en=code.get("name_en", ""), parent=code.get("parent", "") or "",
            aliases=list(code.get("aliases", ())), other_names=list(code.get("other_names", ())),
            attributes=dict(code.get("attributes", {})), search=_code_search(code),
        )
        for position, code in enumerate(codes, 1)
    ])
    return drafted


def _code_search(code: Mapping[str, Any]) -> str:
    names = [code["name_vi"], *code.get("aliases", ()), *code.get("other_names", ())]
    return normalised(" | ".join(names))


@operation("correspondence.draft")
def draft_correspondence(*, actor: Actor, agency: str, identifier: str, version: str,
                         name_vi: str, source: str, from_list: str, to_list: str,
                         items: Sequence[tuple[str, str, str]], at: datetime) -> Correspondence:
    """Draft how the codes of one list map to another's: (from, to, note)."""
    actor.require_root(Permission.MANAGE)
    _fresh(Correspondence, agency, identifier, version)
    drafted = Correspondence.objects.create(
        agency=agency, identifier=identifier, version=version, name_vi=name_vi, source=source,
        from_list=_newest(CodeList, from_list), to_list=_newest(CodeList, to_list),
    )
    CorrespondenceItem.objects.bulk_create([
        CorrespondenceItem(correspondence=drafted, from_code=old, to_code=new, note=note)
        for old, new, note in items
    ])
    return drafted


def _newest(model: Any, identifier: str) -> Any:
    found = newest(model.objects.filter(identifier=identifier))
    if found is None:
        raise NotFound()
    return found


@operation("dataflow.draft")
def draft_dataflow(*, actor: Actor, agency: str, identifier: str, version: str, name_vi: str,
                   description: str, subject: str, source: str,
                   dimensions: Sequence[tuple[str, str, str]], indicators: Sequence[str],
                   policy: Mapping[str, Any], illustrative: bool, at: datetime) -> Dataflow:
    """Draft a dataflow with its structure; dimensions are (id, name, code list id or "")."""
    actor.require_root(Permission.MANAGE)
    _fresh(Dataflow, agency, identifier, version)
    structure = DataStructure.objects.create(
        agency=agency, identifier=f"DSD_{identifier}", version=version, name_vi=name_vi,
        source=source,
    )
    Component.objects.bulk_create([
        Component(
            structure=structure, identifier=dimension, name_vi=name, position=position,
            code_list=_newest(CodeList, listed) if listed else None,
        )
        for position, (dimension, name, listed) in enumerate(dimensions, 1)
    ])
    return Dataflow.objects.create(
        agency=agency, identifier=identifier, version=version, name_vi=name_vi,
        description=description, subject=subject, source=source, structure=structure,
        indicators=list(indicators), policy=dict(policy), illustrative=illustrative,
        search=normalised(f"{name_vi} | {description} | {subject}"),
    )


@operation("criteria_set.draft")
def draft_criteria(*, actor: Actor, agency: str, identifier: str, version: str, name_vi: str,
                   about: str, legal_basis: str, source: str, rules: Mapping[str, Any],
                   at: datetime, name_en: str = "", note: str = "", form: str = "",
                   ) -> CriteriaSet:
    """Draft the criteria of a decree; rules that cannot be read are refused."""
    actor.require_root(Permission.MANAGE)
    _fresh(CriteriaSet, agency, identifier, version)
    Criteria.parse(rules)
    return CriteriaSet.objects.create(
        agency=agency, identifier=identifier, version=version, name_vi=name_vi,
        name_en=name_en, source=source, about=about, legal_basis=legal_basis, note=note,
        form=form, rules=dict(rules),
    )


@operation("artefact.put_in_force")
def put_in_force(*, actor: Actor, kind: str, identifier: str, version: str, on: date | None,
                 at: datetime, impact: Mapping[str, Any] | None = None, seen: str = "") -> Any:
    """Put a draft in force from a day on; from then on the database refuses to change it.

    The version that was in force until then is retired from the same day. A set keeps what it
    changed, and the `impact` that was shown before the decision; `seen` is the digest of the
    set that was shown.
    """
    artefact = _found(actor, kind, identifier, version)
    following = ARTEFACT.after(artefact.state, "put_in_force")
    before = None
    if isinstance(artefact, IndicatorSet):
        unchanged(artefact, seen)
        before = predecessor(artefact)
        ready(artefact, before, on)
    for earlier in KINDS[kind].objects.filter(
        agency=artefact.agency, identifier=identifier, state="in_force",
    ):
        _settle(earlier, ARTEFACT.after(earlier.state, "retire"), until=on)
    if isinstance(artefact, IndicatorSet):
        settle_change(artefact, before, on, impact or {})
    _settle(artefact, following, since=on)
    return artefact


def _settle(artefact: Any, state: str, *, since: date | None = None,
            until: date | None = None) -> None:
    """Write the state and its day; the structure of a dataflow goes with it."""
    settled = [artefact, artefact.structure] if isinstance(artefact, Dataflow) else [artefact]
    for each in settled:
        each.state = state
        if state == "in_force":
            each.in_force_from = since
        else:
            each.in_force_to = until
        each.save(update_fields=["state", "in_force_from", "in_force_to"])


@operation("artefact.retire")
def retire(*, actor: Actor, kind: str, identifier: str, version: str, on: date | None,
           at: datetime) -> Any:
    """Retire what is in force, from a day on."""
    artefact = _found(actor, kind, identifier, version)
    following = ARTEFACT.after(artefact.state, "retire")
    if on and artefact.in_force_from and on < artefact.in_force_from:
        raise Invalid(reason=phrase("ngày thôi áp dụng phải sau ngày bắt đầu áp dụng"))
    sensible(on)
    _settle(artefact, following, until=on)
    return artefact


def _found(actor: Actor, kind: str, identifier: str, version: str) -> Any:
    if kind == "indicator_set":
        return set_to_keep(actor, identifier, version)
    actor.require_root(Permission.MANAGE)
    found = KINDS[kind].objects.filter(identifier=identifier, version=version).first()
    if found is None:
        raise NotFound()
    return found
