"""The letter that urges: who is late and how late, in the text or in an annex; in LibreOffice."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from nhasan.formats.documents.reminder_letter import (
    IN_TEXT,
    NAMED,
    LateUnit,
    Reminder,
    above,
    initials,
    letter,
    reach,
)

TODAY = date(2025, 12, 5)
_OFFICE = shutil.which("soffice")
_WRITER = _OFFICE is not None and (Path(_OFFICE).resolve().parent / "libswlo.so").exists()


def _reminder(late: int, **more: Any) -> Reminder:
    units = [LateUnit(f"UBND xã {n:02}", date(2025, 11, 28), 5, "đang nhập") for n in range(late)]
    return Reminder(**{
        "agency": "Sở Dân tộc và Tôn giáo", "parent": "Ủy ban nhân dân tỉnh Thái Nguyên",
        "place": "Thái Nguyên", "report": "Hộ nghèo theo dân tộc, năm 2025",
        "legal_basis": "Thông tư thử", "due": date(2025, 11, 28), "sent": 92 - late,
        "late": units, "today": TODAY, "until": date(2025, 12, 10), **more})


def _read(reminder: Reminder) -> Any:
    return Document(io.BytesIO(letter(reminder)))


def _text(document: Any) -> str:
    return "\n".join(line.text for line in document.paragraphs)


def test_the_letter_says_what_was_asked_and_what_came() -> None:
    said = _text(_read(_reminder(7, contact="điện thoại 0208 3 857 000")))
    assert ("Căn cứ Thông tư thử, Sở Dân tộc và Tôn giáo đã giao các đơn vị gửi báo cáo “Hộ nghèo "
            "theo dân tộc, năm 2025”, hạn gửi ngày 28/11/2025.") in said
    assert "đã nhận được 85 trên 92 báo cáo; còn 7 đơn vị chưa gửi, có danh sách dưới đây." in said
    assert "trước ngày 10/12/2025" in said
    assert "(điện thoại 0208 3 857 000)" in said
    assert "Trân trọng./." in said


def test_what_came_back_is_told_apart() -> None:
    back = LateUnit("UBND xã A", date(2025, 11, 28), 5, "bị trả lại", came_back=True)
    said = _text(_read(replace(_reminder(1), late=[back])))
    assert "còn 1 đơn vị chưa gửi hoặc chưa gửi lại, có danh sách dưới đây." in said


def test_without_a_legal_basis_the_sentence_begins_with_the_agency() -> None:
    assert "\nSở Dân tộc và Tôn giáo đã giao" in _text(_read(_reminder(2, legal_basis="")))


def test_a_few_are_addressed_by_name() -> None:
    said = _text(_read(_reminder(NAMED)))
    assert "- UBND xã 00;" in said
    assert "Kính gửi: Các đơn vị" in _text(_read(_reminder(NAMED + 1)))


def test_every_late_unit_is_listed_with_its_days() -> None:
    table = _read(_reminder(7)).tables[1]
    assert [cell.text for cell in table.rows[1].cells] == [
        "1", "UBND xã 00", "28/11/2025", "5", "đang nhập"]
    assert len(table.rows) == 8


def test_a_long_list_stands_in_an_annex() -> None:
    document = _read(_reminder(IN_TEXT + 1))
    assert len(document.sections) == 2
    said = _text(document)
    assert "có danh sách tại Phụ lục kèm theo." in said
    assert said.index("Trân trọng") < said.index("DANH SÁCH ĐƠN VỊ CHƯA GỬI BÁO CÁO")
    assert len(document.tables[-1].rows) == IN_TEXT + 2


def test_the_file_says_nothing_of_who_made_it() -> None:
    facts = _read(_reminder(1)).core_properties
    assert facts.author == "Sở Dân tộc và Tôn giáo"
    assert not facts.comments
    assert not facts.last_modified_by


def test_characters_that_no_docx_holds_are_left_out() -> None:
    bad = "\x07\ufffe\ud800\x1b"
    late = LateUnit(f"UBND{bad} xã A", date(2025, 11, 28), 5, f"đang{bad} nhập")
    document = _read(replace(
        _reminder(0), late=[late], agency=f"Sở{bad} A", parent=bad, place=f"Thái{bad} Nguyên",
        report=f"Hộ{bad} nghèo", legal_basis=bad, contact=f"0208{bad}", signer=f"Lý{bad} A",
        signer_role=f"GIÁM{bad} ĐỐC"))
    said = _text(document)
    assert "Sở A đã giao các đơn vị gửi báo cáo “Hộ nghèo”" in said
    assert "(0208)" in said
    assert document.core_properties.author == "Sở A"
    assert [cell.text for cell in document.tables[1].rows[1].cells][1::3] == [
        "UBND xã A", "đang nhập"]


def test_the_same_letter_is_the_same_text() -> None:
    first, second = (_read(_reminder(3)).element.xml for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("name", "kind", "wanted"), [
    ("Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên", "focal",
     ("Ủy ban nhân dân tỉnh Thái Nguyên", "Sở Dân tộc và Tôn giáo", "Thái Nguyên")),
    ("Sở Dân tộc và Tôn giáo thành phố Hà Nội", "focal",
     ("Ủy ban nhân dân thành phố Hà Nội", "Sở Dân tộc và Tôn giáo", "Hà Nội")),
    ("Bộ Dân tộc và Tôn giáo", "ministry", ("", "Bộ Dân tộc và Tôn giáo", "Hà Nội")),
    ("UBND xã Ba Bể", "commune", ("", "UBND xã Ba Bể", "")),
])
def test_who_stands_above_whom(name: str, kind: str, wanted: tuple[str, str, str]) -> None:
    assert above(name, kind) == wanted


def test_words_about_an_office() -> None:
    assert initials("Sở Dân tộc và Tôn giáo") == "SDTTG"
    assert reach("0208", "") == "điện thoại 0208"
    assert reach("0208", "a@b.vn") == "điện thoại 0208, thư điện tử a@b.vn"
    assert reach("", "") == ""


@pytest.mark.skipif(not _WRITER, reason="LibreOffice Writer is not installed")
@pytest.mark.parametrize(("late", "pages"), [(7, 1), (60, 3)])
def test_libreoffice_opens_it(tmp_path: Path, late: int, pages: int) -> None:
    (tmp_path / "cv.docx").write_bytes(letter(_reminder(late)))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "cv.docx")],
        check=True, capture_output=True, timeout=120)
    pdf = (tmp_path / "cv.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type/Page/") == pages
