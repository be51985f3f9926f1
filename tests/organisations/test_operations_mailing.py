"""Letters: one a day with everything not yet seen, handed over once, tried again, given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from nhasan.domain.access import EVERYTHING, Permission
from nhasan.domain.problems import Forbidden, NotFound, WrongState
from nhasan.organisations import operations, queries
from nhasan.organisations.models import MailItem, MailMessage, Notification, User
from tests import factories
from tests.factories import AT, HOUSE
from tests.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    world = factories.world()
    _address(world.officer, "mai@example.vn")
    _address(world.colleague, "binh@example.vn")
    return world


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.MAIL_HOST = settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = running.port, 5
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DEFAULT_FROM_EMAIL = "nha-san@example.vn"
        settings.SITE_ADDRESS = "https://nhasan.example.vn"
        yield running


def _address(user: Any, email: str, **more: Any) -> None:
    User.scoped.within(EVERYTHING).filter(pk=user.pk).update(email=email, **more)


def _tell(house: factories.World, *keys: str, **more: Any) -> None:
    for key in keys:
        operations.notify(**{
            "actor": HOUSE, "unit": house.officer.unit_id, "audience": Permission.ENTER,
            "key": key, "kind": "overdue", "path": f"/viec/{key}/", "at": AT,
            "facts": {"report": f"Biểu {key}", "days": "1", "due": "24/11/2025"}, **more})


def _write(**later: int) -> int:
    return operations.write_letters(actor=HOUSE, at=AT + timedelta(**later))


def _deliver(**later: int) -> int:
    return operations.deliver_mail(actor=HOUSE, at=AT + timedelta(**later))


def _letters(**wanted: Any) -> Any:
    return MailMessage.objects.within(EVERYTHING).filter(**wanted).order_by("pk")


def test_each_person_gets_one_letter_of_everything(
    house: factories.World, server: MailServer,
) -> None:
    _tell(house, "a", "b")
    assert _write() == 2
    assert _write() == 0
    assert _deliver() == 2
    assert _deliver() == 0
    first, second = server.taken
    assert {first["To"], second["To"]} == {"mai@example.vn", "binh@example.vn"}
    assert first["From"] == "nha-san@example.vn"
    assert first["Subject"].strip() == "Nhà Sàn: 2 việc cần làm sớm, 2 thông báo chưa xem"
    assert first["Message-ID"].startswith("<thong-bao.20251125.")
    assert first["Message-ID"].endswith("@nhasan.example.vn>")
    body = first.get_content()
    assert "“Biểu a” đã quá hạn" in body
    assert "https://nhasan.example.vn/viec/b/" in body
    assert {each.state for each in _letters()} == {"sent"}


def test_what_comes_later_in_the_day_waits_for_the_next(house: factories.World) -> None:
    _tell(house, "a")
    _write()
    _tell(house, "b")
    assert _write(hours=3) == 0
    assert _write(days=1) == 2
    told = MailItem.objects.within(EVERYTHING).filter(message__user=house.officer)
    assert list(told.order_by("pk").values_list("notification__key", flat=True)) == ["a", "b"]
    assert _write(days=2) == 0


def test_what_was_seen_is_not_written_about(house: factories.World) -> None:
    _tell(house, "a")
    who = factories.actor(house.officer)
    [told] = queries.notices(who)
    operations.see_notices(actor=who, notices=[told.pk], at=AT)
    assert _write() == 1
    assert _letters().get().user_id == house.colleague.pk


@pytest.mark.parametrize("later", [{"hours": 8}, {"hours": -3}, {"days": 4}])
def test_nobody_is_written_to_at_night_or_on_a_day_off(
    house: factories.World, server: MailServer, later: dict[str, int],
) -> None:
    _tell(house, "a")
    assert _write(**later) == 0
    _write()
    assert _deliver(**later) == 0
    assert not server.taken


@pytest.mark.parametrize("change", [
    {"email": ""}, {"wants_mail": False}, {"is_active": False}])
def test_who_is_not_to_be_written_to_is_not(
    house: factories.World, change: dict[str, Any],
) -> None:
    _tell(house, "a")
    User.scoped.within(EVERYTHING).filter(pk=house.officer.pk).update(**change)
    _write()
    assert [each.user_id for each in _letters()] == [house.colleague.pk]


def test_people_elsewhere_are_not_written_to(house: factories.World) -> None:
    for user in (house.neighbour, house.other_officer, house.reviewer):
        _address(user, f"{user.username}@example.vn")
    _tell(house, "a")
    _write()
    assert {each.user_id for each in _letters()} == {house.officer.pk, house.colleague.pk}


def test_what_was_told_long_ago_is_no_news(house: factories.World) -> None:
    _tell(house, "a")
    assert _write(days=14) == 0


def test_without_a_mail_server_letters_are_kept(house: factories.World, settings: Any) -> None:
    settings.MAIL_HOST = ""
    _tell(house, "a")
    _write()
    assert _deliver() == 2
    assert {each.state for each in _letters()} == {"kept"}


def test_a_letter_refused_for_now_is_tried_again_later(
    house: factories.World, server: MailServer,
) -> None:
    _address(house.officer, "ban@example.vn")
    _tell(house, "a")
    _write()
    assert _deliver() == 1
    waiting = _letters(state="waiting").get()
    assert (waiting.attempts, waiting.try_after) == (1, AT + timedelta(minutes=2))
    assert "451" in waiting.error
    assert _deliver(minutes=1) == 0
    _letters(pk=waiting.pk).update(address="mai@example.vn")
    assert _deliver(minutes=2) == 1
    assert len(server.taken) == 2


def test_a_letter_that_nobody_will_take_is_given_up_and_told(
    house: factories.World, server: MailServer,
) -> None:
    _address(house.officer, "khong-co@example.vn")
    _tell(house, "a")
    _write()
    assert _deliver() == 1
    lost = _letters(state="failed").get()
    assert "550" in lost.error
    assert _deliver(hours=1) == 0
    administrator = factories.actor(house.administrator)
    [told] = queries.notices(administrator)
    assert (told.kind, told.path) == ("mail_failed", "/viec/thu/")
    assert [each.pk for each in queries.undelivered(administrator)] == [lost.pk]


def test_a_server_that_hangs_up_costs_one_attempt_of_one_letter(
    house: factories.World, server: MailServer,
) -> None:
    server.deaf = True
    _tell(house, "a")
    _write()
    assert _deliver() == 0
    assert sorted(each.attempts for each in _letters()) == [0, 1]
    server.deaf = False
    assert _deliver(minutes=5) == 2


def test_a_server_that_never_answers_is_given_up_in_the_end(
    house: factories.World, server: MailServer,
) -> None:
    server.deaf = True
    _address(house.colleague, "")
    _tell(house, "a")
    _write()
    _letters().update(attempts=7)
    _deliver()
    assert _letters().get().state == "failed"


def test_a_letter_whose_sender_was_killed_goes_again_under_its_id(
    house: factories.World, server: MailServer,
) -> None:
    _address(house.colleague, "")
    _tell(house, "a")
    _write()
    _deliver()
    _letters().update(state="sending", sent_at=None, leased_until=AT + timedelta(minutes=10))
    assert _deliver(minutes=9) == 0
    assert _deliver(minutes=10) == 1
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_a_clock_that_was_set_back_writes_nothing_twice(house: factories.World) -> None:
    _tell(house, "a", at=AT - timedelta(days=2))
    _write(days=1)
    assert _write() == 0
    assert _letters().count() == 2


def test_an_administrator_sends_a_lost_letter_again(
    house: factories.World, server: MailServer,
) -> None:
    _address(house.officer, "khong-co@example.vn")
    _tell(house, "a")
    _write()
    _deliver()
    [lost] = _letters(state="failed")
    with pytest.raises(Forbidden):
        operations.try_letter_again(
            actor=factories.actor(house.officer), letter=lost.pk, at=AT)
    elsewhere = factories.person("qt-cb", "Nông Thị Xuân", "SO-CB", "administrator")
    with pytest.raises(NotFound):
        operations.try_letter_again(actor=factories.actor(elsewhere), letter=lost.pk, at=AT)
    _address(house.officer, "mai.moi@example.vn")
    administrator = factories.actor(house.administrator)
    operations.try_letter_again(actor=administrator, letter=lost.pk, at=AT)
    assert _deliver() == 1
    assert server.taken[-1]["To"] == "mai.moi@example.vn"
    with pytest.raises(WrongState):
        operations.try_letter_again(actor=administrator, letter=lost.pk, at=AT)


def test_letters_are_ones_own_and_those_one_administers(house: factories.World) -> None:
    _tell(house, "a")
    _write()
    assert queries.letters(factories.actor(house.officer)).count() == 1
    assert queries.letters(factories.actor(house.administrator)).count() == 2
    assert queries.letters(factories.actor(house.neighbour)).count() == 0
    assert not queries.undelivered(factories.actor(house.administrator)).exists()


def test_a_letter_and_what_it_tells_of_are_one_piece(
    house: factories.World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    _tell(house, "a")

    def stumble(*_: Any, **__: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(MailItem.objects, "bulk_create", stumble)
    with pytest.raises(RuntimeError, match="on purpose"):
        _write()
    monkeypatch.undo()
    assert not _letters().exists()
    assert _write() == 2
    assert Notification.objects.within(EVERYTHING).count() == 1
