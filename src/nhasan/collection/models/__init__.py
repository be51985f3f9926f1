"""Tables of collection. What was submitted never changes; a draft is kept cell by cell."""

from nhasan.collection.models.drafts import (
    Attachment,
    CellNote,
    DraftRow,
    Revision,
    WorkbookMapping,
    WorkbookUpload,
)
from nhasan.collection.models.forms import (
    Form,
    FormVersion,
)
from nhasan.collection.models.regime import (
    ASSIGNMENT_STATES,
    Assignment,
    CollectionRound,
    ExtensionRequest,
    ObligationEvent,
    ReportingObligation,
)
from nhasan.collection.models.submissions import (
    FigureLevel,
    PaperCheck,
    Review,
    Submission,
)
from nhasan.collection.models.usual import UsualFigures

__all__ = [
    "ASSIGNMENT_STATES",
    "Assignment",
    "Attachment",
    "CellNote",
    "CollectionRound",
    "DraftRow",
    "ExtensionRequest",
    "FigureLevel",
    "Form",
    "FormVersion",
    "ObligationEvent",
    "PaperCheck",
    "ReportingObligation",
    "Review",
    "Revision",
    "Submission",
    "UsualFigures",
    "WorkbookMapping",
    "WorkbookUpload",
]
