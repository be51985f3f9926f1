"""How a dataflow is added up and protected: asked, looked at once more, decided with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from nhasan.domain.access import Permission
from nhasan.domain.problems import Forbidden, NotFound, Problem
from nhasan.domain.protection_policy import DisclosurePolicy as Policy
from nhasan.interfaces.http import Request, said
from nhasan.interfaces.workbench.cubes import level_words
from nhasan.metadata import queries as metadata
from nhasan.processing import operations
from nhasan.processing import queries as processing

STEPS = (
    ("commune", "district"), ("commune", "province"), ("district", "province"),
    ("province", "region"), ("region", "country"), ("province", "country"),
)
"""The steps up the map, in the order in which they are taken."""
_LEAP_YEAR = 2024


class DayOfYearField(forms.CharField):
    """A day without a year, typed as day/month; kept as month-day."""

    def clean(self, value: Any) -> str:
        """Return `04-01` for what was typed as 1/4, or nothing."""
        text: str = super().clean(value).strip()
        if not text:
            return ""
        day, _slash, month = text.partition("/")
        try:
            found = date(_LEAP_YEAR, int(month), int(day))
        except ValueError as wrong:
            raise forms.ValidationError(
                _("Ngày chưa đọc được. Hãy viết ngày/tháng, ví dụ 01/04.")) from wrong
        return f"{found:%m-%d}"


class DecisionForm(forms.Form):
    """What is decided about a dataflow."""

    cap = forms.MultipleChoiceField(
        label=gettext_lazy("Cộng lên cấp trên"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Đơn vị cấp dưới báo cáo thì cấp trên là tổng của cấp dưới. Không chọn gì thì chỉ "
            "công bố đúng cấp đã báo cáo."),
    )
    ban_do = DayOfYearField(
        label=gettext_lazy("Cộng theo bản đồ hành chính ngày"), required=False, max_length=5,
        help_text=gettext_lazy(
            "Viết ngày/tháng, ví dụ 01/04. Bỏ trống thì lấy ngày cuối của kỳ số liệu."),
    )
    phan_to = forms.MultipleChoiceField(
        label=gettext_lazy("Cộng thành dòng tổng số theo phân tổ"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Không chọn gì thì cộng mọi phân tổ có danh mục mã."),
    )
    cach = forms.ChoiceField(
        label=gettext_lazy("Cách bảo mật"), widget=forms.RadioSelect,
        choices=[
            ("nguong", gettext_lazy("Ẩn số đếm nhỏ hơn một ngưỡng")),
            ("cong_khai", gettext_lazy("Không ẩn: số liệu đã công khai ở nơi khác")),
        ],
        error_messages={"required": gettext_lazy("Hãy chọn một cách bảo mật.")},
    )
    nguong = forms.IntegerField(
        label=gettext_lazy("Ngưỡng"), required=False, min_value=2, max_value=1000,
        help_text=gettext_lazy(
            "Ví dụ 5: ô từ 1 đến 4 không hiện, và ẩn thêm để không tính ngược được."),
        error_messages={
            "invalid": gettext_lazy("Ngưỡng là một số nguyên, ví dụ 5."),
            "min_value": gettext_lazy("Ngưỡng từ 2 trở lên."),
        },
    )
    an_theo = forms.MultipleChoiceField(
        label=gettext_lazy("Chỉ ẩn ô phân tổ theo"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Không chọn gì thì xét mọi ô, kể cả ô tổng số."),
    )
    chi_tieu = forms.MultipleChoiceField(
        label=gettext_lazy("Chỉ ẩn số của những chỉ tiêu"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Không chọn gì thì xét mọi số đếm của bộ dữ liệu."),
    )
    hien_khong = forms.BooleanField(
        label=gettext_lazy("Vẫn hiện số 0 (không có ai)"), required=False,
    )
    khoang = forms.IntegerField(
        label=gettext_lazy("Khoảng phải còn lại quanh một số ẩn"), required=False, min_value=1,
        max_value=100_000,
        help_text=gettext_lazy(
            "Người đọc ghép mọi số hiện ra vẫn không đoán được số ẩn trong khoảng hẹp hơn thế. "
            "Bỏ trống: số ẩn còn có thể là mọi số dưới ngưỡng."),
        error_messages={
            "invalid": gettext_lazy("Khoảng là một số nguyên, ví dụ 4."),
            "min_value": gettext_lazy("Khoảng từ 1 trở lên."),
        },
    )
    phan_tram = forms.IntegerField(
        label=gettext_lazy("và ít nhất bao nhiêu phần trăm của số ẩn"), required=False,
        min_value=0, max_value=200,
        help_text=gettext_lazy("Cho những số lớn cũng phải ẩn. Bỏ trống thì không xét."),
        error_messages={
            "invalid": gettext_lazy("Phần trăm là một số nguyên, ví dụ 20."),
        },
    )
    nguon = forms.CharField(
        label=gettext_lazy("Nguồn đã công khai"), required=False, max_length=500,
        help_text=gettext_lazy(
            "Ghi khi chọn không ẩn: cơ quan nào đã công bố, ở đâu, đến mức nào."),
    )
    ly_do = forms.CharField(
        label=gettext_lazy("Lý do, văn bản căn cứ"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Hãy ghi lý do hoặc văn bản căn cứ.")},
        help_text=gettext_lazy("Ai xem bộ dữ liệu cũng đọc được."),
    )

    def __init__(self, *given: Any, flow: Any, **wanted: Any) -> None:
        super().__init__(*given, **wanted)
        self.dimensions = metadata.dimensions(flow)
        named = metadata.indicators_by_ref(flow.indicators)
        choices = {
            "cap": [(_step(pair), _step_words(pair)) for pair in STEPS],
            "phan_to": [(each.id, each.name_vi) for each in self.dimensions],
            "an_theo": [(each.id, each.name_vi) for each in self.dimensions],
            "chi_tieu": [(ref, named[ref].name_vi if ref in named else ref)
                         for ref in flow.indicators],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
            if not options:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way of protecting needs."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("cach") == "nguong" and "nguong" not in self.errors and not given["nguong"]:
            self.add_error("nguong", _("Hãy ghi ngưỡng, ví dụ 5."))
        if given.get("cach") == "cong_khai" and not given.get("nguon"):
            self.add_error("nguon", _("Hãy ghi nguồn đã công khai số liệu này."))
        return given


def _step(pair: Sequence[str]) -> str:
    return ">".join(pair)


def _step_words(pair: Sequence[str]) -> str:
    lower, upper = pair
    return _("từ {lower} lên {upper}").format(
        lower=level_words(lower).lower(), upper=level_words(upper).lower())


@dataclass(frozen=True, slots=True)
class Decision:
    """The two things that are decided, as the operations take them."""

    plan: Mapping[str, Any]
    policy: Mapping[str, Any]


def _present(identifier: str) -> Decision:
    """Return what is decided now; a dataflow without a policy has an empty one."""
    recipe = processing.recipe(identifier).to_json()
    try:
        kept = processing.policy(identifier).policy
    except Problem:
        kept = {}
    return Decision(recipe, kept)


def _wanted(form: DecisionForm, now: Decision) -> Decision:
    """Return what the form asks for; what it does not ask about stays as it is."""
    given = form.cleaned_data
    parts = dict(now.plan["totals"])
    open_now = given["cach"] == "cong_khai"
    return Decision(
        {**now.plan, "on": given["ban_do"],
         "levels": [list(pair) for pair in STEPS if _step(pair) in given["cap"]],
         "totals": [[name, parts.get(name, [])] for name in given.get("phan_to", ())]},
        {"public": given["nguon"] if open_now else "",
         "threshold": 0 if open_now else given["nguong"],
         "indicators": [] if open_now else sorted(given.get("chi_tieu", ())),
         "dimensions": [] if open_now else sorted(given.get("an_theo", ())),
         "zero_allowed": True if open_now else given["hien_khong"],
         "interval": 0 if open_now else given["khoang"] or 0,
         "share": 0 if open_now else given["phan_tram"] or 0,
         "limits": [] if open_now else now.policy.get("limits", [])},
    )


def _initial(now: Decision) -> dict[str, Any]:
    month, _dash, day = now.plan["on"].partition("-")
    kept = now.policy
    return {
        "cap": [_step(pair) for pair in now.plan["levels"]],
        "ban_do": f"{day}/{month}" if month else "",
        "phan_to": [name for name, _parts in now.plan["totals"]],
        "cach": "" if not kept else "cong_khai" if kept["public"] else "nguong",
        "nguong": kept.get("threshold") or None, "an_theo": kept.get("dimensions", ()),
        "chi_tieu": kept.get("indicators", ()), "nguon": kept.get("public", ""),
        "hien_khong": kept.get("zero_allowed", True),
        "khoang": kept.get("interval") or None, "phan_tram": kept.get("share") or None,
    }


def adding_up(flow: Any) -> list[tuple[str, str]]:
    """Return how a dataflow is added up, in words, one line a matter."""
    names = {each.id: each.name_vi for each in metadata.dimensions(flow)}
    return _plan_lines(names, processing.recipe(flow.identifier).to_json())


def _plan_lines(names: Mapping[str, str], plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    month, _dash, day = plan["on"].partition("-")
    return [
        (_("Cộng lên cấp trên"),
         "; ".join(_step_words(pair) for pair in plan["levels"]) or _("không cộng")),
        (_("Bản đồ hành chính"),
         f"{day}/{month}" if month else _("ngày cuối của kỳ số liệu")),
        (_("Dòng tổng số theo phân tổ"),
         "; ".join(names.get(name, name) for name, _parts in plan["totals"])
         or _("mọi phân tổ có danh mục mã")),
    ]


def _policy_lines(names: Mapping[str, str], kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not kept:
        return [(_("Cách bảo mật"), _("chưa có"))]
    if kept["public"]:
        return [(_("Cách bảo mật"), _("không ẩn ô nào")),
                (_("Nguồn đã công khai"), kept["public"])]
    indicators = metadata.indicators_by_ref(kept.get("indicators", ()))
    return [
        (_("Cách bảo mật"),
         _("ẩn số đếm nhỏ hơn {threshold}").format(threshold=kept["threshold"])),
        (_("Ẩn ô phân tổ theo"),
         "; ".join(names.get(name, name) for name in kept.get("dimensions", ()))
         or _("mọi ô, kể cả ô tổng số")),
        (_("Ẩn số của chỉ tiêu"),
         "; ".join(found.name_vi for found in indicators.values()) or _("mọi số đếm")),
        (_("Số 0"), _("vẫn hiện") if kept.get("zero_allowed", True) else _("cũng ẩn")),
        (_("Khoảng phải còn lại quanh một số ẩn"), _room_words(kept)),
    ]


def _room_words(kept: Mapping[str, Any]) -> str:
    """Return how wide readers' guesses of a hidden number must stay."""
    least = (_("từ {n} trở lên").format(n=kept["interval"]) if kept.get("interval")
             else _("mọi số dưới ngưỡng"))
    if not kept.get("share"):
        return least
    return _("{least}, và ít nhất {share} % của số ẩn").format(least=least, share=kept["share"])


def _side_by_side(form: DecisionForm, now: Decision,
                  wanted: Decision) -> list[tuple[str, str, str]]:
    """Return (matter, now, from then on) for what changes."""
    names = {each.id: each.name_vi for each in form.dimensions}
    before, after = (
        dict([*_plan_lines(names, each.plan), *_policy_lines(names, each.policy)])
        for each in (now, wanted)
    )
    return [
        (matter, before.get(matter, "–"), after.get(matter, "–"))
        for matter in {**before, **after} if before.get(matter) != after.get(matter)
    ]


def _weaker(now: Decision, wanted: Decision) -> bool:
    """Tell whether something that is hidden now could be shown from then on."""
    old, new = now.policy, wanted.policy
    if not old or old["public"]:
        return False
    return bool(
        new["public"] or new["threshold"] < old["threshold"]
        or _narrower(new["indicators"], old.get("indicators", ()))
        or _narrower(new["dimensions"], old.get("dimensions", ()))
        or (new["zero_allowed"] and not old.get("zero_allowed", True))
        or _room(new) < _room(old) or new["share"] < old.get("share", 0)
    )


def _room(kept: Mapping[str, Any]) -> int:
    """Return the least width that is kept around a hidden count."""
    return Policy(
        threshold=kept["threshold"], indicators=frozenset({"*"}),
        zero_allowed=kept.get("zero_allowed", True), interval=kept.get("interval", 0),
    ).room(0)


def _narrower(new: Sequence[str], old: Sequence[str]) -> bool:
    """Tell whether a list leaves something out that was meant; an empty one means all."""
    return bool(new) and not set(old or ("*",)) <= set(new)


def may_decide(request: Request) -> bool:
    """Tell whether somebody may decide for the whole house how data are added up."""
    try:
        request.actor.require_root(Permission.PUBLISH)
    except Forbidden:
        return False
    return True


@require_http_methods(["GET", "POST"])
def decide(request: Request, identifier: str) -> HttpResponse:
    """Ask how a dataflow is added up and protected, show what changes, then decide it."""
    request.actor.require_root(Permission.PUBLISH)
    flow = metadata.dataflow(identifier)
    if flow is None:
        raise NotFound()
    now = _present(identifier)
    if request.method == "GET":
        return _ask(request, flow, DecisionForm(flow=flow, initial=_initial(now)))
    form = DecisionForm(request.POST, flow=flow)
    if not form.is_valid() or request.POST.get("buoc") == "sua":
        return _ask(request, flow, form)
    wanted = _wanted(form, now)
    changes = _side_by_side(form, now, wanted)
    if not changes:
        form.add_error(None, _("Chưa đổi gì so với cách đang áp dụng."))
        return _ask(request, flow, form)
    if request.POST.get("buoc") != "ghi":
        return render(request, "workbench/dataflow_decide_look.html", {
            "flow": flow, "form": form, "changes": changes, "first": not now.policy,
            "weaker": _weaker(now, wanted), "given": _given(request),
        })
    return _decide(request, flow, form, now, wanted)


def _given(request: Request) -> list[tuple[str, str]]:
    """Return what was typed, to be sent once more with the second look."""
    return [
        (name, value) for name, values in request.POST.lists() for value in values
        if name not in ("csrfmiddlewaretoken", "buoc")
    ]


def _ask(request: Request, flow: Any, form: DecisionForm) -> HttpResponse:
    recipe = processing.recipe(flow.identifier)
    names = metadata.indicators_by_ref([each[0] for each in recipe.derive])
    return render(request, "workbench/dataflow_decide.html", {
        "flow": flow, "form": form,
        "derived": [(names[ref].name_vi if ref in names else ref, formula)
                    for ref, formula, *_rest in recipe.derive],
    }, status=422 if form.errors else 200)


def _plainly(policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy as it compares with another: what it does not say is as usual."""
    usual = {"public": "", "threshold": 0, "zero_allowed": True, "interval": 0, "share": 0}
    return {
        **{name: policy.get(name, value) for name, value in usual.items()},
        **{name: sorted(policy.get(name, ())) for name in ("indicators", "dimensions")},
    }


def _decide(request: Request, flow: Any, form: DecisionForm, now: Decision,
            wanted: Decision) -> HttpResponse:
    facts = {"actor": request.actor, "dataflow": flow.identifier, "at": request.at,
             "reason": form.cleaned_data["ly_do"]}
    try:
        if _plainly(wanted.policy) != _plainly(now.policy):
            operations.set_policy(**facts, **wanted.policy)
        if wanted.plan != now.plan:
            operations.set_plan(**facts, **wanted.plan)
    except Problem as refused:
        form.add_error(None, said(refused))
        return _ask(request, flow, form)
    messages.success(request, _(
        "Đã ghi quyết định. Lượt tổng hợp từ bây giờ theo cách mới; những bản đã công bố không "
        "đổi."))
    return HttpResponseRedirect(reverse("workbench:dataflow", args=[flow.identifier]))


urlpatterns = [
    path("viec/cong-bo/bo/<str:identifier>/cach-lam/", decide, name="dataflow_decide"),
]
