"""Small worlds for tests, built through the same operations that people use.

`world()` gives a ministry, two provinces, three communes with their people, a form in force
with two tables, an open round and its assignments. Everything in it is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from nhasan.collection import operations as collection
from nhasan.collection.operations import Change, Terms
from nhasan.domain.access import Actor
from nhasan.metadata import operations as metadata
from nhasan.organisations import operations as organisations
from nhasan.organisations.queries import actor_for
from tests.replaying import replayed
from tests.sample import FORM

HANOI = timezone(timedelta(hours=7))
AT = datetime(2025, 11, 25, 9, 0, tzinfo=HANOI)
"""Tuesday morning, 25 November 2025: when everything happens unless a test says otherwise."""
TODAY = date(2025, 11, 25)
MAP_DAY = date(2025, 7, 1)
HOUSE = Actor.house("tests")
PASSWORD = "nha-san-bon-mai-2025"

INDICATORS = (
    ("01", "Số hộ dân cư", "hộ", 0, "sum"),
    ("02", "Số hộ dân tộc thiểu số", "hộ", 0, "sum"),
    ("03", "Số hộ nghèo", "hộ", 0, "sum"),
    ("05", "Số hộ của thôn", "hộ", 0, "sum"),
    ("06", "Thôn có nhà văn hoá", "", 0, "none"),
    ("07", "Diện tích đất sản xuất của thôn", "ha", 2, "sum"),
)

ANSWERS = {
    "ho/tay/tong": "62", "ho/tay/dtts": "61", "ho/tay/ngheo": "11",
    "ho/nung/tong": "48", "ho/nung/dtts": "48", "ho/nung/ngheo": "9",
    "ho/mong/tong": "71", "ho/mong/dtts": "70", "ho/mong/ngheo": "8",
    "thon/o1/ho": "44", "thon/o1/nha": "1", "thon/o1/dat": "12,5", "thon/o1/ghi_chu": "",
}
"""Right answers to `FORM`, once the village `o1` is named."""
VILLAGES = ({"id": "o1", "label": "Bó Lù"},)


@dataclass(frozen=True, slots=True)
class World:
    """What `world()` made. People are given as users; `actor()` says who they are."""

    round: Any
    report: Any
    other_report: Any
    officer: Any
    colleague: Any
    other_officer: Any
    reviewer: Any
    second_reviewer: Any
    manager: Any
    publisher: Any
    administrator: Any
    neighbour: Any


@replayed
def world(*, form: Mapping[str, Any] = FORM, due: date = date(2025, 11, 28),
          closes: date | None = None, period: str = "2025",
          password: str | None = None) -> World:
    """Return a small world with one open round; give a password to let people sign in."""
    units()
    country()
    indicators()
    publish(form)
    held = round_of(form, period=period, due=due, closes=closes)
    return World(
        round=held,
        report=give(held, "XA-BABE", "01900"), other_report=give(held, "XA-CHORA", "01903"),
        officer=person("xa-babe", "Hoàng Thị Mai", "XA-BABE", "enterer", password=password),
        colleague=person("xa-babe-2", "Nông Văn Bình", "XA-BABE", "enterer"),
        other_officer=person("xa-chora", "Lý A Páo", "XA-CHORA", "enterer"),
        reviewer=person("duyet-tn", "Dương Thu Hà", "SO-TN", "reviewer", password=password),
        second_reviewer=person("duyet-tn-2", "Ma Văn Khánh", "SO-TN", "reviewer"),
        manager=person("quan-ly-tn", "Trần Quốc Huy", "SO-TN", "manager", "reviewer"),
        publisher=person("cong-bo", "Đỗ Minh Châu", "BO", "publisher", password=password),
        administrator=person("quan-tri", "Phạm Anh Tú", "BO", "administrator"),
        neighbour=person("cao-bang", "Bế Thị Lan", "SO-CB", "enterer", "reviewer", "manager"),
    )


def units() -> None:
    """Open a ministry, two focal departments and three communes."""
    for code, name, kind, parent in (
        ("BO", "Bộ Dân tộc và Tôn giáo", "ministry", None),
        ("SO-TN", "Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên", "focal", "BO"),
        ("SO-CB", "Sở Dân tộc và Tôn giáo tỉnh Cao Bằng", "focal", "BO"),
        ("XA-BABE", "Xã Ba Bể", "commune", "SO-TN"),
        ("XA-CHORA", "Xã Chợ Rã", "commune", "SO-TN"),
        ("XA-CB", "Xã Bảo Lạc", "commune", "SO-CB"),
    ):
        organisations.open_unit(
            actor=HOUSE, code=code, name=name, short_name=name, kind=kind, parent=parent,
            opened=None, at=AT,
        )


def country() -> None:
    """Register two provinces and three communes on the map since 1 July 2025."""
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("country", "VN", "Nước", "Việt Nam"),
        NewArea("province", "19", "Tỉnh", "Thái Nguyên", "country", "VN", MAP_DAY),
        NewArea("province", "04", "Tỉnh", "Cao Bằng", "country", "VN", MAP_DAY),
        NewArea("commune", "01900", "Xã", "Ba Bể", "province", "19", MAP_DAY),
        NewArea("commune", "01903", "Xã", "Chợ Rã", "province", "19", MAP_DAY),
        NewArea("commune", "01500", "Xã", "Bảo Lạc", "province", "04", MAP_DAY),
    ])


def indicators() -> None:
    """Draft the indicator set THU and put it in force."""
    metadata.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="THU", version="1.0.0", name_vi="Bộ chỉ tiêu thử",
        source="thử", decision={}, completeness="", illustrative=True, at=AT,
        indicators=[
            {"key": key, "name_vi": name, "unit": unit, "decimals": decimals,
             "adds_over_area": adds}
            for key, name, unit, decimals, adds in INDICATORS
        ],
    )
    metadata.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="THU", version="1.0.0",
        on=date(2025, 1, 1), at=AT,
    )


def criteria() -> None:
    """Put criteria for villages in force: large ones, and of the others those with a house."""
    metadata.draft_criteria(
        actor=HOUSE, agency="THU", identifier="THON", version="1", name_vi="Xếp loại thôn thử",
        about="village", legal_basis="Quyết định thử", source="thử", form="THU-HO-NGHEO", at=AT,
        rules={
            "facts": [
                {"id": "ho", "label": "Số hộ của thôn", "unit": "hộ", "indicator": "THU:05"},
                {"id": "nha", "label": "Có nhà văn hoá", "indicator": "THU:06"},
            ],
            "regions": {"CAO": "Vùng cao"}, "thresholds": {"dong": {"": 50, "CAO": 40}},
            "classes": [
                {"code": "1", "label": "Thôn lớn",
                 "when": {"if": "[ho] >= [dong]", "label": "Từ 50 hộ (vùng cao: từ 40 hộ)"}},
                {"code": "2", "label": "Thôn vừa",
                 "when": {"if": "[nha] = 1", "label": "Có nhà văn hoá"}},
                {"code": "3", "label": "Thôn khác"},
            ],
        },
    )
    metadata.put_in_force(
        actor=HOUSE, kind="criteria_set", identifier="THON", version="1", on=MAP_DAY, at=AT)


def publish(form: Mapping[str, Any] = FORM) -> None:
    """Draft a form and publish it."""
    collection.draft_form(actor=HOUSE, definition=deepcopy(dict(form)), dataflow="THU", at=AT)
    collection.publish_form(actor=HOUSE, form=form["id"], version=form["version"], at=AT)


def round_of(form: Mapping[str, Any] = FORM, *, period: str = "2025",
             due: date = date(2025, 11, 28), closes: date | None = None,
             opens: date = date(2025, 1, 1), title: str = "", receiver: str = "SO-TN") -> Any:
    """Open a round of a published form, received by the department of Thái Nguyên."""
    return collection.open_round(
        actor=HOUSE, identifier=f"{form['id']}-{period}", form=form["id"],
        version=form["version"], receiver=receiver,
        title_vi=title or f"{form['title']}, năm {period}", period=period, map_day=MAP_DAY,
        opens=opens, due=due, closes=closes, illustrative=True, at=AT,
    )


def obligation(identifier: str = "HN-THANG", *, receiver: str = "SO-TN",
               schedule: Mapping[str, Any] | None = None, kind: str = "commune",
               title_vi: str = "Hộ nghèo hằng tháng, tỉnh Thái Nguyên",
               legal_basis: str = "") -> Any:
    """Draft an obligation: every commune reports monthly, within five working days."""
    return collection.draft_obligation(actor=HOUSE, identifier=identifier, at=AT, terms=Terms(
        form="THU-HO-NGHEO", receiver=receiver, title_vi=title_vi, legal_basis=legal_basis,
        reporters={"kind": kind, "level": "commune"},
        schedule=schedule or {
            "frequency": "M", "due": {"from": "window_end", "working_days": 5}},
    ))


def give(held: Any, unit: str, code: str, level: str = "commune") -> Any:
    """Give a unit its part in a round."""
    return collection.assign(
        actor=HOUSE, round_id=held.pk, unit=unit, level=level, code=code, at=AT,
    )


def person(username: str, name: str, unit: str, *roles: str, over: str = "",
           password: str | None = None, must_change_password: bool = False) -> Any:
    """Open an account at a unit with roles over it (or over the unit `over`)."""
    user = organisations.open_account(
        actor=HOUSE, username=username, name=name, unit=unit, password=password,
        must_change_password=must_change_password, at=AT,
    )
    for role in roles:
        organisations.assign_role(
            actor=HOUSE, user=user.pk, role=role, unit=over or unit,
            valid_from=date(2025, 1, 1), at=AT,
        )
    return user


def actor(user: Any, on: date = TODAY) -> Actor:
    """Return the actor that a person is on that day."""
    return actor_for(user, on)


def fill(report: Any, by: Any, answers: Mapping[str, str] = ANSWERS,
         villages: Sequence[Mapping[str, str]] = VILLAGES, at: datetime = AT) -> None:
    """Name the villages and save the answers as a person (or an actor) would."""
    who = by if isinstance(by, Actor) else actor(by)
    if villages:
        collection.save_open_rows(
            actor=who, assignment=report.pk, table="thon", rows=villages, at=at,
        )
    collection.save_cells(
        actor=who, assignment=report.pk, channel="screen", at=at,
        changes=[Change(cell, text, 0) for cell, text in answers.items()],
    )


def send(report: Any, by: Any, *, submission: UUID | None = None, at: datetime = AT) -> Any:
    """Send the draft of a report and return the submission."""
    who = by if isinstance(by, Actor) else actor(by)
    return collection.submit(
        actor=who, assignment=report.pk, submission=submission or uuid4(), at=at,
    )


def sent(report: Any, by: Any, answers: Mapping[str, str] = ANSWERS, *,
         at: datetime = AT) -> Any:
    """Fill a report, send it, and return the submission."""
    fill(report, by, answers, at=at)
    return send(report, by, at=at)


def approved(report: Any, by: Any, reviewer: Any, answers: Mapping[str, str] = ANSWERS, *,
             at: datetime = AT) -> Any:
    """Fill a report, send it, have it approved, and return the submission."""
    submission = sent(report, by, answers, at=at)
    return collection.approve(actor=actor(reviewer), submission=submission.pk, at=at)
