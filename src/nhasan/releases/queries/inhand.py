"""For officials: releases in hand, and what the one who approves must see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from nhasan.domain.access import Actor, Permission
from nhasan.domain.cube import Cube
from nhasan.processing import queries as processing
from nhasan.releases.models import Change, Distribution, Release


def in_hand(actor: Actor) -> Sequence[Release]:
    """Return every release within the actor's reading, newest first."""
    return list(
        Release.objects.within(actor.may(Permission.READ)).select_related("unit", "run")
        .order_by("-drafted_at")[:200]
    )


def release_of(actor: Actor, pk: UUID) -> Release:
    """Return one release within the actor's reading."""
    return (
        Release.objects.within(actor.may(Permission.READ)).select_related("unit", "run").one(pk=pk)
    )


@dataclass(frozen=True, slots=True)
class Review:
    """What is looked at before a release is approved; `cube` is what will be shown."""

    release: Release
    changes: Sequence[Change]
    files: Sequence[Distribution]
    suppressed: Mapping[str, Any]
    cube: Cube


def review_of(actor: Actor, pk: UUID) -> Review:
    """Return a release with its difference to the last one, its files and what was hidden."""
    found = release_of(actor, pk)
    scope = actor.may(Permission.READ)
    return Review(
        found,
        list(Change.objects.within(scope).filter(release=found)
             .order_by("kind", "dimension", "code")),
        list(Distribution.objects.within(scope).filter(release=found).order_by("path")),
        processing.suppression_log(actor, found.run.pk),
        processing.output(actor, found.run.pk).cube,
    )
