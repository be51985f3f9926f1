"""Every address of the workbench, tried by those who have no business there.

The neighbour holds every role, but over another branch. An address that is new must be put
into one of the tables below: a page that nobody thought about is the one that leaks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhasan.collection import queries as collection
from nhasan.collection.models import Attachment, ExtensionRequest, WorkbookUpload
from nhasan.domain.access import EVERYTHING, ROLES, Permission
from nhasan.interfaces.workbench.urls import urlpatterns
from nhasan.organisations.models import AuditEvent, MailMessage, Notification
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words
from tests.processing.conftest import FLOW, Stage, decide, stage
from tests.releases.conftest import House, listed

__all__ = ["stage"]
pytestmark = pytest.mark.django_db

OWNED = {
    "report": "report", "rows": "report table", "history": "report", "undo": "report",
    "notes": "report", "evidence": "report evidence", "carry_over": "report",
    "together": "round",
    "workbook": "report", "upload": "report", "uploaded": "report file",
    "marked": "report file", "own_workbook": "report", "own_sheet": "report file",
    "bundle_result": "bundle", "bundle_marked": "bundle", "check": "report", "explain": "report",
    "submission": "submission", "review_report": "submission",
    "paper_attach": "report", "cell_story": "report", "paper": "paper",
    "paper_compare": "submission paper", "declare_level": "submission",
    "ask_correction": "submission",
    "withdraw": "submission", "sent_workbook": "submission",
    "review_send_back": "submission", "review_approve": "submission",
    "review_reopen": "submission", "round_board": "round", "round_csv": "round",
    "round_approve": "round", "round_give": "round", "round_close": "round",
    "round_open_again": "round", "unit_record": "unit",
    "obligation": "obligation", "obligation_edit": "obligation",
    "obligation_put_in_force": "obligation", "obligation_retire": "obligation",
    "obligation_event": "obligation", "round_move_due": "round",
    "round_part": "report", "part_exception": "report", "part_take_back": "report",
    "part_give_again": "report", "extension_ask": "report", "extension_withdraw": "report",
    "extension": "extension", "extension_decide": "extension",
    "person": "person", "person_assign_role": "person", "person_end_role": "person role",
    "person_deactivate": "person", "person_activate": "person",
    "person_reset_password": "person", "person_password": "person",
    "person_move": "person", "person_rename": "person",
    "unit": "unit", "unit_contact": "unit", "unit_hand_over": "unit",
    "notice": "notice", "letter": "letter", "letter_again": "letter",
    "round_letter": "round", "round_remind_now": "round", "round_letter_file": "round",
    "run": "run", "run_request_again": "run",
    "release_draft": "run", "release": "release", "release_decide_gone": "release",
    "release_changes": "release", "release_recall": "release",
    "release_approve": "release", "release_withdraw": "release", "release_discard": "release",
    "record_issue": "record", "record_withdraw": "record",
}
"""What belongs to somebody: for a neighbour it is not there."""
OF_THE_HOUSE = {"indicator_set_put_in_force": "set", "indicator_set_retire": "set",
                "form_publish": "form", "dataflow_decide": "flow",
                "indicator_set_amend": "set", "indicator_set_import": "set",
                "indicator_set_new_indicators": "set", "indicator_set_describe": "set",
                "indicator_set_discard": "set", "indicator_add": "set",
                "indicator_edit": "indicator", "indicator_drop": "indicator",
                "class_import": "scheme", "reorganisations": "", "reorganisation_draft": "",
                "reorganisation": "decree", "reorganisation_edit": "decree",
                "reorganisation_act": "decree deed", "shares": ""}
"""What belongs to the whole house: who manages one branch is refused."""
FOR_EVERYBODY = {
    "bundle": "", "bundle_file": "",
    "offline": "",
    "home": "", "waiting": "", "sent": "", "below": "", "help": "", "review": "", "round_open": "",
    "notices": "", "notices_seen": "", "notices_mail": "", "mailbox": "",
    "account_list": "", "account_list_open": "", "account_list_passwords": "",
    "areas": "", "area": "area", "class_schemes": "", "class_scheme": "scheme",
    "class_figures": "scheme",
    "catalogue": "", "indicator_sets": "", "indicator_set": "set",
    "indicator_set_compare": "set", "indicator_set_new": "",
    "indicator_set_document": "set", "indicator_set_export": "set file",
    "indicator": "indicator", "code_lists": "", "code_list": "list",
    "criteria_sets": "", "criteria": "criteria",
    "correspondence": "correspondence", "people": "", "person_open": "", "units": "",
    "audit": "", "releases": "", "dataflow": "flow", "run_request": "flow",
    "change_password": "", "forms": "", "form": "form",
    "obligations": "", "obligation_draft": "", "obligation_preview": "",
    "extensions": "", "ad_hoc": "", "boards": "", "boards_late": "", "newcomers": "",
    "board_file": "file kind", "figure": "flow",
}
"""Pages that show each person their own branch, and metadata, which is open."""
OUTSIDE = {"sign_in", "sign_out", "without_network", "offline_worker", "manifest"}
TYPED = {
    "o": "ho/tay/tong", "loi_nhan": "x", "ly_do": "x", "viec": "tra", "vai": "reader",
    "don_vi": "SO-CB", "tu": "25/11/2025", "khoa": "", "number": "1", "save": "1",
    "ho/tay/tong": "99", "them": "Thôn lạ",
}
"""What makes every form complete, so that only authority can be what refuses it."""


@pytest.fixture
def place(stage: Stage, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """Something of everything in one province, and a neighbour with every role in another."""
    settings.STORE = tmp_path / "store"
    second = factories.person("cong-bo-2", "Vi Thị Hoa", "BO", "publisher")
    decide(stage.publisher, threshold=5, dimensions=["ETHNIC_GROUP"])
    listed()
    world = stage.world
    release = House(stage, stage.publisher, factories.actor(second)).drafted()
    [submission] = collection.submissions_of(collection.assignment(HOUSE, world.report.pk))
    file = Attachment.objects.create(
        assignment=world.report, name="bieu.xlsx", digest="0" * 64, size=1, uploaded_at=AT,
        uploaded_by="1",
    )
    evidence = Attachment.objects.create(
        assignment=world.report, name="bien-ban.pdf", digest="0" * 64, size=1, uploaded_at=AT,
        uploaded_by="1", kind="evidence", cell="ho/tay/tong",
    )
    paper = Attachment.objects.create(
        assignment=world.report, name="ky.pdf", digest="0" * 64, size=1, uploaded_at=AT,
        uploaded_by="1", kind="signed",
    )
    obligation = factories.obligation()
    later = ExtensionRequest.objects.create(
        assignment=world.report, until=AT.date().replace(month=12, day=5),
        reason="Bó Lù đang lụt", asked_at=AT, asked_by_name="Hoàng Thị Mai",
    )
    roles = [role for role in ROLES if role not in ("enterer", "reviewer", "manager")]
    for role in roles:
        factories.organisations.assign_role(
            actor=HOUSE, user=world.neighbour.pk, role=role, unit="SO-CB",
            valid_from=AT.date().replace(month=1, day=1), at=AT,
        )
    factories.organisations.notify(
        actor=HOUSE, unit=world.officer.unit_id, audience=Permission.ENTER, key="k",
        kind="overdue", facts={"report": world.round.title_vi}, path="/viec/", at=AT)
    letter = MailMessage.objects.create(
        user=world.officer, day=AT.date(), address="mai@example.vn", subject="Hoàng Thị Mai",
        body="Bó Lù", message_id="<1@nha-san>", made_at=AT, try_after=AT, state="failed")
    factories.criteria()
    bundle = WorkbookUpload.objects.create(
        unit=world.report.unit, name="nhieu.xlsx", digest="0" * 64, size=1, uploaded_at=AT,
        uploaded_by="1", parts=[],
    )
    return {
        "bundle": {"pk": bundle.pk},
        "world": world, "receipt": submission.receipt,
        "report": {"pk": world.report.pk}, "report table": {"pk": world.report.pk,
                                                           "table": "thon"},
        "report evidence": {"pk": world.report.pk, "file": evidence.pk},
        "paper": {"pk": paper.pk}, "submission paper": {"pk": submission.pk, "file": paper.pk},
        "report file": {"pk": world.report.pk, "file": file.pk},
        "submission": {"pk": submission.pk}, "round": {"pk": world.round.pk},
        "notice": {"pk": Notification.objects.within(EVERYTHING).get(key="k").pk},
        "letter": {"pk": letter.pk},
        "unit": {"pk": world.officer.unit_id},
        "person": {"pk": world.officer.pk}, "person role": {"pk": world.officer.pk, "role": 1},
        "run": {"pk": release.run_id}, "release": {"pk": release.pk},
        "record": {"identifier": "BO-THU"}, "flow": {"identifier": FLOW},
        "set": {"identifier": "THU", "version": "1.0.0"},
        "set file": {"identifier": "THU", "version": "1.0.0", "kind": "csv"},
        "indicator": {"identifier": "THU", "version": "1.0.0", "key": "01"},
        "form": {"identifier": "THU-HO-NGHEO", "version": "1.0.0"},
        "list": {"identifier": "CL_ETHNIC", "version": "1.0.0"},
        "correspondence": {"identifier": "KHONG", "version": "1"},
        "criteria": {"identifier": "THON", "version": "1"},
        "area": {"level": "commune", "code": "01900"}, "": {}, "scheme": {"code": "KHU-VUC"},
        "decree": {"pk": 1}, "decree deed": {"pk": 1, "deed": "chot"},
        "extension": {"pk": later.pk}, "obligation": {"identifier": obligation.identifier},
        "file kind": {"kind": "csv"},
    }


def _address(place: dict[str, Any], name: str, what: str) -> str:
    return reverse(f"workbench:{name}", kwargs=place[what])


def test_every_address_has_its_wall() -> None:
    named = {pattern.name for pattern in urlpatterns}
    assert named == {*OWNED, *OF_THE_HOUSE, *FOR_EVERYBODY, *OUTSIDE}


def _acts() -> int:
    return AuditEvent.objects.exclude(action="account.sign_in").count()


def test_what_belongs_to_others_is_not_there(place: dict[str, Any]) -> None:
    client, before = signed_in(place["world"].neighbour), _acts()
    for name, what in OWNED.items():
        address = _address(place, name, what)
        assert client.get(address).status_code in (404, 405), f"GET {name}"
        answer = client.post(address, TYPED)
        assert answer.status_code in (404, 405), f"POST {name}"
    assert _acts() == before


def test_what_belongs_to_the_house_is_refused(place: dict[str, Any]) -> None:
    client, before = signed_in(place["world"].neighbour), _acts()
    for name, what in OF_THE_HOUSE.items():
        address = _address(place, name, what)
        assert client.get(address).status_code in (403, 405), f"GET {name}"
        answer = client.post(address, {"ngay": "01/01/2026"})
        assert answer.status_code in (403, 405), f"POST {name}"
    assert _acts() == before


def test_pages_for_everybody_show_nothing_of_others(place: dict[str, Any]) -> None:
    client = signed_in(place["world"].neighbour)
    secrets = ("Hoàng Thị Mai", "Dương Thu Hà", "Phạm Anh Tú", "Bó Lù", place["receipt"],
               place["world"].round.title_vi, "tỉnh Thái Nguyên")
    for name, what in FOR_EVERYBODY.items():
        page = client.get(_address(place, name, what))
        assert page.status_code in (200, 404, 405), name
        for secret in secrets:
            assert secret not in words(page), f"{name} tells {secret}"


def test_nobody_comes_in_without_signing_in(place: dict[str, Any]) -> None:
    client, before = Client(), AuditEvent.objects.count()
    for name, what in {**OWNED, **OF_THE_HOUSE, **FOR_EVERYBODY}.items():
        address = _address(place, name, what)
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/dang-nhap/?next=%2Fviec%2F"), name
    assert AuditEvent.objects.count() == before


def test_nothing_is_done_without_the_token_of_the_page(place: dict[str, Any]) -> None:
    everybody = factories.person("toan-quyen", "Người Toàn Quyền", "BO", *ROLES)
    client = signed_in(everybody, enforce_csrf_checks=True)
    before = _acts()
    for name, what in {**OWNED, **OF_THE_HOUSE, **FOR_EVERYBODY}.items():
        answer = client.post(_address(place, name, what), {"ly_do": "x", "ngay": "01/01/2026"})
        assert answer.status_code == 403, name
    assert _acts() == before


def test_an_account_without_roles_sees_nothing(place: dict[str, Any]) -> None:
    nobody = factories.person("khong-vai", "Người Chưa Có Vai", "SO-TN")
    client, before = signed_in(nobody), _acts()
    for name, what in {**OWNED, **OF_THE_HOUSE}.items():
        address = _address(place, name, what)
        for answer in (client.get(address), client.post(address, TYPED)):
            assert answer.status_code in (403, 404, 405), name
    for name, what in FOR_EVERYBODY.items():
        page = client.get(_address(place, name, what))
        assert "Hoàng Thị Mai" not in words(page), name
        assert place["world"].round.title_vi not in words(page), name
    assert _acts() == before


def test_a_unit_of_the_same_area_shows_nothing_of_its_sibling(place: dict[str, Any]) -> None:
    world, people = place["world"], {}
    for code in ("SO-GD", "SO-YT"):
        factories.organisations.open_unit(
            actor=HOUSE, code=code, name=f"Sở {code}", short_name=code, kind="department",
            parent="SO-TN", opened=None, at=AT)
        people[code] = factories.person(code.lower(), f"Người {code}", code, "enterer")
    before, now = factories.round_of(period="2031"), factories.round_of(period="2032")
    factories.approved(
        factories.give(before, "SO-GD", "19", "province"), people["SO-GD"], world.reviewer,
        {**factories.ANSWERS, "ho/nung/tong": "4321"})
    theirs = factories.give(now, "SO-GD", "19", "province")
    mine = factories.give(now, "SO-YT", "19", "province")
    known = {"SO-GD": theirs.pk, "SO-YT": mine.pk}
    for code, seen in (("SO-GD", True), ("SO-YT", False)):
        page = signed_in(people[code]).get(reverse("workbench:report", args=[known[code]]))
        text = page.content.decode()
        assert page.status_code == 200
        assert ("4.321" in text or "4321" in text) is seen, code


def test_what_a_settled_set_touched_is_not_told_in_another_branch(place: dict[str, Any]) -> None:
    boss = signed_in(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))
    address = reverse("workbench:indicator_set", args=["THU", "2.0.0"])
    boss.post("/viec/chi-tieu/THU/1.0.0/sua-doi/", {
        "phien_ban": "2.0.0", "ten": "Bộ sửa đổi", "so": "12/2025/QĐ", "ngay": "01/12/2025",
        "co_quan": "Bộ thử", "can_cu": "Quyết định thử số 12"})
    boss.post(f"{address}ma/03/bo/")
    boss.post(f"{address}ap-dung/", {"ngay": "01/01/2026"})
    assert place["world"].round.title_vi in words(boss.get(address))
    page = signed_in(place["world"].neighbour).get(address)
    assert page.status_code == 200
    for secret in (place["world"].round.title_vi, "đơn vị chưa xong", "tỉnh Thái Nguyên"):
        assert secret not in words(page)


def test_a_number_beyond_all_rows_is_not_found(place: dict[str, Any]) -> None:
    clients = [signed_in(place["world"].manager), signed_in(place["world"].officer)]
    for name, what in OWNED.items():
        kept = place[what]
        far = {key: 10**30 if isinstance(value, int) else value for key, value in kept.items()}
        if far != kept:
            address = reverse(f"workbench:{name}", kwargs=far)
            for client in clients:
                for answer in (client.get(address), client.post(address, TYPED)):
                    assert answer.status_code in (403, 404, 405), name
