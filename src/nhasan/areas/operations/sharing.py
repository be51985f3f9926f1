"""Shares of split areas: given by a document, exact, and the whole of every area or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from nhasan.areas.models import AreaLink, AreaShare, ShareDecision
from nhasan.areas.queries.carrying import followed
from nhasan.domain.access import Actor, Permission
from nhasan.domain.correspondence import ONE, SharesUneven
from nhasan.domain.problems import Invalid, phrase
from nhasan.organisations.authority import operation

_FINEST = 10**12


class ShareWithoutLink(Invalid):
    """A share between two areas that no change of that day links."""

    code = "share-without-link"
    message = phrase(
        "Ngày {day} không có liên kết từ {old} sang {new}. Hãy xem lại mã, hoặc ngày của bảng.")


@dataclass(frozen=True, slots=True)
class NewShare:
    """How much of an old area went into a new one, as given to `set_shares`."""

    old_code: str
    new_code: str
    share: Fraction


@operation("area.set_shares")
def set_shares(*, actor: Actor, level: str, on: date, number: str, source: str,
               shares: Iterable[NewShare], at: datetime,
               illustrative: bool = False) -> ShareDecision:
    """Say by a document how areas that were split on a day are shared out; all or nothing.

    The shares of each area sum to exactly one. An earlier table for the same areas stays on
    record and counts no longer.
    """
    actor.require_root(Permission.MANAGE)
    given = list(shares)
    if not number.strip() or not given:
        raise Invalid(reason=phrase("cần số văn bản và ít nhất một dòng"))
    _verify(given)
    steps = {(step.old, step.new) for step in followed(level) if step.on == on}
    links = {
        (link.old_code, link.new_code): link for link in AreaLink.objects.filter(
            level=level, change__on=on, old_code__in={each.old_code for each in given})
        if (link.old_code, link.new_code) in steps
    }
    for each in given:
        if (each.old_code, each.new_code) not in links:
            raise ShareWithoutLink(day=f"{on:%d/%m/%Y}", old=each.old_code, new=each.new_code)
    made = ShareDecision.objects.create(
        number=number.strip(), source=source, illustrative=illustrative, recorded_at=at,
        recorded_by_name=actor.name)
    AreaShare.objects.filter(
        link__level=level, link__change__on=on, replaced_at__isnull=True,
        link__old_code__in={each.old_code for each in given}).update(replaced_at=at)
    AreaShare.objects.bulk_create([
        AreaShare(decision=made, link=links[each.old_code, each.new_code],
                  numerator=each.share.numerator, denominator=each.share.denominator)
        for each in given
    ], batch_size=500)
    return made


def _verify(given: Sequence[NewShare]) -> None:
    """Refuse a pair that is named twice, a share that is none, and a part passed as a whole."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    met: set[tuple[str, str]] = set()
    for each in given:
        pair = (each.old_code, each.new_code)
        if pair in met:
            raise Invalid(reason=phrase("bảng chia nêu {old} sang {new} hai lần").format(
                old=each.old_code, new=each.new_code))
        met.add(pair)
        if each.share < 0 or each.share.denominator > _FINEST:
            raise SharesUneven(code=each.old_code, sum=each.share)
        sums[each.old_code] += each.share
    for code, total in sums.items():
        if total != ONE:
            raise SharesUneven(code=code, sum=total)
