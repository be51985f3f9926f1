"""Parquet files, written once.

Files are zstd, in row groups of 122,880 (small ones cost five times the time to read; what is
read in small pieces has small ones), and are put in place by a rename, so that nobody ever
reads half a file.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nhasan.domain.cube import Cube
from nhasan.engines.arrow import arrow_of, cube_of

ROW_GROUP = 122_880
WRITER = f"pyarrow {pa.__version__}"


def write_table(table: pa.Table, path: Path, group: int = ROW_GROUP) -> None:
    """Write a table aside, make sure that it is on the disk, and put it in place."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as file:
        pq.write_table(table, file, compression="zstd", row_group_size=group)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def read_table(path: Path) -> pa.Table:
    """Return the table of a Parquet file, opened by its exact name."""
    with path.open("rb") as file:
        return pq.read_table(file)


def write_cube(cube: Cube, path: Path) -> None:
    """Write a cube to a Parquet file."""
    write_table(arrow_of(cube), path)


def read_cube(path: Path) -> Cube:
    """Return the cube of a Parquet file."""
    return cube_of(read_table(path))
