"""Which indicators wait for which: the order of computing, circles, what a change touches."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nhasan.domain.problems import Invalid, phrase

MOST_STEPS = 30
"""So many formulas may rest on one another in a row; figures are told from the bottom up."""
Reads = Mapping[str, Collection[str]]
"""What each derived indicator reads. What is read and has no entry is a reported indicator."""


class CircularFormula(Invalid):
    """Formulas that wait for one another, so that none can be computed."""

    code = "circular-formula"
    message = phrase(
        "Các công thức gọi vòng quanh nhau: {circle}. Hãy bỏ công thức ở một trong các "
        "chỉ tiêu này.")


class FormulasTooDeep(Invalid):
    """Formulas that rest on formulas that rest on formulas, beyond all use."""

    code = "formulas-too-deep"
    message = phrase(
        "Công thức dựa trên công thức quá {most} tầng, đến chỉ tiêu {key}. Hãy viết công thức "
        "thẳng từ các chỉ tiêu được báo cáo.")


def in_order(reads: Reads) -> tuple[str, ...]:
    """Return the derived indicators, each after those it reads, or refuse naming the circle."""
    waiting = {key: {name for name in names if name in reads} for key, names in reads.items()}
    found: list[str] = []
    steps = 0
    while free := sorted(key for key, names in waiting.items() if not names):
        found += free
        steps += 1
        if steps > MOST_STEPS:
            raise FormulasTooDeep(most=MOST_STEPS, key=free[0])
        gone = set(free)
        waiting = {key: names - gone for key, names in waiting.items() if key not in gone}
    if waiting:
        raise CircularFormula(circle=" → ".join(_circle(waiting)))
    return tuple(found)


def _circle(waiting: Mapping[str, set[str]]) -> list[str]:
    walked = [min(waiting)]
    while True:
        following = min(waiting[walked[-1]])
        if following in walked:
            return [*walked[walked.index(following):], following]
        walked.append(following)


def touched(reads: Reads, changed: Collection[str]) -> tuple[str, ...]:
    """Return what has to be computed again when these indicators changed, in order.

    Only what depends on a changed one, through however many formulas; the changed ones
    themselves are among them when they are derived.
    """
    reached = set(changed)
    found = []
    for key in in_order(reads):
        if key in reached or reached.intersection(reads[key]):
            reached.add(key)
            found.append(key)
    return tuple(found)


def sources(reads: Reads, wanted: Collection[str]) -> frozenset[str]:
    """Return the reported indicators that these rest on in the end."""
    found, waiting, seen = set(), list(wanted), set(wanted)
    while waiting:
        key = waiting.pop()
        if key not in reads:
            found.add(key)
        for name in reads.get(key, ()):
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return frozenset(found)
