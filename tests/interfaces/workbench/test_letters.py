"""The official letter on screen: who is in it, what is asked before it is written, the file."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from docx import Document

from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import OrganisationUnit
from tests import factories
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
GIVEN = {"han_moi": "10/12/2025", "co_quan": "Sở Dân tộc và Tôn giáo",
         "cap_tren": "Ủy ban nhân dân tỉnh Thái Nguyên", "dia_danh": "Thái Nguyên"}


@pytest.fixture
def house() -> factories.World:
    return factories.world(due=date(2025, 11, 10))


def _address(house: factories.World, name: str = "cong-van/") -> str:
    return f"/viec/ky/{house.round.pk}/{name}"


def test_the_page_names_the_late_units_and_how_to_reach_them(house: factories.World) -> None:
    factories.sent(house.other_report, house.other_officer)
    OrganisationUnit.objects.within(EVERYTHING).filter(code="XA-BABE").update(
        phone="0208 3 876 123", email="xababe@example.vn")
    said = words(signed_in(house.manager).get(_address(house)))
    assert "1 đơn vị chưa gửi" in said
    assert "Xã Ba Bể 10/11/2025" in said
    assert "0208 3 876 123 , xababe@example.vn" in said
    assert "Xã Chợ Rã" not in said
    assert "chưa có tài khoản nhập" not in said


def test_a_unit_without_an_account_is_told_apart(house: factories.World) -> None:
    for user in (house.officer, house.colleague):
        factories.organisations.deactivate_account(
            actor=factories.HOUSE, user=user.pk, at=factories.AT)
    said = words(signed_in(house.manager).get(_address(house)))
    assert said.count("chưa có tài khoản nhập, nên không nhận được thông báo") == 1


def test_the_form_knows_what_can_be_known(house: factories.World) -> None:
    page = signed_in(house.manager).get(_address(house)).content.decode()
    assert 'value="Sở Dân tộc và Tôn giáo"' in page
    assert 'value="Ủy ban nhân dân tỉnh Thái Nguyên"' in page
    assert 'value="Thái Nguyên"' in page


def test_the_letter_is_taken_away(house: factories.World) -> None:
    answer = signed_in(house.manager).get(_address(house, "cong-van.docx"), GIVEN)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    document: Any = Document(io.BytesIO(answer.content))
    said = "\n".join(line.text for line in document.paragraphs)
    assert "Căn cứ Thông tư thử" in said
    assert house.round.title_vi in said
    assert [row.cells[1].text for row in document.tables[1].rows] == [
        "Đơn vị", "Xã Ba Bể", "Xã Chợ Rã"]


@pytest.mark.parametrize(("change", "said"), [
    ({"han_moi": "mai"}, "Ngày chưa đọc được"), ({"co_quan": ""}, "Hãy ghi tên cơ quan"),
])
def test_what_is_missing_is_asked_again(
    house: factories.World, change: dict[str, str], said: str,
) -> None:
    page = signed_in(house.manager).get(_address(house, "cong-van.docx"), {**GIVEN, **change})
    assert page.status_code == 422
    assert said in words(page)
    assert "Chưa soạn được công văn" in words(page)


def test_without_anybody_late_there_is_no_letter(house: factories.World) -> None:
    factories.sent(house.report, house.officer)
    factories.sent(house.other_report, house.other_officer)
    client = signed_in(house.manager)
    assert "Không có đơn vị nào quá hạn" in words(client.get(_address(house)))
    assert client.get(_address(house, "cong-van.docx"), GIVEN).status_code == 422


def test_others_find_no_letter(house: factories.World) -> None:
    for user in (house.neighbour, house.officer):
        assert signed_in(user).get(_address(house)).status_code == 404
