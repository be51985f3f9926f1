"""Later days: extensions asked for and decided, exceptions by name, parts taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F
from django.utils.timezone import localtime

from nhasan.collection.models import Assignment, CollectionRound, ExtensionRequest
from nhasan.collection.queries import is_locked
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.calendar import sensible
from nhasan.domain.lifecycle import ASSIGNMENT, EXTENSION
from nhasan.domain.notices import Notice, board_page, report_page
from nhasan.domain.problems import Conflict, Forbidden, Invalid, phrase
from nhasan.domain.words import date_text
from nhasan.organisations.authority import ScopedQuerySet, operation
from nhasan.organisations.operations import notify, notify_many

_WAITING = ("not_started", "in_progress", "returned")
_LONGEST = 1000


class ExtensionWaits(Conflict):
    """A request for a later day is waiting for its answer already."""

    code = "extension-waits"
    message = phrase("Đã có đề nghị gia hạn báo cáo này đang chờ trả lời.")


class OwnRequest(Forbidden):
    """Somebody tried to answer a request that they made themselves."""

    code = "own-request"
    message = phrase("Bạn là người xin gia hạn, nên phải do người khác trả lời.")


@operation("extension.ask")
def ask_extension(*, actor: Actor, assignment: int, until: date, reason: str,
                  at: datetime) -> ExtensionRequest:
    """Ask the receiver of a report for a later day, with the reason."""
    row = _held(Assignment.objects.within(actor.require(Permission.ENTER)), assignment)
    said = _said(reason)
    if row.state not in _WAITING:
        raise Invalid(reason=phrase("báo cáo này đã gửi hoặc không phải gửi nữa"))
    if until <= row.due or until < localtime(at).date():
        raise Invalid(reason=phrase("ngày xin gia hạn phải sau hạn gửi và không ở quá khứ"))
    sensible(until)
    if _requests(row).filter(state="asked").exists():
        raise ExtensionWaits()
    asked = ExtensionRequest.objects.create(
        assignment=row, until=until, reason=said, asked_at=at,
        asked_by_id=None if actor.is_house else int(actor.id), asked_by_name=actor.name,
    )
    notify(
        actor=actor, unit=row.receiver_id, audience=Permission.REVIEW, at=at,
        key=f"extension:{asked.pk}:asked", kind="extension_asked", path=board_page(row.round_id),
        facts={"unit": row.unit.name, "report": row.round.title_vi, "until": date_text(until),
               "reason": said},
    )
    return asked


@operation("extension.withdraw")
def withdraw_extension(*, actor: Actor, extension: int, at: datetime) -> ExtensionRequest:
    """Take a request back that nobody has answered yet."""
    asked = (
        ExtensionRequest.objects.within(actor.require(Permission.ENTER))
        .select_for_update(of=("self",)).one(pk=extension)
    )
    asked.state = EXTENSION.after(asked.state, "withdraw")
    asked.save(update_fields=["state"])
    return asked


@operation("extension.decide")
def decide_extension(*, actor: Actor, extension: int, until: date | None, note: str,
                     at: datetime) -> ExtensionRequest:
    """Grant a later day, the one asked for or another, or refuse with a word (no day).

    The due day of the report follows. Where the round locks before it, the unit may send to
    that day all the same.
    """
    found = ExtensionRequest.objects.within(
        actor.require(Permission.REVIEW), by="assignment__receiver").one(pk=extension)
    # Locked in the order in which taking the report back locks them: the report, its request
    row = _held(Assignment.objects.within(EVERYTHING), found.assignment_id)
    asked = _requests(row).select_for_update(of=("self",)).one(pk=extension)
    if actor.id == str(asked.asked_by_id):
        raise OwnRequest()
    asked.state = EXTENSION.after(asked.state, "refuse" if until is None else "grant")
    asked.note = note.strip()[:_LONGEST]
    asked.decided_until, asked.decided_at, asked.decided_by_name = until, at, actor.name
    if until is not None:
        _extend(row, until, at)
    elif not asked.note:
        raise Invalid(reason=phrase("hãy viết lý do không cho gia hạn"))
    asked.save(update_fields=["state", "note", "decided_until", "decided_at", "decided_by_name"])
    notify(
        actor=actor, unit=row.unit_id, audience=Permission.ENTER, at=at,
        key=f"extension:{asked.pk}:decided", path=report_page(row.pk),
        kind="extension_refused" if until is None else "extension_granted",
        facts={"report": row.round.title_vi, "until": date_text(until) if until else "",
               "due": date_text(row.due), "reason": asked.note},
    )
    return asked


def _extend(row: Assignment, until: date, at: datetime) -> None:
    """Give a report its later day. What first came late stays late, whatever is granted after."""
    if row.state not in _WAITING:
        raise Invalid(reason=phrase("báo cáo này đã gửi hoặc không phải gửi nữa"))
    if until <= row.due:
        raise Invalid(reason=phrase("ngày gia hạn phải sau hạn gửi"))
    if until < localtime(at).date():
        raise Invalid(reason=phrase("ngày được gửi phải từ hôm nay trở đi"))
    sensible(until)
    if row.first_sent_at is None or localtime(row.first_sent_at).date() <= row.due:
        row.due = until
    closes = row.round.closes
    if row.round.state == "closed" or (closes is not None and until > closes):
        row.exception_until = until
    row.save(update_fields=["due", "exception_until"])


@operation("assignment.grant_exception")
def grant_exception(*, actor: Actor, assignment: int, until: date, reason: str,
                    at: datetime) -> Assignment:
    """Give one unit a later day unasked; after the lock of its round it is an exception to it.

    While the round is open it is a later due day. After the lock the due day stays as it was:
    what is sent then is late.
    """
    row = _received(actor, assignment)
    if until < localtime(at).date():
        raise Invalid(reason=phrase("ngày được gửi phải từ hôm nay trở đi"))
    sensible(until)
    said, due = _said(reason), row.due
    still_open = not is_locked(row, localtime(at).date())
    if still_open:
        _extend(row, until, at)
    else:
        row.exception_until = until
        row.save(update_fields=["exception_until"])
    notify(
        actor=actor, unit=row.unit_id, audience=Permission.ENTER, at=at,
        key=f"exception:{row.pk}:{until}", path=report_page(row.pk),
        kind="extension_granted" if still_open else "exception_granted",
        facts={"report": row.round.title_vi, "until": date_text(until), "due": date_text(due),
               "reason": said},
    )
    return row


@operation("assignment.take_back")
def take_back(*, actor: Actor, assignment: int, reason: str, at: datetime) -> Assignment:
    """Take a report back from a unit: it need not be sent; what was entered stays."""
    row = _received(actor, assignment)
    said = _said(reason)
    row.state = ASSIGNMENT.after(row.state, "take_back")
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    for asked in _requests(row).select_for_update(of=("self",)).filter(state="asked"):
        asked.state = EXTENSION.after(asked.state, "refuse")
        asked.decided_at, asked.decided_by_name, asked.note = at, actor.name, said
        asked.save(update_fields=["state", "decided_at", "decided_by_name", "note"])
    notify(
        actor=actor, unit=row.unit_id, audience=Permission.ENTER, at=at,
        key=f"taken_back:{row.pk}:{at.isoformat()}", kind="taken_back",
        path=report_page(row.pk), facts={"report": row.round.title_vi, "reason": said},
    )
    return row


@operation("assignment.give_again")
def give_again(*, actor: Actor, assignment: int, at: datetime) -> Assignment:
    """Give a report that was taken back to its unit again, with what was entered before."""
    row = _received(actor, assignment)
    row.state = ASSIGNMENT.after(row.state, "give_again")
    row.changed_at = at
    row.save(update_fields=["state", "changed_at"])
    notify(
        actor=actor, unit=row.unit_id, audience=Permission.ENTER, at=at,
        key=f"given_again:{row.pk}:{at.isoformat()}", kind="round_opened",
        path=report_page(row.pk),
        facts={"report": row.round.title_vi, "due": date_text(row.due)},
    )
    return row


@operation("round.move_due")
def move_due(*, actor: Actor, round_id: int, due: date, reason: str,
             at: datetime) -> CollectionRound:
    """Move the due day of a round, to a day to come.

    Reports follow it, unless theirs was extended beyond it or came late before it was moved.
    """
    held = (
        CollectionRound.objects.within(actor.require(Permission.MANAGE))
        .select_for_update(of=("self",)).one(pk=round_id)
    )
    _said(reason)
    before = held.due
    _check_move(held, due, localtime(at).date())
    held.due = due
    held.save(update_fields=["due"])
    rows = Assignment.objects.within(EVERYTHING).filter(round=held)
    extended = ExtensionRequest.objects.within(EVERYTHING).filter(
        assignment__round=held, state="granted").values("assignment")
    moved = rows.exclude(pk__in=extended, due__gt=due).exclude(
        first_sent_at__isnull=False, first_sent_at__date__gt=F("due"))
    moved.update(due=due)
    waiting = moved.filter(state__in=_WAITING).values_list("pk", "unit_id")
    facts = {"report": held.title_vi, "due": date_text(before), "until": date_text(due)}
    notify_many(actor=actor, at=at, notices=[
        Notice(unit, Permission.ENTER, f"due_moved:{pk}:{due}", "due_moved", facts,
               report_page(pk))
        for pk, unit in waiting
    ])
    return held


def _check_move(held: CollectionRound, due: date, today: date) -> None:
    if held.state != "open":
        raise Invalid(reason=phrase("kỳ báo cáo đã khoá"))
    if due == held.due:
        raise Invalid(reason=phrase("hạn gửi không đổi"))
    if due < today:
        raise Invalid(reason=phrase("hạn gửi phải từ hôm nay trở đi"))
    sensible(due)
    if due < held.opens or (held.closes is not None and due > held.closes):
        raise Invalid(reason=phrase("ngày mở, hạn gửi và ngày khoá phải theo thứ tự"))
    if held.window_to is not None and due < held.window_to:
        raise Invalid(reason=phrase("hạn gửi phải sau ngày chốt số liệu"))


def _received(actor: Actor, pk: int) -> Assignment:
    """Return a report whose receiver the actor manages, locked."""
    scope = actor.require(Permission.MANAGE)
    return _held(Assignment.objects.within(scope, by="receiver"), pk)


def _held(rows: ScopedQuerySet[Assignment], pk: int) -> Assignment:
    return rows.select_for_update(of=("self",)).select_related("round", "unit").one(pk=pk)


def _requests(row: Assignment) -> ScopedQuerySet[ExtensionRequest]:
    return ExtensionRequest.objects.within(EVERYTHING).filter(assignment=row)


def _said(reason: str) -> str:
    """Return the reason as it is kept; there must be one."""
    said = reason.strip()[:_LONGEST]
    if not said:
        raise Invalid(reason=phrase("hãy viết lý do"))
    return said
