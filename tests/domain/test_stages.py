"""Stages of a review as data."""

from __future__ import annotations

import pytest

from nhasan.domain.problems import Invalid
from nhasan.domain.stages import BY_THE_RECEIVER, Stage, after, named, stages_of

THREE = stages_of([
    {"id": "head", "name": "Lãnh đạo đơn vị", "unit": "own"},
    {"id": "focal", "name": "Sở duyệt", "unit": "receiver"},
    {"id": "ministry", "name": "Bộ duyệt", "unit": "above"},
])


def test_without_stages_the_receiver_alone_decides() -> None:
    assert stages_of([]) == (BY_THE_RECEIVER,)
    assert after(stages_of([]), BY_THE_RECEIVER.id) is None


def test_one_stage_follows_another_until_the_last() -> None:
    first = THREE[0]
    second = after(THREE, first.id)
    assert second == Stage("focal", "Sở duyệt", "receiver")
    third = after(THREE, second.id)
    assert third is not None
    assert after(THREE, third.id) is None


def test_a_stage_that_is_no_longer_named_is_the_last() -> None:
    assert after(THREE, "gone") is None
    assert named(THREE, "gone") == THREE[-1]
    assert named(THREE, "focal") == THREE[1]


@pytest.mark.parametrize(("data", "why"), [
    ([{"id": "a", "name": "", "unit": "own"}], "mã, tên và nơi duyệt"),
    ([{"id": "a", "name": "x", "unit": "own"}, {"id": "a", "name": "y", "unit": "own"}],
     "trùng mã"),
    ([{"id": f"s{n}", "name": "x", "unit": "own"} for n in range(6)], "nhiều nhất 5"),
    ([{"id": "a" * 25, "name": "x", "unit": "own"}], "24 ký tự"),
])
def test_stages_that_do_not_hold_together_are_refused(data: list[dict[str, str]],
                                                      why: str) -> None:
    with pytest.raises(Invalid, match=why):
        stages_of(data)
