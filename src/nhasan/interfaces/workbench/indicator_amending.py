"""From new indicators to a report that units owe: form, obligation, units told; step by step.

Every step is one act of its own, and the page says which is next; whatever was done before,
here or on another page, is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from nhasan.collection import operations, queries
from nhasan.collection.operations import Terms
from nhasan.domain.access import Actor, Permission
from nhasan.domain.indicator_forms import Broken, generated
from nhasan.domain.notices import Notice, report_page
from nhasan.domain.problems import NotFound, Problem
from nhasan.domain.schedule import OFTEN, Often
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.notation import date_text
from nhasan.interfaces.workbench.asking import UNIT_KINDS
from nhasan.interfaces.workbench.days import DayField
from nhasan.interfaces.workbench.indicator_settling import found_set, require_keeping
from nhasan.interfaces.workbench.navigation import address
from nhasan.interfaces.workbench.period_choice import PeriodField, periods_offered
from nhasan.metadata import queries as metadata
from nhasan.organisations import operations as organisations
from nhasan.organisations import queries as units

_OFTEN = (Often.YEAR, Often.HALF, Often.QUARTER, Often.MONTH, Often.ONCE)
_LEVEL_OF = {"commune": "commune", "focal": "province"}
_LONGEST_ID = 40


class FormForm(forms.Form):
    """A form for new indicators that none asks for yet."""

    bieu_ma = forms.RegexField(
        r"^[0-9A-Za-z.-]{1,40}$", label=gettext_lazy("Mã biểu mẫu"), error_messages={
            "invalid": gettext_lazy("Mã chỉ gồm chữ không dấu, chữ số, dấu chấm, gạch ngang.")})
    bieu_ten = forms.CharField(label=gettext_lazy("Tên biểu mẫu"), max_length=300)
    hoi = forms.MultipleChoiceField(
        label=gettext_lazy("Hỏi các chỉ tiêu"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một chỉ tiêu.")})
    dong = forms.ChoiceField(label=gettext_lazy("Mỗi báo cáo có"), required=False)
    luong = forms.ChoiceField(
        label=gettext_lazy("Số liệu vào bộ dữ liệu"), required=False)

    def __init__(self, *given: Any, new: Sequence[Any], **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        choices: Mapping[str, list[tuple[str, str]]] = {
            "hoi": [(row.key, f"{row.key} {row.name_vi}") for row in new],
            "dong": [("", _("một dòng cho cả đơn vị")), *(
                (by.dimension, _("mỗi mã một dòng: {name}").format(name=by.header))
                for by in breakdowns_known(new).values())],
            "luong": [("", _("một bộ dữ liệu mới, mang mã của biểu mẫu")), *(
                (flow.identifier, flow.name_vi) for flow in metadata.dataflows())],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


class DutyForm(forms.Form):
    """Who owes the form, how often, by when; what is more special has a page of its own."""

    cd_nhan = forms.ChoiceField(label=gettext_lazy("Đơn vị nhận báo cáo"))
    cd_loai = forms.ChoiceField(
        label=gettext_lazy("Đơn vị phải báo cáo"),
        choices=[(kind, UNIT_KINDS[kind]) for kind in _LEVEL_OF])
    cd_bao_lau = forms.ChoiceField(label=gettext_lazy("Bao lâu một lần"))
    cd_ky = PeriodField(
        label=gettext_lazy("Kỳ số liệu, nếu chỉ báo cáo một lần"), required=False)
    cd_han = DayField(
        label=gettext_lazy("Hạn gửi, nếu chỉ báo cáo một lần"), required=False)
    cd_sau = forms.IntegerField(
        label=gettext_lazy("Hạn gửi của báo cáo định kỳ: số ngày làm việc sau khi hết kỳ"),
        min_value=1, max_value=120, required=False)

    def __init__(self, *given: Any, actor: Actor, today: date, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        self.fields["cd_ky"].offer(periods_offered(today))  # type: ignore[attr-defined]
        self.fields["cd_bao_lau"].choices = [  # type: ignore[attr-defined]
            (often.value, _(OFTEN[often])) for often in _OFTEN]
        self.fields["cd_nhan"].choices = [  # type: ignore[attr-defined]
            (unit.code, unit.name) for unit in units.units(
                actor, permission=Permission.MANAGE).filter(
                    kind__in=("ministry", "focal"), closed__isnull=True)]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen frequency needs."""
        given: dict[str, Any] = super().clean() or {}
        once = given.get("cd_bao_lau") == Often.ONCE.value
        if once and not given.get("cd_han"):
            self.add_error("cd_han", _("Hãy ghi hạn gửi."))
        if not once and not given.get("cd_sau"):
            self.add_error("cd_sau", _("Hãy ghi số ngày làm việc sau khi hết kỳ."))
        if once:
            self._check_period(given)
        return given

    def _check_period(self, given: dict[str, Any]) -> None:
        if not given.get("cd_ky") and "cd_ky" not in self.errors:
            self.add_error("cd_ky", _("Hãy chọn kỳ số liệu."))

    def schedule(self, today: str) -> dict[str, Any]:
        """Return the schedule as data."""
        given = self.cleaned_data
        if given["cd_bao_lau"] == Often.ONCE.value:
            return {"frequency": "once", "period": given["cd_ky"], "opens": {"date": today},
                    "due": {"date": given["cd_han"].isoformat()}}
        return {"frequency": given["cd_bao_lau"],
                "due": {"from": "period_end", "working_days": given["cd_sau"]}}


def breakdowns_known(new: Sequence[Any]) -> dict[str, Broken]:
    """Return the dimensions of the indicators whose codes a list of the house names."""
    wanted = {name for row in new for name in row.dimensions}
    return {
        dim.id: Broken(dim.id, dim.code_list, dim.name_vi)
        for flow in metadata.dataflows() for dim in metadata.dimensions(flow)
        if dim.id in wanted and dim.code_list
    }


@require_http_methods(["GET", "POST"])
def new_indicators(request: Request, identifier: str, version: str) -> HttpResponse:
    """Show what is new in a set and lead to the report that asks for it, one act at a time."""
    found = found_set(request.actor, identifier, version)
    require_keeping(request.actor, found)
    if found.state != "in_force":
        raise NotFound()
    steps = _Steps(request, found)
    if request.method == "POST":
        act = steps.acts().get(request.POST.get("viec", ""))
        if act is None:
            raise NotFound()
        if act():
            return redirect("workbench:indicator_set_new_indicators", identifier, version)
    return render(request, "workbench/indicator_set_new_indicators.html", steps.context(),
                  status=422 if steps.wrong else 200)


class _Steps:
    """What was done already, what is next, and the acts of the page."""

    def __init__(self, request: Request, found: Any) -> None:
        self.request, self.set = request, found
        self.new = list(metadata.new_indicators(found))
        self.refs = [row.ref for row in self.new]
        self.touched = queries.touched_by(request.actor, self.refs)
        asked = {
            ref for version in self.touched.forms
            for ref in queries.definition_of(version).indicators()
        }
        self.unasked = [row for row in self.new if row.ref not in asked]
        given = request.POST if request.method == "POST" else None
        wanted = request.POST.get("viec", "")
        self.form = FormForm(given if wanted == "bieu" else None, new=self.unasked, initial={
            "bieu_ma": f"{found.identifier}-BS-{found.version}"[:_LONGEST_ID],
            "bieu_ten": _("Chỉ tiêu mới của {name}").format(name=found.name_vi)[:300],
            "hoi": [row.key for row in self.unasked],
        })
        self.duty = DutyForm(
            given if wanted == "che-do" else None, actor=request.actor, today=request.today,
            initial={"cd_bao_lau": Often.YEAR.value, "cd_sau": 15})
        self.wrong = ""

    def acts(self) -> dict[str, Callable[[], bool]]:
        return {"bieu": self._draft_form, "ban-hanh": self._publish, "che-do": self._draft_duty,
                "ap-dung": self._put_in_force, "bao": self._tell}

    def _tried(self, act: Callable[[], Any], done: str) -> bool:
        """Do one act; a refusal is said on the page, where everything typed still stands."""
        try:
            act()
        except Problem as refused:
            self.wrong = said(refused)
            return False
        messages.success(self.request, done)
        return True

    def _draft_form(self) -> bool:
        if not self.form.is_valid():
            self.wrong = _("Biểu mẫu chưa lập được, hãy xem chỗ cần sửa.")
            return False
        given = self.form.cleaned_data
        rows = [metadata.sheet_of(row) for row in self.unasked if row.key in given["hoi"]]
        definition = generated(
            rows, owner=self.set.identifier, identifier=given["bieu_ma"], version="1.0.0",
            title=given["bieu_ten"], legal_basis=self.set.decision.get("number", ""),
            illustrative=self.set.illustrative,
            by=breakdowns_known(self.unasked).get(given["dong"]),
        )
        return self._tried(lambda: operations.draft_form(
            actor=self.request.actor, definition=definition, at=self.request.at,
            dataflow=given["luong"] or given["bieu_ma"],
        ), _("Đã lập biểu mẫu. Xem lại rồi ban hành."))

    def _publish(self) -> bool:
        return self._tried(lambda: operations.publish_form(
            actor=self.request.actor, form=self.request.POST.get("bieu", ""),
            version=self.request.POST.get("phien_ban", ""), at=self.request.at,
        ), _("Đã ban hành biểu mẫu."))

    def _draft_duty(self) -> bool:
        if not self.duty.is_valid():
            self.wrong = _("Chế độ báo cáo chưa lập được, hãy xem chỗ cần sửa.")
            return False
        given, form = self.duty.cleaned_data, self.request.POST.get("bieu", "")
        version = next((each for each in self.touched.forms if each.form.identifier == form), None)
        if version is None:
            raise NotFound()
        kind = given["cd_loai"]
        terms = Terms(
            form=form, receiver=given["cd_nhan"], title_vi=version.form.title_vi,
            reporters={"kind": kind, "level": _LEVEL_OF[kind]},
            schedule=self.duty.schedule(self.request.today.isoformat()),
            legal_basis=self.set.decision.get("number", ""),
            illustrative=self.set.illustrative,
        )
        return self._tried(lambda: operations.draft_obligation(
            actor=self.request.actor, identifier=form[:_LONGEST_ID], terms=terms,
            at=self.request.at,
        ), _("Đã lập chế độ báo cáo. Xem lại rồi đưa vào áp dụng."))

    def _put_in_force(self) -> bool:
        return self._tried(lambda: operations.put_obligation_in_force(
            actor=self.request.actor, identifier=self.request.POST.get("che_do", ""),
            on=self.request.today, at=self.request.at,
        ), _("Chế độ báo cáo đã áp dụng. Kỳ báo cáo tự mở khi đến ngày, và từng đơn vị được báo."))

    def _tell(self) -> bool:
        told = organisations.notify_many(
            actor=self.request.actor, notices=self._notices(), at=self.request.at)
        messages.success(self.request, _("Đã báo {n} tin mới cho các đơn vị.").format(n=told))
        return True

    def _notices(self) -> list[Notice]:
        """Tell those who report on the set what changed, and who owes the new ones by when."""
        change = metadata.difference(self.set)
        refs = [row.ref for row in metadata.indicators(self.set)]
        facts = {
            "set": self.set.name_vi, "day": date_text(self.set.in_force_from),
            "added": str(len(change.added)), "dropped": str(len(change.dropped)),
            "changed": str(len(change.changed)),
        } if self.set.in_force_from else {}
        path_of = address("indicator_set_compare", self.set.identifier, self.set.version)
        key = f"set:{self.set.urn}"[:160]
        return [
            *(Notice(unit, Permission.ENTER, key, "set_amended", facts, path_of)
              for unit in sorted(queries.units_concerned(
                  self.request.actor, refs, self.request.today))),
            *(Notice(
                row.unit_id, Permission.ENTER, f"new:{self.set.urn}:{row.round_id}"[:160],
                "new_indicators", {
                    "count": str(len(self.new)), "report": row.round.title_vi,
                    "due": date_text(row.due)}, report_page(row.pk))
              for row in queries.asked_now(self.request.actor, self.refs)),
        ]

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        with_duty = {each.form_id for each in self.touched.obligations}
        in_force = [each for each in self.touched.forms if each.state == "in_force"]
        return {
            "set": self.set, "new": self.new, "unasked": self.unasked, "form": self.form,
            "duty": self.duty, "wrong": self.wrong,
            "drafted": [each for each in self.touched.forms if each.state == "draft"],
            "published": in_force,
            "without_duty": [each for each in in_force if each.form_id not in with_duty],
            "duties": self.touched.obligations,
            "rounds": [{"round": each, "owed": self.touched.owed.get(each.pk, 0)}
                       for each in self.touched.rounds],
            "may_publish": any(
                path.count("/") <= 2
                for path in self.request.actor.may(Permission.MANAGE).paths),
            "obligation_draft": address("obligation_draft"), "ad_hoc": address("ad_hoc"),
        }


urlpatterns = [
    path("viec/chi-tieu/<str:identifier>/<str:version>/chi-tieu-moi/", new_indicators,
         name="indicator_set_new_indicators"),
]
