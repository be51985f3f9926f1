"""Papers: the signed copy of a report, compared with its figures; how final they are.

A report goes by two channels, so that its figures can be checked against each other
(Thông tư 02/2018/TT-UBDT, Điều 3). Levels: Luật Thống kê 89/2015/QH13, Điều 48.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from nhasan.collection.models import Assignment, Attachment, FigureLevel, PaperCheck, Submission
from nhasan.collection.operations.reviewing import OwnReport
from nhasan.collection.queries import level_of, reader, successor_of, written_by
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.figure_levels import FIGURE_LEVELS, OFFICIAL
from nhasan.domain.lifecycle import SUBMISSION
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState, phrase
from nhasan.formats.documents.papers import paper_of
from nhasan.organisations.authority import operation
from nhasan.storage.store import Store

LONGEST_NOTE = 1000
MOST_PAPERS = 20
"""So many signed copies a report; each mended report may bring another."""
_STANDING = ("submitted", "approved")


@operation("paper.attach")
def attach_signed(*, actor: Actor, assignment: int, name: str, content: bytes,
                  at: datetime) -> Attachment:
    """Keep the signed paper of a report: a PDF or a picture of it."""
    row = Assignment.objects.within(actor.require(Permission.ENTER)).one(pk=assignment)
    if len(content) > settings.WORKBOOK_LIMIT:
        raise Invalid(reason=phrase("tệp quá nặng; hãy quét lại ở mức đen trắng, 200 điểm"))
    if paper_of(content) is None:
        raise Invalid(reason=phrase("bản ký phải là tệp PDF hoặc ảnh PNG, JPEG"))
    if row.state == "taken_back":
        raise Invalid(reason=phrase("báo cáo này không phải gửi nữa"))
    papers = Attachment.objects.within(EVERYTHING).filter(assignment=row, kind="signed")
    if papers.count() >= MOST_PAPERS:
        raise Invalid(reason=phrase("báo cáo này đã có {most} tệp đính kèm").format(
            most=MOST_PAPERS))
    return Attachment.objects.create(
        assignment=row, name=name[:200], digest=Store(settings.STORE).put(content),
        size=len(content), uploaded_at=at, uploaded_by=actor.id, kind="signed",
    )


@operation("paper.compare")
def compare_paper(*, actor: Actor, submission: UUID, attachment: int, agrees: bool, note: str,
                  at: datetime) -> PaperCheck:
    """Say whether the signed paper and the figures that were sent agree."""
    found = _reviewed(actor, submission)
    paper = (
        Attachment.objects.within(EVERYTHING)
        .filter(assignment=found.assignment_id, kind="signed").one(pk=attachment)
    )
    if not agrees and not note.strip():
        raise Invalid(reason=phrase("hãy ghi chỗ nào không khớp"))
    return PaperCheck.objects.create(
        attachment=paper, submission=found, agrees=agrees, note=note.strip()[:LONGEST_NOTE],
        at=at, by=actor.id, by_name=actor.name,
    )


@operation("submission.declare_level")
def declare_level(*, actor: Actor, submission: UUID, level: str, note: str,
                  at: datetime) -> FigureLevel:
    """Say from now on whether the figures are an estimate, provisional or official.

    They become firmer only; what was official is changed by a new submission.
    """
    found = _reviewed(actor, submission)
    if level not in FIGURE_LEVELS:
        raise Invalid(reason=phrase("không có mức số liệu này"))
    order = list(FIGURE_LEVELS)
    if order.index(level) <= order.index(level_of(found)):
        raise Invalid(reason=phrase(
            "số liệu chỉ đi từ ước tính đến sơ bộ rồi chính thức; muốn sửa số đã chính thức, "
            "hãy mở lại báo cáo"))
    return _declare(actor, found, level, note, at)


def state_level(actor: Actor, found: Submission, level: str, at: datetime) -> None:
    """Keep what the unit says of its figures when it sends them; nothing said is official."""
    if level not in FIGURE_LEVELS:
        raise Invalid(reason=phrase("không có mức số liệu này"))
    if level != OFFICIAL:
        _declare(actor, found, level, "", at)


def _declare(actor: Actor, found: Submission, level: str, note: str,
             at: datetime) -> FigureLevel:
    return FigureLevel.objects.create(
        submission=found, level=level, note=note.strip()[:LONGEST_NOTE], at=at, by=actor.id,
        by_name=actor.name,
    )


def _reviewed(actor: Actor, pk: UUID) -> Submission:
    """Return a standing submission that the actor's own unit receives or looks at.

    Who had a hand in its figures says nothing of them here, either.
    """
    mine = actor.require(Permission.REVIEW)
    rows = Submission.objects.select_related("assignment__receiver", "assignment__reader")
    for by in ("assignment__reader", "assignment__receiver"):
        found = rows.within(mine, by=by).filter(pk=pk).first()
        if found is not None:
            break
    else:
        raise NotFound()
    units = (successor_of(found.assignment.receiver), reader(found.assignment))
    if not any(mine.names(unit.path or "") for unit in units):
        raise Forbidden()
    if written_by(actor, [found.assignment]):
        raise OwnReport()
    if found.state not in _STANDING:
        raise WrongState(
            action=phrase("ghi nhận xét"), state=SUBMISSION.states[found.state])
    return found
