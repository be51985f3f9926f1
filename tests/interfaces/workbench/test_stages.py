"""Where a report stands in its review, as its unit and its readers see it."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import CollectionRound, ReportingObligation
from nhasan.domain.access import EVERYTHING
from nhasan.organisations.models import OrganisationUnit
from tests import factories
from tests.factories import AT
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    """A world whose round is looked at by the head of the commune, then by the department."""
    world = factories.world()
    receiver = OrganisationUnit.objects.within(EVERYTHING).get(code="SO-TN")
    obligation = ReportingObligation.objects.create(
        identifier="HAI-BUOC", form=world.round.form_version.form, receiver=receiver,
        title_vi="Hai bước", stages=[
            {"id": "head", "name": "Lãnh đạo xã xem và ký", "unit": "own"},
            {"id": "focal", "name": "Sở duyệt", "unit": "receiver"}])
    CollectionRound.objects.within(EVERYTHING).filter(pk=world.round.pk).update(
        obligation=obligation)
    return world


@pytest.fixture
def head(house: factories.World) -> Any:
    return factories.person("lanh-dao", "Vi Văn Lãnh", "XA-BABE", "reviewer")


def test_the_head_finds_the_report_and_lets_it_through(house: factories.World,
                                                       head: Any) -> None:
    sent = factories.sent(house.report, house.officer)
    client = signed_in(head)
    rounds = client.get("/viec/duyet/")  # no round comes to this unit, but a report waits for it
    assert "Có 1 báo cáo chờ bạn xem . Xem mọi báo cáo chờ bạn duyệt" in words(rounds)
    assert 'href="/viec/cho-duyet/"' in rounds.content.decode()
    assert "Lãnh đạo xã xem và ký" in words(client.get("/viec/cho-duyet/"))
    page = client.get(f"/viec/duyet/{sent.pk}/")
    assert "Duyệt và chuyển bước sau" in words(page)
    done = client.post(f"/viec/duyet/{sent.pk}/phe-duyet/", follow=True)
    assert "chuyển tới Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in words(done)
    assert "Không có báo cáo nào chờ bạn" in words(client.get("/viec/cho-duyet/"))
    waiting = words(signed_in(house.reviewer).get("/viec/cho-duyet/"))
    assert "Xã Ba Bể" in waiting
    assert "Sở duyệt" in waiting


def test_the_unit_sees_who_waits_for_whom(house: factories.World, head: Any) -> None:
    sent = factories.sent(house.report, house.officer)
    client = signed_in(house.officer)
    page = words(client.get(f"/viec/ban-gui/{sent.pk}/"))
    assert "Lãnh đạo xã xem và ký Xã Ba Bể đang chờ ở đây" in page
    assert "chưa tới" in page
    operations.approve(actor=factories.actor(head), submission=sent.pk, at=AT)
    page = words(client.get(f"/viec/ban-gui/{sent.pk}/"))
    assert "xong: Vi Văn Lãnh" in page
    assert "Người xem tiếp: Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in page


def test_the_department_may_not_decide_before_its_turn(house: factories.World,
                                                       head: Any) -> None:
    sent = factories.sent(house.report, house.officer)
    client = signed_in(house.reviewer)
    page = client.get(f"/viec/duyet/{sent.pk}/")
    assert page.status_code == 200
    assert "Duyệt báo cáo</button>" not in page.content.decode()
    refused = client.post(f"/viec/duyet/{sent.pk}/phe-duyet/")
    assert refused.status_code == 403
    assert "do Xã Ba Bể duyệt hoặc mở lại" in words(refused)


def test_a_corrected_report_shows_what_moved_and_what_was_ignored(house: factories.World,
                                                                  head: Any) -> None:
    sent = factories.sent(house.report, house.officer)
    operations.send_back(
        actor=factories.actor(head), submission=sent.pk, note="", at=AT,
        reasons={"ho/tay/ngheo": "nhiều quá", "ho/nung/ngheo": "xem lại"})
    base = queries.draft(queries.assignment(factories.HOUSE, house.report.pk)).versions
    operations.save_cells(
        actor=factories.actor(house.officer), assignment=house.report.pk, channel="screen",
        at=AT, changes=[operations.Change("ho/tay/ngheo", "10", base["ho/tay/ngheo"])])
    again = factories.send(house.report, house.officer)
    page = words(signed_in(head).get(f"/viec/duyet/{again.pk}/"))
    assert "1 ô đổi số." in page
    assert "1 ô có lời nhắn mà số vẫn như cũ." in page
    assert "nhiều quá" in page


def test_the_story_of_a_cell_is_one_click_away(house: factories.World, head: Any) -> None:
    sent = factories.sent(house.report, house.officer)
    client = signed_in(head)
    page = client.get(f"/viec/duyet/{sent.pk}/?o=ho/tay/ngheo").content.decode()
    address = f"/viec/bao-cao/{house.report.pk}/o/?o=ho/tay/ngheo"
    assert f'href="{address}"'.replace("/", "%2F").split("?o=")[1] in page.replace("/", "%2F")
    told = words(client.get(address))
    assert "Hoàng Thị Mai ghi trên màn hình" in told
    assert "gửi báo cáo với số 11" in told
    assert client.get(f"/viec/bao-cao/{house.report.pk}/o/?o=x").status_code == 404
