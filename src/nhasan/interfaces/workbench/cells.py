"""The cells of a report: a box to type into, a list, a row of answers, or a figure to read.

They are the same few attributes in every form, and `frontend/islands/report-grid` relies on
them: `data-cell` on what people fill, its version, its words.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import place
from nhasan.domain.forms import Column, Kind, Row
from nhasan.domain.numbers import MARKERS, display, show
from nhasan.domain.observations import Status
from nhasan.domain.problems import phrase
from nhasan.domain.words import figure_words
from nhasan.interfaces.findings import told_html
from nhasan.interfaces.workbench.marks import Mark

_INPUT_MODES = {"integer": "numeric", "decimal": "decimal"}
# More answers than these are offered as a list, even where there is room for a row of them.
_MOST_ANSWERS = 4
_ASIDE = ' class="phu"'
_WHY = {
    Status.NOT_REPORTED: phrase("chưa thu thập được"),
    Status.NOT_APPLICABLE: phrase("không áp dụng"),
    Status.CONFIDENTIAL: phrase("bảo mật"),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in the cells of a layout; `noted` says where the note of a cell is read.

    `fresh` are the cells that were just filled by one act, to be looked through; `closed` are
    the rows among others that receive nothing now.
    """

    answers: Answers
    computed: Mapping[str, Decimal | None]
    versions: Mapping[str, int] = field(default_factory=dict)
    previous: Mapping[str, Decimal] = field(default_factory=dict)
    previous_label: str = ""
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)
    noted: Mapping[str, str] = field(default_factory=dict)
    fresh: Container[str] = ()
    closed: Container[str] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question: what is sent, what is read, whether it stands."""

    value: str
    label: str
    stands: bool
    aside: bool = False


def anchor(cell: str) -> str:
    """Return the id of a cell's input, so that a message can lead to it."""
    return "o-" + cell.replace("/", "-")


def edge_class(edge: bool) -> str:
    """Return the class of a cell before which a group begins or ends."""
    return " dau-nhom" if edge else ""


class Inputs:
    """Cells that people fill."""

    def __init__(self, content: Content, readonly: bool) -> None:
        """Write the cells of that content, to be changed or only to be read."""
        self._content = content
        self._readonly = readonly

    def cell(self, cell: str, row: Row, column: Column, edge: bool, label: str,
             single: bool) -> str:
        """Return one cell with its marks; where it stands alone, with their sentences too."""
        marks = self._content.marks.get(cell, ())
        entry = self._content.answers.cells.get(cell)
        told = "".join(_beside(mark) for mark in marks)
        if single:
            told += "".join(_sentence(mark, self._readonly) for mark in marks)
        css = f"{edge_class(edge)}{marks[0].css if marks else ''}"
        css += " o-vua-dan" if cell in self._content.fresh else ""
        return (
            f'<td class="o{css}" data-nhan="{label}">'
            f"{self._field(cell, entry, row, column, marks, single)}{told}"
            f"{noted(self._content, cell)}</td>"
        )

    def _field(self, cell: str, entry: Entry | None, row: Row, column: Column,
               marks: Sequence[Mark], single: bool) -> str:
        name = escape(cell)
        common = (
            f' id="{escape(anchor(cell))}" data-cell="{name}"'
            f' data-version="{self._content.versions.get(cell, 0)}"'
            f' aria-label="{escape(place(row, column))}"{_described(marks)}'
        )
        if column.kind.name != "choice":
            text = entry.text if entry else ""
            return self._box(common, name, text, _typing(column.kind), row)
        if self._readonly or row.id in self._content.closed:
            return self._box(common, name, _shown(entry, column.kind), ' class="chu"', row)
        if single and len(column.kind.choices) <= _MOST_ANSWERS:
            return _answers(common, name, answers(entry, column.kind, _("bỏ trống")))
        return _list(common, name, answers(entry, column.kind, _("Chọn…")))

    def _box(self, common: str, name: str, text: str, typing: str, row: Row) -> str:
        readonly = " readonly" if self._readonly else ""
        if row.id in self._content.closed:
            readonly = " readonly data-closed"
        return (
            f'<input{common} name="{name}" value="{escape(text)}"{typing} autocomplete="off"'
            f"{readonly}>"
        )


def _typing(kind: Kind) -> str:
    """Return the attributes that say what may be typed."""
    mode = _INPUT_MODES.get(kind.name)
    return f' inputmode="{mode}"' if mode else ' class="chu" maxlength="2000"'


def _list(common: str, name: str, offered: Sequence[Answer]) -> str:
    options = "".join(
        f'<option value="{escape(each.value)}"{" selected" if each.stands else ""}>'
        f"{escape(each.label)}</option>"
        for each in offered
    )
    return f'<select{common} name="{name}" autocomplete="off">{options}</select>'


def _answers(common: str, name: str, offered: Sequence[Answer]) -> str:
    """Return a row of answers, and below it why there may be none."""
    labels = "".join(
        f'<label{_ASIDE if each.aside else ""}>'
        f'<input type="radio" name="{name}" value="{escape(each.value)}" autocomplete="off"'
        f'{" checked" if each.stands else ""}> {escape(each.label)}</label>'
        for each in offered
    )
    return f'<div class="tra-loi" role="radiogroup" tabindex="-1"{common}>{labels}</div>'


def answers(entry: Entry | None, kind: Kind, empty: str) -> list[Answer]:
    """Return what a choice offers: its answers, why there is none, and to leave it empty.

    What stands keeps the text it was written with, so that a look alone changes nothing; a
    text that is no answer stays to be seen until one is picked.
    """
    text = entry.text if entry else ""
    shown = _shown(entry, kind)
    found = [Answer("", empty, not text.strip(), aside=True)]
    found += [_answer(label, label, shown, text) for _code, label in kind.choices]
    found += [
        _answer(MARKERS[status], f"{_(words)} ({MARKERS[status]})", shown, text, aside=True)
        for status, words in _WHY.items()
    ]
    if not any(each.stands for each in found):
        found.append(Answer(text, text, True))
    return found


def _answer(value: str, label: str, shown: str, text: str, *, aside: bool = False) -> Answer:
    stands = value == shown
    return Answer(text if stands else value, label, stands, aside)


def _shown(entry: Entry | None, kind: Kind) -> str:
    if entry is None:
        return ""
    return show(entry.figure, kind) if entry.figure else entry.text.strip()


def _described(marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    names = " ".join(name for mark in marks for name in (mark.id, f"{mark.id}-noi"))
    invalid = ' aria-invalid="true"' if any(mark.is_error for mark in marks) else ""
    return f'{invalid} aria-describedby="{names}"'


def noted(content: Content, cell: str) -> str:
    """Return the mark of a cell beside which a note or a paper stands."""
    where = content.noted.get(cell)
    if not where:
        return ""
    return format_html(
        '<a class="co-ghi-chu" data-noted="{}" href="{}">{}</a>', cell, where, _("ghi chú"))


def _beside(mark: Mark) -> str:
    css = "loi-o" if mark.is_error else "canh-o"
    return format_html(
        '<span class="{}" id="{}" data-mark>{}</span>', css, mark.id, mark.word,
    )


def _sentence(mark: Mark, readonly: bool) -> str:
    """Return the sentence of a mark, with the field for a reason where one is asked for."""
    told = format_html(
        '<p id="{}-noi"><strong>{}</strong> {}</p>', mark.id, mark.title, told_html(mark.message))
    css = "dong-loi" if mark.is_error else "dong-giai-thich"
    asked: SafeString | str = ""
    if not mark.is_error and not readonly:
        asked = format_html(
            '<label for="ly-do-{0}">{1}</label><textarea class="truong-chu" id="ly-do-{0}"'
            ' name="{2}" rows="1" maxlength="1000">{3}</textarea>',
            mark.number, _("Lý do"), mark.field, mark.reason)
    return format_html('<div class="{} loi-noi" data-mark>{}{}</div>', css, told, asked)


class Figures:
    """Cells as figures to read."""

    def __init__(self, content: Content) -> None:
        """Write the cells of that content."""
        self._content = content

    def cell(self, cell: str, _row: Row, column: Column, edge: bool, label: str,
             _single: bool) -> str:
        """Return one cell to read: its number, or why there is none."""
        marks = self._content.marks.get(cell, ())
        entry = self._content.answers.cells.get(cell)
        words = "chu" if column.kind.name == "text" else "so"
        returned = " o-tra" if marks else ""
        return (
            f'<td class="{words}{edge_class(edge)}{returned}" id="{escape(anchor(cell))}"'
            f' data-nhan="{label}">{_read(entry, column)}'
            f"{''.join(_beside(mark) for mark in marks)}{noted(self._content, cell)}</td>"
        )


def _read(entry: Entry | None, column: Column) -> str:
    if entry is None or (column.kind.name == "text"):
        return escape(entry.text) if entry else ""
    if entry.figure is None:
        return escape(entry.text)
    if entry.figure.value is None:
        return format_html('<span class="khuyet">{}</span>', figure_words(entry.figure).said(_))
    return escape(display(entry.figure.value, column.kind))
