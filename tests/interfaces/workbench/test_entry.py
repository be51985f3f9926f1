"""Filling a report: the grid as it is written, and the same page without scripts."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change
from nhasan.interfaces.workbench import entry
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    client.force_login(made.officer)
    return made


def address(world: factories.World, more: str = "") -> str:
    return f"/viec/bao-cao/{world.report.pk}/{more}"


def page_of(client: Client, world: factories.World, more: str = "") -> str:
    response = client.get(address(world, more))
    assert response.status_code == 200
    return response.content.decode()


def boxes(page: str) -> dict[str, dict[str, str]]:
    """Return the boxes, lists and rows of answers of the grid by cell, with their attributes."""
    found = {}
    for tag in re.findall(r"<(?:input|select|div) [^>]*data-cell=[^>]*>", page):
        pairs = re.findall(r'([\w-]+)="([^"]*)"', tag)
        facts = {name: html.unescape(value) for name, value in pairs}
        found[facts["data-cell"]] = facts | ({"readonly": "1"} if " readonly" in tag else {})
    return found


def data(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def plain(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r"<script.*?</script>", "", main, flags=re.S)
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def save(world: factories.World, by: Any, *changes: tuple[str, str, int]) -> None:
    operations.save_cells(
        actor=factories.actor(by), assignment=world.report.pk, channel="screen", at=AT,
        changes=[Change(*change) for change in changes])


def text_of(world: factories.World, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


def test_every_cell_people_fill_is_a_box_and_no_other(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer, {"ho/tay/tong": "1.062"})
    page = page_of(client, world)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    wanted = {
        f"{table.id}/{line.id}/{column.id}"
        for table in queries.layout_of(row).tables for line, column in table.cells()
    }
    found = boxes(page)
    assert set(found) == wanted
    box = found["ho/tay/tong"]
    assert (box["value"], box["data-version"], box["inputmode"]) == ("1.062", "1", "numeric")
    assert box["aria-label"] == "Tày, Tổng số hộ, Số hộ"
    assert box["id"] == "o-ho-tay-tong"
    assert 'data-computed="ho/tong/tong">1.062</td>' in page


def options(page: str, cell: str) -> list[tuple[str, str, bool]]:
    """Return what a list of a cell offers: value, words, whether it stands."""
    inside = re.search(rf'<select [^>]*data-cell="{cell}"[^>]*>(.*?)</select>', page)
    assert inside
    return [
        (html.unescape(value), html.unescape(words), bool(chosen)) for value, chosen, words in
        re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', inside[1])
    ]


@pytest.mark.parametrize(("text", "stands"), [
    ("", ("", "Chọn…")), ("1", ("1", "Có")), ("co", ("co", "Có")), ("Không", ("Không", "Không")),
    ("...", ("...", "chưa thu thập được (...)")), ("x", ("x", "không áp dụng (x)")),
    ("K", ("K", "K")),
])
def test_a_choice_is_picked_from_its_answers(
    client: Client, world: factories.World, text: str, stands: tuple[str, str],
) -> None:
    factories.fill(world.report, world.officer, {"thon/o1/nha": text})
    offered = options(page_of(client, world), "thon/o1/nha")
    assert [(value, words) for value, words, chosen in offered if chosen] == [stands]
    assert [words for _value, words, _chosen in offered][:6] == [
        "Chọn…", "Có", "Không", "chưa thu thập được (...)", "không áp dụng (x)", "bảo mật (c)"]


def test_a_look_at_a_choice_changes_nothing_without_scripts(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer, {"thon/o1/nha": "1"})
    page = page_of(client, world)
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen
    client.force_login(world.officer)
    client.post(f"/viec/bao-cao/{world.report.pk}/", {
        "seen": html.unescape(seen[1]), "thon/o1/nha": "1", "save": "1"})
    assert len(queries.revisions(queries.assignment(factories.HOUSE, world.report.pk))) == 1
    client.post(f"/viec/bao-cao/{world.report.pk}/", {
        "seen": html.unescape(seen[1]), "thon/o1/nha": "Không", "save": "1"})
    assert text_of(world, "thon/o1/nha") == "Không"


QUESTIONS = {
    **factories.FORM, "id": "HOI", "title": "Câu hỏi",
    "tables": [{
        "id": "xa", "title": "Xã", "rows": [{"id": "xa", "label": "Toàn xã"}], "checks": [],
        "columns": [
            *({"id": f"s{number}", "label": f"Số {number}", "bind": {"INDICATOR": "THU:05"}}
              for number in range(7)),
            {"id": "dien", "label": "Có điện", "kind": "choice", "bind": {"INDICATOR": "THU:06"},
             "choices": [["1", "Có"], ["0", "Không"]]},
        ],
    }],
}


def test_questions_to_one_unit_have_their_answers_in_a_row(client: Client) -> None:
    asked = factories.world(form=QUESTIONS)
    save(asked, asked.officer, ("xa/xa/dien", "1", 0), ("xa/xa/s0", "một", 0))
    client.force_login(asked.officer)
    page = page_of(client, asked)
    group = re.search(r'<div [^>]*role="radiogroup"[^>]*data-cell="xa/xa/dien".*?</div>', page)
    assert group
    assert re.findall(r'value="([^"]*)"[^>]* checked> ([^<]*)<', group[0]) == [("1", "Có")]
    assert [words.strip() for words in re.findall(r"> ([^<]*)</label>", group[0])] == [
        "bỏ trống", "Có", "Không", "chưa thu thập được (...)", "không áp dụng (x)", "bảo mật (c)"]
    box = re.search(r'<td [^>]*><input id="o-xa-xa-s0".*?</td>', page)
    assert box
    assert "“một” không phải là số." in box[0]


def test_an_open_choice_asks_to_choose_in_the_words_it_offers(client: Client) -> None:
    asked = factories.world(form=QUESTIONS)
    save(asked, asked.officer, *((f"xa/xa/s{number}", "1", 0) for number in range(7)))
    client.force_login(asked.officer)
    page = client.get(f"/viec/bao-cao/{asked.report.pk}/?kiem-tra=1").content.decode()
    asks = "Chưa trả lời. Hãy chọn “Có”, “Không”, hoặc “...” nếu chưa thu thập được."
    assert asks in plain(page)


def test_the_header_keeps_its_levels(client: Client, world: factories.World) -> None:
    page = page_of(client, world)
    head = page.partition('id="grid-ho"')[2].partition("</thead>")[0]
    assert '<th rowspan="2" scope="col" class="dau-dong">Dân tộc</th>' in head
    assert '<th colspan="2" scope="colgroup">Tổng số hộ</th>' in head
    assert head.count("<tr>") == 2


def test_the_island_gets_the_form_and_what_it_needs(
    client: Client, world: factories.World,
) -> None:
    factories.approved(
        factories.give(factories.round_of(period="2024"), "XA-BABE", "01900"),
        world.officer, world.reviewer)
    page = page_of(client, world)
    layout = data(page, "grid-layout")
    assert [table["id"] for table in layout["tables"]] == ["ho", "thon"]
    assert layout["tables"][0]["columns"][3]["formula"] == "[ngheo] / [tong] * 100"
    assert data(page, "grid-previous")["ho/tong/ngheo"] == "28"
    assert f'data-save-url="/api/v1/assignments/{world.report.pk}/cells"' in page
    assert f'data-draft-key="{world.officer.pk}:{world.report.pk}"' in page


def test_the_total_stands_beside_the_period_before(
    client: Client, world: factories.World,
) -> None:
    factories.approved(
        factories.give(factories.round_of(period="2024"), "XA-BABE", "01900"),
        world.officer, world.reviewer)
    factories.fill(world.report, world.officer, {
        **factories.ANSWERS, "ho/tay/ngheo": "5"}, villages=factories.VILLAGES)
    said = plain(page_of(client, world))
    assert "Năm 2024 181 179 28 15,5" in said
    assert "Khác năm 2024 0 0 −6" in said


def test_errors_are_numbered_alike_on_top_at_the_cell_and_below_it(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer, {
        **factories.ANSWERS, "ho/tay/dtts": "70", "ho/nung/ngheo": "40"})
    page = page_of(client, world)
    said = plain(page)
    assert "Còn 1 lỗi phải sửa và 1 điều cần giải thích trước khi gửi" in said
    assert '<a href="#o-ho-tay-dtts">Tày, Tổng số hộ, Hộ DTTS</a>' in page
    box = boxes(page)["ho/tay/dtts"]
    assert box["aria-invalid"] == "true"
    for target in box["aria-describedby"].split():
        assert f'id="{target}"' in page
    assert said.count("Hộ DTTS là 70, nhiều hơn tổng số hộ 62.") == 2
    assert 'name="reason:nhieu-ho-ngheo|ho/nung/ngheo"' in page


def test_without_scripts_only_what_was_changed_is_saved(
    client: Client, world: factories.World,
) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0), ("ho/nung/tong", "48", 0))
    page = page_of(client, world)
    shown = re.search(r'name="seen" value="([^"]*)"', page)
    assert shown
    save(world, world.colleague, ("ho/nung/tong", "49", 1))
    response = client.post(address(world), {
        "seen": html.unescape(shown[1]), "save": "1", "ho/tay/tong": "63",
        "ho/nung/tong": "48", "ho/mong/tong": "71",
    })
    assert response.status_code == 302
    assert text_of(world, "ho/tay/tong") == "63"
    assert text_of(world, "ho/mong/tong") == "71"
    assert text_of(world, "ho/nung/tong") == "49"


def test_without_scripts_two_people_meet_at_the_cell(
    client: Client, world: factories.World,
) -> None:
    shown = json.dumps({})
    save(world, world.colleague, ("ho/nung/tong", "49", 0))
    response = client.post(address(world), {
        "seen": shown, "ho/tay/tong": "62", "ho/nung/tong": "48"})
    said = plain(response.content.decode())
    assert response.status_code == 409
    assert "Nùng, Tổng số hộ, Số hộ: trong lúc bạn nhập “48”, Nông Văn Bình đã lưu “49”." in said
    assert text_of(world, "ho/tay/tong") == "62"


def test_after_the_round_closed_what_was_typed_is_still_on_the_page(
    client: Client, world: factories.World,
) -> None:
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    response = client.post(address(world), {"seen": "{}", "ho/tay/tong": "62"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "đã khoá" in plain(page)
    assert boxes(page)["ho/tay/tong"]["value"] == "62"
    assert text_of(world, "ho/tay/tong") == ""


def test_a_closed_round_is_read_and_not_written(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    page = page_of(client, world)
    assert "Kỳ báo cáo này đã khoá" in plain(page)
    assert all("readonly" in box for box in boxes(page).values())
    assert "data-readonly" in page
    assert "Kiểm tra và gửi báo cáo" not in page


def test_a_reviewer_reads_the_draft_and_does_not_write_it(
    client: Client, world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    client.force_login(world.reviewer)
    page = page_of(client, world)
    assert "không nhập được" in plain(page)
    assert all("readonly" in box for box in boxes(page).values())
    assert client.post(address(world), {"ho/tay/tong": "1"}).status_code == 403


def test_a_neighbour_finds_nothing(client: Client, world: factories.World) -> None:
    for stranger in (world.other_officer, world.neighbour):
        client.force_login(stranger)
        for more in ("", "gui/", "lich-su/", "nop-tep/", "bieu-mau.xlsx", "dong/thon/"):
            response = client.get(address(world, more))
            assert response.status_code == 404
            assert "Không tìm thấy" in response.content.decode()


def test_a_returned_report_shows_who_sent_it_back_and_why(
    client: Client, world: factories.World,
) -> None:
    sent = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=sent.pk, note="Mời xem lại.",
        reasons={"ho/tay/tong": "Năm trước 82 hộ."}, at=AT)
    page = page_of(client, world)
    assert '<a href="#o-ho-tay-tong">Tày, Tổng số hộ, Số hộ</a>' in page
    assert "Mời xem lại." in plain(page)
    found = [each for each in data(page, "grid-findings") if each["code"] == "returned"]
    assert [(each["cell"], each["message"]) for each in found] == [
        ("ho/tay/tong", "Năm trước 82 hộ.")]
    work = client.get("/viec/").content.decode()
    led = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>Sửa theo 1 lý do', work)
    assert set(led) == {address(world, "#o-ho-tay-tong")}


def test_what_was_sent_opens_as_it_was_sent(client: Client, world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    assert client.get(address(world))["Location"] == f"/viec/ban-gui/{sent.pk}/"


def test_what_is_typed_is_never_markup(client: Client, world: factories.World) -> None:
    evil = '"><script>alert(1)</script>'
    factories.fill(
        world.report, world.officer, {"ho/tay/tong": evil, "thon/o1/ghi_chu": evil},
        villages=[{"id": "o1", "label": "<b>Bó Lù</b>"}])
    page = page_of(client, world)
    assert "<script>alert" not in page
    assert "<b>Bó Lù" not in page
    assert boxes(page)["ho/tay/tong"]["value"] == evil


def test_villages_are_named_by_pasting_a_list_and_renamed(
    client: Client, world: factories.World,
) -> None:
    assert "Chưa có thôn nào" in plain(page_of(client, world))
    response = client.post(address(world, "dong/thon/"), {"them": "Bó Lù\r\n\r\n  Cốc  Tộc "})
    assert response["Location"] == address(world, "#grid-thon")
    first, second = queries.assignment(factories.HOUSE, world.report.pk).open_rows["thon"]
    assert (first["label"], second["label"]) == ("Bó Lù", "Cốc Tộc")
    client.post(address(world, "dong/thon/"), {
        f"ten-{first['id']}": "Bó Lù Trong", f"ten-{second['id']}": "", "them": "Pác Ngòi"})
    kept = queries.assignment(factories.HOUSE, world.report.pk).open_rows["thon"]
    assert [item["label"] for item in kept] == ["Bó Lù Trong", "Pác Ngòi"]
    assert kept[0]["id"] == first["id"]
    assert kept[1]["id"] not in (first["id"], second["id"])


def test_two_villages_of_one_name_are_refused_and_nothing_typed_is_lost(
    client: Client, world: factories.World,
) -> None:
    response = client.post(address(world, "dong/thon/"), {"them": "Bó Lù\nbó lù"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "hai dòng trùng tên" in plain(page)
    assert page.count('value="Bó Lù"') == 1
    assert page.count('value="bó lù"') == 1


def test_a_save_is_undone_from_the_history(client: Client, world: factories.World) -> None:
    save(world, world.officer, ("ho/tay/tong", "62", 0))
    save(world, world.officer, ("ho/tay/tong", "26", 1))
    said = plain(page_of(client, world, "lich-su/"))
    assert "Hoàng Thị Mai lưu 1 ô trên màn hình" in said
    assert "62 thành 26" in said
    response = client.post(address(world, "hoan-tac/"), {"number": "2"}, follow=True)
    assert "Đã trả 1 ô về như trước lần lưu đó." in plain(response.content.decode())
    assert text_of(world, "ho/tay/tong") == "62"
    assert "lưu 1 ô khi hoàn tác một lần lưu" in plain(page_of(client, world, "lich-su/"))
    for wrong in ("", "x", "²", "99"):
        assert client.post(address(world, "hoan-tac/"), {"number": wrong}).status_code == 422


def test_a_very_large_form_comes_in_parts(
    client: Client, world: factories.World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    factories.fill(world.report, world.officer)
    monkeypatch.setattr(entry, "split", lambda layout: entry_split(layout, 6))
    page = page_of(client, world)
    assert set(boxes(page)) == {
        f"ho/{row}/{column}" for row in ("tay", "nung") for column in ("tong", "dtts", "ngheo")}
    assert "Hộ nghèo theo dân tộc: Tày – Nùng" in plain(page)
    assert set(boxes(page_of(client, world, "?trang=2"))) == {
        "ho/mong/tong", "ho/mong/dtts", "ho/mong/ngheo"}
    assert set(boxes(page_of(client, world, "?trang=99"))) == {
        f"thon/o1/{column}" for column in ("ho", "nha", "dat", "ghi_chu")}


entry_split = entry.split


@pytest.mark.parametrize("seen", ["", "not json", "[1, 2]", '{"ho/tay/tong": 5}', "null"])
def test_a_broken_memory_of_the_page_loses_nothing(
    client: Client, world: factories.World, seen: str,
) -> None:
    response = client.post(address(world), {"seen": seen, "save": "1", "ho/tay/tong": "62"})
    assert response.status_code == 302
    assert text_of(world, "ho/tay/tong") == "62"
