"""Tables of shares on screen: looked at before they count, told by line, kept."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from html import unescape

import pytest
from django.test import Client

from nhasan.areas import operations, queries
from nhasan.areas.models import AreaShare
from nhasan.areas.operations import NewArea, NewLink
from nhasan.domain.correspondence import KeyKind
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ADDRESS = "/viec/bang-chia/"
EVE = date(2025, 6, 30)
GIVEN = {"lan": f"commune:{MAP_DAY}", "so": "12/BC-TCTK", "nguon": "văn bản thử",
         "bang": "Mã cũ;Mã mới;Số dân\n09990;01900;1.200\n09990;01903;800"}


@pytest.fixture
def client() -> Client:
    factories.world()
    operations.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("commune", "09990", "Xã", "Xưa", "province", "19", date(2004, 1, 1), MAP_DAY)])
    operations.enact(
        actor=HOUSE, decree="1", title="x", on=MAP_DAY, source="thử", at=AT, links=[
            NewLink("commune", "09990", "01900", "partial"),
            NewLink("commune", "09990", "01903", "partial")])
    return signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


def _kept(page: str) -> str:
    found = re.search(r'name="giu" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def test_a_table_of_people_is_looked_at_and_then_counts(client: Client) -> None:
    assert "ngày 01/07/2025: 1 đơn vị bị tách" in words(client.get(ADDRESS))
    look = client.post(ADDRESS, GIVEN)
    said = words(look)
    assert "1 đơn vị bị tách, 2 dòng." in said
    assert "Xưa 09990 Ba Bể 01900 60,00 3/5" in said
    assert not AreaShare.objects.exists()
    done = client.post(ADDRESS, {"giu": _kept(look.content.decode())}, follow=True)
    assert "Đã ghi bảng chia theo 12/BC-TCTK." in words(done)
    assert KeyKind.TABLE in queries.split_keys("commune", EVE, MAP_DAY)
    between = queries.between("commune", EVE, MAP_DAY, KeyKind.TABLE)
    assert {part.code: part.share for part in between.parts["09990"]} == {
        "01900": Fraction(3, 5), "01903": Fraction(2, 5)}


def test_a_later_table_takes_the_place_of_the_first_which_stays_listed(client: Client) -> None:
    for number, table in (("1", GIVEN["bang"]),
                          ("2", "Mã cũ;Mã mới;Tỷ lệ\n09990;01900;25 %\n09990;01903;3/4")):
        look = client.post(ADDRESS, {**GIVEN, "so": number, "bang": table})
        client.post(ADDRESS, {"giu": _kept(look.content.decode())})
    first, second = reversed(queries.share_documents())
    assert (first.decision.number, first.lines, first.standing) == ("1", 2, 0)
    assert (second.decision.number, second.lines, second.standing) == ("2", 2, 2)


def test_what_is_wrong_is_told_by_line_and_nothing_is_written(client: Client) -> None:
    look = client.post(ADDRESS, {
        **GIVEN, "bang": "Mã cũ;Mã mới;Tỷ lệ\n09990;01900;0,5\n09990;01903;0,4"})
    assert look.status_code == 422
    assert "Các phần của 09990 cộng lại là 9/10, phải bằng 1." in words(look)
    page = look.content.decode()
    assert 'name="giu"' not in page
    assert "09990;01903;0,4" in page  # what was typed is still there
    empty = client.post(ADDRESS, {**GIVEN, "bang": "", "so": ""})
    assert "Bạn chưa chọn tệp hoặc dán bảng." in words(empty)
    assert "văn bản thử" in empty.content.decode()
    odd = client.post(ADDRESS, {**GIVEN, "bang": "a;b\n1;2"})
    assert "không thấy dòng đầu bảng" in words(odd)
    assert client.post(ADDRESS, {"giu": "giả"}, follow=True).status_code == 200
    assert not AreaShare.objects.exists()


def test_only_who_keeps_the_map_may_see_it(client: Client) -> None:
    other = signed_in(factories.person("quan-ly-so", "Lê Thị Hoa", "SO-TN", "manager"))
    assert other.get(ADDRESS).status_code == 403
    assert other.post(ADDRESS, GIVEN).status_code == 403
