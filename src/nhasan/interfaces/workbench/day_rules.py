"""How a day of a round is found, asked in sentences instead of code, and read back from data.

Every shape of `domain/day_rules.py` has its sentence, so whatever is kept can be edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhasan.domain.day_rules import EDGES, EVENT
from nhasan.interfaces.workbench.days import DayField, day_of

EVENT_EDGE = "su-kien"
_WAYS = {
    "": gettext_lazy("Theo mặc định"), "dem": gettext_lazy("Đếm ngày từ một mốc"),
    "thang": gettext_lazy("Ngày của một tháng"), "nam": gettext_lazy("Ngày, tháng hằng năm"),
    "ngay": gettext_lazy("Một ngày đã định"),
}
_MONTHS = {
    "end:0": gettext_lazy("tháng cuối kỳ"), "end:1": gettext_lazy("tháng liền sau kỳ"),
    "end:2": gettext_lazy("tháng thứ hai sau kỳ"), "start:0": gettext_lazy("tháng đầu kỳ"),
    "start:-1": gettext_lazy("tháng liền trước kỳ"),
}
_YEARS = {
    "0": gettext_lazy("của năm trong kỳ"), "1": gettext_lazy("của năm sau"),
    "-1": gettext_lazy("của năm trước"),
}
_MOST = 999
_LAST_DAY = 31


def _short(label: Any, **attributes: Any) -> dict[str, Any]:
    return {"aria-label": label, "class": "gon", "autocomplete": "off", **attributes}


class DayRuleForm(forms.Form):
    """One rule: which way the day is told, and the blanks of each sentence."""

    cach = forms.ChoiceField(choices=list(_WAYS.items()), required=False)
    so = forms.IntegerField(
        label=gettext_lazy("Số ngày"), required=False, min_value=0, max_value=_MOST,
        widget=forms.TextInput(_short(gettext_lazy("Số ngày"), inputmode="numeric", size=3)))
    loai = forms.ChoiceField(
        required=False, choices=[("lam-viec", gettext_lazy("ngày làm việc")),
                                 ("lich", gettext_lazy("ngày (tính cả ngày nghỉ)"))],
        widget=forms.Select(_short(gettext_lazy("Loại ngày"))))
    huong = forms.ChoiceField(
        required=False, choices=[("sau", gettext_lazy("sau")), ("truoc", gettext_lazy("trước"))],
        widget=forms.Select(_short(gettext_lazy("Trước hay sau mốc"))))
    moc = forms.ChoiceField(
        required=False, widget=forms.Select(_short(gettext_lazy("Mốc"))))
    su_kien = forms.CharField(
        label=gettext_lazy("Sự kiện"), required=False, max_length=40,
        widget=forms.TextInput(_short(
            gettext_lazy("Tên sự kiện"), size=24, placeholder=gettext_lazy("tên sự kiện"))))
    ngay = forms.IntegerField(
        label=gettext_lazy("Ngày"), required=False, min_value=1, max_value=_LAST_DAY,
        widget=forms.TextInput(
            _short(gettext_lazy("Ngày trong tháng"), inputmode="numeric", size=2)))
    thang = forms.ChoiceField(
        required=False, widget=forms.Select(_short(gettext_lazy("Tháng nào"))))
    ngay_thang = forms.CharField(
        label=gettext_lazy("Ngày, tháng"), required=False, max_length=5,
        widget=forms.TextInput(
            _short(gettext_lazy("Ngày và tháng, ví dụ 15/12"), size=5, placeholder="15/12")))
    nam = forms.ChoiceField(
        required=False, widget=forms.Select(_short(gettext_lazy("Năm nào"))))
    mot_ngay = DayField(
        label=gettext_lazy("Ngày đã định"), required=False,
        )
    doi = forms.BooleanField(
        label=gettext_lazy("Rơi vào ngày nghỉ thì chuyển sang ngày làm việc tiếp theo"),
        required=False)

    def __init__(self, *given: Any, name: str, edges: tuple[str, ...], kept: Any = None,
                 **wanted: Any) -> None:
        """Ask for the rule `name`; it may count from these edges. `kept` is a rule as data."""
        self.name, self.kept = name, kept or {}
        wanted |= {"initial": _blanks(self.kept, name), "prefix": name}
        super().__init__(*given, **wanted)
        offered: Any = self.fields
        offered["moc"].choices = [
            *((edge, _(EDGES[edge])) for edge in edges),
            (EVENT_EDGE, gettext_lazy("sự kiện (ghi tên bên cạnh)"))]
        offered["thang"].choices = _with(_MONTHS, self.initial.get("thang"))
        offered["nam"].choices = _with(_YEARS, self.initial.get("nam"))
        offered["mot_ngay"].widget.attrs |= _short(gettext_lazy("Ngày đã định"), size=10)

    @property
    def way(self) -> str:
        """Return which way is chosen on the page."""
        if self.is_bound:
            return str(self.data.get(self.add_prefix("cach"), ""))
        return str(self.initial.get("cach", ""))

    def clean(self) -> dict[str, Any]:
        """Check that the chosen sentence has no blank left, and put the rule together."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            given["rule"] = _READ[given.get("cach") or ""](self, given)
        return given

    def counted(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rule that counts days from an edge or an event."""
        number = given["so"]
        if number is None:
            self.add_error("so", _("Hãy ghi số ngày."))
        event = " ".join(given["su_kien"].split())
        if given["moc"] == EVENT_EDGE and not event:
            self.add_error("su_kien", _("Hãy ghi tên sự kiện, ví dụ: văn bản chỉ đạo."))
        kind = "working_days" if given["loai"] == "lam-viec" else "days"
        count = (number or 0) * (-1 if given["huong"] == "truoc" else 1)
        origin = f"{EVENT}{event}" if given["moc"] == EVENT_EDGE else given["moc"]
        return self._moving({"from": origin, kind: count})

    def of_month(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rule that names a day of a month counted from the period."""
        day = given["ngay"]
        if day is None:
            self.add_error("ngay", _("Hãy ghi ngày trong tháng, từ 1 đến 31."))
        side, months = (given["thang"] or "end:0").split(":")
        return self._moving({"day": day, "of": side, "months": int(months)})

    def of_year(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rule that names a day and a month of every year."""
        day = day_of(f"{given['ngay_thang']}/2000")
        if day is None:
            self.add_error("ngay_thang", _("Hãy ghi ngày và tháng, ví dụ 15/12."))
            return {}
        return self._moving({"day": day.day, "month": day.month, "years": int(given["nam"] or 0)})

    def one_day(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rule that names one date."""
        day: date | None = given["mot_ngay"]
        if day is None:
            self.add_error("mot_ngay", _("Hãy ghi ngày, ví dụ 30/06/2025."))
            return {}
        return self._moving({"date": day.isoformat()})

    def usual(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return no rule: the schedule's own default."""
        if self.name == "due":
            self.add_error("cach", _("Hãy chọn cách tính hạn gửi."))
        return {}

    def _moving(self, rule: dict[str, Any]) -> dict[str, Any]:
        """Add whether the day moves on from a day off, where that is not what is usual."""
        moves, usual = bool(self.cleaned_data.get("doi")), self.name == "due"
        if moves != usual:
            rule["moves"] = moves
        return rule


_READ = {
    "": DayRuleForm.usual, "dem": DayRuleForm.counted, "thang": DayRuleForm.of_month,
    "nam": DayRuleForm.of_year, "ngay": DayRuleForm.one_day,
}


def _with(known: Mapping[str, Any], kept: Any) -> list[tuple[str, Any]]:
    """Return the choices, and the one that is kept when it is none of them."""
    found = list(known.items())
    if kept and kept not in known:
        found.append((kept, _("như đang áp dụng ({kept})").format(kept=kept)))
    return found


def _blanks(rule: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a rule kept as data as the blanks of its sentence."""
    moves = {"doi": rule.get("moves", name == "due")}
    if "from" in rule:
        return moves | _counted_blanks(rule)
    if "date" in rule:
        return moves | {"cach": "ngay", "mot_ngay": date.fromisoformat(rule["date"])}
    if "of" in rule:
        return moves | {"cach": "thang", "ngay": rule["day"],
                        "thang": f"{rule['of']}:{rule.get('months', 0)}"}
    if "month" in rule:
        return moves | {"cach": "nam", "ngay_thang": f"{rule['day']:02}/{rule['month']:02}",
                        "nam": str(rule.get("years", 0))}
    return moves | {"cach": "dem" if name == "due" else "", "moc": "window_end"}


def _counted_blanks(rule: Mapping[str, Any]) -> dict[str, Any]:
    origin = str(rule["from"])
    working = "working_days" in rule
    count = int(rule.get("working_days", rule.get("days", 0)))
    event = origin.removeprefix(EVENT) if origin.startswith(EVENT) else ""
    return {
        "cach": "dem", "so": abs(count), "loai": "lam-viec" if working else "lich",
        "huong": "truoc" if count < 0 else "sau", "moc": EVENT_EDGE if event else origin,
        "su_kien": event,
    }
