"""From a new indicator to a report that communes owe, step by step on one page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations as areas
from nhasan.collection import operations as collection
from nhasan.collection import queries as reports
from nhasan.domain.access import EVERYTHING
from nhasan.metadata import operations, queries
from nhasan.organisations.models import Notification
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/viec/chi-tieu/THU/2.0.0/chi-tieu-moi/"
FORM = {"viec": "bieu", "bieu_ma": "THU-BS", "bieu_ten": "Chỉ tiêu mới năm 2025", "hoi": ["09"],
        "dong": "", "luong": ""}
DUTY = {"viec": "che-do", "bieu": "THU-BS", "cd_nhan": "SO-TN", "cd_loai": "commune",
        "cd_bao_lau": "once", "cd_ky": "2025-Q3", "cd_han": "12/12/2025", "cd_sau": ""}


@pytest.fixture
def house() -> factories.World:
    """A set amended by one indicator that nobody asks for yet."""
    made = factories.world()
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903"), ("XA-CB", "01500")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=MAP_DAY,
            valid_to=None, at=AT)
    operations.amend_indicator_set(
        actor=HOUSE, identifier="THU", version="2.0.0", name_vi="Bộ chỉ tiêu thử",
        decision={"number": "12/2025/QĐ"}, at=AT)
    operations.put_indicator(
        actor=HOUSE, identifier="THU", version="2.0.0", was="", at=AT,
        sheet={"key": "09", "name_vi": "Số hộ thoát nghèo", "unit": "hộ", "decimals": 0,
               "value_kind": "count"})
    operations.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="THU", version="2.0.0",
        on=date(2025, 11, 20), at=AT)
    return made


@pytest.fixture
def client(house: factories.World) -> Any:
    return signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


def _did(client: Any, given: dict[str, Any]) -> str:
    answer = client.post(PAGE, given, follow=True)
    assert answer.status_code == 200, words(answer)
    return words(answer)


def test_the_page_leads_from_form_to_obligation_to_notices(
    house: factories.World, client: Any,
) -> None:
    assert "1 chỉ tiêu mới" in words(client.get("/viec/chi-tieu/THU/2.0.0/"))
    assert "Chưa biểu nào hỏi." in words(client.get(PAGE))
    assert "Đã lập biểu mẫu." in _did(client, FORM)
    assert "Đã ban hành biểu mẫu." in _did(
        client, {"viec": "ban-hanh", "bieu": "THU-BS", "phien_ban": "1.0.0"})
    assert "Đã lập chế độ báo cáo." in _did(client, DUTY)
    said = _did(client, {"viec": "ap-dung", "che_do": "THU-BS"})
    assert "Chế độ báo cáo đã áp dụng." in said
    assert "Xong: mọi chỉ tiêu mới đều có biểu hỏi." in said
    collection.open_due_rounds(actor=HOUSE, at=AT)
    [held] = reports.touched_by(HOUSE, ["THU:09"]).rounds
    assert held.due == date(2025, 12, 12)
    assert "hạn 12/12/2025: 2 đơn vị chưa xong" in words(client.get(PAGE))
    assert {row.unit.code for row in reports.asked_now(HOUSE, ["THU:09"])} == {
        "XA-BABE", "XA-CHORA"}
    said = _did(client, {"viec": "bao"})
    assert "Đã báo 4 tin mới" in said
    assert "Đã báo 0 tin mới" in _did(client, {"viec": "bao"})
    told = Notification.objects.within(EVERYTHING).filter(kind="set_amended")
    assert {each.unit.code for each in told} == {"XA-BABE", "XA-CHORA"}
    assert told[0].facts["added"] == "1"


def test_what_is_wrong_is_said_and_kept(client: Any) -> None:
    page = client.post(PAGE, {**FORM, "hoi": [], "bieu_ten": "Tên đã gõ"})
    assert page.status_code == 422
    assert "Hãy chọn ít nhất một chỉ tiêu." in words(page)
    assert "Tên đã gõ" in page.content.decode()
    _did(client, FORM)
    taken = client.post(PAGE, {"viec": "ap-dung", "che_do": "KHONG-CO"})
    assert taken.status_code == 422
    _did(client, {"viec": "ban-hanh", "bieu": "THU-BS", "phien_ban": "1.0.0"})
    for given, said in (
        ({"cd_han": ""}, "Hãy ghi hạn gửi."), ({"cd_ky": "mai"}, "Hãy chọn kỳ số liệu"),
        ({"cd_bao_lau": "A"}, "Hãy ghi số ngày làm việc"),
        ({"cd_han": "01/09/2025"}, "hạn gửi"),
    ):
        page = client.post(PAGE, {**DUTY, **given})
        assert page.status_code == 422, given
        assert said in words(page)
    assert client.post(PAGE, {"viec": "khac"}).status_code == 404


def test_a_yearly_duty_counts_working_days_after_the_year(client: Any) -> None:
    _did(client, FORM)
    _did(client, {"viec": "ban-hanh", "bieu": "THU-BS", "phien_ban": "1.0.0"})
    _did(client, {**DUTY, "cd_bao_lau": "A", "cd_han": "", "cd_sau": "15"})
    found = reports.obligation(HOUSE, "THU-BS")
    assert found.schedule == {
        "frequency": "A", "due": {"from": "period_end", "working_days": 15}}


def test_only_a_set_in_force_has_new_indicators_to_report(
    house: factories.World, client: Any,
) -> None:
    assert client.get("/viec/chi-tieu/THU/1.0.0/chi-tieu-moi/").status_code == 404
    assert signed_in(house.manager).get(PAGE).status_code == 403


def test_rows_may_be_the_codes_of_a_breakdown(client: Any) -> None:
    operations.draft_code_list(
        actor=HOUSE, agency="THU", identifier="CL_DT", version="1", name_vi="Dân tộc",
        name_en="", source="", codes=[{"code": "02", "name_vi": "Tày"}], at=AT)
    operations.draft_dataflow(
        actor=HOUSE, agency="THU", identifier="HO", version="1", name_vi="Hộ", description="",
        subject="", source="", dimensions=[("ETHNIC_GROUP", "Dân tộc", "CL_DT")],
        indicators=[], policy={}, illustrative=True, at=AT)
    operations.amend_indicator_set(
        actor=HOUSE, identifier="THU", version="3.0.0", name_vi="Bộ", decision={}, at=AT)
    operations.put_indicator(
        actor=HOUSE, identifier="THU", version="3.0.0", was="", at=AT,
        sheet={"key": "10", "name_vi": "Số hộ mới", "decimals": 0, "value_kind": "count",
               "dimensions": ["ETHNIC_GROUP"]})
    operations.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="THU", version="3.0.0",
        on=date(2025, 11, 21), at=AT)
    page = PAGE.replace("2.0.0", "3.0.0")
    assert "mỗi mã một dòng: Dân tộc" in words(client.get(page))
    client.post(page, {**FORM, "hoi": ["10"], "dong": "ETHNIC_GROUP", "luong": "HO"})
    [made] = reports.forms_bound_to(["THU:10"])
    assert made.form.dataflow == "HO"
    assert made.definition["tables"][0]["rows"][1] == {
        "codes": "CL_DT", "dimension": "ETHNIC_GROUP"}
    assert queries.new_indicators(queries.indicator_set("THU"))[0].key == "10"  # type: ignore[arg-type]
