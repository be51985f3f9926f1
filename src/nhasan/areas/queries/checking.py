"""Whether the map holds together: its counts on two days, and every doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nhasan.areas.models import Area, AreaLink
from nhasan.areas.queries.standing import areas, on_day

READINGS = {
    "both": "cả hai nguồn", "office": "bảng chuyển đổi của Cục Thống kê",
    "resolutions": "lời văn các nghị quyết",
}
DAY_BEFORE_MERGER = date(2025, 6, 30)
DAY_OF_MERGER = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class MapCheck:
    """The counts of the map on two days, and every doubt in words."""

    counts: dict[tuple[date, str], int]
    doubts: tuple[str, ...]


def check_map(days: Sequence[date] = (DAY_BEFORE_MERGER, DAY_OF_MERGER)) -> MapCheck:
    """Return the counts by level on each day, and what does not fit together."""
    counts = {
        (day, level): number
        for day in days
        for level, number in Counter(
            Area.objects.filter(on_day(day)).values_list("level", flat=True)
        ).items()
    }
    return MapCheck(counts, (*_orphans(days), *_link_doubts()))


def _orphans(days: Sequence[date]) -> list[str]:
    doubts = []
    for day in days:
        standing = set(Area.objects.filter(on_day(day)).values_list("level", "code"))
        for found in Area.objects.filter(on_day(day)).exclude(parent_code="").order_by("code"):
            if (found.parent_level, found.parent_code) not in standing:
                doubts.append(
                    f"{day:%d/%m/%Y}: {found.name} ({found.level} {found.code}) thuộc "
                    f"{found.parent_level} {found.parent_code} không có trong bản đồ ngày đó"
                )
    return doubts


def _link_doubts() -> list[str]:
    old = set(areas(on=DAY_BEFORE_MERGER, level="commune").values_list("code", flat=True))
    new = set(areas(on=DAY_OF_MERGER, level="commune").values_list("code", flat=True))
    doubts = []
    for link in AreaLink.objects.select_related("change").order_by("old_code", "new_code"):
        pair = f"{link.old_code} → {link.new_code}"
        if link.doubtful:
            where = READINGS.get(link.agreement, link.agreement)
            doubts.append(f"{pair}: hai cách đọc khác nhau về xã cũ này; liên kết có ở {where}")
        if link.level != "commune" or link.change.on != DAY_OF_MERGER:
            continue
        if link.old_code not in old:
            doubts.append(f"{pair}: mã cũ không phải xã ngày 30/6/2025")
        if link.new_code not in new:
            doubts.append(f"{pair}: mã mới không phải xã ngày 01/7/2025")
    return doubts
