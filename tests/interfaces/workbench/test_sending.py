"""Looking once more, explaining, sending, and seeing that it arrived."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from nhasan.collection import operations, queries
from nhasan.formats.forms.workbook import read_form
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    client.force_login(made.officer)
    return made


def address(world: factories.World, more: str = "gui/") -> str:
    return f"/viec/bao-cao/{world.report.pk}/{more}"


def plain(content: bytes) -> str:
    main = content.decode().partition("<main")[2].partition("</main>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def count(world: factories.World) -> int:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    return len(queries.submissions_of(row))


def test_an_unfinished_report_leads_back_to_the_list_of_what_is_missing(
    client: Client, world: factories.World,
) -> None:
    answers = {key: text for key, text in factories.ANSWERS.items() if key != "ho/mong/ngheo"}
    factories.fill(world.report, world.officer, answers)
    response = client.get(address(world))
    assert response["Location"] == address(world, "?kiem-tra=1")
    said = plain(client.get(response["Location"]).content)
    assert "Còn 1 lỗi phải sửa trước khi gửi" in said
    assert "Mông, Hộ nghèo, Số hộ : Ô còn trống." in said


def test_the_page_shows_everything_once_more(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer, {**factories.ANSWERS, "ho/tay/ngheo": "..."})
    said = plain(client.get(address(world)).content)
    assert "11 ô có số; 1 ô ghi “...” (chưa thu thập được)" in said
    assert "Tày 62 61 chưa có" in said
    assert "Tổng số 181 179 17" in said
    assert "Gửi báo cáo" in said


def test_a_warning_wants_a_sentence_before_the_button_appears(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer, {**factories.ANSWERS, "ho/tay/ngheo": "40"})
    page = client.get(address(world)).content.decode()
    assert "Còn 1 điều cần một câu lý do, ghi ở trên." in page
    assert ">Gửi báo cáo</button>" not in page
    name = "reason:nhieu-ho-ngheo|ho/tay/ngheo"
    assert f'name="{name}"' in page
    response = client.post(address(world, "ly-do/"), {name: "Lũ quét tháng 9."}, follow=True)
    page = response.content.decode()
    assert "Lũ quét tháng 9." in page
    assert ">Gửi báo cáo</button>" in page


def test_a_double_press_sends_once(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    page = client.get(address(world)).content.decode()
    found = re.search(r'name="submission" value="([^"]+)"', page)
    assert found
    first = client.post(address(world), {"submission": found[1]})
    second = client.post(address(world), {"submission": found[1]})
    assert first["Location"] == second["Location"] == f"/viec/ban-gui/{found[1]}/"
    assert count(world) == 1


def test_the_receipt_says_that_it_arrived_when_and_who_looks_next(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    response = client.post(address(world), {"submission": str(uuid4())}, follow=True)
    said = plain(response.content)
    sent = queries.submissions_of(queries.assignment(factories.HOUSE, world.report.pk))[0]
    assert "Hệ thống đã nhận báo cáo" in said
    assert f"Nhận lúc 09:00 thứ Ba 25/11. Mã nhận {sent.receipt} ." in said
    assert "Người xem tiếp: Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên." in said
    assert "Tổng số 181 179 28 15,5" in said


def test_a_report_that_stopped_being_ready_goes_back_with_the_list(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer, {"ho/tay/tong": "62"})
    response = client.post(address(world), {"submission": str(uuid4())})
    assert response["Location"] == address(world, "?kiem-tra=1")
    assert count(world) == 0


def test_after_the_round_closed_it_says_so_and_keeps_everything(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=factories.AT)
    response = client.post(address(world), {"submission": str(uuid4())})
    said = plain(response.content)
    assert response.status_code == 409
    assert "đã khoá" in said
    assert "Số bạn đã nhập vẫn được giữ." in said
    assert "Tày 62 61 11" in said
    assert count(world) == 0


def test_an_old_page_without_an_id_is_asked_to_reload(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    for wrong in ("", "1", "not-an-id"):
        assert client.post(address(world), {"submission": wrong}).status_code == 422
    assert count(world) == 0


def test_a_decision_is_read_on_the_submission(client: Client, world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=sent.pk, note="Mời xem lại.",
        reasons={"ho/tay/tong": "Năm trước 82 hộ."}, at=factories.AT)
    said = plain(client.get(f"/viec/ban-gui/{sent.pk}/").content)
    assert "Báo cáo đã được trả lại để sửa" in said
    assert "Dương Thu Hà: Mời xem lại." in said
    assert "Năm trước 82 hộ." in said
    assert "Sửa báo cáo" in said


def test_the_receipt_offers_to_withdraw_until_somebody_decided(
    client: Client, world: factories.World,
) -> None:
    sent = factories.sent(world.report, world.officer)
    receipt = f"/viec/ban-gui/{sent.pk}/"
    assert "Rút lại báo cáo" in plain(client.get(receipt).content)
    client.force_login(world.reviewer)
    assert "Rút lại báo cáo" not in plain(client.get(receipt).content)
    client.force_login(world.officer)
    response = client.post(f"{receipt}rut-lai/", {"note": "Nhầm cột."}, follow=True)
    assert response.redirect_chain == [(address(world, ""), 302)]
    assert "Đã rút lại báo cáo. Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in plain(
        response.content)
    said = plain(client.get(receipt).content)
    assert "Bản này đã được rút lại" in said
    assert f"{world.officer.name}: Nhầm cột." in said
    assert "Rút lại báo cáo" not in said
    story = plain(client.get(address(world, "lich-su/")).content)
    assert f"{world.officer.name} rút lại để sửa" in story
    assert "đã rút lại" in plain(client.get("/viec/da-gui/").content)


def test_withdrawing_after_the_due_day_says_that_the_first_sending_counts(
    client: Client, world: factories.World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = factories.sent(world.report, world.officer)
    after = factories.AT + timedelta(days=6)
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: after)
    told = "Lần gửi đầu đúng hạn nên bản gửi lại vẫn tính là đúng hạn."
    assert told in plain(client.get(f"/viec/ban-gui/{first.pk}/").content)
    client.post(f"/viec/ban-gui/{first.pk}/rut-lai/")
    again = factories.send(world.report, world.officer, at=after)
    said = plain(client.get(f"/viec/ban-gui/{again.pk}/").content)
    assert told in said
    assert "Gửi sau hạn." not in said


def test_the_reviewer_sees_that_a_report_was_withdrawn(
    client: Client, world: factories.World,
) -> None:
    sent = factories.sent(world.report, world.officer)
    client.post(f"/viec/ban-gui/{sent.pk}/rut-lai/")
    client.force_login(world.reviewer)
    said = plain(client.get(f"/viec/duyet/{sent.pk}/").content)
    assert "Đơn vị đã rút lại bản này để sửa" in said
    assert "Duyệt báo cáo" not in said.partition("Đơn vị đã rút lại")[2]
    assert f"Đơn vị rút lại, {world.officer.name}" in said


def test_withdrawing_after_a_decision_says_what_became_of_it(
    client: Client, world: factories.World,
) -> None:
    sent = factories.approved(world.report, world.officer, world.reviewer)
    response = client.post(f"/viec/ban-gui/{sent.pk}/rut-lai/", follow=True)
    said = plain(response.content)
    assert "Không rút lại được: bản này vừa có quyết định." in said
    assert "Báo cáo đã được duyệt" in said


def test_what_was_sent_is_taken_away_as_the_workbook_of_its_form(
    client: Client, world: factories.World,
) -> None:
    sent = factories.sent(world.report, world.officer)
    operations.withdraw(
        actor=factories.actor(world.officer), submission=sent.pk, note="", at=factories.AT)
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        at=factories.AT, changes=[operations.Change("ho/tay/tong", "99", 1)])
    response = client.get(f"/viec/ban-gui/{sent.pk}/tep/")
    assert sent.receipt.lower() in response["Content-Disposition"]
    row = queries.assignment(factories.HOUSE, world.report.pk)
    arrived = read_form(
        response.content, queries.layout_of(row), queries.workbook_context(row),
        queries.spellings_of(row))
    assert arrived.answers.cells["ho/tay/tong"].text == "62"
    assert arrived.answers.cells["thon/o1/nha"].figure is not None


def test_a_reason_once_given_is_asked_for_no_more(client: Client) -> None:
    asked = {**factories.FORM, "tables": [dict(table) for table in factories.FORM["tables"]]}
    asked["id"] = "HOI-LY-DO"
    asked["tables"][0]["checks"] = [{
        "id": "nhieu", "test": "[ngheo] <= [tong] / 2", "column": "ngheo", "severity": "warning",
        "message": "Hộ nghèo {ngheo} quá nửa số hộ {tong}. Nếu đúng, viết một câu lý do."}]
    made = factories.world(form=asked)
    client.force_login(made.officer)
    factories.fill(made.report, made.officer, {**factories.ANSWERS, "ho/tay/ngheo": "40"})
    said = plain(client.get(address(made)).content)
    assert "quá nửa số hộ 62. Nếu đúng, viết một câu lý do." in said
    client.post(address(made, "ly-do/"), {"reason:nhieu|ho/tay/ngheo": "Lũ quét."})
    said = plain(client.get(address(made)).content)
    assert "quá nửa số hộ 62." in said
    assert "Nếu đúng" not in said
    sent = operations.submit(
        actor=factories.actor(made.officer), assignment=made.report.pk, submission=uuid4(),
        at=factories.AT)
    assert "Nếu đúng" not in plain(client.get(f"/viec/ban-gui/{sent.pk}/").content)
    client.force_login(made.reviewer)
    assert "Nếu đúng" not in plain(client.get(f"/viec/duyet/{sent.pk}/").content)


def test_a_submission_is_for_its_sender_and_its_receiver(
    client: Client, world: factories.World,
) -> None:
    sent = factories.sent(world.report, world.officer)
    for reader in (world.officer, world.reviewer):
        client.force_login(reader)
        assert client.get(f"/viec/ban-gui/{sent.pk}/").status_code == 200
    for stranger in (world.other_officer, world.neighbour):
        client.force_login(stranger)
        assert client.get(f"/viec/ban-gui/{sent.pk}/").status_code == 404
