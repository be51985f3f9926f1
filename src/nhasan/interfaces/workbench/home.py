"""My work: what I owe and by when, what came back, what arrived, what waits for me."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from nhasan.collection import queries
from nhasan.collection.queries import Assignment, Review, Submission, regime
from nhasan.domain.access import Actor, Permission
from nhasan.interfaces.http import Request
from nhasan.interfaces.notation import date_text, period_text
from nhasan.interfaces.workbench.navigation import address
from nhasan.interfaces.workbench.notices import newest
from nhasan.interfaces.workbench.sayings import Reason, next_reader, reasons_of, status_of
from nhasan.releases import queries as releases

# So many reports ask to be done first; the table below holds them all.
MOST_FIRST = 4
MOST_SENT = 8
PAGE = 50


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that is still to be sent, as the list shows it."""

    report: Assignment
    status: str
    period: str
    several_units: bool
    returned: Review | None = None
    reasons: tuple[Reason, ...] = ()
    cells: int = 0

    @property
    def next_step(self) -> str:
        """Return what to do with it, in the words of the link."""
        if self.status == "returned":
            return _mend(len(self.reasons))
        if self.report.filled:
            return _("Nhập tiếp (đã nhập {count} ô)").format(count=self.report.filled)
        if self.report.state == "not_started":
            return _("Bắt đầu nhập")
        return _("Nhập tiếp")

    @property
    def button(self) -> str:
        """Return the words of the button on its card."""
        if self.status == "returned":
            return _mend(len(self.reasons))
        started = self.report.filled or self.report.state != "not_started"
        return _("Nhập tiếp báo cáo") if started else _("Bắt đầu nhập báo cáo")


def _mend(count: int) -> str:
    if not count:
        return _("Sửa báo cáo")
    return ngettext("Sửa theo {count} lý do", "Sửa theo {count} lý do", count).format(count=count)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One report that was sent, as the list shows it."""

    submission: Submission
    status: str
    period: str
    reader: str
    several_units: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """Work of a reviewer, manager, publisher or administrator: how much, and where."""

    title: str
    detail: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class Below:
    """What units below have not sent yet; their own officers owe it."""

    reports: int
    units: int
    late: int


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that waits for one person."""

    owed: Sequence[Owed] = ()
    first: Sequence[Owed] = ()
    arrived: Sequence[Arrived] = ()
    missed: Sequence[Owed] = ()
    below: Below | None = None
    errands: Sequence[Errand] = field(default_factory=list)

    @property
    def lead(self) -> str:
        """Return one sentence: how much is owed, and what of it is urgent."""
        if not self.owed:
            return ""
        late = sum(1 for each in self.owed if each.status == "overdue")
        back = sum(1 for each in self.owed if each.status == "returned")
        urgent = [
            words.format(count=count) for count, words in (
                (late, _("{count} quá hạn")), (back, _("{count} bị trả lại")),
            ) if count
        ]
        return ", ".join(urgent)


def home(request: Request) -> HttpResponse:
    """Show what waits for the person who signed in."""
    actor = request.actor
    rows = queries.owed(actor, own=True, on=request.today) if actor.can(Permission.ENTER) else []
    work = _work(actor, rows, request.today)
    told = newest(actor, request.at, rows)
    return render(request, "workbench/home.html", {
        "work": work, "told": told,
        "several_units": len({each.unit for each in told}) > 1,
    })


def _work(actor: Actor, rows: Sequence[queries.Assignment], today: date) -> Work:
    if not actor.can(Permission.ENTER):
        return Work(errands=_errands(actor, today))
    several = len({row.unit_id for row in rows}) > 1
    owed = [_owed(row, today, several) for row in rows]
    lost = queries.missed(actor, own=True, on=today)[:MOST_SENT]
    missed = [_owed(row, today, several) for row in lost]
    urgent = [each for each in owed if each.status in ("overdue", "returned")]
    first = [_closer(each) for each in (urgent or owed[:1])[:MOST_FIRST]]
    return Work(
        owed, first, _arrived(queries.sent(actor, limit=MOST_SENT, own=True)), missed,
        _below(actor, rows, today), _errands(actor, today),
    )


def _of_others(actor: Actor, own: Sequence[Assignment], today: date) -> list[Assignment]:
    mine = {row.pk for row in own}
    return [row for row in queries.owed(actor, on=today) if row.pk not in mine]


def _below(actor: Actor, own: Sequence[Assignment], today: date) -> Below | None:
    rows = _of_others(actor, own, today)
    if not rows:
        return None
    late = sum(1 for row in rows if queries.is_overdue(row, today))
    return Below(len(rows), len({row.unit_id for row in rows}), late)


def _owed(row: Assignment, today: date, several: bool) -> Owed:
    returned = queries.return_reasons(row)
    reasons = reasons_of(row, returned) if returned else ()
    return Owed(
        row, status_of(row, today), period_text(row.round.period), several,
        returned, reasons,
    )


def _closer(each: Owed) -> Owed:
    """Add how many cells a report has; only the cards say it."""
    return Owed(
        each.report, each.status, each.period, each.several_units, each.returned, each.reasons,
        queries.layout_of(each.report).cell_count(),
    )


def _arrived(rows: Sequence[Submission]) -> list[Arrived]:
    several = len({row.assignment.unit_id for row in rows}) > 1
    return [
        Arrived(row, row.state, period_text(row.assignment.round.period),
                next_reader(row), several)
        for row in rows
    ]


def _errands(actor: Actor, today: date) -> list[Errand]:
    found = []
    if actor.can(Permission.REVIEW):
        waiting = len(queries.to_review(actor))
        found.append(Errand(
            _("Báo cáo chờ bạn duyệt"),
            _("{count} báo cáo đang chờ.").format(count=waiting) if waiting
            else _("Không có báo cáo nào đang chờ. Khi các đơn vị gửi, báo cáo sẽ hiện ở đây."),
            address("waiting"), pgettext("mục chính", "Duyệt báo cáo"),
        ))
    if actor.can(Permission.REVIEW) or actor.can(Permission.MANAGE):
        open_now = [held for held in queries.rounds(actor) if held.state == "open"]
        counts = queries.boards(actor, on=today)
        late = [counts[held.pk]["overdue"] for held in open_now
                if held.pk in counts and counts[held.pk]["overdue"]]
        found.append(Errand(
            _("Kỳ báo cáo đang mở"),
            _("{count} kỳ đang mở, {late} kỳ còn báo cáo quá hạn ({reports} báo cáo).").format(
                count=len(open_now), late=len(late), reports=sum(late)) if late
            else _("{count} kỳ đang mở, không có báo cáo nào quá hạn.").format(
                count=len(open_now)),
            address("boards"), _("Xem tiến độ"),
        ))
    if actor.can(Permission.MANAGE):
        found += _to_manage(actor)
    if actor.can(Permission.PUBLISH):
        found += _to_publish(actor)
    if actor.can(Permission.ADMINISTER):
        found.append(Errand(
            _("Người dùng và vai trò"),
            _("Mở tài khoản, giao vai trò, khoá tài khoản thôi dùng."),
            address("people"), _("Tới phần người dùng"),
        ))
    return [errand for errand in found if errand.url]


def _to_manage(actor: Actor) -> list[Errand]:
    """Return what a manager does: what is owed by rule, and what is asked for once."""
    held = [each for each in regime.obligations(actor) if each.state == "in_force"]
    asked = len(regime.extensions(actor, waiting=True))
    return [
        Errand(
            _("Chế độ báo cáo"),
            _("{count} chế độ đang áp dụng; {asked} đề nghị gia hạn đang chờ trả lời.").format(
                count=len(held), asked=asked) if asked
            else _("{count} chế độ đang áp dụng, tự mở kỳ báo cáo đúng ngày.").format(
                count=len(held)),
            address("obligations"), _("Xem chế độ báo cáo"),
        ),
        Errand(
            _("Yêu cầu số liệu đột xuất"),
            _("Cần gấp vài con số: đặt tên cột, chọn đơn vị, chọn ngày, gửi."),
            address("ad_hoc"), _("Soạn yêu cầu"),
        ),
    ]


def _to_publish(actor: Actor) -> list[Errand]:
    """Return what waits for a publisher: others' drafts to approve, one's own that wait."""
    drafts = [each for each in releases.in_hand(actor) if each.state == "draft"
              and actor.may(Permission.PUBLISH).covers(each.unit.path or "")]
    waiting = [each for each in drafts if each.drafted_by != actor.id]
    found = []
    if waiting:
        first = waiting[0]
        found.append(Errand(
            _("Bản công bố chờ bạn phê duyệt"),
            _("{count} bản đang chờ. Mới nhất: {title}, bản {version}, {name} lập ngày {day}.")
            .format(count=len(waiting), title=first.title_vi, version=first.version,
                    name=first.drafted_by_name, day=date_text(first.drafted_at)),
            reverse("workbench:release", args=[first.pk]) if len(waiting) == 1
            else address("releases"), _("Xem để phê duyệt"),
        ))
    own = len(drafts) - len(waiting)
    detail = _("Chọn bộ dữ liệu để tổng hợp số liệu đã duyệt và lập bản công bố.")
    if own:
        detail = _("{count} bản bạn lập đang chờ người khác phê duyệt.").format(count=own)
    elif not waiting:
        detail = _("Không có bản nào đang chờ phê duyệt.") + " " + detail
    found.append(Errand(
        _("Tổng hợp và công bố"), detail, address("releases"), _("Tới phần công bố"),
    ))
    return found


def sent(request: Request) -> HttpResponse:
    """Show everything that one's units sent, the newest first."""
    rows = _arrived(queries.sent(request.actor, limit=1000))
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    return render(request, "workbench/sent.html", {"page": page})


def below(request: Request) -> HttpResponse:
    """Show what units below have not sent yet; one may enter it in their place."""
    actor = request.actor
    rows = _of_others(actor, queries.owed(actor, own=True, on=request.today), request.today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    lines = [_owed(row, request.today, True) for row in page.object_list]
    rounds = {row.round_id: row.round for row in rows}
    counts = Counter(row.round_id for row in rows)
    together = [(rounds[key], count) for key, count in counts.items() if count > 1]
    return render(request, "workbench/below.html", {
        "page": page, "lines": lines, "together": together})


def how_to(request: Request) -> HttpResponse:
    """Show how the common tasks are done."""
    return render(request, "workbench/help.html")


urlpatterns = [
    path("viec/", home, name="home"),
    path("viec/da-gui/", sent, name="sent"),
    path("viec/truc-thuoc/", below, name="below"),
    path("viec/cach-lam/", how_to, name="help"),
]
