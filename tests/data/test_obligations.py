"""The obligations that are shipped: of forms and units that are there, with days that hold."""

from datetime import date

import pytest

from nhasan.domain.periods import Period
from nhasan.domain.schedule import Often, Reporters, Schedule
from tests.domain.test_calendar import OFFICE


@pytest.fixture(scope="session")
def obligations(facts):
    return {each["id"]: each for each in facts("obligations.json")}


def test_every_obligation_is_of_a_form_and_of_units_that_are_shipped(obligations, facts, forms):
    units = facts("organisations.json")["units"]
    keys, kinds = {unit["key"] for unit in units}, {unit["kind"] for unit in units}
    for each in obligations.values():
        who = Reporters.parse(each["reporters"])
        assert each["form"] in forms
        assert {each["receiver"], *who.units} <= keys
        assert who.units or who.kind in kinds
        assert each["source"]
        assert len(each["id"]) <= 40


def test_every_schedule_can_be_followed(obligations):
    for each in obligations.values():
        Schedule.parse(each["schedule"]).check(OFFICE, date(2026, 1, 1))


def test_events_have_names_that_a_row_can_hold(obligations):
    names = [
        name for each in obligations.values() for name in Schedule.parse(each["schedule"]).events()
    ]
    assert names
    assert all(len(name) <= 40 for name in names)


def test_what_is_illustrative_says_so_and_the_law_is_named_for_the_rest(obligations):
    for each in obligations.values():
        illustrative = each.get("illustrative", False)
        assert ("số liệu minh hoạ" in each["title"]) == illustrative
        assert illustrative or each["legal_basis"].startswith("Nghị định")


@pytest.mark.parametrize(("identifier", "working_days"), [
    ("ND255-XA", 15), ("ND255-TINH", 30), ("ND255-BO", 30),
    ("ND272-XA-02", 25), ("ND272-XA-04", 25), ("ND272-XA-05", 25), ("ND272-TINH", 45),
    ("ND272-BO", 15),
])
def test_the_chains_of_both_decrees_count_from_their_own_events(
    obligations, identifier, working_days,
):
    schedule = Schedule.parse(obligations[identifier]["schedule"])
    [event] = schedule.events()
    began = date(2026, 3, 2)
    days = schedule.days(Period.parse("2026"), OFFICE, {event: began})
    assert OFFICE.working_between(began, days.due) == working_days
    assert OFFICE.is_working(days.due)


def test_every_way_of_repeating_is_shown_once(obligations):
    shown = {Schedule.parse(each["schedule"]).often for each in obligations.values()}
    assert shown == set(Often) - {Often.ONCE}
