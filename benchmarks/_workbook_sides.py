"""One side of the workbook measurement, in a process of its own with Django already set up."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
from django.core.management import call_command
from django.db import connection, models, transaction

from benchmarks._workbook_form import (
    CELLS,
    FIRST_LINE,
    PERIODS,
    ROWS,
    column_places,
    counts,
    form,
)
from nhasan.collection import queries
from nhasan.collection.operations import receive_workbook
from nhasan.domain.answers import Answers, Entry
from nhasan.domain.observations import reported
from nhasan.formats.forms.workbook import write_form
from nhasan.organisations.models import User
from tests import factories


class BaselineCell(models.Model):
    """The table of the baseline: one row a cell."""

    assignment = models.IntegerField()
    row = models.CharField(max_length=64)
    column = models.CharField(max_length=64)
    text = models.CharField(max_length=40)
    value = models.BigIntegerField(null=True)
    status = models.CharField(max_length=1)
    version = models.IntegerField(default=1)

    class Meta:
        app_label = "benchmarks"
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "row", "column"], name="baseline_cell_once"),
        ]


def prepare(folder: Path) -> None:
    """Build the world and one report a turn, and write the workbook of each."""
    call_command("migrate", verbosity=0)
    factories.units()
    factories.country()
    factories.indicators()
    definition = form()
    factories.publish(definition)
    officer = factories.person("do", "Người đo", "XA-BABE", "enterer")
    answers = Answers({cell: Entry(str(count), reported(count)) for cell, count in counts()})
    reports = []
    for period in PERIODS:
        held = factories.round_of(definition, period=period, due=date(2026, 11, 28))
        report = factories.give(held, "XA-BABE", "01900")
        found = queries.assignment(factories.actor(officer), report.pk)
        data = write_form(queries.layout_of(found), queries.workbook_context(found), answers)
        (folder / f"{period}.xlsx").write_bytes(data)
        reports.append(report.pk)
    (folder / "reports.json").write_text(json.dumps([officer.pk, reports]))
    with connection.schema_editor() as editor:
        editor.create_model(BaselineCell)


def product(folder: Path, turn: int) -> dict[str, float]:
    """Receive one upload through the product's operation."""
    officer, reports = json.loads((folder / "reports.json").read_text())
    actor = factories.actor(User.objects.get(pk=officer))
    content = (folder / f"{PERIODS[turn]}.xlsx").read_bytes()
    with _measured() as found:
        upload = receive_workbook(
            actor=actor, assignment=reports[turn], name="do.xlsx", content=content,
            at=factories.AT)
    assert upload.cells == CELLS, upload.cells
    assert not upload.findings, upload.findings[:3]
    kept = queries.draft(queries.assignment(actor, reports[turn])).answers.cells
    assert {cell: entry.figure for cell, entry in kept.items()} == {
        cell: reported(count) for cell, count in counts()}
    return found


def baseline(folder: Path, turn: int, *, read_only: bool) -> dict[str, float]:
    """Read by position with openpyxl and store one row a cell."""
    content = (folder / f"{PERIODS[turn]}.xlsx").read_bytes()
    report = turn + (1000 if read_only else 0)
    with _measured() as found:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=read_only)
        places = column_places()
        cells = []
        lines = book.worksheets[0].iter_rows(
            min_row=FIRST_LINE, max_row=FIRST_LINE - 1 + ROWS, values_only=True)
        for line in lines:
            for spot, column in places.items():
                value = line[spot]
                if not isinstance(value, int) or value < 0:
                    raise ValueError(f"{line[1]}, {column}: {value!r} is no count")
                cells.append(BaselineCell(
                    assignment=report, row=f"v{line[0]}", column=column, text=str(value),
                    value=value, status="A"))
        with transaction.atomic():
            BaselineCell.objects.bulk_create(cells, batch_size=5_000)
    kept = BaselineCell.objects.filter(assignment=report).values_list("row", "column", "value")
    assert {f"do/{row}/{column}": value for row, column, value in kept} == dict(counts())
    return found


@contextlib.contextmanager
def _measured() -> Iterator[dict[str, float]]:
    found: dict[str, float] = {}
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    yield found
    found["seconds"] = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    found["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found["memory"] = after.ru_maxrss / 1024


def main() -> None:
    """Do what the command line names and print what it took."""
    side, folder, turn = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if side == "prepare":
        prepare(folder)
        return
    connection.ensure_connection()
    if side == "product":
        found = product(folder, turn)
    else:
        found = baseline(folder, turn, read_only=side == "read_only")
    print(json.dumps(found))
