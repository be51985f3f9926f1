"""Notices: what units are told, in one table of sentences.

A notice is a value: whom it is for (the people of one unit who hold one permission), what it
is about (`key`, told once), which sentence (`kind`) with which facts, and the page where the
work is done. Sentences are Vietnamese; doors translate them before the facts go in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from uuid import UUID

from nhasan.domain.access import Permission
from nhasan.domain.problems import phrase
from nhasan.domain.words import Words

LONGEST_FACT = 400
LONGEST_KEY = 160


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the people of a unit who hold a permission; told once a `key`."""

    unit: int
    audience: Permission
    key: str
    kind: str
    facts: Mapping[str, str] = field(default_factory=dict)
    path: str = "/viec/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A sentence with holes, and whether it asks for something to be done soon."""

    sentence: str
    urgent: bool = False


KINDS: Mapping[str, Kind] = {
    # Deadlines.
    "due_soon": Kind(phrase(
        "“{report}” còn {days} ngày làm việc là đến hạn ({due}).")),
    "due_today": Kind(phrase("Hôm nay là hạn gửi “{report}”."), urgent=True),
    "overdue": Kind(phrase(
        "“{report}” đã quá hạn {days} ngày làm việc (hạn {due}). Hãy gửi sớm."), urgent=True),
    "still_returned": Kind(phrase(
        "“{report}” bị trả lại đã {days} ngày làm việc mà chưa gửi lại."), urgent=True),
    "late_units": Kind(phrase(
        "{count} đơn vị chưa gửi “{report}”, hạn {due} đã qua {days} ngày làm việc: {units}."),
        urgent=True),
    "many_late_units": Kind(phrase(
        "{count} đơn vị chưa gửi “{report}”, hạn {due} đã qua {days} ngày làm việc: {units} và "
        "{more} đơn vị khác."), urgent=True),
    "due_moved": Kind(phrase("Hạn gửi “{report}” đổi từ ngày {due} sang ngày {until}.")),
    # Rounds and parts in them.
    "round_opened": Kind(phrase("Có báo cáo mới phải gửi: “{report}”, hạn {due}.")),
    "round_asked": Kind(phrase("{who} đề nghị gửi “{report}”, hạn {due}."), urgent=True),
    "taken_back": Kind(phrase("Không phải gửi “{report}” nữa. Lý do: {reason}")),
    "handed_over": Kind(phrase("“{report}” của {unit} nay do đơn vị bạn gửi, hạn {due}.")),
    "exception_granted": Kind(phrase(
        "“{report}” đã khoá, riêng đơn vị bạn còn được gửi đến hết ngày {until}.")),
    # Obligations that cannot be followed.
    "obligation_nobody": Kind(phrase(
        "“{report}”, kỳ {period}: chưa mở được vì không có đơn vị nào phải báo cáo."),
        urgent=True),
    "obligation_stuck": Kind(phrase(
        "“{report}”, kỳ {period}: chưa mở được. Lý do: {reason}"), urgent=True),
    # Extensions.
    "extension_asked": Kind(phrase(
        "{unit} xin gia hạn “{report}” đến ngày {until}. Lý do: {reason}"), urgent=True),
    "extension_granted": Kind(phrase("“{report}” được gia hạn đến ngày {until}.")),
    "extension_refused": Kind(phrase(
        "“{report}” không được gia hạn, hạn vẫn là ngày {due}. Lý do: {reason}"), urgent=True),
    # Reports and their review.
    "report_returned": Kind(phrase(
        "“{report}” bị trả lại. Hãy sửa theo lý do rồi gửi lại."), urgent=True),
    "report_reopened": Kind(phrase(
        "“{report}” đã duyệt nay mở lại để sửa. Lý do: {reason}"), urgent=True),
    "report_waits": Kind(phrase(
        "“{report}” của đơn vị đã nhập xong, chờ bạn xem trước khi chuyển đi."), urgent=True),
    "correction_asked": Kind(phrase(
        "{unit} xin mở lại “{report}” đã duyệt để sửa. Lý do: {reason}"), urgent=True),
    "report_approved": Kind(phrase("“{report}” đã được duyệt.")),
    # The set of indicators.
    "set_amended": Kind(phrase(
        "{set} thay đổi từ ngày {day}: thêm {added}, bỏ {dropped}, sửa {changed} chỉ tiêu.")),
    "new_indicators": Kind(phrase(
        "Có {count} chỉ tiêu mới phải báo cáo trong “{report}”, hạn {due}."), urgent=True),
    # The map.
    "reorganisation_stuck": Kind(phrase(
        "“{title}” đã đến ngày {day} mà chưa thực hiện được. Lý do: {reason}"), urgent=True),
    # The house.
    "mail_failed": Kind(phrase(
        "Có thư nhắc việc ngày {day} không gửi được: {reason}"), urgent=True),
}


def words_of(kind: str, facts: Mapping[str, str]) -> Words:
    """Return the sentence of a notice with its facts.

    A fact that was forgotten shows as a question mark; of a kind that is no longer known, the
    kind alone is left.
    """
    known = KINDS.get(kind)
    if known is None:
        return Words("{kind}", {"kind": kind})
    holes = {name for _, name, _, _ in Formatter().parse(known.sentence) if name}
    return Words(known.sentence, {name: facts.get(name, "?") for name in holes})


def is_urgent(kind: str) -> bool:
    """Tell whether a notice of that kind asks for something to be done soon."""
    known = KINDS.get(kind)
    return known is not None and known.urgent


def report_page(report: int) -> str:
    """Return the address of the page where a unit fills one of its reports."""
    return f"/viec/bao-cao/{report}/"


def sent_page(submission: UUID) -> str:
    """Return the address of the page that shows what was sent."""
    return f"/viec/ban-gui/{submission}/"


def review_page(submission: UUID) -> str:
    """Return the address of the page where a reviewer reads one submission."""
    return f"/viec/duyet/{submission}/"


def reorganisation_page(prepared: int) -> str:
    """Return the address of the page of one reorganisation."""
    return f"/viec/sap-xep/{prepared}/"


def board_page(held: int) -> str:
    """Return the address of the page that shows where every unit stands in a round."""
    return f"/viec/ky/{held}/"
