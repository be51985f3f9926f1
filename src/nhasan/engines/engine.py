"""What an engine is: two methods."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from nhasan.domain.cube import Cube
from nhasan.domain.plan import Node, Tables
from nhasan.domain.problems import Invalid, Problem, phrase


class UnknownEngine(Invalid):
    """An engine address that nobody here understands."""

    code = "unknown-engine"
    message = phrase("Không có bộ máy tính nào ở địa chỉ “{url}”.")


class TooLarge(Problem):
    """A figure that no longer fits into the exact integers that engines count with."""

    code = "figure-too-large"
    status = 422
    message = phrase("Có phép tính ra số quá lớn, không giữ chính xác được. Hãy xem lại đơn vị.")


class Engine(Protocol):
    """Runs plans. Every engine gives the same figures for the same plan and tables."""

    def run(self, plan: Node, tables: Tables) -> Cube:
        """Return what the plan computes, in the order of a release file."""
        ...

    def write(self, plan: Node, tables: Tables, path: Path) -> Cube:
        """Write what the plan computes to a Parquet file, and return it."""
        ...
