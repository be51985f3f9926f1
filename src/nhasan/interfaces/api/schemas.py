"""What the API takes and gives. Decimals travel as text, so that no digit is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import BaseModel, ConfigDict

MOST_CHANGES = 500
MOST_DELIVERED = 10_000  # all cells of the largest form that one page shows
CellId = Annotated[str, Field(max_length=200, pattern=r"^[^/]+/[^/]+/[^/]+$")]
_NO_NUL = r"^[^\x00]*$"  # no database holds it
Text = Annotated[str, Field(max_length=2000, pattern=_NO_NUL)]
Reasons = Annotated[
    dict[
        Annotated[str, Field(max_length=200, pattern=r"^[^|\x00]+\|[^|\x00]*$")],
        Annotated[str, Field(max_length=1000, pattern=_NO_NUL)],
    ],
    Field(max_length=200),
]


class Strict(Schema):
    """A body in which a misspelt field is refused, not overlooked."""

    model_config = ConfigDict(extra="forbid")


class Item(BaseModel):
    """One of many in a body: read without the looks that a whole body is given."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class ChangeIn(Item):
    """One cell as typed, and the version of it that the person saw."""

    cell: CellId
    text: Text
    base: Annotated[int, Field(ge=0, le=2_147_483_647)] = 0


class ChangesIn(Strict):
    """Changed cells of a draft, and reasons for warnings; "" takes either back."""

    changes: Annotated[list[ChangeIn], Field(max_length=MOST_CHANGES)] = []
    reasons: Reasons = {}


class DeliveryIn(ChangesIn):
    """What was filled without a network, by whom, on which save of the draft."""

    changes: Annotated[list[ChangeIn], Field(max_length=MOST_DELIVERED)] = []
    person: Annotated[str, Field(max_length=64)]
    seen: Annotated[int, Field(ge=0, le=2_147_483_647)]
    send: bool


class RowIn(Item):
    """One row that the unit names itself."""

    id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/\x00]+$")]
    label: Annotated[str, Field(min_length=1, max_length=120, pattern=_NO_NUL)]


class RowsIn(Strict):
    """All rows of a table that the unit names itself, in order."""

    rows: Annotated[list[RowIn], Field(max_length=2000)]


class ReasonsIn(Strict):
    """Reasons for warnings, by `finding code|cell`; "" takes one back."""

    reasons: Reasons


class ReasonsOut(Schema):
    """Every reason that is kept, by `finding code|cell`."""

    reasons: dict[str, str]


class UndoIn(Strict):
    """The number of the save to take back."""

    revision: Annotated[int, Field(ge=1, le=2_147_483_647)]


class FindingOut(Item):
    """One thing to look at, beside its cell."""

    code: str
    severity: str
    message: str
    cell: str
    where: str


class SavedOut(Item):
    """One cell as kept."""

    cell: str
    text: str
    version: int


class ConflictOut(Item):
    """One cell that somebody else changed meanwhile, as it stands now."""

    cell: str
    theirs: str
    theirs_by: str
    version: int


class OutcomeOut(Schema):
    """What a save kept, where two people met, and what the checks say of the whole draft."""

    saved: list[SavedOut]
    conflicts: list[ConflictOut]
    findings: list[FindingOut]
    at: datetime


class DeliveryOut(Schema):
    """What became of a delivery, in one word and in a sentence for people.

    `arrival` is `sent`, `saved`, `met` (two people changed the same cell), `changed` (somebody
    else changed the report meanwhile) or `stopped` (something is to be mended or explained).
    """

    arrival: str
    message: str
    saved: list[SavedOut]
    conflicts: list[ConflictOut]
    findings: list[FindingOut]
    submission: str
    receipt: str
    at: datetime


class CellOut(Item):
    """One cell of a draft: as typed, and what it means. `value` is a decimal as text."""

    cell: str
    text: str
    value: str | None
    status: str
    version: int


class RowOut(Item):
    """One row that the unit named itself."""

    id: str
    label: str


class DraftOut(Schema):
    """The draft of a report."""

    id: int
    form: str
    form_version: str
    period: str
    unit: str
    area: str
    due: str
    state: str
    cells: list[CellOut]
    computed: dict[str, str | None]
    open_rows: dict[str, list[RowOut]]
    reasons: dict[str, str]
    findings: list[FindingOut]


class RowsOut(Schema):
    """The rows of a table as they are kept."""

    rows: list[RowOut]


class ProblemOut(Schema):
    """A refusal: a stable code, and a sentence for people."""

    code: str
    message: str
