"""Stages of a review, as data: who looks at a report after whom, until it is approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nhasan.domain.problems import Invalid, phrase

OWN, RECEIVER, ABOVE = "own", "receiver", "above"
MOST_STAGES = 5
_LONGEST_ID = 24


@dataclass(frozen=True, slots=True)
class Stage:
    """One look at a report.

    `unit` says where it happens: the reporting unit itself (`own`), the unit that receives the
    report (`receiver`), the one above that (`above`), or a unit by its code.
    """

    id: str
    name: str
    unit: str


BY_THE_RECEIVER = Stage("receiver", phrase("Đơn vị nhận báo cáo duyệt"), RECEIVER)


def stages_of(data: Sequence[Mapping[str, Any]]) -> tuple[Stage, ...]:
    """Return the stages that an obligation names; none named: the receiver alone decides."""
    found = tuple(
        Stage(str(item.get("id", "")), str(item.get("name", "")), str(item.get("unit", "")))
        for item in data
    )
    if any(not (each.id and each.name and each.unit) for each in found):
        raise Invalid(reason=phrase("mỗi bước duyệt cần có mã, tên và nơi duyệt"))
    if len({each.id for each in found}) < len(found):
        raise Invalid(reason=phrase("hai bước duyệt trùng mã"))
    if len(found) > MOST_STAGES or any(len(each.id) > _LONGEST_ID for each in found):
        raise Invalid(reason=phrase("nhiều nhất 5 bước duyệt, mã mỗi bước không quá 24 ký tự"))
    return found or (BY_THE_RECEIVER,)


def after(stages: Sequence[Stage], current: str) -> Stage | None:
    """Return the stage that follows, or none when the current one is the last.

    A stage that the obligation no longer names counts as the last: nothing waits for ever.
    """
    names = [each.id for each in stages]
    place = names.index(current) + 1 if current in names else len(stages)
    return stages[place] if place < len(stages) else None


def named(stages: Sequence[Stage], current: str) -> Stage:
    """Return the stage of that id, or the last one."""
    return next((each for each in stages if each.id == current), stages[-1])
