"""What a person points at on the page of an unknown workbook, and what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from nhasan.domain.forms import Layout
from nhasan.domain.problems import NotFound
from nhasan.formats.forms.mapping import SheetMapping
from nhasan.formats.forms.own import OwnSheet

NAMES, CODES = "ten", "ma"
_COLUMN = "cot-"


@dataclass(slots=True)
class Pointed:
    """What each line and column is said to be, as the page shows it again.

    `problems` names what is missing, each with the field it is about.
    """

    sheet: str
    table: str
    header: int
    first: int
    turned: bool
    meanings: dict[int, str] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, mapping: SheetMapping) -> Pointed:
        """Return what a mapping says of lines and columns."""
        meanings = {spot: f"q:{name}" for spot, name in mapping.columns.items()}
        if mapping.columns:
            meanings[mapping.names] = NAMES
        if mapping.codes is not None:
            meanings[mapping.codes] = CODES
        return cls(mapping.sheet, mapping.table, mapping.header, mapping.first,
                   mapping.turned, meanings)

    def meaning(self, spot: int) -> str:
        """Return what a column is said to be: `ten`, `ma`, `q:` and a question, or ""."""
        return self.meanings.get(spot, "")

    def mapping(self) -> SheetMapping:
        """Return the mapping; there are no problems."""
        spots = {meaning: spot for spot, meaning in self.meanings.items()}
        return SheetMapping(
            self.sheet, self.table, self.header, self.first, spots[NAMES], spots.get(CODES),
            {spot: meaning.removeprefix("q:") for spot, meaning in self.meanings.items()
             if meaning.startswith("q:")},
            turned=self.turned,
        )


def pointed_in(given: QueryDict, sheets: Mapping[str, OwnSheet], layout: Layout) -> Pointed:
    """Read what was pointed at from the page, and say what is missing beside its cause."""
    sheet, table = given.get("trang", ""), layout.table(given.get("bang", ""))
    if sheet not in sheets or table is None:
        raise NotFound()
    first = _number(given.get("so_lieu", ""))
    header = _number(given.get("tieu_de", ""))
    found = Pointed(
        sheet, table.id, min(header, first), first, given.get("xoay") == "1",
        {spot: meaning for spot, meaning in _meanings(given) if meaning})
    _check_columns(found, {f"q:{column.id}": column.full_label for column in table.columns
                           if not column.computed})
    if first <= header:
        found.problems.append({"href": f"#so-lieu-{first}", "text": _(
            "Dòng đầu tiên có số liệu phải ở dưới dòng tiêu đề.")})
    return found


def _check_columns(found: Pointed, questions: Mapping[str, str]) -> None:
    used = [meaning for meaning in found.meanings.values() if meaning]
    unknown = {each for each in used if each not in (NAMES, CODES, *questions)}
    if unknown:
        raise NotFound()
    if NAMES not in used:
        found.problems.append({"href": "#cot-0", "text": _(
            "Chưa có cột nào là “Tên dòng”. Hãy chọn cột ghi tên xã, tên dân tộc… của từng "
            "dòng.")})
    if not any(each.startswith("q:") for each in used):
        found.problems.append({"href": "#cot-0", "text": _(
            "Chưa có cột nào được chọn là một câu hỏi của biểu.")})
    for each in sorted({each for each in used if used.count(each) > 1}):
        spot = [place for place, meaning in found.meanings.items() if meaning == each][-1]
        words = {NAMES: _("Tên dòng"), CODES: _("Mã dòng"), **questions}[each]
        found.problems.append({"href": f"#cot-{spot}", "text": _(
            "Hai cột cùng được chọn là “{what}”. Hãy giữ một cột.").format(what=words)})


def _meanings(given: QueryDict) -> list[tuple[int, str]]:
    return sorted(
        (int(name.removeprefix(_COLUMN)), str(meaning)) for name, meaning in given.items()
        if name.startswith(_COLUMN) and name.removeprefix(_COLUMN).isdecimal()
        and len(name) < 12
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
