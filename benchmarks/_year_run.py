"""The simulated year itself, in a process of its own with Django already set up."""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.management import call_command

from benchmarks import _year_plan as plan
from benchmarks import _year_world as world
from benchmarks._year_world import COLUMNS, HOUSE, ROWS
from nhasan.collection import operations as collection
from nhasan.collection.models import Assignment, CollectionRound
from nhasan.collection.operations import Change
from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import Notification, OrganisationUnit

PULSE = (
    collection.hand_over, collection.open_due_rounds, collection.close_due_rounds,
    collection.remind,
)
_URGED = ("due_soon", "due_today", "overdue", "still_returned")
_LATE = ("late_units", "many_late_units")  # the second when more are late than are named


class Year:
    """The year as it passes: what is to do on which day, and how long each part took."""

    def __init__(self, communes: int) -> None:
        """Begin an empty year."""
        self.spent: Counter[str] = Counter()
        self.longest = 0.0
        self.todo: dict[date, list[Callable[[datetime], None]]] = defaultdict(list)
        self.sent: dict[int, UUID] = {}
        self.known: dict[int, tuple[str, str]] = {}
        self.parts: dict[tuple[str, str, str], tuple[int, str]] = {}
        self.approve: dict[date, list[int]] = defaultdict(list)
        with self.timed("setup"):
            self.chosen = world.build(communes)
        self.merged, self.heir = self._neighbours()
        self.rounds = {(each.obligation, each.period): each for each in plan.rounds()}

    def _neighbours(self) -> tuple[str, str]:
        """Return two communes of one province."""
        province = self.chosen[0][1]
        same = [commune for commune, of in self.chosen if of == province]
        return same[0], same[1]

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add the seconds of a part to its sum."""
        began = time.perf_counter()
        yield
        self.spent[part] += time.perf_counter() - began

    def pass_by(self) -> None:
        """Let every day pass: the clock's steps in the morning, people's work after it."""
        day = plan.FIRST
        while day <= plan.LAST:
            self._morning(datetime(day.year, day.month, day.day, 6, 0, tzinfo=world.HANOI))
            self._work(day, datetime(day.year, day.month, day.day, 10, 0, tzinfo=world.HANOI))
            if day.day == 1:
                print(f"  {day} {len(self.parts):7,} parts {len(self.sent):7,} sent",
                      file=sys.stderr, flush=True)
            day += timedelta(days=1)

    def _morning(self, at: datetime) -> None:
        if at.date() == plan.MERGED:
            world.merge(self.merged, self.heir, at)
        if at.date() in world.HAPPENINGS:
            world.HAPPENINGS[at.date()](at)
        began = time.perf_counter()
        for step in PULSE:
            with self.timed(step.__name__):
                step(actor=HOUSE, at=at)
        self.longest = max(self.longest, time.perf_counter() - began)
        self._look()

    def _look(self) -> None:
        """Take up the parts of rounds that are new, and lay out what their units will do."""
        rounds = CollectionRound.objects.within(EVERYTHING).exclude(pk__in=self.known)
        for held in rounds.select_related("obligation", "form_version"):
            assert held.obligation is not None
            key = (held.obligation.identifier, held.period)
            self.known[held.pk] = key
            ours = self.rounds[key]
            rows = Assignment.objects.within(EVERYTHING).filter(round=held)
            for pk, code in rows.values_list("pk", "area_code"):
                self.parts[(*key, code)] = (pk, held.form_version.version)
                self._lay_out(pk, held.form_version.version, plan.course(ours, code, self.merged))

    def _lay_out(self, pk: int, version: str, does: plan.Course) -> None:
        self.todo[does.sends].append(lambda at: self._send(pk, version, at))
        if does.back and does.again:
            self.todo[does.back].append(lambda at: self._send_back(pk, at))
            self.todo[does.again].append(lambda at: self._mend(pk, at))
        self.approve[does.approved].append(pk)

    def _work(self, day: date, at: datetime) -> None:
        with self.timed("entry"):
            for act in self.todo.pop(day, ()):
                act(at)
        with self.timed("review"):
            waiting = [self.sent[pk] for pk in self.approve.pop(day, ())]
            for start in range(0, len(waiting), 200):
                collection.approve_many(
                    actor=HOUSE, submissions=waiting[start : start + 200], at=at)

    def _send(self, pk: int, version: str, at: datetime) -> None:
        changes = []
        for row in range(ROWS):
            changes += [Change(f"t/r{row}/c{n}", str(_figure(pk, row, n))) for n in range(COLUMNS)]
            if version == "2":
                changes.append(Change(f"t/r{row}/moi", str(_figure(pk, row, COLUMNS))))
        self._save_and_send(pk, changes, at)

    def _save_and_send(self, pk: int, changes: list[Change], at: datetime) -> None:
        collection.save_cells(
            actor=HOUSE, assignment=pk, changes=changes, channel="screen", at=at)
        self.sent[pk] = uuid4()
        collection.submit(actor=HOUSE, assignment=pk, submission=self.sent[pk], at=at)

    def _send_back(self, pk: int, at: datetime) -> None:
        with self.timed("sending back"):
            collection.send_back(
                actor=HOUSE, submission=self.sent[pk], reasons={"t/r0/c1": "Xem lại"}, note="",
                at=at)

    def _mend(self, pk: int, at: datetime) -> None:
        self._save_and_send(pk, [Change("t/r0/c1", str(_figure(pk, 0, 1) + 1), 1)], at)


def _figure(pk: int, row: int, column: int) -> int:
    """Return a figure that stands out neither in time nor among the neighbours."""
    return (480 + random.Random(pk).randint(0, 40) + row) // (column + 1)


def counted(year: Year) -> dict[str, list[int]]:
    """Compare what is there with what ought to be: name → [expected, found, differing]."""
    units = dict(OrganisationUnit.objects.within(EVERYTHING).values_list("pk", "code"))
    parts = _expected_parts(year)
    rows = Assignment.objects.within(EVERYTHING)
    approved = rows.filter(state="approved").count()
    urged, above = _expected_reminders(year, parts)
    notices = Notification.objects.within(EVERYTHING)
    found_urged = [
        (units[unit], key) for unit, key in
        notices.filter(kind__in=_URGED).values_list("unit", "key")]
    found_above = [
        (units[unit], key) for unit, key in
        notices.filter(kind__in=_LATE).values_list("unit", "key")]
    opened = notices.filter(kind="round_opened").values_list("key", flat=True)
    handed = sum(
        1 for key in parts if key[2] == year.merged
        and year.rounds[key[:2]].opens < plan.MERGED <= year.rounds[key[:2]].due)
    moved = rows.filter(
        handed_from__code=f"XA-{year.merged}", round__opens__lt=plan.MERGED).count()
    version_2 = {key for key, (_, version) in year.parts.items() if version == "2"}
    amended = {key for key in parts if key[0] == world.AMENDED_FORM
               and year.rounds[key[:2]].opens > plan.AMENDED}
    return {
        "rounds opened": _compared(set(year.rounds), list(year.known.values())),
        "parts given": _compared(parts, list(year.parts)),
        "parts in the tables": [len(parts), rows.count(), abs(len(parts) - rows.count())],
        "parts approved in the end": [len(parts), approved, len(parts) - approved],
        "units told of a new report": _compared(
            {f"given:{year.parts[key][0]}" for key in parts if key in year.parts}, list(opened)),
        "reminders to units": _compared(urged, found_urged),
        "late lists to units above": _compared(above, found_above),
        "parts handed over in the merger": [handed, moved, abs(handed - moved)],
        "parts with the amended form": _compared(amended, list(version_2)),
    }


def _compared(expected: set[Any], found: list[Any]) -> list[int]:
    there = set(found)
    wrong = len(expected - there) + len(there - expected) + len(found) - len(there)
    return [len(expected), len(found), wrong]


def _expected_parts(year: Year) -> set[tuple[str, str, str]]:
    provinces = {province for _, province in year.chosen} | {
        code for (name, _, code) in year.parts if name.startswith("P")}
    found = set()
    for key, held in year.rounds.items():
        codes = [code for code, _ in year.chosen] if held.level == "commune" else provinces
        found |= {
            (*key, code) for code in codes
            if not (code == year.merged and held.map_day >= plan.MERGED)}
    return found


def _expected_reminders(
    year: Year, parts: set[tuple[str, str, str]],
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    home = {code: f"SO-{province}" for code, province in year.chosen}
    pks = {held: pk for pk, held in year.known.items()}
    urged, above = set(), set()
    for name, period, code in parts:
        held = year.rounds[name, period]
        does = plan.course(held, code, year.merged)
        pk = year.parts.get((name, period, code), (0, ""))[0]
        for day, ending in plan.urgings(held, code, does):
            urged.add((_unit_on(year, held, code, day), f"due:{pk}:{ending}"))
        if does.sends >= plan.escalated_on(held):
            receiver = home[code] if held.level == "commune" else "BO"
            above.add((receiver, f"late:{pks.get((name, period), 0)}:{held.due}"))
    return urged, above


def _unit_on(year: Year, held: plan.Round, code: str, day: date) -> str:
    if held.level == "province":
        return f"SO-{code}"
    gone = code == year.merged and day >= plan.MERGED
    return f"XA-{year.heir if gone else code}"


def main() -> None:
    """Let a year pass in a fresh database and print what was found."""
    communes = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    year = Year(communes)
    began, before = time.perf_counter(), time.process_time()
    year.pass_by()
    seconds, cpu = time.perf_counter() - began, time.process_time() - before
    print(json.dumps({
        "counts": counted(year), "spent": dict(year.spent), "seconds": seconds,
        "cpu": cpu, "longest": year.longest, "submissions": len(year.sent),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))
