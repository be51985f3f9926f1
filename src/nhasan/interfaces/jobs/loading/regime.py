"""The reporting regime that is shipped: the office calendar, and obligations by law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from nhasan.collection import operations as collection
from nhasan.collection import queries as regime
from nhasan.interfaces.jobs.loading.house import Load, day
from nhasan.organisations import operations as organisations
from nhasan.organisations import queries as offices


def load_calendar(load: Load) -> None:
    """Set the holidays of the law and the days named by the notices of each year.

    What is there already stays as an administrator has it.
    """
    facts = load.json("holidays.json")
    known = {rule.identifier for rule in offices.holiday_rules()}
    for rule in facts["rules"]:
        if rule["id"] in known:
            continue
        organisations.set_holiday(actor=load.actor, at=load.at, holiday=organisations.NewHoliday(
            identifier=rule["id"], name=rule["name"], month=rule["month"], day=rule["day"],
            lunar=rule.get("lunar", False), first=rule.get("first", 0), last=rule.get("last", 0),
            valid_from=day(rule.get("from")), valid_to=day(rule.get("to")),
            source=rule["source"],
        ))
    decided = offices.decided_days()
    for each in facts["decided"]:
        on = date.fromisoformat(each["day"])
        if on not in decided:
            organisations.decide_day(
                actor=load.actor, day=on, works=each.get("works", False), name=each["name"],
                decision=each["decision"], at=load.at,
            )
    load.tell(f"lịch làm việc: {len(facts['rules'])} ngày lễ, {len(facts['decided'])} ngày "
              "theo thông báo từng năm")


def load_obligations(load: Load, *, in_force: bool) -> None:
    """Draft the obligations that are shipped; for the demonstration, put them in force.

    Without it, those by law stay drafts until whoever receives the reports says so.
    """
    present = {found.identifier for found in regime.obligations(load.actor)}
    shipped = [
        facts for facts in load.json("obligations.json")
        if in_force or not facts.get("illustrative")
    ]
    for facts in shipped:
        if facts["id"] not in present:
            _draft(load, facts)
            if in_force:
                _put_in_force(load, facts)
    load.tell(f"{len(shipped)} chế độ báo cáo")


def _draft(load: Load, facts: Mapping[str, Any]) -> None:
    collection.draft_obligation(
        actor=load.actor, identifier=facts["id"], at=load.at, terms=collection.Terms(
            form=facts["form"], receiver=facts["receiver"], title_vi=facts["title"],
            reporters=facts["reporters"], schedule=facts["schedule"],
            legal_basis=facts["legal_basis"] or facts["source"],
            reminders=facts.get("reminders", {}), stages=facts.get("stages", ()),
            illustrative=bool(facts.get("illustrative")),
        ),
    )


def _put_in_force(load: Load, facts: Mapping[str, Any]) -> None:
    """Put it in force; what the clock opens counts from tomorrow, so a load opens no round.

    What an obligation counts from has `happened` today, if it says so: its round opens at once.
    """
    by_event = facts["schedule"]["frequency"] == "event"
    collection.put_obligation_in_force(
        actor=load.actor, identifier=facts["id"], at=load.at,
        on=load.today if by_event else load.today + timedelta(days=1),
    )
    if facts.get("happened"):
        collection.record_event(
            actor=load.actor, identifier=facts["id"], name=facts["happened"], on=load.today,
            period=str(load.today.year), document="số liệu minh hoạ", at=load.at,
        )
