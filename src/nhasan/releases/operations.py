"""Verbs of releases: draft, decide, approve, publish, withdraw. What is published stays said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from nhasan.catalogue import queries as catalogue
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.cube import INDICATOR
from nhasan.domain.identity import Urn, Version
from nhasan.domain.lifecycle import RELEASE
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound, Problem, phrase
from nhasan.domain.release import Difference, Manifest, difference, next_version
from nhasan.metadata import queries as metadata
from nhasan.organisations.authority import operation
from nhasan.processing import operations as runs
from nhasan.processing import queries as processing
from nhasan.releases import folder
from nhasan.releases.beside import require_beside, runs_said
from nhasan.releases.codes import words_of
from nhasan.releases.models import CalendarEntry, Change, Distribution, Release

GONE = "gone"
logger = logging.getLogger("nhasan.releases")


class NotListed(Conflict):
    """Figures of a dataset that the catalogue does not list as open."""

    code = "not-listed"
    message = phrase(
        "Bộ dữ liệu “{dataflow}” chưa có mục mở trong danh mục. Hãy ban hành mục ghi trước khi "
        "công bố."
    )


class SamePerson(Forbidden):
    """A release approved by the one who drafted it."""

    code = "same-person"
    message = phrase("Bản công bố phải do một người khác với người lập phê duyệt.")


class OfOneBranch(Forbidden):
    """Figures of one branch, to be said in the name of the whole house."""

    code = "of-one-branch"
    message = phrase(
        "Lượt tổng hợp này chỉ có số của {unit}. Bản công bố nói về cả bộ dữ liệu, nên phải "
        "lập từ lượt tổng hợp của đơn vị đứng đầu.")


class Undecided(Conflict):
    """A code of the last release that is gone, and nobody has said where it went."""

    code = "codes-undecided"
    message = phrase(
        "Còn {count} mã của bản trước không có trong bản này mà chưa nói rõ vì sao, ví dụ "
        "“{code}”."
    )


def draft(*, actor: Actor, run: UUID, at: datetime, notes: str = "") -> Release:
    """Draft a release from a finished run.

    The files are written before the transaction begins, so that a large release does not hold
    the database while it is written.
    """
    actor.require(Permission.PUBLISH)
    output = processing.output(actor, run)
    if output.run.unit.parent_id is not None:
        raise OfOneBranch(unit=output.run.unit.name)
    flow = metadata.dataflow(output.run.dataflow)
    if flow is None:
        raise NotFound()
    dataset = _listed(output.run.dataflow)
    last = _last(flow.agency, flow.identifier)
    require_beside(
        output.run.pk, output.run.policy, set(output.cube.column(INDICATOR)),
        processing.suppression_log(actor, run).get("after", ()), last,
    )
    pk = uuid4()
    place = folder.draft_folder(pk)
    on = next((step["on"] for step in output.run.plan if step["step"] == "rollup"), "")
    words = {
        **words_of(output.cube, flow, on), "title": dataset.title_vi,
        "description": dataset.description_vi or flow.description, "subject": flow.subject,
        "publisher": dataset.publisher.name, "licence": dataset.licence,
    }
    files = folder.write_files(
        place, flow.identifier, folder.Content(output.cube, words, output.sources),
    )
    manifest = Manifest(
        urn=Urn(flow.agency, flow.identifier, Version(0)), title=flow.name_vi,
        content=output.cube.digest(), rows=len(output.cube), dims=output.cube.dims,
        codes=output.cube.code_sets(), files=files, writer=folder.writer(),
        run=str(output.run.pk), policy=output.run.policy, source=flow.source,
        illustrative=flow.illustrative, as_of=output.run.as_of.isoformat(),
        plan=tuple(output.run.plan),
    )
    try:
        found, version = _numbered(last, manifest)
        manifest = _with(manifest, found, version)
        folder.write_manifest(place, manifest)
        return enter_draft(
            actor=actor, release=pk, run=output.run.pk, manifest=manifest, changes=found,
            title=dataset.title_vi, notes=notes, at=at,
        )
    except BaseException:
        folder.remove(place)
        raise


def _listed(dataflow: str) -> Any:
    dataset = catalogue.open_dataset(dataflow)
    if dataset is None:
        raise NotListed(dataflow=dataflow)
    return dataset


def _last(agency: str, identifier: str) -> Release | None:
    """Return the release with the highest number that was ever published."""
    found = Release.objects.within(EVERYTHING).filter(
        agency=agency, identifier=identifier, state__in=("published", "withdrawn"),
    )
    return max(found, key=lambda row: Version.parse(row.version), default=None)


def _numbered(last: Release | None, manifest: Manifest) -> tuple[Difference, Version]:
    if last is None:
        return Difference(), next_version(None, Difference())
    found = difference(Manifest.from_json(last.manifest), manifest)
    if last.state == "withdrawn" and found.nothing:
        found = Difference(figures=True)
    return found, next_version(Version.parse(last.version), found)


def _with(manifest: Manifest, found: Difference, version: Version) -> Manifest:
    facts = {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}
    return Manifest(**{
        **facts, "urn": manifest.urn.at(version), "changes": found.to_json(),
    })


@operation("release.draft")
def enter_draft(*, actor: Actor, release: UUID, run: UUID, manifest: Manifest,
                changes: Difference, title: str, notes: str, at: datetime) -> Release:
    """Enter a draft whose files are written; one at a time for each dataset."""
    source = processing.run(actor, run)
    if not actor.may(Permission.PUBLISH).covers(source.unit.path or "-"):
        raise Forbidden()
    if source.unit.parent_id is not None:
        raise OfOneBranch(unit=source.unit.name)
    agency, identifier = manifest.urn.agency, manifest.urn.id
    if Release.objects.within(EVERYTHING).filter(
        agency=agency, identifier=identifier, state__in=("draft", "approved"),
    ).exists():
        raise Conflict()
    drafted = Release.objects.create(
        pk=release, unit=source.unit, agency=agency, identifier=identifier,
        version=str(manifest.urn.version), dataflow=source.dataflow, title_vi=title, notes=notes,
        run=source, manifest=manifest.to_json(), content=manifest.content,
        illustrative=manifest.illustrative, drafted_at=at, drafted_by=actor.id,
        drafted_by_name=actor.name,
    )
    Distribution.objects.bulk_create([
        Distribution(
            release=drafted, format=file.path.rsplit(".", 1)[-1], path=file.path,
            media_type=folder.MEDIA_TYPES[file.path.rsplit(".", 1)[-1]], size=file.size,
            digest=file.sha256,
        )
        for file in manifest.files
    ])
    Change.objects.bulk_create(
        [Change(release=drafted, **change) for change in _changes(changes)], batch_size=500,
    )
    return drafted


def _changes(found: Difference) -> Iterator[dict[str, str]]:
    for kind, codes in ((GONE, found.gone), ("new", found.new)):
        for dimension, names in codes.items():
            for code in names:
                yield {"kind": kind, "dimension": dimension, "code": code}
    if found.figures:
        yield {"kind": "figures"}


@operation("release.decide_gone")
def decide_gone(*, actor: Actor, release: UUID, dimension: str, code: str, decided: str,
                at: datetime) -> Release:
    """Say what became of a code that is gone: its successor, or `gone` for good."""
    found = _mine(actor, release)
    if not decided.strip():
        raise Invalid(reason=phrase("chưa nói mã này được thay bằng gì"))
    changed = Change.objects.within(actor.may(Permission.PUBLISH)).filter(
        release=found, release__state="draft", kind=GONE, dimension=dimension, code=code,
    ).update(decided=decided.strip())
    if not changed:
        raise NotFound()
    return found


@operation("release.approve")
def approve(*, actor: Actor, release: UUID, at: datetime,
            publish_on: datetime | None = None) -> Release:
    """Approve a draft for publication, at once or at a moment; by another than its drafter."""
    found = _mine(actor, release)
    state = RELEASE.after(found.state, "approve")
    if actor.id == found.drafted_by:
        raise SamePerson()
    open_codes = Change.objects.within(EVERYTHING).filter(
        release=found, kind=GONE, decided="",
    )
    if open_codes.exists():
        first = open_codes.order_by("dimension", "code")[0]
        raise Undecided(count=open_codes.count(), code=f"{first.dimension}: {first.code}")
    _listed(found.dataflow)
    folder.check(folder.draft_folder(found.pk), Manifest.from_json(found.manifest).files)
    found.state, found.publish_on = state, publish_on
    found.approved_at, found.approved_by, found.approved_by_name = at, actor.id, actor.name
    found.save()
    return found


@operation("release.recall")
def recall(*, actor: Actor, release: UUID, reason: str, at: datetime) -> Release:
    """Take an approval back before the release is said: it is a draft again, as it was."""
    found = _mine(actor, release)
    state = RELEASE.after(found.state, "recall")
    if not reason.strip():
        raise Invalid(reason=phrase("chưa nêu lý do rút lại phê duyệt"))
    # A pulse that was killed may have moved the folder already; nobody has seen it there.
    folder.take_back(
        folder.published_folder(Urn.parse(found.urn)), folder.draft_folder(found.pk),
    )
    found.state, found.publish_on = state, None
    found.approved_at, found.approved_by, found.approved_by_name = None, "", ""
    found.save()
    return found


@operation("release.discard")
def discard(*, actor: Actor, release: UUID, reason: str, at: datetime) -> None:
    """Give up a draft; its rows and its files go, the audit line stays."""
    found = _mine(actor, release)
    RELEASE.after(found.state, "approve")
    if not reason.strip():
        raise Invalid(reason=phrase("chưa nêu lý do bỏ bản thảo"))
    for rows in (Change, Distribution):
        rows.objects.within(EVERYTHING).filter(release=found).delete()
    Release.objects.within(EVERYTHING).filter(pk=found.pk).delete()
    folder.remove(folder.draft_folder(found.pk))


def run_requested(*, actor: Actor, at: datetime) -> int:
    """Run what was asked for, with what was said before in sight; a step of the pulse."""
    return runs.run_requested(actor=actor, at=at, said=runs_said)


def publish_due(*, actor: Actor, at: datetime) -> int:
    """Publish what is approved and due; a step of the pulse."""
    due = Release.objects.within(EVERYTHING).filter(
        Q(publish_on__isnull=True) | Q(publish_on__lte=at), state="approved",
    ).order_by("approved_at").values_list("pk", flat=True)
    said = 0
    for pk in list(due[:100]):
        try:
            said += publish(actor=actor, release=pk, at=at) is not None
        except (Problem, OSError):
            # One release that cannot be said must not hold back the others.
            logger.exception("release %s was not published; it is tried again", pk)
    return said


@operation("release.publish")
def publish(*, actor: Actor, release: UUID, at: datetime) -> Release | None:
    """Say an approved release in public: its folder moves to its name, and stays there.

    The folder moves before the state is written. A pulse killed in between finds the folder
    in place and only writes the state.
    """
    found = (
        Release.objects.within(EVERYTHING).select_for_update(of=("self",)).one(pk=release)
    )
    if found.state != "approved" or catalogue.open_dataset(found.dataflow) is None:
        return None
    manifest = Manifest.from_json(found.manifest)
    place, final = folder.draft_folder(found.pk), folder.published_folder(manifest.urn)
    folder.check(place if place.is_dir() else final, manifest.files)
    folder.put_in_place(place, final)
    found.state = RELEASE.after(found.state, "publish")
    found.published_at = at
    found.save(update_fields=["state", "published_at"])
    promised = CalendarEntry.objects.filter(
        dataflow=found.dataflow, release__isnull=True,
    ).order_by("due").first()
    if promised is not None:
        promised.release = found
        promised.save(update_fields=["release"])
    return found


@operation("release.withdraw")
def withdraw(*, actor: Actor, release: UUID, reason: str, at: datetime) -> Release:
    """Withdraw a published release with a public reason; its page says so from now on."""
    found = _mine(actor, release)
    if not reason.strip():
        raise Invalid(reason=phrase("chưa nêu lý do thu hồi"))
    found.state = RELEASE.after(found.state, "withdraw")
    found.withdrawn_at, found.withdrawn_because = at, reason.strip()
    found.save(update_fields=["state", "withdrawn_at", "withdrawn_because"])
    return found


@operation("calendar.announce")
def announce(*, actor: Actor, dataflow: str, title: str, due: date,
             at: datetime) -> CalendarEntry:
    """Announce that a dataset will be released by a day."""
    actor.require_root(Permission.PUBLISH)
    if metadata.dataflow(dataflow) is None:
        raise NotFound()
    return CalendarEntry.objects.create(
        dataflow=dataflow, title_vi=title, due=due, announced_at=at,
    )


def _mine(actor: Actor, release: UUID) -> Release:
    return (
        Release.objects.within(actor.require(Permission.PUBLISH))
        .select_for_update(of=("self",)).one(pk=release)
    )
