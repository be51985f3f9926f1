"""The frame of an official letter (công văn), as Nghị định 30/2020/NĐ-CP, Phụ lục I lays it out.

Page, fonts and sizes; the national name and the agency side by side; number, place and date
left open for the clerk; "Kính gửi", the text, "Nơi nhận" beside the signature. What the letter
says comes from others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Times New Roman"
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_LEFT, _RIGHT = 6.5, 10.0  # centimetres of the two columns at the head
_MOTTO_EMS = 12.2  # how wide the motto is in bold, counted in its size
_CAPITAL_EMS = .72
_CM_OF_POINT = 2.54 / 72


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of type that rise and fall together (Phụ lục I, Mục V)."""

    head: int = 12
    text: int = 13
    subject: int = 12
    copies: int = 11

    @property
    def copies_head(self) -> int:
        """Return the size of the words "Nơi nhận"."""
        return self.copies + 1


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the text of a letter."""

    agency: str
    parent: str
    symbol: str
    place: str
    year: int
    subject: str
    to: Sequence[str]
    signer_role: str = ""
    signer: str = ""
    copies: Sequence[str] = ("Như trên;", "Lưu: VT.")


class OfficialLetter:
    """A letter being written, from its head to its signature."""

    def __init__(self, frame: Frame, sizes: Sizes | None = None) -> None:
        """Lay out the page and write the head."""
        self.frame, self.sizes = frame, sizes or Sizes()
        self.document: Any = Document()
        self._style()
        self._page(self.document.sections[0])
        self._head()
        self._addressees()

    def _style(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(self.sizes.text)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for script in ("w:eastAsia", "w:cs", "w:hAnsi"):
            fonts.set(qn(script), FONT)
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)

    def _page(self, section: Any) -> None:
        """Set A4 upright and its margins; the page number stands on top from the second on."""
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin = section.bottom_margin = Cm(2)
        section.left_margin, section.right_margin = Cm(3), Cm(1.5)
        section.header_distance = Cm(1)
        section.different_first_page_header_footer = True
        section.header.is_linked_to_previous = False
        line = section.header.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = line.add_run()
            run.font.size = Pt(self.sizes.text)
            run._r.append(_field(kind, text))

    def _head(self) -> None:
        frame, sizes = self.frame, self.sizes
        table = self._bare_table((_LEFT, _RIGHT))
        left, right = table.rows[0].cells
        if frame.parent:
            self._centred(left, frame.parent.upper(), sizes.head)
        self._centred(left, frame.agency.upper(), sizes.head, bold=True)
        self._rule(left, _LEFT, len(frame.agency) * _CAPITAL_EMS * sizes.head * .4)
        self._centred(right, NATION, sizes.head, bold=True)
        self._centred(right, MOTTO, sizes.text, bold=True)
        self._rule(right, _RIGHT, _MOTTO_EMS * sizes.text)
        below = table.add_row().cells
        self._centred(below[0], f"Số:         /{frame.symbol}", sizes.head)
        self._centred(below[0], f"V/v {frame.subject}", sizes.subject)
        self._centred(below[1], f"{frame.place}, ngày       tháng       năm {frame.year}",
                      sizes.text, italic=True)

    def _bare_table(self, widths: Sequence[float]) -> Any:
        table = self.document.add_table(rows=1, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for cell, width in zip(table.rows[0].cells, widths, strict=True):
            cell.width = Cm(width)
        return table

    def _centred(self, cell: Any, text: str, size: int, *, bold: bool = False,
                 italic: bool = False) -> None:
        """Write a centred line into a cell; its first paragraph is there already."""
        empty = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
        line = cell.paragraphs[0] if empty else cell.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)

    def _rule(self, cell: Any, width: float, points: float) -> None:
        """Draw a line of that length in the middle of a cell."""
        line = cell.add_paragraph()
        inner = width - .4
        beside = max((inner - min(points * _CM_OF_POINT, inner)) / 2, 0)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Cm(beside)
        line.paragraph_format.line_spacing = Pt(2)
        line.paragraph_format.space_after = Pt(6)
        borders = OxmlElement("w:pBdr")
        top = OxmlElement("w:top")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
            top.set(qn(f"w:{name}"), value)
        borders.append(top)
        line._p.get_or_add_pPr().append(borders)

    def _addressees(self) -> None:
        """Write "Kính gửi": one addressee on its line, several in a list."""
        to = self.frame.to
        line = self.document.add_paragraph()
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(12)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(f"Kính gửi: {to[0] if len(to) == 1 else ''}".rstrip())
        for name in to if len(to) > 1 else ():
            end = "." if name == to[-1] else ";"
            item = self.document.add_paragraph(f"- {name}{end}")
            item.paragraph_format.left_indent = Cm(5)
        if len(to) > 1:
            item.paragraph_format.space_after = Pt(12)

    def say(self, text: str) -> None:
        """Write a paragraph of the text."""
        line = self.document.add_paragraph(text)
        line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        line.paragraph_format.first_line_indent = Cm(1.27)
        line.paragraph_format.space_after = Pt(6)
        line.paragraph_format.line_spacing = 1.15

    def table(self, heads: Sequence[str], widths: Sequence[float],
              rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
        """Write a table whose heads stand again on every page; `numbers` are centred."""
        table = self._bare_table(widths)
        table.style = "Table Grid"
        self._cells(table.rows[0], heads, widths, range(len(heads)), bold=True)
        _repeat(table.rows[0])
        for row in rows:
            self._cells(table.add_row(), row, widths, numbers)
        self.document.add_paragraph().paragraph_format.line_spacing = Pt(8)

    def _cells(self, row: Any, words: Sequence[str], widths: Sequence[float],
               centred: Sequence[int], *, bold: bool = False) -> None:
        _together(row)
        for at, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = Cm(widths[at])
            line = cell.paragraphs[0]
            if at in centred:
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(text)
            run.bold, run.font.size = bold, Pt(self.sizes.text - 1)

    def sign(self) -> None:
        """Write "Nơi nhận" and, beside it, who signs."""
        frame, sizes = self.frame, self.sizes
        row = self._bare_table((8, 8.5)).rows[0]
        _together(row)
        left, right = row.cells
        head = left.paragraphs[0].add_run("Nơi nhận:")
        head.bold, head.italic, head.font.size = True, True, Pt(sizes.copies_head)
        for copy in frame.copies:
            left.add_paragraph().add_run(f"- {copy}").font.size = Pt(sizes.copies)
        role = frame.signer_role.upper() or "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ"
        self._centred(right, role, sizes.text, bold=True)
        for _ in range(4):
            self._centred(right, " ", sizes.text)
        self._centred(right, frame.signer or "Họ và tên", sizes.text, bold=True)

    def annex(self, title: str, of: str) -> None:
        """Begin an annex on a page of its own, with its own page numbers."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        self._page(section)
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), "1")
        section._sectPr.append(start)
        for text, bold, italic in (("Phụ lục", True, False), (title.upper(), True, False),
                                   (of, False, True)):
            line = self.document.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(text)
            run.bold, run.italic, run.font.size = bold, italic, Pt(self.sizes.text)
        line.paragraph_format.space_after = Pt(12)


def _field(kind: str, text: str) -> Any:
    """Return a piece of a field of Word: its beginning, its instruction or its end."""
    if kind:
        piece = OxmlElement("w:fldChar")
        piece.set(qn("w:fldCharType"), kind)
        return piece
    piece = OxmlElement("w:instrText")
    piece.text = text
    return piece


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
