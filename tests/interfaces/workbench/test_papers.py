"""The signed paper: brought on a page, looked at beside the figures, never another unit's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nhasan.collection import operations, queries
from tests import factories
from tests.factories import AT
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n% so lieu minh hoa"


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> factories.World:
    settings.STORE = tmp_path / "store"
    return factories.world()


def _bring(house: factories.World, content: bytes, name: str = "bản ký.pdf") -> Any:
    return signed_in(house.officer).post(
        f"/viec/bao-cao/{house.report.pk}/ban-ky/",
        {"ban_ky": SimpleUploadedFile(name, content)}, follow=True)


def test_a_paper_is_brought_and_looked_at_beside_the_figures(house: factories.World) -> None:
    sent = factories.sent(house.report, house.officer)
    assert "Đã giữ bản ký" in words(_bring(house, PDF))
    kept = queries.attachments(house.report)[0]
    client = signed_in(house.reviewer)
    page = client.get(f"/viec/duyet/{sent.pk}/ban-ky/{kept.pk}/")
    assert f'src="/viec/ban-ky/{kept.pk}/"' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    file = client.get(f"/viec/ban-ky/{kept.pk}/")
    assert (file.content, file["Content-Type"]) == (PDF, "application/pdf")
    assert file["X-Frame-Options"] == "SAMEORIGIN"
    assert file["X-Content-Type-Options"] == "nosniff"


def test_a_difference_wants_words_and_is_kept(house: factories.World) -> None:
    sent = factories.sent(house.report, house.officer)
    _bring(house, PDF)
    kept = queries.attachments(house.report)[0]
    client = signed_in(house.reviewer)
    address = f"/viec/duyet/{sent.pk}/ban-ky/{kept.pk}/"
    refused = client.post(address, {"khop": "khong", "ghi_chu": ""})
    assert refused.status_code == 422
    assert "hãy ghi chỗ nào không khớp" in words(refused).lower()
    done = client.post(address, {"khop": "khong", "ghi_chu": "Giấy ghi 12 hộ."}, follow=True)
    assert "không khớp. Giấy ghi 12 hộ." in words(done)


@pytest.mark.parametrize("content", [b"<html><script>x</script>", b"PK\x03\x04"])
def test_another_kind_of_file_is_refused_gently(house: factories.World,
                                                content: bytes) -> None:
    page = _bring(house, content)
    assert page.status_code == 422
    assert "PDF hoặc ảnh" in words(page)
    assert queries.attachments(house.report) == []


def test_without_a_file_it_says_so(house: factories.World) -> None:
    page = signed_in(house.officer).post(f"/viec/bao-cao/{house.report.pk}/ban-ky/")
    assert page.status_code == 422
    assert "Bạn chưa chọn tệp" in words(page)


def test_a_neighbour_finds_no_paper(house: factories.World) -> None:
    _bring(house, PDF)
    kept = queries.attachments(house.report)[0]
    for user in (house.neighbour, house.other_officer):
        assert signed_in(user).get(f"/viec/ban-ky/{kept.pk}/").status_code == 404


def test_an_estimate_becomes_official_with_a_date(house: factories.World) -> None:
    factories.fill(house.report, house.officer)
    client = signed_in(house.officer)
    page = client.get(f"/viec/bao-cao/{house.report.pk}/gui/").content.decode()
    assert '<option value="estimate">số ước tính</option>' in page
    sent = operations.submit(
        actor=factories.actor(house.officer), assignment=house.report.pk,
        submission=factories.uuid4(), level="estimate", at=AT)
    reviewer = signed_in(house.reviewer)
    done = reviewer.post(f"/viec/duyet/{sent.pk}/muc/", {"muc": "official"}, follow=True)
    assert "Từ nay đây là số chính thức." in words(done)
    again = reviewer.post(f"/viec/duyet/{sent.pk}/muc/", {"muc": "estimate"}, follow=True)
    assert "muốn sửa số đã chính thức" in words(again)
