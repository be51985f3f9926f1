"""Who may do what, in words: what a person may do and where, and what not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nhasan.domain.access import ROLES, Permission

_MAY = {
    Permission.READ: gettext_lazy("Xem báo cáo và số liệu"),
    Permission.ENTER: gettext_lazy("Nhập, tải lên và gửi báo cáo"),
    Permission.REVIEW: gettext_lazy("Duyệt hoặc trả lại báo cáo"),
    Permission.MANAGE: gettext_lazy("Soạn biểu mẫu và chỉ tiêu, giao báo cáo, mở và khoá kỳ"),
    Permission.PUBLISH: gettext_lazy("Tổng hợp và công bố số liệu"),
    Permission.ADMINISTER: gettext_lazy("Lập tài khoản, giao vai trò, quản lý đơn vị"),
}


@dataclass(frozen=True, slots=True)
class Power:
    """One kind of work, where it may be done, and by which roles."""

    may: str
    units: tuple[str, ...]
    roles: tuple[str, ...]


def powers_of(held: Sequence[tuple[str, str]]) -> tuple[list[Power], list[str]]:
    """Return what roles (id, unit's name) allow, and the kinds of work that they do not."""
    found, missing = [], []
    for permission, words in _MAY.items():
        giving = [(role, unit) for role, unit in held if permission in ROLES[role].permissions]
        if giving:
            found.append(Power(
                str(words), tuple(dict.fromkeys(unit for _role, unit in giving)),
                tuple(dict.fromkeys(_(ROLES[role].name) for role, _unit in giving)),
            ))
        else:
            missing.append(str(words))
    return found, missing
