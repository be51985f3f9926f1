"""Where a figure came from: down to the report of the unit, and no person's name."""

from __future__ import annotations

from django.test import Client

from tests.interfaces.portal.census import ADDRESS, REF
from tests.interfaces.portal.pages import words

O = f"{ADDRESS}/1.0.0/o/{REF}"  # noqa: E741
PEOPLE = ("Dương Thu Hà", "Đỗ Minh Châu", "Vi Thị Hoa")


def test_a_reported_figure_leads_to_the_report_of_its_unit(reader: Client) -> None:
    said = words(reader.get(f"{O}/province/06/2019/02"))
    assert "165.055 người" in said
    for step in (
        "Bản công bố 1.0.0, ngày 25/11/2025.", "Lượt tổng hợp.",
        "Nhập lại từ nguồn đã công bố.",
        "trong kỳ “Tổng điều tra 2019”. Được duyệt ngày 25/11/2025.",
        "Nguồn đã công bố. Tổng điều tra thử. https://example.vn/bieu-1",
        f"http://testserver{O}/province/06/2019/02",
        "Biểu 01/DEM: Dân số theo dân tộc. Phương án điều tra thử",
        "Dân số theo dân tộc, Bộ chỉ tiêu đếm", "Quyết định 01/QĐ-DEM",
    ):
        assert step in said, step
    assert not [name for name in PEOPLE if name in said]


def test_a_sum_leads_to_its_parts(reader: Client) -> None:
    page = reader.get(f"{O}/region/R2/2019/02")
    said = words(page)
    assert "Cộng từ 4 số dưới đây." in said
    assert "Bắc Kạn 165.055" in said
    assert f"{O}/province/06/2019/02" in page.content.decode()
    whole = words(reader.get(f"{O}/province/06/2019/_T"))
    assert "Cộng từ 6 số dưới đây." in whole
    assert "Sán Dìu 335" in whole


def test_what_is_missing_says_so(reader: Client) -> None:
    assert "Không có nghĩa là bằng 0." in words(reader.get(f"{O}/province/06/2009/18"))
    said = words(reader.get(f"{O}/region/R2/2009/18"))
    assert "mới có 1 trên 4 phần" in said


def test_there_is_no_page_of_a_figure_that_is_not(reader: Client) -> None:
    assert reader.get(f"{O}/province/06/2019/99").status_code == 404
    assert reader.get(f"{O}/province/06/2019").status_code == 404
