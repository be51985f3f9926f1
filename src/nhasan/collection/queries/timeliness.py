"""How complete reports come in, and how timely: tallied by unit, form, round, receiver, group.

A report belongs to exactly one part: sent in time, sent late, sent back, still to come, overdue.
What was taken back from a unit is not counted. In time means that it was first sent by its due
day, an extended one where one was granted, whatever was mended afterwards. Shares are of the
reports whose due day is over, so that a round that still runs makes nobody look idle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from nhasan.collection.models import Assignment, CollectionRound, FormVersion, Review
from nhasan.collection.queries.drafts import definition_of
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.calendar import Calendar
from nhasan.domain.problems import NotFound
from nhasan.metadata import queries as metadata
from nhasan.organisations import queries as organisations
from nhasan.organisations.authority import ScopedQuerySet

_VERSION, _FORM = "round__form_version", "round__form_version__form"
_SENT = ("submitted", "approved")
_UNSENT = ("not_started", "in_progress")
_AXES: Mapping[str, tuple[str, ...]] = {
    "unit": ("unit", "unit__name", "unit__code", "unit__path"),
    "form": (f"{_FORM}__identifier", f"{_FORM}__title_vi", f"{_FORM}__code"),
    "round": ("round", "round__title_vi", "round__period", "round__due"),
    "receiver": ("receiver", "receiver__name", "receiver__code", "receiver__path"),
    "area": ("area_code", "area_level"),
    "version": (_VERSION,),
}
AXES = ("unit", "form", "round", "group", "receiver")
"""By what a board can be read."""
NO_GROUP = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports a board speaks of; nothing named is everything."""

    form: str = ""
    year: str = ""
    state: str = ""
    group: str = ""
    receiver: int | None = None
    round: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports were asked for, and in which part each of them is.

    `past` are those whose due day is over, `early` those sent whose due day is still to come.
    """

    asked: int = 0
    in_time: int = 0
    late: int = 0
    returned: int = 0
    waiting: int = 0
    overdue: int = 0
    approved: int = 0
    past: int = 0
    early: int = 0

    @property
    def sent(self) -> int:
        """Return how many stand as sent."""
        return self.in_time + self.late

    @property
    def complete(self) -> Decimal | None:
        """Return the share that was sent of what is due, in per cent."""
        return self._share(self.sent_of_due)

    @property
    def timely(self) -> Decimal | None:
        """Return the share that was sent in time of what is due, in per cent."""
        return self._share(self.in_time_of_due)

    @property
    def ahead(self) -> int:
        """Return how many have their due day still to come, sent already or not."""
        return self.asked - self.past

    @property
    def sent_of_due(self) -> int:
        """Return how many were sent of those whose due day is over."""
        return self.sent - self.early

    @property
    def in_time_of_due(self) -> int:
        """Return how many were sent in time of those whose due day is over."""
        return self.in_time - self.early

    def _share(self, part: int) -> Decimal | None:
        """Return a share of what is due; before that, all or nothing can be said."""
        if self.past:
            return Decimal(100 * part) / Decimal(self.past)
        return Decimal(100) if self.asked and self.early == self.asked else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(
            getattr(self, part.name) + getattr(other, part.name) for part in fields(Tally)
        ))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board: what it is about, and its tally. `facts` are the axis's own."""

    key: str
    label: str
    tally: Tally
    facts: Mapping[str, Any] = field(default_factory=dict)


def _parts(on: date) -> dict[str, Count]:
    """Return the parts of a tally as SQL counts them; what was sent and not in time is late."""
    in_time = Q(first_sent_at__date__lte=F("due"))
    return {
        "asked": Count("pk"),
        "in_time": Count("pk", filter=Q(state__in=_SENT) & in_time),
        "sent": Count("pk", filter=Q(state__in=_SENT)),
        "returned": Count("pk", filter=Q(state="returned")),
        "waiting": Count("pk", filter=Q(state__in=_UNSENT, due__gte=on)),
        "overdue": Count("pk", filter=Q(state__in=_UNSENT, due__lt=on)),
        "approved": Count("pk", filter=Q(state="approved")),
        "past": Count("pk", filter=Q(due__lt=on)),
        "early": Count("pk", filter=Q(state__in=_SENT, due__gte=on)),
    }


_PARTS = tuple(_parts(date.min))


def _tally(counted: Mapping[str, Any]) -> Tally:
    """Return the tally of the counts of `_parts`."""
    found = {part: counted[part] for part in _PARTS}
    return Tally(late=found.pop("sent") - found["in_time"], **found)


def _received(actor: Actor, wanted: Wanted) -> ScopedQuerySet[Assignment]:
    """Return the reports that the actor's units receive, of those wanted."""
    asked = {
        f"{_FORM}__identifier": wanted.form, "round__period__startswith": wanted.year,
        "round__state": wanted.state, "receiver": wanted.receiver, "round": wanted.round,
    }
    rows = (
        Assignment.objects.within(actor.may(Permission.READ), by="receiver")
        .exclude(state="taken_back")
        .filter(**{lookup: value for lookup, value in asked.items() if value})
    )
    if wanted.group:
        rows = rows.filter(**{f"{_VERSION}__in": _versions_with(rows, wanted.group)})
    return rows


def total(actor: Actor, wanted: Wanted, *, on: date) -> Tally:
    """Return the tally of everything that a board speaks of."""
    return _tally(_received(actor, wanted).aggregate(**_parts(on)))


def board(actor: Actor, axis: str, wanted: Wanted, *, on: date) -> Sequence[Line]:
    """Return the lines of a board by one of `AXES`, in the order of the axis."""
    rows = _received(actor, wanted)
    if axis == "group":
        return _by_group(rows, on)
    return _tallied(rows, axis, on)


def _tallied(rows: ScopedQuerySet[Assignment], axis: str, on: date) -> list[Line]:
    names = _AXES[axis]
    found = rows.values(*names).annotate(**_parts(on)).order_by(names[-1], names[0])
    return [
        Line(
            str(row[names[0]]), str(row[names[1]]) if len(names) > 1 else "",
            _tally(row),
            {name.rpartition("__")[2]: row[name] for name in names},
        )
        for row in found
    ]


def _by_group(rows: ScopedQuerySet[Assignment], on: date) -> list[Line]:
    """Tally by group of indicators: a form that asks for three groups counts in each of them."""
    lines = {int(line.key): line for line in _tallied(rows, "version", on)}
    groups = _groups(lines)
    found: dict[str, Line] = {}
    for version, line in lines.items():
        for key, name in groups[version].items():
            before = found[key].tally if key in found else Tally()
            found[key] = Line(key, name, before + line.tally)
    return [found[key] for key in sorted(found, key=lambda key: (key == NO_GROUP, key))]


def _groups(versions: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return form version → the groups of indicators that it asks for, by key."""
    asked = {
        version.pk: definition_of(version).indicators()
        for version in FormVersion.objects.filter(pk__in=list(versions))
    }
    known = metadata.indicators_by_ref({ref for refs in asked.values() for ref in refs})
    return {
        pk: {
            f"{found.indicator_set.identifier}|{found.group_code}": found.group_name
            for ref in sorted(refs) if (found := known.get(ref)) and found.group_code
        } or {NO_GROUP: ""}
        for pk, refs in asked.items()
    }


def _versions_with(rows: ScopedQuerySet[Assignment], group: str) -> list[int]:
    present = rows.order_by().values_list(_VERSION, flat=True).distinct()
    return [pk for pk, groups in _groups(present).items() if group in groups]


@dataclass(frozen=True, slots=True)
class Offer:
    """By what a board can be narrowed: forms, years and receivers that there are rounds of."""

    forms: tuple[tuple[str, str], ...]
    years: tuple[str, ...]
    receivers: tuple[tuple[int, str], ...]


def offer(actor: Actor) -> Offer:
    """Return by what the boards of the actor's units can be narrowed."""
    form = "form_version__form"
    rows = list(
        CollectionRound.objects.within(actor.may(Permission.READ)).order_by()
        .values_list(f"{form}__identifier", f"{form}__title_vi", "period", "receiver",
                     "receiver__name").distinct()
    )
    return Offer(
        tuple(sorted({(row[0], row[1]) for row in rows}, key=lambda each: each[1])),
        tuple(sorted({row[2][:4] for row in rows}, reverse=True)),
        tuple(sorted({(row[3], row[4]) for row in rows}, key=lambda each: each[1])),
    )


def areas_of(actor: Actor, wanted: Wanted, *, on: date) -> dict[tuple[str, str], Tally]:
    """Return area (level, code) → the tally of its reports, for a map."""
    return {
        (line.facts["area_level"], line.key): line.tally
        for line in _tallied(_received(actor, wanted), "area", on)
    }


def outstanding(actor: Actor, wanted: Wanted, *, on: date) -> ScopedQuerySet[Assignment]:
    """Return the reports that should have been sent before that day, the latest due first."""
    return (
        _received(actor, wanted).filter(state__in=_UNSENT, due__lt=on)
        .select_related("round", "unit", "receiver").order_by("due", "unit__path", "round")
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """One report in a unit's record: when it was due, when it first came, how often it went back.

    `days_late` counts working days after the due day, while it is owed up to the day asked of:
    what comes on the Saturday after it is late by none.
    """

    report: Assignment
    sent_on: date | None
    late: bool
    days_late: int
    returned: int


def record(actor: Actor, unit: int, *, on: date, local: Any) -> Sequence[Kept]:
    """Return the record of a unit across its rounds, the newest due day first.

    The unit itself reads it, and whoever receives reports from it: of those alone.
    `local` gives the day of a moment.
    """
    scope = actor.may(Permission.READ)
    rows = Assignment.objects.select_related("round", "unit", "receiver")
    found = {
        row.pk: row
        for kept in (rows.within(scope), rows.within(scope, by="receiver"))
        for row in kept.filter(unit__pk=unit).exclude(state="taken_back")
    }
    if not found:
        raise NotFound()
    back = dict(
        Review.objects.within(EVERYTHING)  # of the reports found within the authority
        .filter(submission__assignment__in=found, decision="returned")
        .values_list("submission__assignment").annotate(n=Count("pk"))
    )
    ordered = sorted(found.values(), key=lambda row: (row.due, row.pk), reverse=True)
    calendar = organisations.calendar()
    return [_kept(row, back.get(row.pk, 0), on, local, calendar) for row in ordered]


def _kept(row: Assignment, returned: int, on: date, local: Any, calendar: Calendar) -> Kept:
    sent_on = local(row.first_sent_at) if row.first_sent_at else None
    until = sent_on or on
    days = max(calendar.working_between(row.due, until), 0)
    return Kept(row, sent_on, until > row.due, days, returned)


def tally_of(rows: Iterable[Kept], *, on: date) -> Tally:
    """Return the tally of a unit's record."""
    whole = Tally()
    for kept in rows:
        state = kept.report.state
        sent = state in _SENT
        unsent = state in _UNSENT
        whole += Tally(
            asked=1, in_time=int(sent and not kept.late),
            late=int(sent and kept.late), returned=int(state == "returned"),
            waiting=int(unsent and kept.report.due >= on),
            overdue=int(unsent and kept.report.due < on), approved=int(state == "approved"),
            past=int(kept.report.due < on), early=int(sent and kept.report.due >= on),
        )
    return whole
