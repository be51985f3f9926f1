"""How a dataflow is added up and protected, decided on screen."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.organisations import queries as organisations
from nhasan.processing import queries as processing
from tests import factories
from tests.factories import HOUSE
from tests.interfaces.workbench.seeing import signed_in, words
from tests.processing.conftest import FLOW, RATE, Stage, decide
from tests.releases.conftest import House, house, stage

__all__ = ["house", "stage"]
pytestmark = pytest.mark.django_db
ADDRESS = f"/viec/cong-bo/bo/{FLOW}/cach-lam/"
GIVEN: dict[str, Any] = {
    "cap": ["commune>province"], "ban_do": "1/4", "cach": "nguong", "nguong": "5",
    "an_theo": ["ETHNIC_GROUP"], "hien_khong": "on", "ly_do": "Quyết định 12/QĐ",
}


def test_a_dataset_nobody_decided_on_leads_to_the_decision(stage: Stage) -> None:
    client = signed_in(stage.world.publisher)
    page = client.get(f"/viec/cong-bo/bo/{FLOW}/")
    assert f'href="{ADDRESS}"' in page.content.decode()
    assert "Chưa có chính sách bảo mật" in words(page)
    assert "Tổng hợp số liệu đã duyệt" not in words(page)


def test_a_decision_is_looked_at_once_more_and_kept_with_its_reason(stage: Stage) -> None:
    client = signed_in(stage.world.publisher)
    assert client.get(ADDRESS).status_code == 200
    look = client.post(ADDRESS, GIVEN)
    said = words(look)
    assert "Cộng lên cấp trên không cộng từ xã lên tỉnh" in said
    assert "Cách bảo mật chưa có ẩn số đếm nhỏ hơn 5" in said
    assert "Bản đồ hành chính ngày cuối của kỳ số liệu 01/04" in said
    assert processing.plan(FLOW) is None
    done = client.post(ADDRESS, {**GIVEN, "buoc": "ghi"}, follow=True)
    assert "Đã ghi quyết định" in words(done)
    assert words(done).count("Quyết định 12/QĐ") == 2
    kept = processing.recipe(FLOW)
    assert (kept.levels, kept.on) == ((("commune", "province"),), "04-01")
    policy = processing.policy(FLOW)
    assert (policy.policy["threshold"], policy.policy["dimensions"]) == (5, ["ETHNIC_GROUP"])
    assert policy.reason == "Quyết định 12/QĐ"
    acts = [each.action for each in organisations.audit(HOUSE)]
    assert {"plan.decide", "policy.decide"} <= set(acts)


def test_only_what_changes_is_decided_anew(house: House) -> None:
    client = signed_in(house.stage.world.publisher)
    given = {**GIVEN, "ban_do": ""}
    same = client.post(ADDRESS, given)
    assert same.status_code == 422
    assert "Chưa đổi gì so với cách đang áp dụng." in words(same)
    look = words(client.post(ADDRESS, {**given, "cap": []}))
    assert "từ xã lên tỉnh không cộng" in look
    assert "Bảo mật yếu hơn trước" not in look
    client.post(ADDRESS, {**given, "cap": [], "buoc": "ghi"})
    assert processing.recipe(FLOW).levels == ()
    assert processing.recipe(FLOW).to_json()["derive"] == [RATE]
    assert processing.policy(FLOW).reason == "Quyết định thử"


@pytest.mark.parametrize("change", [
    {"nguong": "3"}, {"cach": "cong_khai", "nguon": "Niên giám"}, {"chi_tieu": ["THU:01"]},
    {"khoang": "1"},
])
def test_weaker_protection_is_said(house: House, change: dict[str, Any]) -> None:
    client = signed_in(house.stage.world.publisher)
    assert "Bảo mật yếu hơn trước" in words(client.post(ADDRESS, {**GIVEN, **change}))
    assert "Bảo mật yếu hơn trước" not in words(
        client.post(ADDRESS, {**GIVEN, "nguong": "10", "an_theo": []}))


@pytest.mark.parametrize(("change", "said"), [
    ({"cach": ""}, "Hãy chọn một cách bảo mật."),
    ({"nguong": ""}, "Hãy ghi ngưỡng, ví dụ 5."),
    ({"nguong": "1"}, "Ngưỡng từ 2 trở lên."),
    ({"cach": "cong_khai"}, "Hãy ghi nguồn đã công khai số liệu này."),
    ({"ban_do": "31/2"}, "Hãy viết ngày/tháng, ví dụ 01/04."),
    ({"ly_do": " "}, "Hãy ghi lý do hoặc văn bản căn cứ."),
])
def test_what_is_missing_is_asked_for(
    stage: Stage, change: dict[str, str], said: str,
) -> None:
    page = signed_in(stage.world.publisher).post(ADDRESS, {**GIVEN, **change, "buoc": "ghi"})
    assert page.status_code == 422
    assert said in words(page)
    assert processing.plan(FLOW) is None


def test_what_was_typed_comes_back(stage: Stage) -> None:
    page = signed_in(stage.world.publisher).post(ADDRESS, {**GIVEN, "buoc": "sua"})
    assert page.status_code == 200
    assert "Quyết định 12/QĐ" in page.content.decode()
    assert 'value="commune&gt;province" id="id_cap_1" checked' in page.content.decode()


def test_who_publishes_for_a_branch_does_not_decide_for_the_house(house: House) -> None:
    branch = factories.person("cong-bo-tn", "Ma Thị Na", "SO-TN", "publisher")
    client = signed_in(branch)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {**GIVEN, "buoc": "ghi"}).status_code == 403
    assert ADDRESS not in client.get(f"/viec/cong-bo/bo/{FLOW}/").content.decode()
    assert signed_in(house.stage.world.publisher).get(
        "/viec/cong-bo/bo/KHONG/cach-lam/").status_code == 404


def test_the_range_around_a_hidden_number_is_decided_and_kept(stage: Stage) -> None:
    decide(factories.actor(stage.world.publisher), threshold=5, dimensions=["ETHNIC_GROUP"],
           limits=[["THU:03", "THU:01"]])
    client = signed_in(stage.world.publisher)
    given = {**GIVEN, "ban_do": "", "khoang": "6", "phan_tram": "20"}
    look = words(client.post(ADDRESS, given))
    assert ("Khoảng phải còn lại quanh một số ẩn mọi số dưới ngưỡng "
            "từ 6 trở lên, và ít nhất 20 % của số ẩn") in look
    assert "Bảo mật yếu hơn trước" not in look
    client.post(ADDRESS, {**given, "buoc": "ghi"})
    kept = processing.policy(FLOW).policy
    assert (kept["interval"], kept["share"]) == (6, 20)
    assert kept["limits"] == [["THU:03", "THU:01"]]  # what is not asked about stays
    form = client.get(ADDRESS).content.decode()
    assert 'name="khoang" value="6"' in form
    assert "Bảo mật yếu hơn trước" in words(client.post(ADDRESS, {**given, "khoang": ""}))
    assert "Bảo mật yếu hơn trước" in words(client.post(ADDRESS, {**given, "phan_tram": "5"}))
