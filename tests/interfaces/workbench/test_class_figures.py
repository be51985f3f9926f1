"""Figures by class: a sum is whole or there is none, and each sees their own branch."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.areas import operations
from nhasan.areas.operations import NewDecision
from nhasan.domain.area_classes import NewClass
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words
from tests.processing.conftest import FLOW, Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.django_db
ADDRESS = "/viec/phan-loai-dia-ban/KV/so-lieu/"
ASKED = {"so": f"{FLOW}|THU:03", "ky": "2025", "pt": "ETHNIC_GROUP=02", "noi": "province:19"}


@pytest.fixture
def sorted_stage(stage: Stage) -> Stage:
    operations.define_scheme(actor=HOUSE, code="KV", name_vi="Khu vực", note="", at=AT,
                             kinds=[("I", "Khu vực I"), ("III", "Khu vực III")])
    _classify({"01900": "III", "01903": "III"}, "1", [("province", "19")])
    return stage


def _classify(kinds: dict[str, str], number: str, complete: Any = ()) -> None:
    operations.classify(
        actor=HOUSE, scheme="KV", decision=NewDecision(number, MAP_DAY, complete_within=complete),
        at=AT, lines=[NewClass("commune", code, kind, MAP_DAY, number=at)
                      for at, (code, kind) in enumerate(kinds.items())])


def test_a_class_is_summed_over_the_areas_of_its_day(sorted_stage: Stage) -> None:
    said = words(signed_in(sorted_stage.world.manager).get(ADDRESS, ASKED))
    assert "theo loại của ngày 31/12/2025" in said
    assert "Khu vực I 0 0 – Khu vực III 2 2 22" in said
    assert "Chưa biết loại" not in said
    assert "Nhà Sàn Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in said
    assert "Số hộ nghèo (hộ)" in said


def test_what_lies_beyond_ones_branch_or_is_unknown_makes_no_sum(sorted_stage: Stage) -> None:
    world = sorted_stage.world
    own = words(signed_in(world.officer).get(ADDRESS, ASKED))
    assert "Khu vực III 2 1 chưa đủ: 1/2" in own
    country = words(signed_in(world.manager).get(ADDRESS, {**ASKED, "noi": "country:VN"}))
    assert "Chưa biết loại của 1 xã, nên chưa có tổng nào được coi là đủ." in country
    assert "Khu vực III 2 2 chưa chắc đủ" in country
    nobody = words(signed_in(world.neighbour).get(ADDRESS, ASKED))
    assert "Chưa có số đã duyệt của chỉ tiêu này ở cấp xã mà bạn được xem." in nobody


def test_an_odd_question_is_answered_with_what_there_is(sorted_stage: Stage) -> None:
    client = signed_in(sorted_stage.world.manager)
    page = client.get(ADDRESS, {"so": "x|y", "ky": "z", "pt": "?", "noi": "q"})
    assert page.status_code == 200
    assert client.get("/viec/phan-loai-dia-ban/LA/so-lieu/").status_code == 404
