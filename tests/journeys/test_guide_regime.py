"""The walks of the user guide through the regime: an obligation, what is late, several stages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nhasan.areas import operations as areas
from nhasan.collection import operations as collection
from nhasan.collection import queries
from nhasan.collection.models import CollectionRound, ReportingObligation
from nhasan.domain.access import EVERYTHING
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

SignIn = Callable[[str], None]
Show = Callable[..., None]
MENU = "Mục chính"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> factories.World:
    """Two communes that answer for their areas; the round is late, one of them has sent."""
    settings.STORE = tmp_path / "store"
    made = factories.world(due=date(2025, 11, 10), password=factories.PASSWORD)
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903")):
        areas.give_jurisdiction(
            actor=HOUSE, unit=unit, level="commune", code=code, valid_from=MAP_DAY,
            valid_to=None, at=AT)
    factories.person("quan-ly", "Trần Thị Vân", "SO-TN", "manager", password=factories.PASSWORD)
    return made


def test_a_manager_writes_an_obligation(
    page: Page, world: factories.World, sign_in: SignIn, show: Show,
) -> None:
    sign_in("quan-ly")
    page.get_by_role("navigation", name=MENU).get_by_role("link", name="Kỳ báo cáo").click()
    page.get_by_role("link", name="Chế độ báo cáo").first.click()
    page.get_by_role("link", name="Soạn chế độ báo cáo").first.click()
    page.get_by_label("Tên chế độ báo cáo").fill("Hộ nghèo hằng tháng")
    page.get_by_label("Biểu mẫu", exact=True).select_option("THU-HO-NGHEO")
    page.get_by_label("Đơn vị nhận báo cáo").select_option("SO-TN")
    page.get_by_label("Bao lâu một lần", exact=True).select_option("M")
    page.locator("#id_due-so").fill("5")
    preview = page.locator("#xem-truoc")
    expect(preview.get_by_role("list")).to_be_visible()
    keep = page.get_by_role("button", name="Lưu bản thảo")
    page.locator("#khi-nao").evaluate("e => e.scrollIntoView()")  # the preview goes along
    show("soan-che-do", keep, since=page.locator("#khi-nao"), until=keep)
    keep.click()
    put = page.get_by_role("button", name="Đưa vào áp dụng")
    expect(put).to_be_visible()
    show("che-do-ban-thao", put, since=page.locator("#quy-dinh"), until=put)
    put.click()
    expect(page.get_by_role("button", name="Thôi áp dụng")).to_be_visible()


def test_a_department_urges_who_is_late(
    page: Page, live_server: Any, world: factories.World, sign_in: SignIn, show: Show,
) -> None:
    factories.sent(world.other_report, world.other_officer)
    assert collection.remind(actor=HOUSE, at=AT) > 0
    sign_in("quan-ly")
    page.get_by_role("navigation", name=MENU).get_by_role("link", name="Tiến độ").click()
    expect(page.get_by_text("Trong 2 báo cáo đã đến hạn, 1 đã gửi")).to_be_visible()
    late = page.get_by_role("link", name="1 báo cáo quá hạn chưa gửi")
    expect(late).to_be_visible()
    show("tien-do")
    page.goto(f"{live_server.url}/viec/ky/{world.round.pk}/")
    page.get_by_role("link", name="Công văn đôn đốc").click()
    take = page.get_by_role("button", name="Tải công văn (DOCX)")
    show("cong-van-don-doc", take)
    page.context.clear_cookies()
    sign_in("xa-babe")
    page.goto(f"{live_server.url}/viec/thong-bao/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thông báo")
    show("thong-bao", width=390)


def test_a_reviewer_sees_the_stage_and_what_was_mended(
    page: Page, world: factories.World, sign_in: SignIn, show: Show,
) -> None:
    _sent_again_through_stages(world)
    sign_in("duyet-tn")
    page.get_by_role("navigation", name=MENU).get_by_role("link", name="Duyệt báo cáo").click()
    page.get_by_role("link", name="Xem mọi báo cáo chờ bạn duyệt").click()
    report = page.get_by_role("link", name="Xã Ba Bể")
    show("bao-cao-cho-ban-duyet", report)
    report.click()
    mended = page.locator("section[aria-labelledby=da-sua]")
    expect(mended).to_contain_text("1 ô đổi số.")
    show("ban-gui-lai", until=mended)


def _sent_again_through_stages(world: factories.World) -> None:
    """Send a report that the head lets through, have one cell asked about, and mend it."""
    head = factories.actor(
        factories.person("lanh-dao", "Vi Văn Lãnh", "XA-BABE", "reviewer"))
    held = CollectionRound.objects.within(EVERYTHING).get(pk=world.round.pk)
    held.obligation = ReportingObligation.objects.create(
        identifier="HAI-BUOC", form=held.form_version.form, receiver=held.receiver,
        title_vi="Hai bước", stages=[
            {"id": "head", "name": "Lãnh đạo xã xem và ký", "unit": "own"},
            {"id": "focal", "name": "Sở duyệt", "unit": "receiver"}])
    held.save()
    officer = factories.actor(world.officer)
    first = factories.sent(world.report, world.officer)
    collection.approve(actor=head, submission=first.pk, at=AT)
    collection.send_back(
        actor=factories.actor(world.reviewer), submission=first.pk, at=AT, note="",
        reasons={"ho/tay/ngheo": "Kỳ trước 21 hộ. Đề nghị xem lại."})
    row = queries.assignment(HOUSE, world.report.pk)
    before = queries.draft(row).versions["ho/tay/ngheo"]
    collection.save_cells(
        actor=officer, assignment=world.report.pk, channel="screen", at=AT,
        changes=[collection.Change("ho/tay/ngheo", "21", before)])
    again = factories.send(world.report, world.officer)
    collection.approve(actor=head, submission=again.pk, at=AT)
