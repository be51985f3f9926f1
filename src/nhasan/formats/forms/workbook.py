"""The Excel face of a report form: written for a unit, read when it returns, given back marked."""

from __future__ import annotations

from nhasan.formats.forms.annotator import annotate
from nhasan.formats.forms.bundles import Part, write_bundle
from nhasan.formats.forms.carrying import carried
from nhasan.formats.forms.identity import Identity, WorkbookContext
from nhasan.formats.forms.package import UPLOAD_LIMIT
from nhasan.formats.forms.reader import Arrival, Filled, read_form, read_identity
from nhasan.formats.forms.rows import Spellings
from nhasan.formats.forms.writer import write_form

__all__ = [
    "UPLOAD_LIMIT", "Arrival", "Filled", "Identity", "Part", "Spellings", "WorkbookContext",
    "annotate", "carried", "read_form", "read_identity", "write_bundle", "write_form",
]
