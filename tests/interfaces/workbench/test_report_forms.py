"""Report forms on screen: what is asked, and how a draft is published."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.domain.problems import Invalid
from tests import factories
from tests.factories import AT, FORM, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _draft(**change: Any) -> None:
    definition = {**deepcopy(FORM), "version": "2.0.0", **change}
    operations.draft_form(actor=HOUSE, definition=definition, dataflow="THU", at=AT)


def test_the_list_names_every_form_once(house: factories.World) -> None:
    _draft()
    said = words(signed_in(house.officer).get("/viec/bieu-mau/"))
    assert said.count("Hộ nghèo theo dân tộc") == 1
    assert "Biểu 01/THU, phiên bản 1.0.0 Thông tư thử UBND xã đang áp dụng" in said


def test_a_form_shows_its_tables_and_its_indicators(house: factories.World) -> None:
    client = signed_in(house.reviewer)
    page = client.get("/viec/bieu-mau/THU-HO-NGHEO/1.0.0/")
    said = words(page)
    assert "Kỳ báo cáo hằng năm" in said
    assert "Dân tộc Tổng số hộ Hộ nghèo Số hộ Hộ DTTS Số hộ Tỷ lệ %" in said
    assert "02 Tày" in said
    assert "dòng do đơn vị ghi tên" in said
    assert "Số hộ nghèo THU:03" in said
    assert house.round.title_vi in said
    assert "Ban hành biểu mẫu" not in said
    assert client.get("/viec/bieu-mau/THU-HO-NGHEO/9/").status_code == 404
    assert client.get("/viec/bieu-mau/KHONG/1/").status_code == 404


def test_a_form_says_what_must_hold_in_it(house: factories.World) -> None:
    _draft(rules=[{
        "id": "k", "test": "[ho/tong/tong] >= [ho/tong/tong@previous]", "severity": "note",
        "message": "Ít hộ hơn kỳ trước."}])
    said = words(signed_in(house.manager).get("/viec/bieu-mau/THU-HO-NGHEO/2.0.0/"))
    assert "nhiều hơn tổng số hộ …. Hãy xem lại hai số. Điều phải đúng: [dtts]" in said
    assert "từng dòng của bảng “Hộ nghèo theo dân tộc”" in said
    assert "Ít hộ hơn kỳ trước. Điều phải đúng: [ho/tong/tong]" in said


def test_a_draft_whose_rule_reads_what_is_not_there_stays_a_draft(
    house: factories.World,
) -> None:
    _draft(rules=[{"id": "k", "test": "[ho/tong/bo] > 1", "message": "?"}])
    with pytest.raises(Invalid, match="ho/tong/bo"):
        operations.publish_form(
            actor=HOUSE, form="THU-HO-NGHEO", version="2.0.0", at=AT)
    assert queries.form_version("THU-HO-NGHEO", "2.0.0").state == "draft"


def test_a_draft_is_published_once(house: factories.World) -> None:
    _draft()
    client = signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))
    address = "/viec/bieu-mau/THU-HO-NGHEO/2.0.0/"
    assert "Ban hành biểu mẫu" in words(client.get(address))
    assert "thay cho phiên bản đang áp dụng ở các kỳ mở sau" in words(client.get(address))
    assert "Đã ban hành biểu mẫu" in words(client.post(f"{address}ban-hanh/", follow=True))
    assert queries.form_version("THU-HO-NGHEO", "2.0.0").state == "in_force"
    old = words(client.get("/viec/bieu-mau/THU-HO-NGHEO/1.0.0/"))
    assert "Phiên bản này đã thôi áp dụng." in old
    assert "phiên bản 2.0.0" in old
    again = words(client.post(f"{address}ban-hanh/", follow=True))
    assert "Không thể “đưa vào áp dụng”" in again


def test_a_draft_bound_to_what_is_not_in_force_stays_a_draft(house: factories.World) -> None:
    tables = deepcopy(FORM["tables"])
    tables[1]["columns"][0]["bind"] = {"INDICATOR": "THU:99"}
    _draft(tables=tables)
    client = signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))
    said = words(client.post("/viec/bieu-mau/THU-HO-NGHEO/2.0.0/ban-hanh/", follow=True))
    assert "chỉ tiêu chưa được đưa vào áp dụng: THU:99" in said
    assert queries.form_version("THU-HO-NGHEO", "2.0.0").state == "draft"


def test_rounds_keep_the_version_they_were_opened_with(house: factories.World) -> None:
    _draft()
    operations.publish_form(actor=HOUSE, form="THU-HO-NGHEO", version="2.0.0", at=AT)
    assert queries.form_version("THU-HO-NGHEO", "1.0.0").state == "retired"
    held = queries.round_of(factories.actor(house.manager), house.round.pk)
    assert held.form_version.version == "1.0.0"
    sent = factories.sent(house.report, house.officer)
    assert sent.form_version.version == "1.0.0"
    later = factories.round_of({**FORM, "version": ""}, period="2026")
    assert later.form_version.version == "2.0.0"
