"""One release beside another: what was said before bears on what may be said now.

Readers keep every release. A count that is hidden today can be the difference of two that were
shown, one of them years ago. So a run is protected with the earlier releases in sight, and a
draft that was not, or that shows what they hid, is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Conflict, phrase
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.releases.models import Release

_SAID = ("approved", "published", "withdrawn")


class WeakerPolicy(Conflict):
    """A policy that shows what the last release hid."""

    code = "weaker-policy"
    message = phrase(
        "Chính sách bảo mật của lượt tổng hợp này cho hiện nhiều hơn bản {version} đã công bố. "
        "Không làm được, vì người đọc vẫn giữ bản ấy: đặt hai bản cạnh nhau là tính ra số đã ẩn. "
        "Hãy đặt chính sách ít nhất chặt như bản ấy, rồi tổng hợp lại."
    )


class NotBeside(Conflict):
    """A run that was protected without an earlier release in sight."""

    code = "run-without-earlier-release"
    message = phrase(
        "Lượt tổng hợp này chưa xét cùng bản {version} đã công bố, nên đặt hai bản cạnh nhau có "
        "thể tính ra số đã ẩn. Hãy tổng hợp lại."
    )


def runs_said(dataflow: str) -> Sequence[UUID]:
    """Return the runs whose results were released, or are about to be; the oldest first.

    What was withdrawn was read as well. The house asks for itself: nobody is shown them.
    """
    found = Release.objects.within(EVERYTHING).filter(dataflow=dataflow, state__in=_SAID)
    return list(found.order_by("drafted_at").values_list("run_id", flat=True))


def require_beside(run: UUID, policy: Mapping[str, Any], present: Collection[str],
                   after: Collection[str], last: Release | None) -> None:
    """Refuse a run that would give away, beside the last release, what either of them hides.

    `present` are the indicators of the run, `after` the runs that it was protected after.
    """
    if last is None or (not policy.get("threshold") and last.manifest["policy"].get("public")):
        return
    if _shows_more(policy, last.manifest["policy"], present):
        raise WeakerPolicy(version=last.version)
    unseen = {str(pk) for pk in runs_said(last.dataflow)} - {str(run), *after}
    if unseen:
        found = Release.objects.within(EVERYTHING).filter(
            run__in=[UUID(pk) for pk in unseen]).order_by("-drafted_at")
        raise NotBeside(version=found[0].version)


def _shows_more(policy: Mapping[str, Any], before: Mapping[str, Any],
                present: Collection[str]) -> bool:
    """Tell whether a policy is weaker than an earlier one, for the indicators that are there."""
    if before.get("public"):
        return False
    held = sorted(set(before.get("indicators", ())) & set(present))
    return bool(held) and DisclosurePolicy.from_json(policy).weaker_than(
        DisclosurePolicy.from_json({**before, "indicators": held}),
    )
