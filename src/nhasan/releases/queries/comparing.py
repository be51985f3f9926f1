"""For the one who approves: a release beside the one before it, figure by figure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from nhasan.domain.access import EVERYTHING, Actor
from nhasan.domain.identity import Version
from nhasan.domain.revision import Revision, revision
from nhasan.processing import queries as processing
from nhasan.releases.models import Release
from nhasan.releases.queries.inhand import release_of


@dataclass(frozen=True, slots=True)
class Compared:
    """What a release says otherwise than the one before it."""

    before: Release
    revision: Revision


def compared(actor: Actor, pk: UUID) -> Compared | None:
    """Return a release beside the last one said in public before it; nothing for the first.

    Both are the protected figures of their runs. The earlier ones are public already, so the
    house reads them, whoever asks.
    """
    found = release_of(actor, pk)
    before = _before(found)
    if before is None:
        return None
    house = processing.reader_of(before.run)
    return Compared(before, revision(
        processing.output(house, before.run_id).cube.aligned(),
        processing.output(actor, found.run_id).cube.aligned(),
    ))


def _before(found: Release) -> Release | None:
    """Return the release with the highest number under this one's that was ever published."""
    number = Version.parse(found.version)
    said = Release.objects.within(EVERYTHING).filter(
        agency=found.agency, identifier=found.identifier, state__in=("published", "withdrawn"),
    ).select_related("run", "run__unit")
    lower = [row for row in said if Version.parse(row.version) < number]
    return max(lower, key=lambda row: Version.parse(row.version), default=None)
