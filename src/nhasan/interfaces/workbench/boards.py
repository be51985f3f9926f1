"""Boards: how complete and how timely reports come in, as a table, as bars and on a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from nhasan.areas import queries as areas
from nhasan.collection.queries import timeliness
from nhasan.collection.queries.timeliness import Line, Tally, Wanted
from nhasan.domain.access import Permission
from nhasan.domain.problems import NotFound
from nhasan.domain.words import normalised
from nhasan.formats.tables import MEDIA, Cell, Sheet, written
from nhasan.interfaces.http import Request, require
from nhasan.interfaces.notation import date_text, number_text, period_text
from nhasan.interfaces.workbench.board_pictures import key_of, map_of, stacked
from nhasan.interfaces.workbench.navigation import address
from nhasan.interfaces.workbench.unit_record import unit_record

PAGE = 100
_AXES: Mapping[str, tuple[str, Promise]] = {
    "don-vi": ("unit", gettext_lazy("Theo đơn vị báo cáo")),
    "bieu": ("form", gettext_lazy("Theo biểu mẫu")),
    "ky": ("round", gettext_lazy("Theo kỳ báo cáo")),
    "nhom": ("group", gettext_lazy("Theo nhóm chỉ tiêu")),
    "nhan": ("receiver", gettext_lazy("Theo đơn vị nhận")),
}
_HEADS = {
    "don-vi": gettext_lazy("Đơn vị báo cáo"), "bieu": gettext_lazy("Biểu mẫu"),
    "ky": gettext_lazy("Kỳ báo cáo"), "nhom": gettext_lazy("Nhóm chỉ tiêu"),
    "nhan": gettext_lazy("Đơn vị nhận"),
}
_VIEWS = {
    "bang": gettext_lazy("Bảng"), "bieu-do": gettext_lazy("Biểu đồ"),
    "ban-do": gettext_lazy("Bản đồ"),
}
_STATES = {"open": gettext_lazy("Kỳ đang mở"), "closed": gettext_lazy("Kỳ đã khoá")}
_PARTS: tuple[tuple[str, str, Promise], ...] = (
    ("phai", "asked", gettext_lazy("Phải gửi")),
    ("dung", "in_time", gettext_lazy("Gửi đúng hạn")),
    ("muon", "late", gettext_lazy("Gửi muộn")),
    ("tra", "returned", gettext_lazy("Bị trả lại")),
    ("cho", "waiting", gettext_lazy("Chưa đến hạn")),
    ("qua", "overdue", gettext_lazy("Quá hạn")),
)
_SHARES: tuple[tuple[str, str, Promise], ...] = (
    ("du", "complete", gettext_lazy("Đã gửi (%)")),
    ("kip", "timely", gettext_lazy("Đúng hạn (%)")),
)
_FIRST = "thu-tu"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line as a page shows it: where it leads, and what stands beside its name."""

    line: Line
    label: str
    beside: str
    url: str

    @property
    def tally(self) -> Tally:
        """Return its tally."""
        return self.line.tally

    @property
    def cells(self) -> list[tuple[Promise, str]]:
        """Return the cells of its line, each under the words of its head."""
        counts = [
            (words, number_text(getattr(self.tally, part))) for _key, part, words in _PARTS]
        shares = [
            (words, "" if share is None else number_text(share, 0))
            for _key, part, words in _SHARES for share in (getattr(self.tally, part),)
        ]
        return [*counts, *shares]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    axis: str
    view: str
    wanted: Wanted

    @classmethod
    def of(cls, request: Request) -> Asked:
        """Read the address; what it does not know is left out."""
        given = request.GET
        axis, view, state = given.get("theo", ""), given.get("xem", ""), given.get("mo", "")
        return cls(
            axis if axis in _AXES else "don-vi", view if view in _VIEWS else "bang",
            Wanted(
                form=given.get("bieu", ""), year=_year(given.get("nam", "")),
                state=state if state in _STATES else "", group=given.get("nhom", ""),
                receiver=_number(given.get("nhan", "")), round=_number(given.get("ky", "")),
            ),
        )


def _year(text: str) -> str:
    return text if text.isdecimal() and len(text) == len("2025") else ""


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < len("1234567890") else None


@require_GET
def boards(request: Request) -> HttpResponse:
    """Show how reports come in; a unit that receives none is shown its own record."""
    require(request.actor, Permission.READ)
    offer = timeliness.offer(request.actor)
    if not offer.receivers:
        return unit_record(request, _own(request))
    asked = Asked.of(request)
    total = timeliness.total(request.actor, asked.wanted, on=request.today)
    context = {
        "asked": asked, "total": total, "tabs": _AXES.items(), "views": _VIEWS.items(),
        "head": _HEADS[asked.axis], "fields": _fields(asked, offer), "kinds": sorted(MEDIA),
        "chips": _chips(request, asked), "own": _own(request), "key": key_of(total),
    }
    if asked.view == "ban-do":
        context["map"] = _map(request, asked)
    else:
        context |= _lines_context(request, asked)
    return render(request, "workbench/boards.html", context)


def _own(request: Request) -> int:
    user: Any = request.user
    return int(user.unit_id)


def _lines_context(request: Request, asked: Asked) -> dict[str, Any]:
    lines, order, way = _ordered(_shown(request, asked), request.GET.get("xep", ""))
    page = Paginator(lines, PAGE).get_page(request.GET.get("trang"))
    return {
        "page": page, "order": order, "way": way, "columns": (*_PARTS, *_SHARES),
        "bars": stacked([(each.label, each.url, each.tally) for each in page.object_list])
        if asked.view == "bieu-do" else "",
    }


def _shown(request: Request, asked: Asked) -> list[Shown]:
    axis = _AXES[asked.axis][0]
    lines = timeliness.board(request.actor, axis, asked.wanted, on=request.today)
    return [
        Shown(line, _label(line, asked.axis), _beside(line, asked.axis),
              _leads(request, asked.axis, line))
        for line in lines
    ]


def _label(line: Line, axis: str) -> str:
    return line.label or (_("Không thuộc nhóm chỉ tiêu nào") if axis == "nhom" else line.key)


def _beside(line: Line, axis: str) -> str:
    facts = line.facts
    if axis == "ky":
        return _("{period} · hạn {day}").format(
            period=period_text(facts["period"]), day=date_text(facts["due"]))
    return str(facts.get("code", "")) if axis in ("bieu", "nhan") else ""


def _leads(request: Request, axis: str, line: Line) -> str:
    """Return where a line leads: what it is made of."""
    if axis == "don-vi":
        return reverse("workbench:unit_record", args=[line.key])
    if axis == "ky":
        return reverse("workbench:round_board", args=[line.key])
    given = request.GET.copy()
    for name in ("trang", "xep"):
        given.pop(name, None)
    further = {"bieu": "ky", "nhom": "bieu", "nhan": "don-vi"}
    given["theo"], given[axis] = further[axis], line.key
    return f"?{given.urlencode()}" if line.key else ""


def _ordered(lines: Sequence[Shown], asked: str) -> tuple[list[Shown], str, str]:
    """Return the lines in the order asked for: names from A, numbers from the largest."""
    name = asked.removeprefix("-")
    columns = {key: part for key, part, _words in (*_PARTS, *_SHARES)}
    if name not in (*columns, "ten"):
        return list(lines), _FIRST, ""
    sort: Callable[[Shown], Any] = (
        (lambda each: normalised(each.label)) if name == "ten"
        else (lambda each: getattr(each.tally, columns[name]) or Decimal(0))
    )
    down = (name != "ten") != asked.startswith("-")
    return sorted(lines, key=sort, reverse=down), asked, "descending" if down else "ascending"


def _fields(asked: Asked, offer: timeliness.Offer) -> list[dict[str, Any]]:
    """Return the lists by which a board is narrowed; one of a single choice is left out."""
    wanted = asked.wanted
    found = [
        ("bieu", _("Biểu mẫu"), offer.forms, wanted.form),
        ("nam", _("Năm của kỳ số liệu"), [(year, year) for year in offer.years], wanted.year),
        ("mo", _("Tình trạng kỳ"), list(_STATES.items()), wanted.state),
        ("nhan", _("Đơn vị nhận"), [(str(pk), name) for pk, name in offer.receivers],
         str(wanted.receiver or "")),
    ]
    return [
        {"name": name, "label": label, "options": options, "chosen": chosen}
        for name, label, options, chosen in found if len(options) > 1
    ]


def _chips(request: Request, asked: Asked) -> list[tuple[str, str]]:
    """Return what narrows the board and is no list: a group or a round, and how to undo it."""
    found = []
    if asked.wanted.group:
        lines = timeliness.board(
            request.actor, "group", replace(asked.wanted, group=""), on=request.today)
        name = next((each.label for each in lines if each.key == asked.wanted.group), "")
        found.append(("nhom", _("Nhóm chỉ tiêu: {name}").format(
            name=name or asked.wanted.group)))
    if asked.wanted.round:
        lines = timeliness.board(request.actor, "round", asked.wanted, on=request.today)
        found.append(("ky", _("Kỳ báo cáo: {name}").format(
            name=lines[0].label if lines else _("không có"))))
    return found


def _map(request: Request, asked: Asked) -> Any:
    tallies = timeliness.areas_of(request.actor, asked.wanted, on=request.today)
    return map_of(tallies, on=request.today, timely=request.GET.get("do") == "dung-han",
                  names=lambda places: areas.names(places, on=request.today))


@require_GET
def board_file(request: Request, kind: str) -> HttpResponse:
    """Give the board that the address asks for as a file."""
    require(request.actor, Permission.READ)
    if kind not in MEDIA:
        raise NotFound()
    asked = Asked.of(request)
    lines, _order, _way = _ordered(_shown(request, asked), request.GET.get("xep", ""))
    sheet = Sheet(
        _("Tiến độ báo cáo, {axis}").format(axis=str(_AXES[asked.axis][1]).lower()),
        [_("Mã"), str(_HEADS[asked.axis]), *(str(words) for _k, _p, words in _PARTS),
         _("Đã duyệt"), _("Đã đến hạn"), *(str(words) for _k, _p, words in _SHARES)],
        [_file_line(each) for each in lines],
        [_("Tính đến ngày {day}").format(day=date_text(request.today))],
    )
    return sent_file(sheet, kind, f"tien-do-{asked.axis}-{request.today.isoformat()}")


def _file_line(each: Shown) -> list[Cell]:
    tally = each.tally
    return [
        str(each.line.facts.get("code", "") or each.line.key), each.label,
        *(getattr(tally, part) for _key, part, _words in _PARTS), tally.approved,
        tally.past,
        *(_rounded(getattr(tally, part)) for _key, part, _words in _SHARES),
    ]


def _rounded(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.1"), ROUND_HALF_UP)


def sent_file(sheet: Sheet, kind: str, name: str) -> HttpResponse:
    """Return a table as a file to keep."""
    response = HttpResponse(written(sheet, kind), content_type=MEDIA[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@require_GET
def late(request: Request) -> HttpResponse:
    """Show the reports that should have been sent already, round by round."""
    require(request.actor, Permission.READ)
    asked = Asked.of(request)
    rows = timeliness.outstanding(request.actor, asked.wanted, on=request.today)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    held: dict[int, dict[str, Any]] = {}
    for row in page.object_list:
        held.setdefault(row.round_id, {
            "round": row.round, "letter": address("round_letter", row.round_id), "rows": [],
        })["rows"].append(row)
    return render(request, "workbench/boards_late.html", {
        "page": page, "rounds": list(held.values()),
        "chips": _chips(request, asked), "fields": _fields(
            asked, timeliness.offer(request.actor)),
    })


urlpatterns = [
    path("viec/tien-do/", boards, name="boards"),
    path("viec/tien-do/bang.<slug:kind>", board_file, name="board_file"),
    path("viec/tien-do/qua-han/", late, name="boards_late"),
]
