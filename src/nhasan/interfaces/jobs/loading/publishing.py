"""From approved reports to released tables: runs, drafts, approvals, by two people."""

from __future__ import annotations

from collections.abc import Mapping

from nhasan.domain.access import Actor
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.pulse import beat_all
from nhasan.metadata import queries as metadata
from nhasan.processing import operations as processing
from nhasan.processing import queries as runs
from nhasan.releases import operations as releases
from nhasan.releases import queries as published


def load_releases(load: Load, people: Mapping[str, Actor]) -> None:
    """Run, draft, approve and publish every dataflow that has figures and no release yet."""
    beat_all()
    load.tell("số liệu đã duyệt vào kho")
    released = {card.name for card in published.datasets()}
    for flow in metadata.dataflows():
        if f"{flow.agency}:{flow.identifier}" in released:
            continue
        policy = flow.policy
        processing.set_policy(
            actor=people["bo-cong-bo"], dataflow=flow.identifier,
            public=policy.get("source", "") if policy.get("kind") == "public" else "",
            threshold=policy.get("minimum"), reason=policy.get("reason", ""),
            at=load.at,
        )
        processing.request_run(actor=people["bo-cong-bo"], dataflow=flow.identifier, at=load.at)
    beat_all()
    for run in runs.runs(people["bo-cong-bo"]):
        if run.state != "done" or f"NHASAN:{run.dataflow}" in released:
            continue
        drafted = releases.draft(actor=people["bo-cong-bo"], run=run.pk, at=load.at)
        releases.approve(actor=people["bo-phe-duyet"], release=drafted.pk, at=load.at)
    beat_all()
    load.tell(f"{len(published.datasets())} bộ số liệu đã công bố")
