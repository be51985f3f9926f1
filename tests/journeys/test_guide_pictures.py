"""The walks of the user guide (docs/huong-dan), page by page, and the pictures it shows.

The fixture `show` (tests/journeys/conftest.py) says how pictures are taken. Walks that go through
the pages of the guide for another reason take theirs on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from nhasan.areas import operations as areas
from nhasan.collection import operations as collection
from nhasan.observations import operations as observations
from nhasan.processing import operations as processing
from nhasan.releases import operations as releases
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, dataflow, decide
from tests.releases.conftest import listed

SignIn = Callable[[str], None]
Show = Callable[..., None]
FORM = {**factories.FORM, "tables": factories.FORM["tables"][:1]}
ANSWERS = {
    cell: text for cell, text in factories.ANSWERS.items() if cell.startswith("ho/")
}
BLOCK = "62\t61\t11\n48\t84\t9\n71\t70\t8"


@pytest.fixture(autouse=True)
def _page_width(page: Page) -> None:
    """Look at pages as wide as they were when these pictures were first taken."""
    page.set_viewport_size({"width": 1100, "height": 800})


def _paste(page: Page, cell: str, text: str) -> None:
    page.locator(f'[data-cell="{cell}"]').evaluate(
        """(box, text) => {
            box.focus();
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent(
                "paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""", text)


def _report() -> factories.World:
    return factories.world(form=FORM, due=date(2025, 11, 28), password=factories.PASSWORD)


def _sent(report: Any, by: Any, **changed: str) -> Any:
    """Fill and send a report; `tay_ngheo="3"` changes the answer of that row and column."""
    changes = {f"ho/{cell.replace('_', '/')}": text for cell, text in changed.items()}
    factories.fill(report, by, {**ANSWERS, **changes}, villages=())
    return factories.send(report, by)


def test_a_commune_signs_in_fills_and_sends(
    page: Page, live_server: Any, sign_in: SignIn, show: Show,
) -> None:
    _report()
    page.goto(f"{live_server.url}/viec/")
    page.get_by_label("Tên đăng nhập").fill("xa-babe")
    page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    enter = page.get_by_role("button", name="Đăng nhập")
    show("dang-nhap", enter)
    enter.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    begin = page.get_by_role("link", name="Bắt đầu nhập báo cáo")
    show("viec-cua-toi", begin)
    begin.click()
    page.wait_for_url("**/bao-cao/**")  # with its script, which receives what is pasted

    _paste(page, "ho/tay/tong", BLOCK)
    expect(page.locator("[data-status]")).to_contain_text("Đã dán 9 ô")
    summary = page.locator("#grid-summary")
    expect(summary).to_contain_text("lỗi phải sửa")
    table = page.locator("[data-table=ho]")
    undo = page.get_by_role("button", name="Hoàn tác lần dán")
    show("dan-tu-excel", page.locator('[data-cell="ho/tay/tong"]'), undo, until=table,
         since=page.locator("main h1"))
    page.locator('[data-cell="ho/nung/dtts"]').fill("48")
    page.locator('[data-cell="ho/nung/dtts"]').press("Tab")
    expect(summary).to_be_hidden()
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu lúc 09:00")

    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra trước khi gửi")
    send = page.get_by_role("button", name="Gửi báo cáo", exact=True)
    show("kiem-tra", send)
    send.click()
    arrived = page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")
    expect(arrived).to_be_visible()
    show("da-den-noi", until=page.locator("main .bao-tot"))
    page.get_by_role("link", name="Về Việc của tôi").click()
    expect(page.get_by_role("heading", name="Đã gửi gần đây")).to_be_visible()


def test_a_commune_mends_what_came_back(page: Page, sign_in: SignIn, show: Show) -> None:
    world = _report()
    sent = _sent(world.report, world.officer)
    collection.send_back(
        actor=factories.actor(world.reviewer), submission=sent.pk, at=AT,
        reasons={"ho/tay/ngheo": "Kỳ trước 21 hộ. Đề nghị xem lại danh sách rà soát của thôn."},
        note="Số của dân tộc Nùng và Mông đã rõ, chỉ còn một ô.",
    )
    sign_in("xa-babe")
    reason = page.locator(".viec .ly-do a").first
    show("bi-tra-lai", reason, until=page.locator(".viec").first)
    reason.click()
    page.wait_for_url("**/bao-cao/**")
    expect(page.get_by_text("trả lại lúc")).to_be_visible()
    box = page.locator('[data-cell="ho/tay/ngheo"]')
    show("sua-o-bi-tra-lai", box, until=page.locator("[data-table=ho]"),
         since=page.locator("main h1"))
    box.fill("21")
    box.press("Tab")
    expect(page.locator("[data-status]")).to_contain_text("Đã lưu lúc")
    page.get_by_role("button", name="Kiểm tra và gửi báo cáo").click()
    page.get_by_role("button", name="Gửi báo cáo", exact=True).click()
    expect(page.get_by_role("heading", name="Hệ thống đã nhận báo cáo")).to_be_visible()


def test_a_workbook_goes_out_and_comes_back(
    page: Page, sign_in: SignIn, show: Show, tmp_path: Path,
) -> None:
    _report()
    sign_in("xa-babe")
    page.get_by_role("link", name="Bắt đầu nhập báo cáo").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="Tải biểu mẫu Excel").click()
    path = tmp_path / caught.value.suggested_filename
    caught.value.save_as(path)
    _fill(path, {"Tày": (62, 84, 11), "Nùng": (48, 48, 9), "Mông": (71, 70, 8)})
    page.get_by_role("link", name="Nộp tệp Excel").click()
    send = page.get_by_role("button", name="Nộp tệp")
    page.get_by_label("Tệp Excel đã điền").set_input_files(path)
    show("nop-tep-excel", page.get_by_role("link", name="Tải biểu mẫu Excel"),
         page.get_by_label("Tệp Excel đã điền"), send)
    send.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kết quả nộp tệp")
    marked = page.get_by_role("link", name="Tải tệp đã đánh dấu lỗi")
    show("ket-qua-nop-tep", marked)
    expect(page.get_by_text("Hộ DTTS là 84, nhiều hơn tổng số hộ 62")).to_be_visible()


def _fill(path: Path, groups: dict[str, tuple[int, ...]]) -> None:
    """Write figures beside the names of their rows, as a person does in Excel."""
    book = openpyxl.load_workbook(path)
    found = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            name = next((cell.value for cell in row if cell.value in groups), None)
            if name is None or name in found:
                continue
            found.add(name)
            empty = [cell for cell in row if cell.value is None and not cell.protection.locked]
            for cell, value in zip(empty, groups[str(name)], strict=False):
                cell.value = value
    assert found == set(groups)
    book.save(path)


def test_a_reviewer_approves_and_sends_back(page: Page, sign_in: SignIn, show: Show) -> None:
    world = _report()
    _sent(world.report, world.officer)
    _sent(world.other_report, world.other_officer)
    sign_in("duyet-tn")
    page.get_by_role("navigation").get_by_role("link", name="Duyệt báo cáo").click()
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_text("2 báo cáo chờ bạn xem")).to_be_visible()
    show("bang-tien-do", page.locator(".tien-do a").first, until=page.locator("#bang-td"))
    page.locator(".tien-do a").first.click()
    expect(page.get_by_role("heading", name="Máy kiểm tra")).to_be_visible()
    show("xem-bao-cao", until=page.locator(".luoi"))
    decision = page.get_by_role("region", name="Quyết định")
    show("duyet-bao-cao", decision.get_by_role("button", name="Duyệt báo cáo"),
         since=decision, until=decision)

    page.locator('a[href*="ho%2Ftay%2Fngheo"], a[href*="ho/tay/ngheo"]').first.click()
    slip = page.locator("#to-tra")
    slip.get_by_label("Lời nhắn cho ô này").fill("Kỳ trước 21 hộ. Đề nghị xem lại.")
    keep = slip.get_by_role("button", name="Ghi lời nhắn cho ô này")
    back = slip.get_by_role("button", name="Trả lại báo cáo")
    show("tra-lai", keep, back, since=slip, until=slip)
    keep.click()
    expect(page.get_by_role("heading", name="1 ô sẽ trả lại")).to_be_visible()
    back.click()
    expect(page.get_by_text("Đã trả lại").first).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Duyệt báo cáo").first.click()
    page.get_by_role("rowheader").get_by_role("link").first.click()
    page.get_by_role("link", name="tất cả").click()
    page.get_by_role("button", name="Duyệt các báo cáo đã chọn").click()
    expect(page.get_by_text("Không có báo cáo nào chờ duyệt")).to_be_visible()


def test_a_manager_opens_a_round(page: Page, sign_in: SignIn, show: Show) -> None:
    _report()
    factories.person("mo-ky", "Trần Thị Vân", "SO-TN", "manager", password=factories.PASSWORD)
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=factories.MAP_DAY,
            valid_to=None, at=AT,
        )
    sign_in("mo-ky")
    page.get_by_role("navigation").get_by_role("link", name="Kỳ báo cáo").click()
    page.get_by_role("link", name="Mở kỳ báo cáo mới").click()
    page.locator("#id_bieu").select_option("THU-HO-NGHEO")
    page.locator("#id_ky").select_option("2026")
    page.locator("#id_han").fill("15/12/2026")
    choose = page.get_by_role("button", name="Chọn đơn vị")
    show("mo-ky-buoc-1", choose)
    choose.click()
    expect(page.get_by_text("Bước 2 trên 2")).to_be_visible()
    give = page.get_by_role("button", name="Mở kỳ và giao cho các đơn vị đã chọn")
    show("mo-ky-buoc-2", give)
    give.click()
    expect(page.get_by_text("Đã mở kỳ báo cáo và giao cho 2 đơn vị")).to_be_visible()


@pytest.fixture
def dataset(settings: Any, tmp_path: Path) -> factories.World:
    """Give two communes' approved reports, ready to be added up and released."""
    settings.RUNS, settings.RELEASES = tmp_path / "runs", tmp_path / "releases"
    settings.ENGINE = "reference:"
    world = _report()
    dataflow()
    for sent in (_sent(world.report, world.officer),
                 _sent(world.other_report, world.other_officer, mong_ngheo="3", tay_tong="100")):
        collection.approve(actor=factories.actor(world.reviewer), submission=sent.pk, at=AT)
    observations.ingest_approved(actor=HOUSE, at=AT)
    decide(factories.actor(world.publisher), threshold=5, dimensions=["ETHNIC_GROUP"])
    listed()
    return world


def test_a_publisher_adds_up_and_another_approves(
    page: Page, dataset: factories.World, sign_in: SignIn, show: Show,
) -> None:
    factories.person("phe-duyet", "Vi Thị Hoa", "BO", "publisher", password=factories.PASSWORD)
    sign_in("cong-bo")
    page.get_by_role("navigation").get_by_role("link", name="Công bố").click()
    page.get_by_role("link", name="Hộ nghèo").first.click()
    add = page.get_by_role("button", name="Tổng hợp số liệu đã duyệt")
    show("tong-hop", add)
    add.click()
    assert processing.run_requested(actor=HOUSE, at=AT) == 1
    page.reload()
    draft = page.get_by_role("button", name="Lập bản công bố")
    show("lap-ban-cong-bo", draft, until=page.locator("#an-di"))
    draft.click()
    expect(page.get_by_text("phải do một người khác phê duyệt").first).to_be_visible()
    address = page.url
    page.context.clear_cookies()
    sign_in("phe-duyet")
    page.goto(address)
    page.get_by_role("link", name="Xem lần cuối để phê duyệt").click()
    agree = page.get_by_role("button", name="Phê duyệt công bố")
    show("phe-duyet-cong-bo", agree)
    agree.click()
    expect(page.get_by_text("công bố trong vòng một phút")).to_be_visible()
    assert releases.publish_due(actor=HOUSE, at=AT) == 1
    page.reload()
    expect(page.get_by_role("link", name=f"/data/THU/{FLOW}/1.0.0")).to_be_visible()


def test_the_public_finds_downloads_and_cites(
    page: Page, live_server: Any, dataset: factories.World, show: Show,
) -> None:
    second = factories.person("phe-duyet", "Vi Thị Hoa", "BO", "publisher")
    drafter = factories.actor(dataset.publisher)
    asked = processing.request_run(actor=drafter, dataflow=FLOW, at=AT)
    processing.run_requested(actor=HOUSE, at=AT)
    made = releases.draft(actor=drafter, run=asked.pk, notes="", at=AT)
    releases.approve(actor=factories.actor(second), release=made.pk, at=AT)
    assert releases.publish_due(actor=HOUSE, at=AT) == 1

    page.goto(live_server.url)
    search = page.get_by_role("search")
    search.get_by_role("searchbox").fill("ho ngheo")
    show("tim-so-lieu", search, until=search)
    search.get_by_role("button").click()
    found = page.get_by_role("link", name="Hộ nghèo").first
    show("ket-qua-tim", found)
    found.click()
    table = page.locator("#bang-so-lieu")
    expect(table).to_be_visible()
    show("bang-so-lieu", until=page.locator(".nguon"))
    downloads = page.get_by_role("region", name="Tải về")
    show("tai-ve-va-trich-dan", downloads.get_by_role("link").first, page.locator(".trich"),
         since=downloads, until=page.locator(".trich").locator("..").locator(".."))
    with page.expect_download() as caught:
        downloads.get_by_role("link", name="CSV").first.click()
    assert "THU:01" in Path(caught.value.path()).read_text(encoding="utf-8-sig")
