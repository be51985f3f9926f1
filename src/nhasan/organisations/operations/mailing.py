"""Letters: one a day for each person, in office hours, handed to the mail server once.

Two steps of the pulse. A letter and what it tells of are written in one transaction. To send
it, a row is leased; a pulse that was killed between handing it over and noting so sends it
again under the same Message-ID, by which mail servers and people know it for the same letter.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.digests import OfficeHours, Told, digest, message_id, pause_after
from nhasan.domain.lifecycle import MAIL
from nhasan.domain.notices import is_urgent, words_of
from nhasan.domain.words import date_text
from nhasan.organisations.authority import operation
from nhasan.organisations.models import (
    MailItem,
    MailMessage,
    Notification,
    User,
)
from nhasan.organisations.operations.notices import notify_house
from nhasan.organisations.queries import calendar
from nhasan.organisations.queries.mailing import administered_letters, to_be_told

LEASE = timedelta(minutes=10)
_TOGETHER = 200  # letters written in one transaction
_AT_ONCE = 50  # letters sent in one step
_LONGEST_ERROR = 300


def write_letters(*, actor: Actor, at: datetime) -> int:
    """Write to everybody who was told something, did not see it and got no letter today."""
    if _is_quiet(at):
        return 0
    day = localtime(at).date()
    waiting = iter(to_be_told(day, at).items())
    written = 0
    while some := list(islice(waiting, _TOGETHER)):
        with transaction.atomic():
            written += _write(dict(some), day, at)
    return written


def _is_quiet(at: datetime) -> bool:
    return OfficeHours.of(settings.MAIL_HOURS).is_quiet(localtime(at), calendar())


def _write(told: dict[int, Sequence[int]], day: date, at: datetime) -> int:
    people = User.scoped.within(EVERYTHING).filter(pk__in=told).select_related("unit")
    notices = Notification.objects.within(EVERYTHING).in_bulk(
        {pk for each in told.values() for pk in each})
    letters = [
        _letter(person, [notices[pk] for pk in told[person.pk]], day, at) for person in people
    ]
    MailMessage.objects.bulk_create(letters)
    MailItem.objects.bulk_create([
        MailItem(message=letter, notification_id=pk)
        for letter in letters for pk in told[letter.user_id]
    ])
    return len(letters)


def _letter(person: User, notices: Sequence[Notification], day: date,
            at: datetime) -> MailMessage:
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    said = digest(
        name=person.name, unit=person.unit.name, day=day, site=settings.SITE_ADDRESS,
        told=[Told(str(words_of(each.kind, each.facts)), each.path, is_urgent(each.kind))
              for each in notices],
    )
    return MailMessage(
        user=person, day=day, address=person.email, subject=said.subject, body=said.body,
        message_id=message_id(person.pk, day, host), made_at=at, try_after=at,
    )


def deliver_mail(*, actor: Actor, at: datetime) -> int:
    """Hand the letters that wait to the mail server; return how many it took."""
    if not settings.MAIL_HOST:
        return _keep()
    if _is_quiet(at):
        return 0
    taken = 0
    with _Server() as server:
        for _ in range(_AT_ONCE):
            letter = _lease(at)
            if letter is None:
                break
            fault = server.take(letter)
            _note(letter, fault, at)
            taken += not fault
            if server.is_gone:
                break
    return taken


def _keep() -> int:
    """Keep the letters that wait: no mail leaves this house."""
    waiting = MailMessage.objects.within(EVERYTHING).filter(state="waiting")
    return waiting.update(state=MAIL.after("waiting", "keep"))


def _lease(at: datetime) -> MailMessage | None:
    """Take the next letter to send: one that waits, or one whose sender did not come back."""
    free = Q(state="waiting", try_after__lte=at) | Q(state="sending", leased_until__lte=at)
    rows = MailMessage.objects.within(EVERYTHING)
    while True:
        letter = rows.filter(free).order_by("try_after", "pk").first()
        if letter is None:
            return None
        state = MAIL.after(letter.state, "send")
        taken = rows.filter(free, pk=letter.pk, attempts=letter.attempts).update(
            state=state, leased_until=at + LEASE, attempts=letter.attempts + 1,
        )
        if taken:  # nobody else took it between our look and our write
            letter.state, letter.attempts = state, letter.attempts + 1
            return letter


class _Server:
    """The mail server of the settings, and whether it still answers."""

    def __init__(self) -> None:
        self.is_gone = False
        self._connection: Any = get_connection()

    def __enter__(self) -> _Server:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            self.is_gone = True

    def take(self, letter: MailMessage) -> str:
        """Hand a letter over; return what was wrong, "" when the server has it."""
        message = EmailMessage(
            subject=letter.subject, body=letter.body, to=[letter.address],
            headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
            connection=self._connection,
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
        except smtplib.SMTPResponseException as refused:
            self.is_gone = True
            return f"SMTP {refused.smtp_code} {refused.smtp_error!r}"
        except (OSError, ValueError, smtplib.SMTPException) as fault:
            self.is_gone = not isinstance(fault, ValueError)
            return f"{type(fault).__name__}: {fault}"
        return ""


def _note(letter: MailMessage, fault: str, at: datetime) -> None:
    """Note what became of a letter; one refused for good or too often is given up."""
    pause = None if _is_final(fault) else pause_after(letter.attempts)
    if not fault:
        letter.state, letter.sent_at = MAIL.after(letter.state, "succeed"), at
    elif pause is None:
        letter.state = MAIL.after(letter.state, "give_up")
    else:
        letter.state = MAIL.after(letter.state, "put_off")
        letter.try_after = at + pause
    letter.error, letter.leased_until = fault[:_LONGEST_ERROR], None
    letter.save(update_fields=["state", "sent_at", "try_after", "error", "leased_until"])
    if letter.state == "failed":
        _tell_administrators(letter, at)


def _is_final(fault: str) -> bool:
    """Tell whether the server will never take a letter to that address (a code of 500 and up).

    Other refusals, such as of our password, are somebody's to mend: the letter waits.
    """
    return fault[:1] == "5" and fault[1:3].isdigit()


def _tell_administrators(letter: MailMessage, at: datetime) -> None:
    """Tell the administrators of the house, once a day, that letters do not arrive."""
    notify_house(
        actor=Actor.house("deliver_mail"), audience=Permission.ADMINISTER,
        key=f"mail-failed:{letter.day}", kind="mail_failed",
        facts={"day": date_text(letter.day), "reason": letter.error}, path="/viec/thu/", at=at)


@operation("mail.try_again")
def try_letter_again(*, actor: Actor, letter: int, at: datetime) -> MailMessage:
    """Send a letter that was given up once more, to the address the person has now."""
    actor.require(Permission.ADMINISTER)
    found = administered_letters(actor).select_related("user").one(pk=letter)
    found.state = MAIL.after(found.state, "try_again")
    found.address = found.user.email or found.address
    found.attempts, found.try_after, found.error = 0, at, ""
    found.save(update_fields=["state", "address", "attempts", "try_after", "error"])
    return found
