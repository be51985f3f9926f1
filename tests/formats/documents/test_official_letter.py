"""The frame of an official letter, by the layout of Nghị định 30/2020/NĐ-CP, read as XML."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from nhasan.formats.documents.official_letter import MOTTO, NATION, Frame, OfficialLetter, Sizes


def _frame(**more: Any) -> Frame:
    return Frame(**{
        "agency": "Sở Dân tộc và Tôn giáo", "parent": "Ủy ban nhân dân tỉnh Thái Nguyên",
        "symbol": "SDTTG", "place": "Thái Nguyên", "year": 2025, "subject": "đôn đốc gửi báo cáo",
        "to": ["UBND xã Ba Bể"], **more})


def _opened(letter: OfficialLetter) -> Any:
    out = io.BytesIO()
    letter.document.save(out)
    return Document(io.BytesIO(out.getvalue()))


@pytest.fixture
def letter() -> Any:
    made = OfficialLetter(_frame())
    made.say("Nội dung.")
    made.table(("STT", "Đơn vị"), (2, 8), [("1", "Xã A")], numbers=(0,))
    made.sign()
    return _opened(made)


def _lines(cell: Any) -> list[str]:
    return [line.text for line in cell.paragraphs if line.text]


def _run(cell: Any, text: str) -> Any:
    return next(line.runs[0] for line in cell.paragraphs if line.text == text)


def test_the_page_is_a4_with_the_margins_of_the_decree(letter: Any) -> None:
    [section] = letter.sections
    assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=.1)
    for margin, least, most in (
        (section.top_margin, 20, 25), (section.bottom_margin, 20, 25),
        (section.left_margin, 30, 35), (section.right_margin, 15, 20),
    ):
        assert least - .1 <= margin.mm <= most + .1


def test_every_letter_is_times_new_roman(letter: Any) -> None:
    fonts = letter.styles["Normal"].element.rPr.rFonts
    named = {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert named == {"Times New Roman"}


def test_the_page_number_stands_on_top_from_the_second_page_on(letter: Any) -> None:
    [section] = letter.sections
    assert section.different_first_page_header_footer
    assert not section.first_page_header.paragraphs[0].text
    line = section.header.paragraphs[0]
    assert line.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert [each.text for each in line._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_the_head_names_the_nation_and_the_agency(letter: Any) -> None:
    left, right = letter.tables[0].rows[0].cells
    assert _lines(left) == ["ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN", "SỞ DÂN TỘC VÀ TÔN GIÁO"]
    assert _lines(right) == [NATION, MOTTO]
    assert not _run(left, "ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN").bold
    for cell, text in ((left, "SỞ DÂN TỘC VÀ TÔN GIÁO"), (right, NATION), (right, MOTTO)):
        assert _run(cell, text).bold
    assert len(list(left._tc.iter(qn("w:pBdr")))) == len(list(right._tc.iter(qn("w:pBdr")))) == 1


def test_number_day_and_signature_are_left_to_the_clerk(letter: Any) -> None:
    left, right = letter.tables[0].rows[1].cells
    assert _lines(left) == ["Số:         /SDTTG", "V/v đôn đốc gửi báo cáo"]
    assert _lines(right) == ["Thái Nguyên, ngày       tháng       năm 2025"]
    assert _run(right, _lines(right)[0]).italic
    copies, signer = letter.tables[-1].rows[0].cells
    assert _lines(copies) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    head = _run(copies, "Nơi nhận:")
    assert (head.bold, head.italic, head.font.size) == (True, True, Pt(12))
    assert _run(copies, "- Lưu: VT.").font.size == Pt(11)
    assert _lines(signer)[0] == "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"


def test_the_text_is_justified_and_indented(letter: Any) -> None:
    line = next(each for each in letter.paragraphs if each.text == "Nội dung.")
    assert line.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert line.paragraph_format.first_line_indent == Cm(1.27)
    assert line.paragraph_format.space_after >= Pt(6)
    assert 1 <= line.paragraph_format.line_spacing <= 1.5


@pytest.mark.parametrize("sizes", [Sizes(), Sizes(head=13, text=14, subject=13)])
def test_sizes_rise_and_fall_together(sizes: Sizes) -> None:
    opened = _opened(OfficialLetter(_frame(), sizes))
    left, right = opened.tables[0].rows[0].cells
    assert _run(right, NATION).font.size == Pt(sizes.head)
    assert _run(right, MOTTO).font.size == Pt(sizes.text)
    assert _run(left, "SỞ DÂN TỘC VÀ TÔN GIÁO").font.size == Pt(sizes.head)
    assert opened.styles["Normal"].font.size == Pt(sizes.text)


def test_one_addressee_stands_on_the_line_and_several_in_a_list() -> None:
    [one] = [each.text for each in _opened(OfficialLetter(_frame())).paragraphs if each.text]
    assert one == "Kính gửi: UBND xã Ba Bể"
    several = _opened(OfficialLetter(_frame(to=["UBND xã A", "UBND xã B"])))
    assert [each.text for each in several.paragraphs if each.text] == [
        "Kính gửi:", "- UBND xã A;", "- UBND xã B."]


def test_the_head_of_a_table_stands_again_on_every_page(letter: Any) -> None:
    table = letter.tables[1]
    assert list(table.rows[0]._tr.iter(qn("w:tblHeader")))
    assert all(list(row._tr.iter(qn("w:cantSplit"))) for row in table.rows)


def test_an_annex_begins_a_page_and_numbers_of_its_own() -> None:
    made = OfficialLetter(_frame())
    made.annex("Danh sách", "(Kèm theo Công văn số      )")
    opened = _opened(made)
    _, annex = opened.sections
    assert annex.different_first_page_header_footer
    [start] = annex._sectPr.iter(qn("w:pgNumType"))
    assert start.get(qn("w:start")) == "1"
    title = next(each for each in opened.paragraphs if each.text == "Phụ lục")
    assert title.runs[0].bold


def test_a_ministry_has_nobody_above() -> None:
    opened = _opened(OfficialLetter(_frame(agency="Bộ Dân tộc và Tôn giáo", parent="")))
    assert _lines(opened.tables[0].rows[0].cells[0]) == ["BỘ DÂN TỘC VÀ TÔN GIÁO"]


def test_who_signs_is_written_when_it_is_known() -> None:
    made = OfficialLetter(_frame(signer_role="Giám đốc", signer="Nguyễn Văn A"))
    made.sign()
    _, signer = _opened(made).tables[-1].rows[0].cells
    assert [text for text in _lines(signer) if text.strip()] == ["GIÁM ĐỐC", "Nguyễn Văn A"]
