"""Indicator sets that travel: workbook, CSV and SDMX structure, there and back."""

from nhasan.formats.structure.csv import CSV
from nhasan.formats.structure.sdmx import SDMX
from nhasan.formats.structure.sheets import Fault, Reading, SetFile, StructureFormat
from nhasan.formats.structure.workbook import XLSX

STRUCTURES: tuple[StructureFormat, ...] = (XLSX, CSV, SDMX)

__all__ = ["STRUCTURES", "Fault", "Reading", "SetFile", "StructureFormat"]
