"""An obligation asked for on one page: who owes which form, how often, by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhasan.collection.operations import Terms
from nhasan.domain.access import Actor
from nhasan.domain.periods import Frequency, Period
from nhasan.domain.schedule import OFTEN, Often, Schedule
from nhasan.interfaces.workbench.asking import NAMED, WhoForm, published_forms, receivers
from nhasan.interfaces.workbench.day_rules import DayRuleForm
from nhasan.interfaces.workbench.period_choice import PeriodField, periods_offered
from nhasan.interfaces.workbench.stage_rows import StageRows
from nhasan.organisations import queries as organisations

RULES: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "due": (gettext_lazy("Hạn gửi"),
            ("window_end", "period_end", "period_start", "window_start", "opens")),
    "window_from": (gettext_lazy("Số liệu tính từ"), ("period_start", "period_end")),
    "window_to": (gettext_lazy("Số liệu chốt đến"),
                  ("period_end", "period_start", "window_start")),
    "opens": (gettext_lazy("Ngày mở kỳ báo cáo"),
              ("window_end", "period_end", "period_start", "window_start")),
    "closes": (gettext_lazy("Ngày cuối còn nhận"),
               ("due", "window_end", "period_end", "opens", "period_start", "window_start")),
}
"""Rule → what it is called, and the edges that it may count from."""
_TERM = 5  # years
_USUAL_REMINDERS = {"before": [7, 3, 1], "after": [1, 3, 7], "escalate_after": 5}


def _days(text: str) -> list[int]:
    """Read `7, 3, 1`."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not all(part.isdecimal() and len(part) < len("1000") for part in parts):
        raise forms.ValidationError(_(
            "Hãy ghi các số ngày cách nhau bằng dấu phẩy, ví dụ 7, 3, 1."))
    return [int(part) for part in parts]


class ObligationForm(WhoForm):
    """What is asked, of whom and how often; the days stand in forms of their own."""

    ten = forms.CharField(label=gettext_lazy("Tên chế độ báo cáo"), max_length=300)
    bieu = forms.ChoiceField(label=gettext_lazy("Biểu mẫu"))
    can_cu = forms.CharField(
        label=gettext_lazy("Căn cứ"), required=False, max_length=400,
        help_text=gettext_lazy("Văn bản, điều, khoản quy định chế độ báo cáo này."))
    nhan = forms.ChoiceField(label=gettext_lazy("Đơn vị nhận báo cáo"))
    cap_tren = forms.BooleanField(
        label=gettext_lazy("Mỗi đơn vị gửi cho đơn vị cấp trên trực tiếp của mình"),
        required=False)
    bao_lau = forms.ChoiceField(label=gettext_lazy("Bao lâu một lần"))
    nhiem_ky = forms.TypedChoiceField(
        label=gettext_lazy("Nhiệm kỳ"), required=False, coerce=int, empty_value=None,
        help_text=gettext_lazy("Chọn một nhiệm kỳ; các nhiệm kỳ khác nối tiếp, 5 năm một."))
    mot_ky = PeriodField(
        label=gettext_lazy("Kỳ số liệu"), required=False,
        help_text=gettext_lazy("Chỉ với báo cáo một lần."))
    nhac_truoc = forms.CharField(
        label=gettext_lazy("Nhắc trước hạn (ngày làm việc)"), required=False, max_length=60)
    nhac_sau = forms.CharField(
        label=gettext_lazy("Nhắc sau hạn (ngày làm việc)"), required=False, max_length=60)
    bao_cap_tren = forms.IntegerField(
        label=gettext_lazy("Báo đơn vị nhận sau hạn (ngày làm việc)"), required=False,
        min_value=0, max_value=99)
    minh_hoa = forms.BooleanField(
        label=gettext_lazy("Chế độ tập làm: số nhập vào là số liệu minh hoạ"), required=False)

    def __init__(self, *given: Any, actor: Actor, today: date, **wanted: Any) -> None:
        """Offer what the person may manage."""
        super().__init__(*given, **wanted)
        self.actor = actor
        offered: Any = self.fields
        offered["bieu"].choices = [
            (each.identifier, each.title) for each in published_forms()]
        offered["nhan"].choices = [(unit.code, unit.name) for unit in receivers(actor)]
        offered["bao_lau"].choices = [(each.value, _(OFTEN[each])) for each in Often]
        offered["nhiem_ky"].choices = [("", "—"), *_terms(today, self.initial)]
        offered["mot_ky"].offer(periods_offered(today), self.initial.get("mot_ky", ""))

    def clean_nhac_truoc(self) -> list[int]:
        """Return how many days before the due day people are reminded."""
        return _days(self.cleaned_data["nhac_truoc"])

    def clean_nhac_sau(self) -> list[int]:
        """Return how many days after the due day people are reminded."""
        return _days(self.cleaned_data["nhac_sau"])

    def clean(self) -> dict[str, Any]:
        """Ask for what a frequency needs."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("bao_lau") == Often.TERM and not given.get("nhiem_ky"):
            self.add_error("nhiem_ky", _("Hãy chọn nhiệm kỳ."))
        once = given.get("bao_lau") == Often.ONCE
        if once and not given.get("mot_ky") and "mot_ky" not in self.errors:
            self.add_error("mot_ky", _("Hãy chọn kỳ số liệu."))
        return given

    def reporters(self) -> dict[str, Any]:
        """Return who reports, as data."""
        superior = {"to": "superior"} if self.cleaned_data["cap_tren"] else {}
        return super().reporters() | superior


class Drafting:
    """The page as a whole: the form, and a form for every rule of a day."""

    def __init__(self, actor: Actor, data: Any = None, kept: Any = None, *,
                 today: date) -> None:
        """Ask anew, or with an obligation `kept` as it stands; `data` is what was typed."""
        self.kept = kept
        schedule = kept.schedule if kept else {}
        window = schedule.get("window") or {}
        rules = {**schedule, "window_from": window.get("from"), "window_to": window.get("to")}
        self.form = ObligationForm(data, actor=actor, today=today, initial=_initial(actor, kept))
        self.rules = [
            DayRuleForm(data, name=name, edges=edges, kept=rules.get(name))
            for name, (_words, edges) in RULES.items()
        ]
        self.stages = StageRows(actor, data, kept.stages if kept else ())

    @property
    def due(self) -> tuple[Any, DayRuleForm]:
        """Return the rule of the due day with its words: it is asked first."""
        return RULES["due"][0], self.rules[0]

    @property
    def further(self) -> list[tuple[Any, DayRuleForm]]:
        """Return the other rules with their words."""
        return [(RULES[rule.name][0], rule) for rule in self.rules[1:]]

    @property
    def opened(self) -> bool:
        """Tell whether another rule than the due day's is in use, or has an error."""
        return any(rule.way or (rule.is_bound and rule.errors) for rule in self.rules[1:])

    def is_valid(self) -> bool:
        """Tell whether everything was filled in; all errors are shown at once."""
        asked: list[Any] = [self.form, self.stages, *self.rules]
        return all([each.is_valid() for each in asked])  # noqa: C419

    def errors(self) -> list[dict[str, str]]:
        """Return what is wrong in the rules and the stages, for the summary."""
        return [*(
            {"href": f"#id_{rule.name}", "text": f"{RULES[rule.name][0]}: {text}"}
            for rule in self.rules if rule.is_bound
            for texts in rule.errors.values() for text in texts
        ), *(self.stages.errors() if self.form.is_bound else ())]

    def schedule(self) -> dict[str, Any]:
        """Return how often and by which days, as data."""
        given = self.form.cleaned_data
        rules = {rule.name: rule.cleaned_data["rule"] for rule in self.rules}
        window = {
            edge: rules[f"window_{edge}"] for edge in ("from", "to") if rules[f"window_{edge}"]}
        found: dict[str, Any] = {"frequency": given["bao_lau"]}
        if given["bao_lau"] == Often.TERM:
            found |= {"first": given["nhiem_ky"], "every": self._every()}
            window = _whole_term(found["every"]) | window
        if given["bao_lau"] == Often.ONCE:
            found["period"] = given["mot_ky"].strip()
        found |= {"window": window} if window else {}
        return found | {
            name: rules[name] for name in ("opens", "due", "closes") if rules[name]}

    def _every(self) -> int:
        return int(self.kept.schedule.get("every", 5)) if self.kept else 5

    def terms(self) -> Terms:
        """Return what the obligation says."""
        given = self.form.cleaned_data
        reminders = {"before": given["nhac_truoc"], "after": given["nhac_sau"]}
        if given["bao_cap_tren"] is not None:
            reminders["escalate_after"] = given["bao_cap_tren"]
        return Terms(
            form=given["bieu"], receiver=given["nhan"], title_vi=given["ten"],
            legal_basis=given["can_cu"], reporters=self.form.reporters(),
            schedule=self.schedule(), reminders=reminders,
            stages=self.stages.stages(), illustrative=given["minh_hoa"],
        )


def _terms(today: date, kept: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return first years of terms, each with its years as people say them."""
    near = range(today.year - _TERM, today.year + _TERM + 1)
    years = {*near, kept.get("nhiem_ky") or today.year}
    told = kept.get("nhiem_ky_ten") or {}
    return [
        (year, told.get(year) or f"{year}–{year + _TERM - 1}")
        for year in sorted(years, reverse=True)
    ]


def _whole_term(every: int) -> dict[str, Any]:
    """Return the window of a term where none is set: all its years, not only the first."""
    return {"from": {"day": 1, "month": 1, "years": 0},
            "to": {"day": 31, "month": 12, "years": every - 1}}


def _initial(actor: Actor, kept: Any) -> dict[str, Any]:
    if kept is None:
        own = next((unit.code for unit in receivers(actor) if unit.path == actor.unit_path), "")
        return {"nhan": own, "ai": "commune", "bao_lau": "A", **_reminders(_USUAL_REMINDERS)}
    named = kept.reporters.get("units") or []
    names = {
        unit.code: unit.name for unit in organisations.units(actor).filter(code__in=named)}
    return {
        "ten": kept.title_vi, "bieu": kept.form.identifier, "can_cu": kept.legal_basis,
        "nhan": kept.receiver.code, "ai": NAMED if named else kept.reporters.get("kind", ""),
        "don_vi": "\n".join(names.get(code, code) for code in named),
        "cap_tren": kept.reporters.get("to") == "superior",
        "bao_lau": kept.schedule.get("frequency", ""), "nhiem_ky": kept.schedule.get("first"),
        "nhiem_ky_ten": _first_term(kept), "mot_ky": kept.schedule.get("period", ""),
        "minh_hoa": kept.illustrative,
        **_reminders(kept.reminders),
    }


def _first_term(kept: Any) -> dict[int, str]:
    """Return the first year of a kept term with its years, which its window may set."""
    schedule = Schedule.parse(kept.schedule)
    if schedule.often is not Often.TERM:
        return {}
    period = Period(Frequency.YEAR, schedule.first)
    facts = schedule.called(schedule.days(period, organisations.calendar())).facts
    return {schedule.first: "{first}–{last}".format(**facts)}


def _reminders(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "nhac_truoc": ", ".join(map(str, kept.get("before", ()))),
        "nhac_sau": ", ".join(map(str, kept.get("after", ()))),
        "bao_cap_tren": kept.get("escalate_after"),
    }
