"""What a reviewer sees, may do, and is refused."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from nhasan.collection import operations, queries
from nhasan.organisations import operations as organisations
from tests import factories
from tests.factories import AT
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def waiting(house: factories.World) -> Any:
    """A report of this year, with an approved one of the year before."""
    before = factories.round_of(period="2024")
    factories.approved(
        factories.give(before, "XA-BABE", "01900"), house.officer, house.reviewer,
        {**factories.ANSWERS, "ho/tay/ngheo": "15"},
    )
    return factories.sent(house.report, house.officer)


def test_rounds_say_how_many_reports_wait(house: factories.World, waiting: Any) -> None:
    page = signed_in(house.reviewer).get("/viec/duyet/")
    assert page.status_code == 200
    assert "Có 1 báo cáo chờ bạn xem" in words(page)
    assert house.round.title_vi in words(page)


def test_a_neighbour_sees_no_round_of_others(house: factories.World, waiting: Any) -> None:
    page = signed_in(house.neighbour).get("/viec/duyet/")
    assert page.status_code == 200
    assert house.round.title_vi not in words(page)
    assert "Không có báo cáo nào chờ duyệt" in words(page)


def test_the_board_numbers_every_unit_and_counts_states(
    house: factories.World, waiting: Any,
) -> None:
    page = signed_in(house.reviewer).get(f"/viec/ky/{house.round.pk}/")
    shown = page.content.decode()
    assert "1 trên 2 đơn vị đã gửi" in words(page)
    assert shown.count('class="td-gui"') == 1
    assert shown.count('class="td-chua"') == 1
    assert f"/viec/duyet/{waiting.pk}/" in shown
    assert "Xã Chợ Rã" in words(page)


def test_a_late_unit_is_called_late_on_the_board(
    house: factories.World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: AT + timedelta(days=9))
    shown = signed_in(house.reviewer).get(f"/viec/ky/{house.round.pk}/").content.decode()
    assert shown.count('class="td-han"') == 2
    assert "td-chua" not in shown


def test_the_board_sets_the_total_beside_the_year_before(
    house: factories.World, waiting: Any,
) -> None:
    page = signed_in(house.reviewer).get(f"/viec/ky/{house.round.pk}/?do=ho/ngheo")
    row = words(page).split("Chọn để duyệt")[-1] if "Chọn để duyệt" in words(page) else words(page)
    assert re.search(r"Xã Ba Bể 25/11, 09:00 28 32 −4 −12,5 ", row)


def test_reports_are_sorted_by_how_unusual_they_are(house: factories.World) -> None:
    before = factories.round_of(period="2024")
    for unit, code, officer in (
        ("XA-BABE", "01900", house.officer), ("XA-CHORA", "01903", house.other_officer),
    ):
        factories.approved(factories.give(before, unit, code), officer, house.reviewer)
    factories.sent(house.report, house.officer)
    factories.sent(house.other_report, house.other_officer,
                   {**factories.ANSWERS, "ho/tay/tong": "80"})
    client = signed_in(house.reviewer)

    def order(query: str) -> list[str]:
        shown = client.get(f"/viec/ky/{house.round.pk}/{query}").content.decode()
        table = shown.split('id="cho-duyet"')[1].split("</table>")[0]
        return re.findall(r">(Xã [^<]+)</a></th>", table)

    assert order("") == ["Xã Chợ Rã", "Xã Ba Bể"]
    assert order("?xep=ten") == ["Xã Ba Bể", "Xã Chợ Rã"]
    assert order("?xep=-ten") == ["Xã Chợ Rã", "Xã Ba Bể"]
    assert order("?xep=tang") == ["Xã Chợ Rã", "Xã Ba Bể"]
    assert order("?xep=-tang") == ["Xã Ba Bể", "Xã Chợ Rã"]
    assert order("?xep=<b>") == ["Xã Chợ Rã", "Xã Ba Bể"]


def test_the_board_as_a_table_for_a_spreadsheet(house: factories.World, waiting: Any) -> None:
    answer = signed_in(house.reviewer).get(f"/viec/ky/{house.round.pk}/tien-do.csv")
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Đơn vị"] for row in rows] == ["Xã Ba Bể", "Xã Chợ Rã"]
    assert [row["Tình trạng"] for row in rows] == ["đã gửi", "chưa nhập"]
    assert rows[0]["Gửi lúc"] == "2025-11-25T09:00+07:00"
    assert rows[0]["Hạn gửi"] == "2025-11-28"
    assert rows[0]["Số biên nhận"] == waiting.receipt


def test_a_name_in_the_table_is_no_formula(house: factories.World) -> None:
    organisations.open_unit(
        actor=factories.HOUSE, code="=1+1", name="=HYPERLINK(0)", short_name="x", kind="commune",
        parent="SO-TN", opened=None, at=AT,
    )
    factories.give(house.round, "=1+1", "01900")
    text = _csv(house)
    assert "'=HYPERLINK(0)" in text
    assert not re.search(r"(^|,)=", text, flags=re.M)


def _csv(house: factories.World) -> str:
    answer = signed_in(house.reviewer).get(f"/viec/ky/{house.round.pk}/tien-do.csv")
    return str(answer.content.decode("utf-8-sig"))


def test_a_report_is_shown_beside_the_period_before(house: factories.World, waiting: Any) -> None:
    said = words(signed_in(house.reviewer).get(f"/viec/duyet/{waiting.pk}/"))
    assert "Gửi lúc 09:00 thứ Ba 25/11 bởi Hoàng Thị Mai" in said
    assert "Tày 62 kỳ trước 62 61 kỳ trước 61 11 kỳ trước 15 (−4)" in said
    assert "Bó Lù 44" in said
    assert "12,50" in said


def test_rows_that_say_nothing_may_be_hidden(house: factories.World) -> None:
    nothing = {"ho/mong/tong": "0", "ho/mong/dtts": "0", "ho/mong/ngheo": "0"}
    sent = factories.sent(house.report, house.officer, {**factories.ANSWERS, **nothing})
    client = signed_in(house.reviewer)
    whole = words(client.get(f"/viec/duyet/{sent.pk}/"))
    assert "Ẩn 1 dòng toàn số 0" in whole
    assert "08 Mông" in whole
    short = words(client.get(f"/viec/duyet/{sent.pk}/?dong=co"))
    assert "Đang ẩn 1 dòng" in short
    assert "08 Mông" not in short
    assert "06 Nùng" in short


def test_reports_with_nothing_unusual_may_be_ticked_beforehand(house: factories.World) -> None:
    answers = {**factories.ANSWERS, "ho/tay/ngheo": "40"}
    factories.fill(house.report, house.officer, answers)
    operations.explain(
        actor=factories.actor(house.officer), assignment=house.report.pk, at=AT,
        reasons={"nhieu-ho-ngheo|ho/tay/ngheo": "Lũ quét."},
    )
    strange = factories.send(house.report, house.officer)
    plain = factories.sent(house.other_report, house.other_officer)
    client = signed_in(house.reviewer)

    def ticked(query: str) -> list[str]:
        shown = client.get(f"/viec/ky/{house.round.pk}/{query}").content.decode()
        boxes = re.findall(r'<input type="checkbox" name="bao_cao"[^>]*>', shown)
        return [box.split('value="')[1][:36] for box in boxes if " checked" in box]

    assert ticked("") == []
    assert ticked("?chon=thuong") == [str(plain.pk)]
    assert set(ticked("?chon=het")) == {str(plain.pk), str(strange.pk)}


def test_a_chosen_cell_shows_both_numbers_and_takes_a_reason(
    house: factories.World, waiting: Any,
) -> None:
    client = signed_in(house.reviewer)
    address = f"/viec/duyet/{waiting.pk}/"
    said = words(client.get(f"{address}?o=ho/tay/ngheo"))
    assert "Tày, Hộ nghèo, Số hộ Đơn vị ghi 11 Kỳ trước 15 Tăng, giảm −4" in said
    answer = client.post(f"{address}tra-lai/", {
        "o": "ho/tay/ngheo", "ly": "la", "loi_nhan": "Giảm 4 hộ, mời xã xem lại.", "viec": "them",
    })
    assert answer.status_code == 302
    said = words(client.get(address))
    assert "1 ô sẽ trả lại" in said
    assert "Tăng hoặc giảm khác thường. Giảm 4 hộ, mời xã xem lại." in said
    assert "Duyệt báo cáo </button>" not in said
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "submitted"


def test_reasons_for_several_cells_are_returned_together(
    house: factories.World, waiting: Any,
) -> None:
    client = signed_in(house.reviewer)
    address = f"/viec/duyet/{waiting.pk}/tra-lai/"
    client.post(address, {"o": "ho/tay/ngheo", "loi_nhan": "Xem lại.", "viec": "them"})
    client.post(address, {"o": "ho/nung/tong", "loi_nhan": "Bỏ.", "viec": "them"})
    client.post(address, {"bo": "ho/nung/tong"})
    answer = client.post(address, {
        "o": "ho/mong/tong", "loi_nhan": "Thiếu thôn.", "ghi_chung": "Sớm giúp.", "viec": "tra",
    }, follow=True)
    assert "Đã trả lại báo cáo của Xã Ba Bể" in words(answer)
    report = queries.assignment(factories.HOUSE, house.report.pk)
    review = queries.return_reasons(report)
    assert report.state == "returned"
    assert review is not None
    assert review.reasons == {"ho/tay/ngheo": "Xem lại.", "ho/mong/tong": "Thiếu thôn."}
    assert review.note == "Sớm giúp."
    assert "ô sẽ trả lại" not in words(client.get(f"/viec/duyet/{waiting.pk}/"))


@pytest.mark.parametrize(("given", "said"), [
    ({"viec": "tra"}, "Chưa có lý do."),
    ({"viec": "them", "o": "ho/tay/ngheo"}, "Hãy ghi lời nhắn cho ô này."),
    ({"viec": "them", "loi_nhan": "Lạ"}, "Hãy chọn ô mà lời nhắn nói đến."),
    ({"viec": "tra", "o": "ho/tay/khac", "loi_nhan": "Lạ"}, "Ô đã chọn không có trong báo cáo."),
])
def test_a_return_without_reason_or_cell_is_asked_again(
    house: factories.World, waiting: Any, given: dict[str, str], said: str,
) -> None:
    answer = signed_in(house.reviewer).post(f"/viec/duyet/{waiting.pk}/tra-lai/", given)
    assert answer.status_code == 422
    assert said in words(answer)
    assert given.get("loi_nhan", "") in answer.content.decode()
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "submitted"


def test_a_report_is_approved_and_opened_again_with_a_reason(
    house: factories.World, waiting: Any,
) -> None:
    client = signed_in(house.reviewer)
    address = f"/viec/duyet/{waiting.pk}/"
    assert "Đã duyệt báo cáo của Xã Ba Bể." in words(
        client.post(f"{address}phe-duyet/", follow=True))
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "approved"
    assert client.post(f"{address}phe-duyet/").status_code == 409
    assert client.post(f"{address}mo-lai/", {"ly_do": "  "}).status_code == 422
    client.post(f"{address}mo-lai/", {"ly_do": "Xã báo nhầm."})
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "returned"
    assert "Xã báo nhầm." in words(client.get(address))


def test_several_reports_are_looked_at_once_more_and_approved_together(
    house: factories.World, waiting: Any,
) -> None:
    other = factories.sent(house.other_report, house.other_officer)
    client = signed_in(house.reviewer)
    address = f"/viec/ky/{house.round.pk}/duyet/"
    chosen = {"bao_cao": [str(waiting.pk), str(other.pk)]}
    look = client.post(address, {**chosen, "buoc": "xem"})
    assert "2 báo cáo sẽ được duyệt" in words(look)
    assert look.content.decode().count(" checked") == 2
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "submitted"
    assert "Đã duyệt 2 báo cáo." in words(client.post(address, chosen, follow=True))
    assert {
        queries.assignment(factories.HOUSE, each.pk).state
        for each in (house.report, house.other_report)
    } == {"approved"}


def test_approving_nothing_or_what_was_decided_meanwhile_changes_nothing(
    house: factories.World, waiting: Any,
) -> None:
    other = factories.sent(house.other_report, house.other_officer)
    client = signed_in(house.reviewer)
    address = f"/viec/ky/{house.round.pk}/duyet/"
    assert "Chưa chọn báo cáo nào" in words(client.post(address, {}, follow=True))
    assert "Chưa chọn báo cáo nào" in words(client.post(address, {"bao_cao": "x"}, follow=True))
    client.post(f"/viec/duyet/{other.pk}/phe-duyet/")
    answer = client.post(address, {"bao_cao": [str(waiting.pk), str(other.pk)]}, follow=True)
    assert "vừa được người khác duyệt hoặc trả lại" in words(answer)
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "submitted"


def test_nobody_approves_their_own_report(house: factories.World) -> None:
    both = factories.person("kiem", "Hà Kiêm Nhiệm", "SO-TN", "enterer", "reviewer")
    own = factories.sent(house.report, both)
    client = signed_in(both)
    assert "phải do người khác duyệt" in words(client.get(f"/viec/duyet/{own.pk}/"))
    assert client.post(f"/viec/duyet/{own.pk}/phe-duyet/").status_code == 403
    board = client.get(f"/viec/ky/{house.round.pk}/").content.decode()
    assert 'name="bao_cao"' not in board
    together = client.post(
        f"/viec/ky/{house.round.pk}/duyet/", {"bao_cao": str(own.pk)}, follow=True)
    assert "phải do người khác duyệt" in words(together)
    assert queries.assignment(factories.HOUSE, house.report.pk).state == "submitted"


def test_the_sender_may_read_but_not_decide(house: factories.World, waiting: Any) -> None:
    client = signed_in(house.officer)
    page = client.get(f"/viec/duyet/{waiting.pk}/")
    assert page.status_code == 200
    assert "Duyệt báo cáo" not in page.content.decode()
    for act in ("phe-duyet", "tra-lai", "mo-lai"):
        answer = client.post(f"/viec/duyet/{waiting.pk}/{act}/", {"viec": "tra"})
        assert answer.status_code in (403, 404), act


def test_what_the_machine_found_is_shown_with_the_reason_of_the_unit(
    house: factories.World,
) -> None:
    answers = {**factories.ANSWERS, "ho/tay/ngheo": "40"}
    factories.fill(house.report, house.officer, answers)
    operations.explain(
        actor=factories.actor(house.officer), assignment=house.report.pk, at=AT,
        reasons={"nhieu-ho-ngheo|ho/tay/ngheo": "Lũ quét tháng chín."},
    )
    sent = factories.send(house.report, house.officer)
    page = signed_in(house.reviewer).get(f"/viec/duyet/{sent.pk}/")
    assert "Hộ nghèo 40 quá nửa số hộ 62" in words(page)
    assert "Đơn vị giải thích: Lũ quét tháng chín." in words(page)
    assert "1 cảnh báo, đã giải thích" in words(
        signed_in(house.reviewer).get(f"/viec/ky/{house.round.pk}/"))


def test_a_report_that_is_not_there_is_not_found(house: factories.World) -> None:
    client = signed_in(house.reviewer)
    assert client.get(f"/viec/duyet/{uuid4()}/").status_code == 404
    assert client.get("/viec/ky/999999/").status_code == 404
    assert client.post(f"/viec/duyet/{uuid4()}/phe-duyet/").status_code == 404
