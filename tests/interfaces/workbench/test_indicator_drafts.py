"""Drafting a set on screen: amended, described, edited, compared, thrown away; local sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nhasan.interfaces.workbench.indicator_drafts import following
from nhasan.metadata import queries
from tests import factories
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
NEW = "/viec/chi-tieu/THU/2.0.0/"
DECISION = {"phien_ban": "2.0.0", "ten": "Bộ sửa đổi", "so": "12/2025/QĐ", "ngay": "01/12/2025",
            "co_quan": "Bộ thử", "can_cu": "Quyết định thử số 12"}
SHEET = {"key": "09", "name_vi": "Số hộ thoát nghèo", "unit": "hộ", "decimals": "0",
         "value_kind": "count", "adds_over_area": "sum", "adds_over_time": "none",
         "breakdowns": "Dân tộc | 5 năm\nGiới tính", "dimensions": "ETHNIC_GROUP; SEX",
         "area_levels": ["commune"]}


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def client(house: factories.World) -> Any:
    return signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


@pytest.fixture
def draft(client: Any) -> Any:
    assert client.post("/viec/chi-tieu/THU/1.0.0/sua-doi/", DECISION).status_code == 302
    return client


def _set(version: str = "2.0.0", identifier: str = "THU") -> Any:
    return queries.indicator_set(identifier, version, factories.HOUSE)


def test_an_amendment_is_begun_from_the_set_in_force(client: Any) -> None:
    assert "Soạn bản sửa đổi" in words(client.get("/viec/chi-tieu/THU/1.0.0/"))
    page = client.get("/viec/chi-tieu/THU/1.0.0/sua-doi/")
    assert 'value="2.0.0"' in page.content.decode()
    done = client.post("/viec/chi-tieu/THU/1.0.0/sua-doi/", DECISION, follow=True)
    assert "Việc cần làm với bản thảo" in words(done)
    assert _set().decision == {"number": "12/2025/QĐ", "date": "2025-12-01",
                               "issuer": "Bộ thử", "text": "Quyết định thử số 12"}
    again = client.post("/viec/chi-tieu/THU/1.0.0/sua-doi/", DECISION)
    assert again.status_code == 422
    assert "Hãy soạn phiên bản khác" in words(again)
    wrong = client.post("/viec/chi-tieu/THU/1.0.0/sua-doi/", {**DECISION, "phien_ban": "hai rưỡi"})
    assert wrong.status_code == 422
    assert "Bộ sửa đổi" in wrong.content.decode()


@pytest.mark.parametrize(("version", "next_one"), [
    ("1.0.0", "2.0.0"), ("9", "10.0"), ("2.1", "3.0"), ("thu", "thu-2"),
])
def test_a_version_is_suggested(version: str, next_one: str) -> None:
    assert following(version) == next_one


def test_an_indicator_is_added_changed_and_dropped(draft: Any) -> None:
    form = draft.get(f"{NEW}them/").context["form"]
    assert form["key"].value() == "08"
    shown = [field.name for field in form.needed]
    shown += [field.name for _words, fields, _said, _wrong in form.folded for field in fields]
    assert sorted(shown) == sorted(form.fields)
    done = draft.post(f"{NEW}them/", SHEET, follow=True)
    assert "Đã ghi chỉ tiêu 09 vào bản thảo." in words(done)
    row = queries.indicator_in(_set(), "09")
    assert row is not None
    assert row.breakdowns == [{"name": "Dân tộc", "period": "5 năm"},
                              {"name": "Giới tính", "period": ""}]
    assert (row.dimensions, row.area_levels) == (["ETHNIC_GROUP", "SEX"], ["commune"])
    said = words(draft.get(f"{NEW}ma/09/"))
    assert "Dân tộc 5 năm" in said
    edit = draft.get(f"{NEW}ma/09/sua/")
    assert "Dân tộc | 5 năm" in edit.content.decode()
    draft.post(f"{NEW}ma/09/sua/", {**SHEET, "concept": "Hộ đã ra khỏi danh sách hộ nghèo."})
    assert "Hộ đã ra khỏi danh sách" in words(draft.get(f"{NEW}ma/09/"))
    assert "Đã bỏ chỉ tiêu 02" in words(draft.post(f"{NEW}ma/02/bo/", follow=True))
    compared = words(draft.get(f"{NEW}so-sanh/"))
    assert "Thêm 1, bỏ 1, sửa 0 chỉ tiêu." in compared
    assert "Thêm mới 09 Số hộ thoát nghèo" in compared
    assert "Bỏ đi 02" in compared
    assert draft.get(f"{NEW}ma/99/sua/").status_code == 404


def test_a_wrong_sheet_is_said_beside_its_field_and_nothing_typed_is_lost(draft: Any) -> None:
    page = draft.post(f"{NEW}them/", {**SHEET, "key": "a b", "formula": "[01] +"})
    said = words(page)
    assert page.status_code == 422
    assert "Mã “a b” có dấu cách" in said
    assert "Công thức chưa đúng ở vị trí 7" in said
    assert "Số hộ thoát nghèo" in page.content.decode()
    taken = draft.post(f"{NEW}them/", {**SHEET, "key": "01"})
    assert "mã này đã có trong bộ" in words(taken)
    assert queries.indicators(_set()).count() == 6


RATE = {**SHEET, "key": "TL", "unit": "%", "value_kind": "rate", "adds_over_area": "none",
        "dimensions": ""}


@pytest.mark.parametrize(("formula", "said"), [
    ("[03] + [07]", "đơn vị “ha” đứng cùng đơn vị “hộ”"),
    ("[03] / [TL]", "Các công thức gọi vòng quanh nhau: TL → TL"),
    ("[03] / [99]", "không có chỉ tiêu “99”"),
    ("[03 | ETHNIC_GROUP <> 01] / [01]", "chỉ tiêu này không có phân tổ ETHNIC_GROUP"),
    ("[03 @hai] / [01]", "sau dấu @ chỉ viết"),
    ("[03]", "công thức ra “hộ” nhưng chỉ tiêu ghi đơn vị “%”"),
])
def test_a_formula_that_means_nothing_is_said_beside_it(
    draft: Any, formula: str, said: str,
) -> None:
    page = draft.post(f"{NEW}them/", {**RATE, "formula": formula})
    assert page.status_code == 422
    assert said in words(page)
    assert 'id="id_formula-loi"' in page.content.decode() or "formula" in page.content.decode()
    assert draft.post(f"{NEW}them/", {**RATE, "formula": "[03] / [01] * 100"}).status_code == 302


def test_a_formula_that_reads_a_dropped_indicator_is_told_before(draft: Any) -> None:
    draft.post(f"{NEW}them/", {**RATE, "formula": "[03] / [01] * 100"})
    draft.post(f"{NEW}ma/03/bo/")
    page = draft.get(f"{NEW}ap-dung/")
    assert "Công thức của chỉ tiêu “TL” gọi đến “03”" in words(page)
    refused = draft.post(f"{NEW}ap-dung/", {"ngay": "01/01/2026"})
    assert refused.status_code == 422
    assert _set().state == "draft"


def test_what_was_shown_is_kept_and_the_break_is_marked(draft: Any) -> None:
    held = queries.sheet_of(queries.indicator_in(_set(), "03"))  # type: ignore[arg-type]
    sheet = {name: value for name, value in held.items() if not isinstance(value, list)}
    draft.post(f"{NEW}ma/03/sua/", {
        **sheet, "unit": "nghìn hộ", "break_words": "Từ 2026 tính theo nghìn hộ."})
    assert "Chuỗi số liệu gãy ở đây." in words(draft.get(f"{NEW}ap-dung/"))
    draft.post(f"{NEW}ap-dung/", {"ngay": "01/01/2026"})
    kept = _set()
    assert [each["form"] for each in kept.impact["forms"]] == ["THU-HO-NGHEO"]
    assert [each["owed"] for each in kept.impact["rounds"]] == [2]
    page = words(draft.get(NEW))
    assert "Đã đổi gì so với THU:THU(1.0.0)" in page
    assert "Đơn vị tính hộ nghìn hộ" in page
    said = words(draft.get(f"{NEW}ma/03/"))
    assert "Chỗ gãy của chuỗi số liệu Từ ngày 01/01/2026: đổi đơn vị tính" in said
    assert "Từ 2026 tính theo nghìn hộ." in said


def test_what_was_touched_is_named_only_to_who_keeps_the_set(
    draft: Any, house: factories.World,
) -> None:
    factories.obligation()
    draft.post(f"{NEW}ma/03/bo/")
    draft.post(f"{NEW}ap-dung/", {"ngay": "01/01/2026"})
    named = (house.round.title_vi, "2 đơn vị chưa xong", "Hộ nghèo hằng tháng, tỉnh Thái Nguyên")
    told = words(draft.get(NEW))
    assert all(each in told for each in named)
    for other in (house.neighbour, house.manager, house.officer):
        seen = words(signed_in(other).get(NEW))
        assert "Lúc đưa vào áp dụng, việc đổi này chạm đến Biểu mẫu 1 Bộ dữ liệu 0" in seen
        assert not any(each in seen for each in named)
        assert "Mục ghi danh mục" not in seen


def test_a_draft_keeps_the_paper_it_rests_on(
    draft: Any, settings: Any, tmp_path: Path, house: factories.World,
) -> None:
    settings.STORE = tmp_path / "store"
    facts = {name: value for name, value in DECISION.items() if name != "phien_ban"}
    wrong = draft.post(f"{NEW}can-cu/", {
        **facts, "tep": SimpleUploadedFile("anh.exe", b"MZ")})
    assert "Hãy chọn tệp PDF hoặc DOCX." in words(wrong)
    draft.post(f"{NEW}can-cu/", {
        **facts, "nguon": "Công báo", "tep": SimpleUploadedFile("qd.pdf", b"%PDF")})
    assert _set().source == "Công báo"
    answer = signed_in(house.officer).get(f"{NEW}van-ban/")
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert "qd.pdf" in answer["Content-Disposition"]
    assert draft.get("/viec/chi-tieu/THU/1.0.0/van-ban/").status_code == 404


def test_a_draft_is_thrown_away(draft: Any) -> None:
    assert "Đã bỏ bản thảo 2.0.0." in words(draft.post(f"{NEW}bo-ban-thao/", follow=True))
    assert draft.get(NEW).status_code == 404


def test_a_province_begins_its_own_set(house: factories.World) -> None:
    manager = signed_in(house.manager)
    page = manager.get("/viec/chi-tieu/soan/")
    assert "chung cho cả nước" not in words(page)
    done = manager.post("/viec/chi-tieu/soan/", {
        **DECISION, "phien_ban": "1.0.0", "cua": "SO-TN", "ma": "lang-nghe"}, follow=True)
    assert "Đã lập bản thảo." in words(done)
    mine = "/viec/chi-tieu/SO-TN-LANG-NGHE/1.0.0/"
    assert manager.post(f"{mine}them/", SHEET).status_code == 302
    others = signed_in(house.neighbour)
    for page_of in (mine, f"{mine}so-sanh/", f"{mine}ma/09/", f"{mine}them/", f"{mine}ap-dung/",
                    f"{mine}can-cu/", f"{mine}van-ban/", f"{mine}sua-doi/"):
        assert others.get(page_of).status_code == 404, page_of
    for act in ("them/", "ap-dung/", "bo-ban-thao/", "ma/09/bo/", "ma/09/sua/"):
        assert others.post(f"{mine}{act}", {**SHEET, "ngay": "01/01/2026"}).status_code == 404
    assert "LANG-NGHE" not in words(others.get("/viec/chi-tieu/"))
    assert manager.post(f"{mine}ap-dung/", {"ngay": "01/01/2026"}).status_code == 302
    assert "bộ riêng của Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in words(
        others.get("/viec/chi-tieu/"))
    assert others.get(f"{mine}sua-doi/").status_code == 404


def test_a_province_does_not_take_the_name_of_the_national_set(house: factories.World) -> None:
    manager = signed_in(house.manager)
    for owner in ("", "*", "SO-CB", "BO"):
        page = manager.post("/viec/chi-tieu/soan/", {**DECISION, "cua": owner, "ma": "X"})
        assert page.status_code == 422
    assert manager.get("/viec/chi-tieu/THU/1.0.0/sua-doi/").status_code == 403


def test_a_national_set_is_begun_from_nothing(client: Any) -> None:
    client.post("/viec/chi-tieu/soan/", {
        **DECISION, "phien_ban": "1.0.0", "cua": "*", "ma": "bo-moi", "minh_hoa": "on"})
    made = _set("1.0.0", "BO-MOI")
    assert (made.unit, made.illustrative, made.agency) == (None, True, "NHASAN")


def test_any_two_versions_stand_side_by_side(draft: Any) -> None:
    draft.post(f"{NEW}them/", SHEET)
    draft.post(f"{NEW}ap-dung/", {"ngay": "01/01/2026"})
    old = words(draft.get("/viec/chi-tieu/THU/1.0.0/so-sanh/", {"voi": "2.0.0"}))
    assert "Bỏ đi 09 Số hộ thoát nghèo" in old
    assert "Thêm mới 09" in words(draft.get(f"{NEW}so-sanh/"))
    assert "chưa có gì để so" in words(draft.get("/viec/chi-tieu/THU/1.0.0/so-sanh/"))
    assert draft.get(f"{NEW}so-sanh/", {"voi": "9"}).status_code == 404


def test_two_who_edit_one_indicator_do_not_write_over_each_other(draft: Any) -> None:
    page = draft.get(f"{NEW}ma/03/sua/").content.decode()
    seen = page.split('name="da_doc" value="')[1].split('"')[0]
    sheet = {**SHEET, "key": "03", "da_doc": seen}
    assert draft.post(f"{NEW}ma/03/sua/", {**sheet, "unit": "hộ dân"}).status_code == 302
    second = draft.post(f"{NEW}ma/03/sua/", {**sheet, "unit": "nghìn hộ"})
    assert second.status_code == 422
    assert "vừa được người khác sửa" in words(second)
    assert 'value="nghìn hộ"' in second.content.decode()
    assert queries.indicator_in(_set(), "03").unit == "hộ dân"  # type: ignore[union-attr]
