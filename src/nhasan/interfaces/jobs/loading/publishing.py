"""From approved reports to released tables: runs, drafts, approvals, by two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nhasan.domain.access import Actor
from nhasan.interfaces.http import moment
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.pulse import beat_all
from nhasan.observations.operations import ingest_approved
from nhasan.processing import operations as processing
from nhasan.processing import queries as runs
from nhasan.releases import operations as releases
from nhasan.releases import queries as published

BELOW = {"country": "region", "region": "province", "province": "commune"}


def load_releases(load: Load, people: Mapping[str, Actor]) -> None:
    """Run, draft, approve and publish every dataflow that has figures and no release yet."""
    while ingest_approved(actor=load.actor, at=moment()):
        pass
    load.tell("số liệu đã duyệt vào kho")
    # What is added up is what was known by now: later than the moment the load began.
    load.at = moment()
    drafter, approver = people["bo-cong-bo"], people["bo-phe-duyet"]
    released = {card.name for card in published.datasets()}
    for facts in load.json("dataflows.json"):
        if f"NHASAN:{facts['id']}" not in released:
            _request(load, drafter, facts)
    beat_all()
    load.tell("đã tổng hợp và bảo vệ")
    for run in runs.runs(drafter):
        if run.state == "done" and f"NHASAN:{run.dataflow}" not in released:
            drafted = releases.draft(actor=drafter, run=run.pk, at=load.at)
            releases.approve(actor=approver, release=drafted.pk, at=load.at)
    beat_all()
    load.tell(f"{len(published.datasets())} bộ số liệu đã công bố")


def _request(load: Load, actor: Actor, facts: Mapping[str, Any]) -> None:
    """Decide how a dataflow is added up and protected, as its facts say, and ask for a run."""
    policy, day_of = facts["policy"], facts["map_date"]
    processing.set_plan(
        actor=actor, dataflow=facts["id"],
        levels=[(BELOW[level], level) for level in facts["roll_up"]],
        on=f"{day_of['month']:02}-{day_of['day']:02}",
        totals=[(name, ()) for name in facts.get("totals", ())], at=load.at,
    )
    processing.set_policy(
        actor=actor, dataflow=facts["id"],
        public=policy["source"] if policy["kind"] == "public" else "",
        threshold=policy.get("minimum", 0), dimensions=policy.get("dimensions", ()),
        reason=policy.get("reason") or f"Đã công bố: {policy['source']}"[:500], at=load.at,
    )
    processing.request_run(actor=actor, dataflow=facts["id"], at=load.at)
