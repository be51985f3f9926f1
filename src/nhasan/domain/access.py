"""Who may do what, over which branches of the organisation tree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nhasan.domain.problems import Forbidden, phrase


class Permission(StrEnum):
    """A kind of act; a role is a set of them."""

    READ = "read"
    ENTER = "enter"
    REVIEW = "review"
    MANAGE = "manage"
    PUBLISH = "publish"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions, with words for people."""

    id: str
    name: str
    description: str
    permissions: frozenset[Permission]


ROLES = {
    role.id: role
    for role in (
        Role("reader", phrase("Người xem"),
             phrase("Xem báo cáo và số liệu của đơn vị và các đơn vị trực thuộc."),
             frozenset({Permission.READ})),
        Role("enterer", phrase("Người nhập"),
             phrase("Nhập, tải lên và gửi báo cáo của đơn vị và các đơn vị trực thuộc."),
             frozenset({Permission.READ, Permission.ENTER})),
        Role("reviewer", phrase("Người duyệt"),
             phrase("Duyệt hoặc trả lại báo cáo gửi đến đơn vị mình."),
             frozenset({Permission.READ, Permission.REVIEW})),
        Role("manager", phrase("Người quản lý chỉ tiêu và biểu mẫu"),
             phrase("Soạn và ban hành bộ chỉ tiêu, biểu mẫu, mở kỳ báo cáo."),
             frozenset({Permission.READ, Permission.MANAGE})),
        Role("publisher", phrase("Người công bố"),
             phrase("Tổng hợp số liệu đã duyệt và công bố."),
             frozenset({Permission.READ, Permission.PUBLISH})),
        Role("administrator", phrase("Người quản trị"),
             phrase("Quản lý đơn vị, tài khoản và phân vai."),
             frozenset({Permission.READ, Permission.ADMINISTER})),
    )
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of branches: paths of organisation units, each ending in `/`."""

    paths: frozenset[str]

    def covers(self, path: str) -> bool:
        """Tell whether the unit with that path lies in the scope."""
        return any(path.startswith(own) for own in self.paths)


    def names(self, path: str) -> bool:
        """Tell whether the unit itself is named, not only one above it."""
        return path in self.paths or "/" in self.paths


EVERYTHING = Scope(frozenset({"/"}))


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over one branch."""

    role: str
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts: a person with grants, or the house itself (the clock)."""

    id: str
    name: str
    unit_path: str = ""
    grants: tuple[Grant, ...] = ()
    is_house: bool = False

    @classmethod
    def house(cls, step: str) -> Actor:
        """Return the actor of a step of the pulse or of a command; it may do everything."""
        return cls(id=f"house:{step}", name="Hệ thống", unit_path="/", is_house=True)

    def may(self, permission: Permission) -> Scope:
        """Return the branches over which the actor holds the permission; may be none."""
        if self.is_house:
            return EVERYTHING
        return Scope(frozenset(
            grant.path for grant in self.grants
            if permission in ROLES[grant.role].permissions
        ))

    def can(self, permission: Permission) -> bool:
        """Tell whether the actor holds the permission anywhere."""
        return bool(self.may(permission).paths)

    def require(self, permission: Permission) -> Scope:
        """Return the scope of a permission, or refuse when it is held nowhere."""
        scope = self.may(permission)
        if not scope.paths:
            raise Forbidden()
        return scope

    def require_root(self, permission: Permission) -> None:
        """Refuse unless the permission is held over a whole house (a root of the tree)."""
        scope = self.may(permission)
        if not any(path.count("/") <= 2 for path in scope.paths):
            raise Forbidden()
