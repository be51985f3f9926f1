"""Protection: what must be hidden of a cube so that no reader can work a small count out.

The attacker (`engines/attacker.py`) judges, `engines/hiding.py` chooses with the least loss, and
`domain/disclosure.py` hides what was chosen and whatever was computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nhasan.domain import disclosure
from nhasan.domain.cube import Cube
from nhasan.domain.disclosure import EARLIER, PRIMARY, SECONDARY, Line, Log
from nhasan.domain.observations import Status
from nhasan.domain.plan import Operand
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.domain.public_knowledge import earlier, puzzle
from nhasan.engines.hiding import choose


def protect(
    cube: Cube, policy: DisclosurePolicy, lines: Iterable[Line] = (),
    derived: Mapping[str, Sequence[Operand]] | None = None, releases: Iterable[Cube] = (),
) -> tuple[Cube, Log]:
    """Return the cube as it may be shown, and the log of what was hidden.

    `lines` are the sums that readers can check, `derived` names the operands of each computed
    indicator, and `releases` are the cubes that were said before of the same data. Protecting
    twice is protecting once.
    """
    if policy.public:
        return disclosure.protect(cube, policy)
    lines, derived = list(lines), derived or {}
    small = disclosure.small_cells(cube, policy, derived)
    known = earlier(cube, releases)
    view = puzzle(cube.aligned(), policy, lines, small, known)
    index = cube.index()
    kept = [index[key] for key in sorted(known.kept)
            if key in index and cube.values[index[key]] is not None]
    plain, _ = disclosure.protect(cube, policy, lines)
    hint = [at for at, status in enumerate(plain.statuses) if status == Status.CONFIDENTIAL]
    choice = choose(view, [*small, *kept], hint)
    chosen = {
        **dict.fromkeys(choice.more, SECONDARY), **dict.fromkeys(kept, EARLIER),
        **dict.fromkeys(small, PRIMARY),
    }
    # Cells that came in hidden have no value to reckon with: their lines are closed one by one.
    hidden = {key for key, status in zip(cube.cells(), cube.statuses, strict=True)
              if status == Status.CONFIDENTIAL}
    touched = [
        line for line in lines
        if hidden and not hidden.isdisjoint((line.whole, *line.parts))
    ]
    given = len(small) - len(view.need) + len(choice.exposed)
    return disclosure.hide(cube, policy, chosen, derived, touched, given)
