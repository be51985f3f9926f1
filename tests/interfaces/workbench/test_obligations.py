"""Obligations on screen: drafted in sentences, previewed, in force, counted from events."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.areas import operations as areas
from nhasan.collection.models import CollectionRound
from nhasan.collection.queries import regime
from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.day_rules import day_rule
from nhasan.domain.schedule import Schedule
from nhasan.interfaces.workbench.day_rules import DayRuleForm
from nhasan.interfaces.workbench.obligation_events import SHIPPED_EVENTS
from nhasan.interfaces.workbench.obligation_form import RULES
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
TYPED = {
    "ten": "Hộ nghèo hằng tháng", "bieu": "THU-HO-NGHEO", "can_cu": "Thông tư thử, Điều 3",
    "nhan": "SO-TN", "ai": "commune", "don_vi": "", "bao_lau": "M", "nhiem_ky": "",
    "mot_ky": "", "nhac_truoc": "3, 1", "nhac_sau": "1", "bao_cap_tren": "5",
    "due-cach": "dem", "due-so": "5", "due-loai": "lam-viec", "due-huong": "sau",
    "due-moc": "window_end", "due-su_kien": "", "due-doi": "on",
    "window_from-cach": "thang", "window_from-ngay": "15", "window_from-thang": "start:-1",
    "window_to-cach": "thang", "window_to-ngay": "14", "window_to-thang": "end:0",
    "opens-cach": "", "closes-cach": "",
}
NEW, PREVIEW = "/viec/che-do-moi/", "/viec/che-do-moi/xem-truoc/"


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903"), ("XA-CB", "01500")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=MAP_DAY,
            valid_to=None, at=AT,
        )
    return made


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: AT)


def _only() -> Any:
    [found] = regime.obligations(HOUSE)
    return found


def test_an_obligation_is_drafted_in_sentences(house: factories.World) -> None:
    client = signed_in(house.manager)
    assert "Soạn chế độ báo cáo" in words(client.get(NEW))
    page = client.post(NEW, TYPED, follow=True)
    said = words(page)
    assert "Đã lưu bản thảo" in said
    assert "2 đơn vị gửi cho Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in said
    assert "5 ngày làm việc kể từ ngày chốt số liệu" in said
    found = _only()
    assert found.schedule == {
        "frequency": "M",
        "window": {"from": {"day": 15, "of": "start", "months": -1},
                   "to": {"day": 14, "of": "end", "months": 0}},
        "due": {"from": "window_end", "working_days": 5},
    }
    assert found.reporters == {"kind": "commune", "level": "commune"}
    assert found.reminders == {"before": [3, 1], "after": [1], "escalate_after": 5}
    assert "15/11/2025 – 14/12/2025" in said


def test_the_next_due_days_are_seen_before_anything_is_kept(house: factories.World) -> None:
    client = signed_in(house.manager)
    said = words(client.post(PREVIEW, TYPED))
    assert "2 đơn vị phải gửi" in said
    assert "Hạn gửi 19/12/2025 còn 18 ngày làm việc (thứ Sáu 19/12)" in said
    nameless = words(client.post(PREVIEW, {**TYPED, "ten": ""}))
    assert "19/12/2025" in nameless
    looked = client.post(NEW, {**TYPED, "buoc": "xem"})
    assert "19/12/2025" in words(looked)
    assert not regime.obligations(HOUSE)


def test_an_event_that_has_not_happened_is_waited_for(house: factories.World) -> None:
    said = words(signed_in(house.manager).post(PREVIEW, {
        **TYPED, "bao_lau": "event", "due-moc": "su-kien", "due-su_kien": "văn bản chỉ đạo",
        "window_from-cach": "", "window_to-cach": "",
    }))
    assert "Chờ sự kiện “văn bản chỉ đạo”" in said
    assert "Nếu xảy ra hôm nay thì hạn là thứ Ba 02/12" in said


@pytest.mark.parametrize(("change", "said"), [
    ({"ten": ""}, "Trường này là bắt buộc"),
    ({"due-so": ""}, "Hãy ghi số ngày."),
    ({"due-moc": "su-kien"}, "Hãy ghi tên sự kiện"),
    ({"due-cach": ""}, "Hãy chọn cách tính hạn gửi."),
    ({"due-cach": "nam", "due-ngay_thang": "40/13"}, "Hãy ghi ngày và tháng, ví dụ 15/12."),
    ({"due-cach": "thang", "due-ngay": ""}, "Hãy ghi ngày trong tháng"),
    ({"due-cach": "ngay", "due-mot_ngay": ""}, "Hãy ghi ngày, ví dụ 30/06/2025."),
    ({"bao_lau": "term"}, "Hãy chọn nhiệm kỳ."),
    ({"bao_lau": "once"}, "Hãy chọn kỳ số liệu."),
    ({"ai": "ten"}, "Hãy ghi ít nhất một đơn vị."),
    ({"ai": "ten", "don_vi": "Xã Bảo Lạc"}, "Không tìm thấy đơn vị: Xã Bảo Lạc."),
    ({"nhac_truoc": "mai"}, "Hãy ghi các số ngày cách nhau bằng dấu phẩy"),
    ({"due-cach": "dem", "due-huong": "truoc", "due-so": "9"}, "trước ngày chốt số liệu"),
])
def test_what_does_not_make_sense_is_asked_again(
    house: factories.World, change: dict[str, str], said: str,
) -> None:
    page = signed_in(house.manager).post(NEW, {**TYPED, **change})
    assert page.status_code in (400, 409, 422)
    assert said in words(page)
    assert TYPED["can_cu"] in page.content.decode()
    assert not regime.obligations(HOUSE)


def test_units_may_be_named(house: factories.World) -> None:
    signed_in(house.manager).post(NEW, {**TYPED, "ai": "ten", "don_vi": "xã ba bể\nXA-CHORA\n"})
    assert _only().reporters == {"units": ["XA-BABE", "XA-CHORA"]}


def test_a_draft_is_edited_and_what_is_in_force_is_not(house: factories.World) -> None:
    client = signed_in(house.manager)
    client.post(NEW, TYPED)
    name = _only().identifier
    page = client.get(f"/viec/che-do/{name}/sua/").content.decode()
    assert 'value="Hộ nghèo hằng tháng"' in page
    client.post(f"/viec/che-do/{name}/sua/", {**TYPED, "ten": "Tên mới", "due-so": "7"})
    assert (_only().title_vi, _only().schedule["due"]["working_days"]) == ("Tên mới", 7)
    done = client.post(f"/viec/che-do/{name}/ap-dung/", {"ngay": "01/12/2025"}, follow=True)
    assert "Đã đưa vào áp dụng" in words(done)
    assert (_only().state, _only().valid_from) == ("in_force", date(2025, 12, 1))
    again = client.post(f"/viec/che-do/{name}/sua/", {**TYPED, "ten": "Tên khác"})
    assert again.status_code == 409
    assert _only().title_vi == "Tên mới"
    stop = f"/viec/che-do/{name}/thoi/"
    asked = words(client.post(stop, {"ngay": "01/01/2027"}))
    assert "Từ ngày 01/01/2027 không mở thêm kỳ nào." in asked
    assert "Các kỳ sau sẽ không mở: Tháng 1 năm 2027;" in asked
    assert _only().state == "in_force"
    assert "Đã thôi áp dụng" in words(
        client.post(stop, {"ngay": "01/01/2027", "chac": "1"}, follow=True))


def test_a_day_that_cannot_be_read_is_asked_again(house: factories.World) -> None:
    found, client = factories.obligation(), signed_in(house.manager)
    page = client.post(f"/viec/che-do/{found.identifier}/ap-dung/", {"ngay": "hôm nào"})
    assert page.status_code == 422
    assert "Ngày chưa đọc được" in words(page)


def test_an_event_opens_the_round(house: factories.World) -> None:
    found = factories.obligation(schedule={
        "frequency": "event", "due": {"from": "event:chi-dao", "working_days": 15}})
    client, address = signed_in(house.manager), f"/viec/che-do/{found.identifier}/"
    client.post(f"{address}ap-dung/", {"ngay": "01/11/2025"})
    typed = {"su_kien": "chi-dao", "ngay": "24/11/2025", "van_ban": "Công văn 12", "ky": "2025"}
    wrong = client.post(f"{address}su-kien/", {**typed, "ky": "năm nay"})
    assert wrong.status_code == 422
    assert "Công văn 12" in wrong.content.decode()
    again = client.post(f"{address}su-kien/", typed)
    assert again.status_code == 422
    assert f"cùng biểu mẫu, cùng kỳ: “{house.round.title_vi}”" in words(again)
    assert not regime.rounds_of(_only())
    asked = client.post(f"{address}su-kien/", {**typed, "van_ghi": "on"})
    assert "Hạn gửi 15/12/2025" in words(asked)
    assert "2 đơn vị, nhận thông báo khi kỳ mở" in words(asked)
    assert not regime.rounds_of(_only())
    kept = {"chac": "1", **dict(asked.context["typed"])}
    said = words(client.post(f"{address}su-kien/", kept, follow=True))
    assert "Đã ghi sự kiện và mở kỳ “" in said
    assert "hạn 15/12/2025" in said
    [held] = regime.rounds_of(_only())
    assert (held.event_on, held.due) == (date(2025, 11, 24), date(2025, 12, 15))
    assert "24/11/2025: chi-dao, Công văn 12 (Năm 2025)" in said
    # What is open stands under the rounds, not under what is to come
    assert [each.period for each in client.get(address).context["coming"]] == [""]


def test_only_managers_change_obligations(house: factories.World) -> None:
    found = factories.obligation()
    reader = signed_in(house.second_reviewer)
    page = words(reader.get(f"/viec/che-do/{found.identifier}/"))
    assert found.title_vi in page
    assert "Đưa vào áp dụng" not in page
    assert reader.get(NEW).status_code == 403
    for act in ("ap-dung", "thoi", "su-kien"):
        answer = reader.post(f"/viec/che-do/{found.identifier}/{act}/", {"ngay": "01/12/2025"})
        assert answer.status_code == 404
    assert regime.obligation(HOUSE, found.identifier, Permission.MANAGE).state == "draft"


_EDGES = st.sampled_from(["period_start", "period_end"])
_RULES = st.one_of(
    st.builds(lambda edge, days: {"from": edge, "days": days}, _EDGES, st.integers(-99, 99)),
    st.builds(lambda name, days: {"from": f"event:{name}", "working_days": days},
              st.sampled_from(["chi-dao", "họp Hội đồng"]), st.integers(0, 99)),
    st.builds(lambda day, side, months: {"day": day, "of": side, "months": months},
              st.integers(1, 31), st.sampled_from(["start", "end"]), st.integers(-24, 24)),
    st.builds(lambda day, years: {"day": day.day, "month": day.month, "years": years},
              st.dates(), st.integers(-5, 5)),
    st.builds(lambda day: {"date": day.isoformat()}, st.dates(date(1945, 1, 1), date(2999, 1, 1))),
)


@given(_RULES, st.sampled_from(sorted(RULES)), st.booleans())
def test_every_rule_that_is_kept_can_be_edited(
    rule: dict[str, Any], name: str, moves: bool,
) -> None:
    kept = {**rule, "moves": moves}
    shown = DayRuleForm(name=name, edges=RULES[name][1], kept=kept)
    typed = {
        shown.add_prefix(field): shown[field].value() for field in shown.fields
        if shown[field].value() is not None and shown[field].value() is not False
    }
    again = DayRuleForm(
        {key: f"{value:%d/%m/%Y}" if isinstance(value, date) else value
         for key, value in typed.items()},
        name=name, edges=RULES[name][1], kept=kept)
    assert again.is_valid(), again.errors
    assert day_rule(name, again.cleaned_data["rule"]) == day_rule(name, kept)


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_a_day_beyond_all_reason_is_asked_again(house: factories.World, day: str) -> None:
    found, client = factories.obligation(schedule={
        "frequency": "event", "due": {"from": "event:chi-dao", "working_days": 15}}), signed_in(
            house.manager)
    address = f"/viec/che-do/{found.identifier}/"
    refused = client.post(f"{address}ap-dung/", {"ngay": day}, follow=True)
    assert "ngày phải từ 01/01/2000 đến 31/12/2100" in words(refused)
    client.post(f"{address}ap-dung/", {"ngay": "01/11/2025"})
    for typed, told in (({"ngay": day, "ky": "2025"}, "ngày phải từ"),
                        ({"ngay": "24/11/2025", "ky": "9998"}, "Hãy chọn kỳ số liệu")):
        page = client.post(
            f"{address}su-kien/",
            {"su_kien": "chi-dao", "van_ban": "", "van_ghi": "on", "chac": "1", **typed},
            follow=True)
        assert told in words(page)
    assert client.get(address).status_code == 200


def test_periods_are_chosen_as_people_say_them(house: factories.World) -> None:
    client = signed_in(house.manager)
    page = words(client.get(NEW))
    for said in ("Quý III năm 2025", "6 tháng đầu năm 2026", "2026–2030"):
        assert said in page
    plain = {**TYPED, "window_from-cach": "", "window_to-cach": ""}
    far = client.post(NEW, {**plain, "bao_lau": "once", "mot_ky": "9998"})
    assert far.status_code == 422
    assert "Hãy chọn kỳ số liệu trong danh sách." in words(far)
    term = {**plain, "bao_lau": "term", "nhiem_ky": "2026"}
    preview = words(client.post(PREVIEW, term))
    assert "Nhiệm kỳ 2026–2030" in preview
    assert "Số liệu tính 01/01/2026 – 31/12/2030" in preview
    client.post(NEW, term)
    again = client.get(f"/viec/che-do/{_only().identifier}/sua/")
    assert '<option value="2026" selected>2026–2030</option>' in again.content.decode()


def test_units_of_others_cannot_be_named_even_by_who_reads_them(house: factories.World) -> None:
    factories.organisations.assign_role(
        actor=HOUSE, user=house.manager.pk, role="reader", unit="BO",
        valid_from=date(2025, 1, 1), at=AT)
    page = signed_in(house.manager).post(NEW, {**TYPED, "ai": "ten", "don_vi": "XA-CB"})
    assert page.status_code == 422
    assert "Không tìm thấy đơn vị: XA-CB" in words(page)
    assert not regime.obligations(HOUSE)


def test_stages_are_asked_row_by_row_and_can_be_edited(house: factories.World) -> None:
    client = signed_in(house.manager)
    stages = {"buoc-1-noi": "own", "buoc-1-ten": "", "buoc-3-noi": "receiver",
              "buoc-3-ten": "Phòng chuyên môn  duyệt", "buoc-3-ma": "phong"}
    said = words(client.post(NEW, TYPED | stages, follow=True))
    kept = [{"id": "buoc-1", "name": "Lãnh đạo đơn vị duyệt", "unit": "own"},
            {"id": "phong", "name": "Phòng chuyên môn duyệt", "unit": "receiver"}]
    assert _only().stages == kept
    assert "Phòng chuyên môn duyệt (đơn vị nhận báo cáo)" in said
    address = f"/viec/che-do/{_only().identifier}/sua/"
    shown = client.get(address).context["page"].stages
    again = {row[name].html_name: row[name].value() for row in shown for name in row.fields}
    client.post(address, TYPED | again)
    assert _only().stages == kept


def test_a_stage_without_a_place_is_told_at_its_row_and_nothing_is_lost(
    house: factories.World,
) -> None:
    page = signed_in(house.manager).post(NEW, TYPED | {"buoc-2-ten": "Chủ tịch duyệt"})
    assert page.status_code == 422
    assert "Bước 2: Hãy chọn nơi duyệt, hoặc xoá tên bước." in words(page)
    assert 'value="Chủ tịch duyệt"' in page.content.decode()
    strange = signed_in(house.manager).post(NEW, TYPED | {"buoc-1-noi": "XA-CB"})
    assert strange.status_code == 422
    assert not regime.obligations(HOUSE)


def test_the_steps_of_one_decree_stand_together_in_their_order(house: factories.World) -> None:
    decree = "Nghị định thử"
    for identifier, kind, basis in (("B", "focal", decree), ("A", "commune", decree),
                                    ("C", "commune", "Thông tư khác")):
        factories.obligation(identifier, legal_basis=basis, title_vi=f"Báo cáo {identifier}",
                             kind=kind)
    client = signed_in(house.manager)
    said = words(client.get("/viec/che-do/"))
    assert said.index("Nghị định thử") < said.index("Báo cáo A") < said.index("Báo cáo B")
    assert said.index("Báo cáo B") < said.index("Thông tư khác") < said.index("Báo cáo C")
    page = words(client.get("/viec/che-do/A/"))
    assert "Các bước cùng văn bản Báo cáo A" in page
    assert "Báo cáo B" in page
    assert "Các bước cùng văn bản" not in words(client.get("/viec/che-do/C/"))


def test_who_waits_for_files_sees_which_have_come(house: factories.World) -> None:
    decree = "Nghị định thử"
    before = factories.obligation("A", legal_basis=decree, title_vi="Báo cáo A")
    factories.obligation("B", legal_basis=decree, title_vi="Báo cáo B", kind="focal", schedule={
        "frequency": "event", "due": {"from": "event:nhận đủ", "working_days": 9}})
    client = signed_in(house.manager)
    client.post("/viec/che-do/A/ap-dung/", {"ngay": "01/11/2025"})
    assert "Báo cáo A Chưa có kỳ nào mở." in words(client.get("/viec/che-do/B/"))
    CollectionRound.objects.within(EVERYTHING).update(obligation=before)
    factories.sent(house.report, house.officer)
    page = words(client.get("/viec/che-do/B/"))
    assert "1 đơn vị đã gửi, 1 đơn vị chưa gửi." in page
    assert "Đơn vị chưa gửi Xã Chợ Rã" in page


def test_the_events_that_shipped_obligations_count_from_have_words_in_english() -> None:
    path = Path(__file__).resolve().parents[3] / "data" / "obligations.json"
    shipped = json.loads(path.read_text(encoding="utf-8"))
    assert {name for each in shipped for name in Schedule.parse(each["schedule"]).events()} \
        == set(SHIPPED_EVENTS)
