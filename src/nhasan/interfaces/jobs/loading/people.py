"""The accounts of the demonstration. They exist only where the demonstration was loaded."""

from __future__ import annotations

from dataclasses import dataclass

from nhasan.domain.access import Actor
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.organisations import operations, queries

PASSWORD = "thu-nghiem-nha-san"  # noqa: S105 (printed on purpose: the demonstration is open)
MINISTRY = "bo-dttg"
PROVINCE = "so-dttg-19"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account: its name, unit, roles, and what a visitor can try with it."""

    username: str
    name: str
    unit: str
    roles: tuple[str, ...]
    can: str
    shown: bool = True


COMMUNES = (
    ("xa-ba-be", "xã Ba Bể", "xem việc phải làm, nhập bảng, gửi báo cáo"),
    ("xa-cho-ra", "xã Chợ Rã", "báo cáo đang nhập dở, để hai người cùng thử"),
    ("xa-thanh-mai", "xã Thanh Mai", "báo cáo bị trả lại, sửa theo từng lý do"),
)
"""Communes whose officers visitors can be: account, short name of the unit, what to try."""
SHOWN = (
    DemoAccount("xa-ba-be-lanh-dao", "Lãnh đạo xã Ba Bể", "xa-01906", ("reviewer", "reader"),
                "xã Ba Bể: duyệt báo cáo của xã trước khi gửi Sở"),
    DemoAccount("tinh-nhap", "Cán bộ tổng hợp của Sở", PROVINCE, ("enterer",),
                "tỉnh Thái Nguyên: tải biểu Excel lên, gửi báo cáo cho Bộ"),
    DemoAccount("tinh-duyet", "Người duyệt của Sở", PROVINCE, ("reviewer",),
                "tỉnh Thái Nguyên: bảng tiến độ 92 xã, duyệt, trả lại"),
    DemoAccount("tinh-quan-ly", "Người quản lý biểu mẫu của Sở", PROVINCE, ("manager",),
                "tỉnh Thái Nguyên: mở kỳ báo cáo"),
    DemoAccount("tinh-quan-tri", "Quản trị của Sở", PROVINCE, ("administrator",),
                "tỉnh Thái Nguyên: đơn vị, tài khoản, phân vai"),
    DemoAccount("bo-duyet", "Người duyệt của Bộ", MINISTRY, ("reviewer",),
                "Bộ: duyệt báo cáo của các tỉnh"),
    DemoAccount("bo-chi-tieu", "Người quản lý chỉ tiêu của Bộ", MINISTRY, ("manager",),
                "Bộ: bộ chỉ tiêu, biểu mẫu, danh mục, kỳ báo cáo"),
    DemoAccount("bo-cong-bo", "Người soạn bản công bố", MINISTRY, ("publisher",),
                "Bộ: tổng hợp, soạn bản công bố"),
    DemoAccount("bo-phe-duyet", "Người phê duyệt công bố", MINISTRY, ("publisher", "reader"),
                "Bộ: phê duyệt và thu hồi bản công bố"),
    DemoAccount("bo-nhap", "Cán bộ tổng hợp của Bộ", MINISTRY, ("enterer",),
                "Bộ: nhập số liệu toàn quốc"),
    DemoAccount("bo-quan-tri", "Quản trị hệ thống", MINISTRY, ("administrator",),
                "Bộ: đơn vị, tài khoản, phân vai, nhật ký"),
    DemoAccount("bo-xem", "Lãnh đạo", MINISTRY, ("reader",), "Bộ: chỉ xem"),
)
_DEPARTMENT = DemoAccount("so-gddt", "Cán bộ thống kê Sở Giáo dục và Đào tạo", "so-gddt-19",
                          ("enterer",), "sở, ngành của tỉnh Thái Nguyên: báo cáo của sở")


def accounts(load: Load) -> tuple[DemoAccount, ...]:
    """Return every account of the demonstration, those shown to visitors first."""
    facts = load.json("organisations.json")["units"]
    communes = [unit for unit in facts if unit["kind"] == "commune"]
    named = {unit["short_name"]: unit["key"] for unit in communes}
    shown = [
        *(DemoAccount(username, f"Cán bộ thống kê {place}", named[place], ("enterer",),
                      f"{place}: {can}")
          for username, place, can in COMMUNES),
        *SHOWN,
    ]
    taken = {PROVINCE, *(found.unit for found in shown)}
    if any(unit["key"] == _DEPARTMENT.unit for unit in facts):
        shown.append(_DEPARTMENT)
    hidden = [
        DemoAccount(f"nhap-{unit['key']}", f"Cán bộ thống kê, {unit['short_name']}"[:120],
                    unit["key"], ("enterer",), "", shown=False)
        for unit in facts
        if unit["kind"] in ("commune", "focal") and unit["key"] not in taken
    ]
    return (*shown, *hidden)


def open_accounts(load: Load) -> dict[str, Actor]:
    """Open the accounts with their roles; return the first enterer's actor of each unit.

    Accounts that are not shown have no password: an administrator may set one.
    """
    known = {
        person.username: person
        for person in queries.people(load.actor, on=load.today, search="")
    }
    for found in accounts(load):
        if found.username in known:
            continue
        user = operations.open_account(
            actor=load.actor, username=found.username, name=found.name, unit=found.unit,
            password=PASSWORD if found.shown else None, must_change_password=False, at=load.at,
        )
        for role in found.roles:
            operations.assign_role(
                actor=load.actor, user=user.pk, role=role, unit=found.unit,
                valid_from=load.today, at=load.at,
            )
        if found.shown:  # an address that nobody has: its letters are kept on a page
            operations.set_mail(
                actor=queries.actor_for(user, load.today), wants_mail=True, at=load.at,
                email=f"{found.username}@example.com",
            )
    load.tell(f"{len(accounts(load))} tài khoản thử")
    return actors(load)


def actors(load: Load) -> dict[str, Actor]:
    """Return username → actor of the demonstration's accounts."""
    found = {}
    for account in accounts(load):
        actor = queries.actor_named(account.username, load.today)
        if actor is not None:
            found[account.username] = actor
    return found
