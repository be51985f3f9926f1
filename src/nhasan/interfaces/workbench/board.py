"""The board of a round: where every unit stands, and the reports that wait for a reviewer."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nhasan.areas import queries as areas
from nhasan.collection import operations, queries
from nhasan.collection.queries import regime
from nhasan.domain.access import Permission
from nhasan.domain.comparison import Change, Measure, measures, strangeness, total, widest
from nhasan.domain.lifecycle import ASSIGNMENT
from nhasan.domain.problems import Problem
from nhasan.interfaces.http import Request, require, said
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench.navigation import address
from nhasan.interfaces.workbench.sayings import status_of

CELLS = {
    "approved": "td-duyet", "submitted": "td-gui", "in_progress": "td-nhap",
    "not_started": "td-chua", "returned": "td-tra", "overdue": "td-han",
    "taken_back": "td-thu",
}
"""State → mark of a cell on the board, in the order in which states are counted."""
_STANDING = ("submitted", "approved")
_GONE = "taken_back"  # not asked of the unit any more
_UNSENT = ("not_started", "in_progress")


@dataclass(frozen=True, slots=True)
class Line:
    """One unit on the board: its place, how it stands, and its report beside the one before."""

    number: int
    row: Any
    state: str
    mark: str
    report: Any
    change: Change
    unexplained: int
    explained: int
    own: bool
    widest: tuple[Measure, Change] | None = None

    @property
    def rank(self) -> tuple[Any, ...]:
        """Return the key that puts the strangest report first when sorted downwards."""
        return strangeness(
            self.unexplained, self.explained, self.widest[1] if self.widest else None)


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort a table: the key, and whether it runs downwards at first."""

    key: Callable[[Line], Any]
    down: bool = False


def _none_last(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


_WAITING_ORDERS = {
    "la": Order(lambda line: line.rank, down=True),
    "ten": Order(lambda line: line.row.unit.search),
    "gui": Order(lambda line: line.report.submitted_at, down=True),
    "nay": Order(lambda line: _none_last(line.change.now), down=True),
    "truoc": Order(lambda line: _none_last(line.change.before), down=True),
    "tang": Order(lambda line: _none_last(line.change.difference), down=True),
    "phan": Order(lambda line: _none_last(line.change.share), down=True),
}
_ALL_ORDERS = {
    "so": Order(lambda line: line.number),
    "ten": Order(lambda line: line.row.unit.search),
    "tt": Order(lambda line: (list(CELLS).index(line.state), line.number)),
    "han": Order(lambda line: (line.row.due, line.number)),
    "gui": Order(lambda line: _none_last(line.report.submitted_at if line.report else None),
                 down=True),
    "luu": Order(lambda line: _none_last(line.row.changed_at), down=True),
    "o": Order(lambda line: (line.row.filled, line.number), down=True),
}


def _sorted(lines: Sequence[Line], orders: dict[str, Order], asked: str,
            first: str) -> tuple[list[Line], str, str]:
    """Return the lines as asked (`gui`, or `-gui` for the other way), and what was asked."""
    name = asked.removeprefix("-")
    name, turned = (name, asked.startswith("-")) if name in orders else (first, False)
    order = orders[name]
    down = order.down != turned
    ordered = sorted(lines, key=order.key, reverse=down)
    return ordered, f"-{name}" if turned else name, "descending" if down else "ascending"


def lines_of(request: Request, held: Any, measure: Measure | None,
             offered: Sequence[Measure] = ()) -> list[Line]:
    """Return the board of a round, each unit with its report and the one before it."""
    found = queries.progress(request.actor, held.pk, on=request.today)
    reports = queries.standing_submissions(request.actor, held.pk)
    earlier = queries.earlier_submissions(held)
    own = queries.written_by(request.actor, found.assignments)
    return [
        _line(number, row, reports.get(row.pk),
              earlier.get((row.area_level, row.area_code, row.unit_id)), measure, offered,
              request.today, row.pk in own)
        for number, row in enumerate(found.assignments, 1)
    ]


def _line(number: int, row: Any, report: Any, before: Any, measure: Measure | None,
          offered: Sequence[Measure], today: date, own: bool) -> Line:
    state = status_of(row, today)
    changes: dict[Measure, Change] = {}
    if report and measure:
        now, then = queries.figures_of(report), queries.figures_of(before)
        # Every total of what waits to be looked at; of the rest, the one that is asked for.
        looked = offered if row.state == "submitted" else (measure,)
        changes = {each: Change(total(now, each), total(then, each)) for each in looked}
    change = changes[measure] if measure in changes else Change(None, None)
    unexplained, explained = warnings_of(report)
    return Line(number, row, state, CELLS[state], report, change, unexplained, explained, own,
                widest(changes))


def warnings_of(report: Any) -> tuple[int, int]:
    """Return how many findings of a report nobody explained, and how many the unit explained."""
    if report is None:
        return 0, 0
    reasons = report.answers.get("reasons", {})
    spoken = [
        bool(reasons.get(f"{finding['code']}|{finding['cell']}", "").strip())
        for finding in report.findings if finding["severity"] != "note"
    ]
    return spoken.count(False), spoken.count(True)


@require_GET
def rounds(request: Request) -> HttpResponse:
    """Show the rounds that one's units receive, those with waiting reports first."""
    require(request.actor, Permission.READ)
    counts = queries.boards(request.actor, on=request.today)
    found: list[dict[str, Any]] = [
        {"round": held, "counts": (board := counts.get(held.pk, Counter())),
         "total": sum(board[state] for state in ASSIGNMENT.states if state != _GONE),
         "sent": sum(board[state] for state in _STANDING),
         "unsent": sum(board[state] for state in _UNSENT),
         "period": period_text(held.period)}
        for held in queries.rounds(request.actor)
    ]
    found.sort(key=lambda each: (each["round"].state != "open", not each["counts"]["submitted"]))
    return render(request, "workbench/review_rounds.html", {
        "rounds": found, "waiting": len(queries.to_review(request.actor)),
        "later_days": len(regime.extensions(request.actor, waiting=True)),
        "current": "review",
    })


@require_GET
def board(request: Request, pk: int) -> HttpResponse:
    """Show where every unit of a round stands, and the reports to be reviewed."""
    return _show(request, pk)


def _show(request: Request, pk: int, *, chosen: frozenset[str] = frozenset(),
          confirm: bool = False) -> HttpResponse:
    held = queries.round_of(request.actor, pk)
    offered = measures(queries.definition_of(held.form_version))
    measure = next((each for each in offered if each.id == request.GET.get("do")),
                   offered[0] if offered else None)
    lines = lines_of(request, held, measure, offered)
    waiting = [line for line in lines if line.report and line.row.state == "submitted"]
    if confirm:
        waiting = [line for line in waiting if str(line.report.pk) in chosen]
    waiting, order, way = _sorted(waiting, _WAITING_ORDERS, request.GET.get("xep", ""), "la")
    wanted = request.GET.get("tt", "")
    shown = [line for line in lines if not wanted or line.state == wanted]
    shown, all_order, all_way = _sorted(shown, _ALL_ORDERS, request.GET.get("bang", ""), "so")
    may_review = request.actor.may(Permission.REVIEW).names(held.receiver.path or "")
    may_manage = request.actor.may(Permission.MANAGE).covers(held.receiver.path or "")
    counts = Counter(line.state for line in lines)
    return render(request, "workbench/round_board.html", {
        "round": held, "period": period_text(held.period), "lines": lines,
        "asked": sum(1 for line in lines if line.state != _GONE),
        "letter": address("round_letter", held.pk), "later_days": [
            each for each in regime.extensions(request.actor, waiting=True)
            if each.assignment.round_id == held.pk],
        "counts": [(state, counts[state]) for state in CELLS if counts[state]],
        "behind": [(state, [line for line in lines if line.state == state])
                   for state in ("overdue", "returned") if counts[state]],
        "sent": sum(1 for line in lines if line.row.state in _STANDING),
        "waiting": waiting, "measure": measure, "measures": offered, "order": order, "way": way,
        "shown": shown, "wanted": wanted, "all_order": all_order, "all_way": all_way,
        "may_review": may_review, "may_manage": may_manage, "confirm": confirm,
        "missing": not_asked(request, held) if may_manage else [],
        "ticked": _ticked(waiting, request.GET.get("chon", "")), "sums": _sums(waiting),
        "current": "review",
    })


def not_asked(request: Request, held: Any) -> list[tuple[str, str]]:
    """Return the units of the same kinds that answer for an area and were not asked yet."""
    asked = queries.progress(request.actor, held.pk, on=request.today).assignments
    there = {(row.unit_id, row.area_level, row.area_code) for row in asked}
    return [
        (f"{part.unit.code}|{part.level}|{part.code}", part.unit.name)
        for kind in sorted({row.unit.kind for row in asked})
        for part in areas.answering(request.actor, held.receiver, kind=kind, on=held.map_day)
        if (part.unit_id, part.level, part.code) not in there
    ]


def _ticked(lines: Sequence[Line], wanted: str) -> set[UUID]:
    """Return which reports are ticked beforehand: all of them, or those with nothing unusual."""
    if wanted not in ("het", "thuong"):
        return set()
    return {
        line.report.pk for line in lines
        if wanted == "het" or not (line.unexplained or line.explained)
    }


def _sums(lines: Sequence[Line]) -> Change:
    """Return the totals of the reports that were there in both periods."""
    both = [line.change for line in lines if line.change.difference is not None]
    if not both:
        return Change(None, None)
    zero = Decimal(0)
    return Change(
        sum((each.now or zero for each in both), zero),
        sum((each.before or zero for each in both), zero),
    )


@require_POST
def approve_chosen(request: Request, pk: int) -> HttpResponse:
    """Approve the chosen reports of a round together, or show them once more before that."""
    held = queries.round_of(request.actor, pk, Permission.REVIEW)
    chosen = _uuids(request.POST.getlist("bao_cao"))
    back = HttpResponseRedirect(reverse("workbench:round_board", args=[pk]))
    if not chosen:
        messages.error(request, _("Chưa chọn báo cáo nào. Hãy đánh dấu báo cáo cần duyệt."))
        return back
    if request.POST.get("buoc") == "xem":
        return _show(request, pk, chosen=frozenset(map(str, chosen)), confirm=True)
    known = {each.pk for each in queries.to_review(request.actor, round_id=held.pk)}
    if not set(chosen) <= known:
        messages.error(request, _(
            "Có báo cáo vừa được người khác duyệt hoặc trả lại, nên chưa duyệt báo cáo nào. "
            "Hãy xem lại danh sách."))
        return back
    try:
        number = operations.approve_many(
            actor=request.actor, submissions=chosen, at=request.at,
        )
    except Problem as refused:
        messages.error(request, _("Chưa duyệt báo cáo nào. {why}").format(why=said(refused)))
        return back
    messages.success(request, ngettext(
        "Đã duyệt {number} báo cáo.", "Đã duyệt {number} báo cáo.", number,
    ).format(number=number))
    return back


def _uuids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in dict.fromkeys(texts):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_GET
def board_csv(request: Request, pk: int) -> HttpResponse:
    """Give the board of a round as a table for a spreadsheet."""
    held = queries.round_of(request.actor, pk)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([
        _("STT"), _("Mã đơn vị"), _("Đơn vị"), _("Mã đơn vị hành chính"), _("Tình trạng"),
        _("Hạn gửi"), _("Gửi lúc"), _("Số biên nhận"), _("Số ô đã nhập"),
        _("Cảnh báo đã giải thích"), _("Cảnh báo chưa giải thích"),
    ])
    for line in lines_of(request, held, None):
        writer.writerow(_csv_line(line))
    response = HttpResponse(
        "\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = f'attachment; filename="tien-do-{held.pk}.csv"'
    return response


def _csv_line(line: Line) -> list[str]:
    report = line.report
    state = _("quá hạn") if line.state == "overdue" else _(ASSIGNMENT.states[line.state])
    return [
        str(line.number), _plain(line.row.unit.code), _plain(line.row.unit.name),
        line.row.area_code, state, line.row.due.isoformat(),
        _moment(report.submitted_at) if report else "", report.receipt if report else "",
        str(line.row.filled), str(line.explained), str(line.unexplained),
    ]


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _moment(at: datetime) -> str:
    return localtime(at).isoformat(timespec="minutes")



Handler = Callable[..., HttpResponse]
_handlers: tuple[tuple[str, Handler, str], ...] = (
    ("viec/duyet/", rounds, "review"),
    ("viec/ky/<int:pk>/", board, "round_board"),
    ("viec/ky/<int:pk>/tien-do.csv", board_csv, "round_csv"),
    ("viec/ky/<int:pk>/duyet/", approve_chosen, "round_approve"),
)
urlpatterns = [path(route, handler, name=name) for route, handler, name in _handlers]
