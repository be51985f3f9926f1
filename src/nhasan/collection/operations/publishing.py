"""Forms: drafted, checked, then published and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nhasan.collection.models import Form, FormVersion
from nhasan.domain.access import Actor, Permission
from nhasan.domain.forms import Expansion, FormDefinition, Layout
from nhasan.domain.lifecycle import ARTEFACT
from nhasan.domain.problems import Conflict, Invalid, NotFound, phrase
from nhasan.domain.verification import forms_read, verify
from nhasan.metadata import queries as metadata
from nhasan.organisations.authority import operation


class FormVersionExists(Conflict):
    """That version of the form is already there."""

    code = "form-version-exists"
    message = phrase("Biểu mẫu “{form}” đã có phiên bản {version}.")


@operation("form.draft")
def draft_form(*, actor: Actor, definition: Mapping[str, Any], dataflow: str,
               at: datetime) -> FormVersion:
    """Draft a version of a form; the form itself is made when it is new."""
    actor.require_root(Permission.MANAGE)
    parsed = FormDefinition.parse(definition)
    form, _ = Form.objects.get_or_create(
        identifier=parsed.id,
        defaults={
            "code": parsed.code, "title_vi": parsed.title, "legal_basis": parsed.legal_basis,
            "dataflow": dataflow,
        },
    )
    if form.versions.filter(version=parsed.version).exists():
        raise FormVersionExists(form=parsed.title, version=parsed.version)
    return FormVersion.objects.create(
        form=form, version=parsed.version, definition=dict(definition),
    )


@operation("form.publish")
def publish_form(*, actor: Actor, form: str, version: str, at: datetime) -> FormVersion:
    """Publish a drafted version: from now on it is frozen and rounds may use it.

    Every indicator it is bound to must be in force, and its formulas must hold together.
    """
    actor.require_root(Permission.MANAGE)
    found = FormVersion.objects.filter(form__identifier=form, version=version).first()
    if found is None:
        raise NotFound()
    definition = FormDefinition.parse(found.definition)
    _verify(definition)
    known = metadata.indicators_by_ref(definition.indicators())
    missing = sorted(
        ref for ref in definition.indicators()
        if ref not in known or known[ref].indicator_set.state != "in_force"
    )
    if missing:
        raise Invalid(
            reason=phrase("chỉ tiêu chưa được đưa vào áp dụng: ") + ", ".join(missing[:5]),
        )
    found.state = ARTEFACT.after(found.state, "put_in_force")
    # One version counts for new rounds; rounds that are open keep the one they were opened with.
    for earlier in found.form.versions.filter(state="in_force"):
        earlier.state = ARTEFACT.after(earlier.state, "retire")
        earlier.save(update_fields=["state"])
    found.published_at = at
    found.save(update_fields=["state", "published_at"])
    return found


def _verify(definition: FormDefinition) -> None:
    """Look at formulas, sums and rules, also at the cells that forms read of one another."""
    layout = _bare(definition)
    verify(layout, _others(layout))
    for reader in FormVersion.objects.filter(state="in_force").select_related("form"):
        if reader.form.identifier == definition.id or not _reads(reader, definition.id):
            continue
        other = _bare(FormDefinition.parse(reader.definition))
        try:
            verify(other, _others(other) | {definition.id: layout})
        except Invalid as lost:
            raise Invalid(reason=phrase("biểu “{form}” còn so với biểu này: {why}").format(
                form=reader.form.title_vi, why=lost.facts["reason"])) from lost


def _reads(reader: FormVersion, identifier: str) -> bool:
    rules = reader.definition.get("rules", ())
    return any(f"{identifier}!" in rule["test"] + rule["message"] for rule in rules)


def _others(layout: Layout) -> dict[str, Layout]:
    """Return the forms that the rules of a form read, as they are in force or drafted."""
    found = {}
    for identifier in forms_read(layout):
        known = FormVersion.objects.filter(form__identifier=identifier)
        other = known.filter(state="in_force").last() or known.order_by("id").last()
        if other is not None:
            found[identifier] = _bare(FormDefinition.parse(other.definition))
    return found


def _bare(definition: FormDefinition) -> Layout:
    """Return a form expanded for nobody: its rows of codes are there, those of areas are not."""
    return definition.layout(Expansion(metadata.code_rows(definition.code_lists())))
