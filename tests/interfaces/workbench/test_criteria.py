"""Criteria of decrees on screen: rules in words, places sorted with their reasons, trying out."""

from __future__ import annotations

import pytest

from nhasan.domain.area_classes import lines_of
from nhasan.formats.rosters import cells_of
from nhasan.metadata import operations as metadata
from nhasan.observations.operations import ingest_approved
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ADDRESS = "/viec/tieu-chi/THON/1/"


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    factories.criteria()
    factories.approved(made.report, made.officer, made.reviewer)
    ingest_approved(actor=HOUSE, at=AT)
    return made


def test_the_list_says_what_is_sorted_and_by_which_law(house: factories.World) -> None:
    said = words(signed_in(house.officer).get("/viec/tieu-chi/"))
    assert "Xếp loại thôn thử thôn Quyết định thử đang áp dụng" in said


def test_every_place_is_sorted_from_what_was_approved(house: factories.World) -> None:
    client = signed_in(house.manager)
    said = words(client.get(ADDRESS))
    assert "Thôn lớn Từ 50 hộ (vùng cao: từ 40 hộ)" in said
    assert "Bó Lù, Ba Bể" in said
    assert "Thôn vừa: 1" in said
    up = words(client.get(ADDRESS, {"vung": "CAO"}))
    assert "Thôn lớn: 1" in up


def test_results_are_handed_out_as_a_list_that_decides_nothing(house: factories.World) -> None:
    table = signed_in(house.manager).get(ADDRESS, {"bang": "1"})
    [line] = lines_of(cells_of(table.content))
    assert (line.code, line.part, line.kind) == ("01900", "Bó Lù", "2")
    stranger = signed_in(house.neighbour).get(ADDRESS, {"bang": "1"})
    assert "01900" not in stranger.content.decode("utf-8-sig")


def test_the_reason_names_the_figures(house: factories.World) -> None:
    client = signed_in(house.manager)
    place = client.get(ADDRESS).context["places"][0].code
    said = words(client.get(ADDRESS, {"noi": place}))
    assert "Lý do: Bó Lù, Ba Bể" in said
    assert "✗ Không đạt Từ 50 hộ (vùng cao: từ 40 hộ) Số hộ của thôn: 44 hộ" in said
    assert "✓ Đạt Có nhà văn hoá" in said


def test_another_province_sees_the_rules_and_no_place(house: factories.World) -> None:
    said = words(signed_in(house.neighbour).get(ADDRESS))
    assert "Quy tắc xếp loại" in said
    assert "Bó Lù" not in said
    assert "Chưa có số liệu đã duyệt nào" in said


def test_figures_are_tried_and_what_is_missing_is_named(house: factories.World) -> None:
    client = signed_in(house.officer)
    said = words(client.get(ADDRESS, {"so-ho": "1.200"}))
    assert "Xếp loại thử Thôn lớn" in said
    half = words(client.get(ADDRESS, {"so-ho": "12"}))
    assert "Chưa xếp loại được. Có thể là: Thôn vừa; Thôn khác." in half
    assert "Còn thiếu: Có nhà văn hoá." in half
    odd = client.get(ADDRESS, {"so-ho": "mười hai", "vung": "SAO"})
    assert odd.status_code == 200
    assert "mười hai" in odd.content.decode()
    assert "loi-truong" in odd.content.decode()
    assert client.get("/viec/tieu-chi/THON/9/").status_code == 404


def test_rules_that_cannot_be_read_are_not_kept(house: factories.World) -> None:
    with pytest.raises(Exception, match="chưa có loại nào"):
        metadata.draft_criteria(
            actor=HOUSE, agency="THU", identifier="XAU", version="1", name_vi="Xấu",
            about="commune", legal_basis="x", source="", rules={}, at=AT)
