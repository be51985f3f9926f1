"""A reorganisation rehearsed: what it would do to the map and to who answers for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from nhasan.areas.models import Area, Jurisdiction, Reorganisation
from nhasan.areas.queries.standing import on_day
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import phrase
from nhasan.domain.reorganisation import Draft, Flaw, Line, Standing, unpacked
from nhasan.domain.words import Words, date_text
from nhasan.organisations.models import OrganisationUnit, User

LATER = phrase("Mã {code} đã có thay đổi ghi cho ngày {day}, sau ngày của văn bản này.")
ALSO_WAITING = phrase("{decree} cũng đang chờ thay đổi {code}. Chỉ một văn bản thực hiện được.")
UNKNOWN_UNIT = phrase("Không có đơn vị mang mã “{code}” đang hoạt động.")
STRANDED = phrase(
    "{unit} không còn địa bàn nào và có nhiều nơi kế thừa: sau ngày này hãy tự đóng đơn vị.")

Key = tuple[str, str]


@dataclass(frozen=True)
class Rehearsal:
    """What would happen: flaws, the areas that end, who answers, which units would close.

    For whoever keeps the whole map: the door has checked it.
    """

    draft: Draft
    flaws: tuple[Flaw, ...]
    olds: Mapping[Key, Area]
    holders: Mapping[Key, tuple[OrganisationUnit, ...]]
    heirs: Mapping[Key, OrganisationUnit]
    closing: tuple[tuple[OrganisationUnit, OrganisationUnit], ...]
    accounts: int

    @property
    def stops(self) -> tuple[Flaw, ...]:
        """Return the flaws with which nothing can be decided."""
        return tuple(flaw for flaw in self.flaws if flaw.stops)

    @property
    def warnings(self) -> tuple[Flaw, ...]:
        """Return what one ought to know before deciding."""
        return tuple(flaw for flaw in self.flaws if not flaw.stops)

    @property
    def units(self) -> list[OrganisationUnit]:
        """Return the units that answer for an area of the eve, each once."""
        return list({unit.pk: unit for some in self.holders.values() for unit in some}.values())


def reorganisations() -> Sequence[Reorganisation]:
    """Return every reorganisation, those that wait first, then the newest."""
    order = {"draft": 0, "decided": 1, "enacted": 2, "discarded": 3}
    return sorted(Reorganisation.objects.order_by("-on", "-pk"), key=lambda row: order[row.state])


def reorganisation(pk: int) -> Reorganisation | None:
    """Return one reorganisation."""
    return Reorganisation.objects.filter(pk=pk).first()


def waiting(on: date) -> list[int]:
    """Return the decided reorganisations whose day has come, in the order of their days."""
    return list(Reorganisation.objects.filter(state="decided", on__lte=on)
                .order_by("on", "pk").values_list("pk", flat=True))


def rehearse(found: Reorganisation) -> Rehearsal:
    """Return what a reorganisation would do; nothing is written."""
    lines, on = unpacked(found.lines), found.on
    olds = _standing(lines, on)
    holders = _holders(olds, on)
    named = {unit.code: unit for unit in OrganisationUnit.objects.within(EVERYTHING).filter(
        code__in={line.unit for line in lines if line.unit}, closed__isnull=True)}
    heirs = _heirs(lines, holders, named)
    lines = [line._replace(unit=line.unit or (
        heirs[line.level, line.new].code if (line.level, line.new) in heirs else ""))
        for line in lines]
    draft = Draft(on, lines, _eve(on), _children(olds, on))
    closing, stranded = _closing(olds, draft, holders, heirs, on)
    flaws = [*draft.flaws(), *_unknown_units(unpacked(found.lines), named), *_later(lines, on),
             *_also_waiting(found, lines), *stranded]
    return Rehearsal(draft, tuple(sorted(flaws, key=lambda flaw: not flaw.stops)), olds,
                     holders, heirs, tuple(closing), _accounts(holders))


def _eve(on: date) -> dict[Key, Standing]:
    """Return the whole map of the eve: a place may lie anywhere in it."""
    return {
        (area.level, area.code): Standing(
            area.level, area.code, area.title, area.parent_level, area.parent_code)
        for area in Area.objects.filter(on_day(on - timedelta(days=1)))
    }


def _standing(lines: Sequence[Line], on: date) -> dict[Key, Area]:
    wanted = {(line.level, line.old) for line in lines}
    rows = Area.objects.filter(
        on_day(on - timedelta(days=1)), level__in={level for level, _code in wanted},
        code__in={code for _level, code in wanted})
    return {(row.level, row.code): row for row in rows if (row.level, row.code) in wanted}


def _children(olds: Mapping[Key, Area], on: date) -> dict[Key, list[Standing]]:
    found: dict[Key, list[Standing]] = defaultdict(list)
    upper = {key for key in olds if key[0] != "commune"}
    for area in Area.objects.filter(
            on_day(on - timedelta(days=1)), parent_level__in={level for level, _ in upper},
            parent_code__in={code for _, code in upper}).order_by("code"):
        found[area.parent_level, area.parent_code].append(Standing(
            area.level, area.code, area.title, area.parent_level, area.parent_code))
    return found


def _holders(olds: Mapping[Key, Area], on: date) -> dict[Key, tuple[OrganisationUnit, ...]]:
    found: dict[Key, list[OrganisationUnit]] = defaultdict(list)
    rows = Jurisdiction.objects.within(EVERYTHING).filter(
        on_day(on - timedelta(days=1)), level__in={level for level, _ in olds},
        code__in={code for _, code in olds}, unit__closed__isnull=True,
    ).select_related("unit").order_by("code", "unit")
    for row in rows:
        if (row.level, row.code) in olds:
            found[row.level, row.code].append(row.unit)
    return {key: tuple(units) for key, units in found.items()}


def _accounts(holders: Mapping[Key, tuple[OrganisationUnit, ...]]) -> int:
    """Return how many accounts the units have that answer for an area of the eve."""
    units = {unit.pk for some in holders.values() for unit in some}
    return User.scoped.within(EVERYTHING).filter(unit__in=units, is_active=True).count()


def _heirs(lines: Sequence[Line], holders: Mapping[Key, tuple[OrganisationUnit, ...]],
           named: Mapping[str, OrganisationUnit]) -> dict[Key, OrganisationUnit]:
    """Return who would answer for each new area: the unit named, else the one there is."""
    by_new: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        if line.new:
            by_new[line.level, line.new].append(line)
    found = {}
    for key, some in by_new.items():
        given = next((named[line.unit] for line in some if line.unit in named), None)
        held = {unit.pk: unit for line in some for unit in holders.get((line.level, line.old), ())}
        if given is not None:
            found[key] = given
        elif len(held) == 1 and not any(line.unit for line in some):
            found[key] = next(iter(held.values()))
    return found


def _closing(olds: Mapping[Key, Area], draft: Draft,
             holders: Mapping[Key, tuple[OrganisationUnit, ...]],
             heirs: Mapping[Key, OrganisationUnit], on: date,
             ) -> tuple[list[tuple[OrganisationUnit, OrganisationUnit]], list[Flaw]]:
    """Return the units that would hold nothing more with their one successor, and the others."""
    staying = {unit.pk for unit in heirs.values()}
    kept = _elsewhere(olds, holders, on)
    after: dict[int, dict[int, OrganisationUnit]] = defaultdict(dict)
    gone: dict[int, OrganisationUnit] = {}
    for key, units in holders.items():
        for unit in units:
            if unit.pk in staying or unit.pk in kept:
                continue
            gone[unit.pk] = unit
            for line in draft.olds[key]:
                heir = heirs.get((line.level, line.new))
                if heir is not None:
                    after[unit.pk][heir.pk] = heir
    closing = [(unit, next(iter(after[pk].values()))) for pk, unit in gone.items()
               if len(after[pk]) == 1]
    stranded = [Flaw(Words(STRANDED, {"unit": unit.name}), stops=False)
                for pk, unit in gone.items() if len(after[pk]) > 1]
    return closing, stranded


def _elsewhere(olds: Mapping[Key, Area], holders: Mapping[Key, tuple[OrganisationUnit, ...]],
               on: date) -> set[int]:
    """Return the units that answer for other areas too, on the day itself."""
    units = {unit.pk for some in holders.values() for unit in some}
    rows = Jurisdiction.objects.within(EVERYTHING).filter(
        on_day(on), unit__in=units).values_list("unit", "level", "code")
    return {unit for unit, level, code in rows if (level, code) not in olds}


def _unknown_units(lines: Sequence[Line], named: Mapping[str, OrganisationUnit]) -> list[Flaw]:
    return [Flaw(Words(UNKNOWN_UNIT, {"code": line.unit}), (line.number,))
            for line in lines if line.unit and line.unit not in named]


def _later(lines: Sequence[Line], on: date) -> list[Flaw]:
    """Return the lines whose codes have changes on record for this day or for a later one."""
    codes = {line.old for line in lines} | {line.new for line in lines}
    rows = Area.objects.filter(
        Q(valid_from__gte=on) | Q(valid_to__gte=on), level__in={line.level for line in lines},
        code__in=codes - {""})
    days = {(row.level, row.code): row.valid_from if row.valid_from and row.valid_from >= on
            else row.valid_to for row in rows}
    return [
        Flaw(Words(LATER, {"code": code, "day": date_text(day)}), (line.number,))
        for line in lines for code in {line.old, line.new}
        if (day := days.get((line.level, code))) is not None
    ]


def _also_waiting(found: Reorganisation, lines: Sequence[Line]) -> list[Flaw]:
    flaws = []
    mine = {(line.level, line.old): line.number for line in lines}
    for other in Reorganisation.objects.filter(state="decided").exclude(pk=found.pk):
        shared = [line.old for line in unpacked(other.lines) if (line.level, line.old) in mine]
        if shared:
            flaws.append(Flaw(Words(ALSO_WAITING, {
                "decree": other.decree, "code": ", ".join(dict.fromkeys(shared))}), stops=False))
    return flaws
