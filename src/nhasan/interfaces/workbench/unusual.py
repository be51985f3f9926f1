"""An unusual figure beside what is usual there: a small picture, and the same in numbers.

The page of entry draws the same picture by itself while people type
(`frontend/islands/report-grid/unusual.ts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from nhasan.collection.queries import Examination
from nhasan.domain.forms import Column, Layout
from nhasan.domain.numbers import display
from nhasan.domain.outliers import OWN_CODE, PEERS_CODE, Usual
from nhasan.domain.references import Outside
from nhasan.domain.validation import Finding
from nhasan.interfaces.notation import period_text

WIDTH, EDGE = 240, 8


def outside_json(seen: Examination) -> dict[str, Any]:
    """Return what the rules compare a report with, its periods in words."""
    periods = [str(period_text(period)) for period in seen.outside.periods]
    return {**seen.outside_json, "periods": periods}


def picture(finding: Finding, layout: Layout, now: Decimal | None,
            outside: Outside) -> SafeString:
    """Return the picture and the numbers of an unusual figure; nothing for other findings."""
    usual = {OWN_CODE: outside.own, PEERS_CODE: outside.peers}.get(finding.code, {}).get(
        finding.cell)
    column = _column(layout, finding.cell)
    if usual is None or column is None or now is None:
        return SafeString("")
    past = outside.past.get(finding.cell, ()) if finding.code == OWN_CODE else ()
    before = [
        (str(period_text(period)), value)
        for period, value in zip(outside.periods, past, strict=False) if value is not None
    ]
    return format_html(
        '<div class="muc-thuong-thay">{}<p class="nho nhat">{}</p>{}</div>',
        _drawn(now, usual, [value for _label, value in before]), _legend(bool(before)),
        _numbers(column, now, usual, before),
    )


def _column(layout: Layout, cell: str) -> Column | None:
    table = layout.table(cell.partition("/")[0])
    return table.column(cell.rpartition("/")[2]) if table else None


def _legend(with_past: bool) -> str:
    if with_past:
        return _("Dải: khoảng thường thấy. Chấm: các kỳ trước. Hình thoi: số này.")
    return _("Dải: khoảng thường thấy. Hình thoi: số này.")


def _drawn(now: Decimal, usual: Usual, past: list[Decimal]) -> SafeString:
    low, high = _ends(now, usual, past)
    at = _scale(low, high)
    left = at(usual.low if usual.low is not None else low)
    right = at(usual.high if usual.high is not None else high)
    dots = format_html_join(
        "", '<circle class="muc-truoc" cx="{}" cy="18" r="3"></circle>',
        ((at(value),) for value in past))
    return format_html(
        '<svg class="muc" viewBox="0 0 {0} 36" width="{0}" height="36" role="img"'
        ' aria-label="{1}"><line class="muc-nen" x1="0" x2="{0}" y1="18" y2="18"></line>'
        '<rect class="muc-dai" x="{2}" y="10" width="{3}" height="16"></rect>'
        '<line class="muc-giua" x1="{4}" x2="{4}" y1="8" y2="28"></line>{5}'
        '<path class="muc-nay" d="M{6} 18l6-7 6 7-6 7z"></path></svg>',
        WIDTH, _("Hình: số này nằm ngoài khoảng thường thấy"), left,
        max(1, right - left), at(usual.typical), dots, at(now) - 6)


def _ends(now: Decimal, usual: Usual, past: list[Decimal]) -> tuple[Decimal, Decimal]:
    limits = [limit for limit in (usual.low, usual.high) if limit is not None]
    values = [now, usual.typical, *limits, *past]
    if min(values) < 0 <= min([now, usual.typical, *past]):  # no count lies below zero
        values = [max(value, Decimal(0)) for value in values]
    return min(values), max(values)


def _scale(low: Decimal, high: Decimal) -> Callable[[Decimal], int]:
    span = high - low or Decimal(1)

    def at(value: Decimal) -> int:
        share = max(Decimal(0), min(Decimal(1), (value - low) / span))
        return EDGE + round(share * (WIDTH - 2 * EDGE))

    return at


def _numbers(column: Column, now: Decimal, usual: Usual,
             before: list[tuple[str, Decimal]]) -> SafeString:
    lines = format_html_join(
        "", "<div><dt>{}</dt><dd>{}</dd></div>", _lines(column, now, usual, before))
    return format_html(
        "<details><summary>{}</summary><dl>{}</dl></details>", _("Xem bằng số"), lines)


def _lines(column: Column, now: Decimal, usual: Usual,
           before: list[tuple[str, Decimal]]) -> Iterator[tuple[str, str]]:
    yield _("Số này"), display(now, column.kind)
    yield _("Mức thường thấy"), display(usual.typical, column.kind)
    if usual.low is not None and usual.low > 0:
        yield _("Thường không dưới"), display(usual.low, column.kind)
    if usual.high is not None:
        yield _("Thường không quá"), display(usual.high, column.kind)
    for label, value in before:
        yield label, display(value, column.kind)
