"""Disclosure: when a number is so small that it speaks of people, it is not shown.

Small counts are hidden first (primary), then as many others as it takes (secondary), and
whatever was computed from a hidden figure (derived). `engines/protection.py` chooses the others
against an attacker who solves all sums together, and `hide` carries its choice out.

`protect` here is the plain procedure that looks at one sum line after the other: a whole and its
parts are one equation, so a single unknown in it can be worked out by subtraction, and several
are known when they add up to hardly more than one each; the smallest remaining part is hidden as
well, and this is repeated until no line gives anything away. Lines combined can still do so.

The log says what was hidden and by which rule. It never says a value, and it never says how
close to the threshold one was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from nhasan.domain.cube import FIXED, INDICATOR, TIME_PERIOD, TOTAL, Cube, CubeKey
from nhasan.domain.links import Link
from nhasan.domain.observations import Status
from nhasan.domain.plan import Operand, map_day
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.protection_policy import DisclosurePolicy

PRIMARY = "primary"
SECONDARY = "secondary"
DERIVED = "derived"
EARLIER = "earlier"

RULES = {
    PRIMARY: phrase("Số đếm nhỏ hơn ngưỡng của chính sách."),
    SECONDARY: phrase("Ẩn thêm để không tính ngược được ô đã ẩn từ số tổng."),
    DERIVED: phrase("Được tính từ một ô đã ẩn."),
    EARLIER: phrase("Đã ẩn trong một bản công bố trước, nên vẫn phải ẩn."),
}
LIMITS = (
    phrase(
        "Đã giải mọi dòng tổng cùng một lúc, như một người tò mò có máy tính, kể cả với các bản "
        "đã công bố trước của bộ số liệu này: khoảng đoán được của mỗi ô nhỏ không hẹp hơn mức "
        "mà chính sách đặt ra."
    ),
    phrase(
        "Không tính đến điều người đọc biết từ nơi khác: hiểu biết riêng về địa bàn, hoặc một bộ "
        "số liệu khác kể về cùng những người ấy."
    ),
)
LIMITS_BY_LINE = (
    phrase(
        "Đã kiểm tra từng dòng tổng: không dòng nào chỉ có một ô ẩn, và tổng các ô ẩn của một "
        "dòng không nhỏ đến mức đoán được từng ô."
    ),
    phrase(
        "Chưa xét mọi cách ghép nhiều dòng tổng với nhau, hoặc ghép với các bản đã công bố trước, "
        "để đoán ô đã ẩn nằm trong khoảng nào."
    ),
)


class Line(NamedTuple):
    """A whole and its parts, as keys; together one equation."""

    whole: CubeKey
    parts: tuple[CubeKey, ...]


class Suppression(NamedTuple):
    """One line of the log: which cell was hidden, and by which rule."""

    key: CubeKey
    rule: str


def limits_of(policy: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was looked at and what was not, for a policy as a release keeps it."""
    if policy.get("public"):
        return ()
    return LIMITS if "method" in policy else LIMITS_BY_LINE


@dataclass(frozen=True, slots=True)
class Log:
    """What was done to a cube, without a single value.

    `exposed` counts the small cells that earlier releases have given away already.
    """

    dims: tuple[str, ...]
    policy: DisclosurePolicy
    cells: int
    suppressed: tuple[Suppression, ...] = ()
    exposed: int = 0

    def counts(self) -> dict[str, int]:
        """Return how many cells each rule hid."""
        return {rule: sum(1 for one in self.suppressed if one.rule == rule) for rule in RULES}

    def to_json(self) -> dict[str, Any]:
        """Return the log as JSON, with the words of its rules."""
        return {
            "dims": list(self.dims), "policy": self.policy.to_json(), "cells": self.cells,
            "counts": self.counts(),
            "rules": {} if self.policy.public else RULES,
            "limits": list(limits_of(self.policy.to_json())), "exposed": self.exposed,
            "suppressed": [[list(one.key), one.rule] for one in self.suppressed],
        }


def protect(
    cube: Cube, policy: DisclosurePolicy, lines: Iterable[Line] = (),
    derived: Mapping[str, Sequence[Operand]] | None = None,
) -> tuple[Cube, Log]:
    """Return the cube as it may be shown, and the log of what was hidden.

    `lines` are the sums that readers can check; `derived` names the operands of each computed
    indicator (`plan.derivations`). Protecting twice is protecting once.
    """
    if policy.public:
        return cube, Log(cube.dims, policy, len(cube))
    chosen = dict.fromkeys(small_cells(cube, policy, derived or {}), PRIMARY)
    return hide(cube, policy, chosen, derived or {}, lines)


def small_cells(cube: Cube, policy: DisclosurePolicy,
                derived: Collection[str] = ()) -> list[int]:
    """Return the rows whose counts are too small to be shown."""
    if policy.indicators & set(derived):
        raise Invalid(reason="ngưỡng áp dụng cho số đếm được báo cáo, không cho số tính ra")
    return [at for at in range(len(cube)) if _small(cube, policy, at)]


def hide(
    cube: Cube, policy: DisclosurePolicy, chosen: Mapping[int, str],
    derived: Mapping[str, Sequence[Operand]], lines: Iterable[Line] = (), exposed: int = 0,
) -> tuple[Cube, Log]:
    """Return the cube without the chosen rows, and the log; `chosen` gives each its rule.

    Of the `lines` that are given, none is left with a single unknown that is hidden.
    """
    work = _Work(cube, policy)
    for at, rule in chosen.items():
        work.hide(at, rule)
    work.close_lines(lines)
    work.hide_derived(derived)
    return work.result(), Log(cube.dims, policy, len(cube), tuple(work.log), exposed)


def lines_over(cube: Cube, whole_of: Callable[[CubeKey], CubeKey | None]) -> list[Line]:
    """Return the sum lines among the cells of a cube.

    `whole_of` gives the key of the whole that a cell is part of, or nothing.
    """
    known = set(cube.cells())
    parts: dict[CubeKey, list[CubeKey]] = defaultdict(list)
    for key in cube.cells():
        whole = whole_of(key)
        if whole is not None and whole in known and whole != key:
            parts[whole].append(key)
    return [Line(whole, tuple(found)) for whole, found in parts.items()]


def sum_lines(
    cube: Cube, indicators: Collection[str], links: Iterable[Link], on: str = "",
) -> list[Line]:
    """Return every sum that readers can check: each breakdown, and each step up the map.

    `on` is the day of the year on which the map is asked, as in `plan.RollUp`.
    """
    found: list[Line] = []
    for at in range(len(FIXED), len(cube.dims)):
        found += lines_over(cube, partial(_total_of, frozenset(indicators), at))
    by_levels: dict[tuple[str, str], dict[str, list[Link]]] = defaultdict(dict)
    for link in links:
        pair = by_levels[link.level, link.parent_level]
        pair.setdefault(link.code, []).append(link)
    days = {period: map_day(period, on) for period in set(cube.column(TIME_PERIOD))}
    for (level, above), under in by_levels.items():
        found += lines_over(
            cube, partial(_parent_of, frozenset(indicators), level, above, under, days),
        )
    return found


def _total_of(indicators: Collection[str], at: int, key: CubeKey) -> CubeKey | None:
    if key[0] not in indicators or key[at] == TOTAL:
        return None
    return (*key[:at], TOTAL, *key[at + 1:])


def _parent_of(
    indicators: Collection[str], level: str, above: str, under: Mapping[str, Sequence[Link]],
    days: Mapping[str, date], key: CubeKey,
) -> CubeKey | None:
    if key[0] not in indicators or key[1] != level:
        return None
    day = days[key[3]]
    for link in under.get(key[2], ()):
        if link.holds(day):
            return (key[0], above, link.parent_code, *key[3:])
    return None


def _small(cube: Cube, policy: DisclosurePolicy, at: int) -> bool:
    value = cube.values[at]
    if value is None or cube.column(INDICATOR)[at] not in policy.indicators:
        return False
    if policy.dimensions and not any(
        cube.column(dimension)[at] != TOTAL
        for dimension in policy.dimensions if dimension in cube.dims
    ):
        return False
    if value == 0:
        return not policy.zero_allowed
    smallest_shown: int = policy.threshold * 10 ** cube.decimals[at]
    return 0 < value < smallest_shown


class _Work:
    """A cube while cells are being hidden in it."""

    def __init__(self, cube: Cube, policy: DisclosurePolicy) -> None:
        self.cube = cube
        self.policy = policy
        self.at = cube.index()
        self.values = list(cube.values)
        self.statuses = list(cube.statuses)
        self.log: list[Suppression] = []
        self.parts_of: dict[int, list[list[int]]] = defaultdict(list)

    def hide(self, at: int, rule: str) -> None:
        key = tuple(column[at] for column in self.cube.codes)
        self.values[at] = None
        self.statuses[at] = Status.CONFIDENTIAL
        self.log.append(Suppression(key, rule))

    def close_lines(self, lines: Iterable[Line]) -> None:
        """Hide further parts until no line has a single unknown that is a hidden cell."""
        numbered = [
            [self.at[key] for key in (line.whole, *line.parts) if key in self.at]
            for line in lines
        ]
        for cells in numbered:
            self.parts_of[cells[0]].append(cells[1:])
        touching: dict[int, list[int]] = defaultdict(list)
        for number, cells in enumerate(numbered):
            for at in cells:
                touching[at].append(number)
        waiting = list(range(len(numbered)))
        while waiting:
            more = self._next_to_hide(numbered[waiting.pop()])
            if more is not None:
                self.hide(more, SECONDARY)
                waiting += touching[more]

    def _next_to_hide(self, cells: Sequence[int]) -> int | None:
        """Return the cell to hide so that what is hidden in the line cannot be worked out."""
        unknown = [at for at in cells if self.values[at] is None
                   and self.statuses[at] != Status.NOT_APPLICABLE]
        if not unknown or any(self.statuses[at] != Status.CONFIDENTIAL for at in unknown):
            return None  # something was never reported: no reader knows the sum
        if len(unknown) > 1 and not self._squeezed(cells[0], unknown):
            return None
        parts = [at for at in cells[1:] if self.values[at] is not None]
        whole = [at for at in cells[:1] if self.values[at] is not None]
        if len(unknown) > 1:  # a zero would add nothing to what is hidden
            parts = [at for at in parts if self.values[at]]
        return min(parts or whole, key=self._cost, default=None)

    def _squeezed(self, whole: int, unknown: Sequence[int]) -> bool:
        """Tell whether a shown whole leaves the hidden parts too little room.

        A reader knows that a hidden part is at least one (zeros are shown), so the parts
        together must leave each of them free to be anything below the threshold.
        """
        values = [self.cube.values[at] for at in unknown]
        if self.values[whole] is None or any(value is None for value in values):
            return False
        room = sum(value for value in values if value is not None) - sum(map(self._least, unknown))
        return room < (self.policy.threshold - 2) * self._one(whole)

    def _one(self, at: int) -> int:
        one: int = 10 ** self.cube.decimals[at]
        return one

    def _least(self, at: int) -> int:
        """Return the least that a cell can be for all that a reader knows.

        A hidden cell that is a whole itself is at least what its parts are at least.
        """
        shown = self.values[at]
        if shown is not None:
            return shown
        if self.statuses[at] != Status.CONFIDENTIAL or not self.policy.zero_allowed:
            return 0
        below = (sum(map(self._least, parts)) for parts in self.parts_of.get(at, ()))
        return max((self._one(at), *below))

    def _cost(self, at: int) -> tuple[bool, int, int]:
        """Order cells by what readers lose; a zero hides least well, so it comes last."""
        value = self.values[at] or 0
        return (value == 0, abs(value), at)

    def hide_derived(self, derived: Mapping[str, Sequence[Operand]]) -> None:
        """Hide what was computed from a hidden cell, link by link."""
        column = self.cube.position(INDICATOR)
        computed = [(key, at) for key, at in self.at.items() if key[column] in derived]
        changed = True
        while changed:
            changed = False
            for key, at in computed:
                if self.values[at] is not None and any(
                    self._hidden(self._operand(key, operand)) for operand in derived[key[column]]
                ):
                    self.hide(at, DERIVED)
                    changed = True

    def _operand(self, key: CubeKey, operand: Operand) -> CubeKey:
        """Return the key of an operand of the cell at `key`."""
        codes = list(key)
        for dimension, code in ((INDICATOR, operand.indicator), *operand.places):
            codes[self.cube.position(dimension)] = code
        return tuple(codes)

    def _hidden(self, key: CubeKey) -> bool:
        at = self.at.get(key)
        return at is not None and self.statuses[at] == Status.CONFIDENTIAL

    def result(self) -> Cube:
        return replace(self.cube, values=self.values, statuses=self.statuses)
