"""An illustrative round for the 92 communes of Thái Nguyên, so that every screen has work.

The figures are drawn from the parameters in `data/illustrative.json`, always the same ones,
and are labelled "số liệu minh hoạ" wherever they appear.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from nhasan.areas import queries as areas
from nhasan.collection import operations as collection
from nhasan.collection import queries as work
from nhasan.domain.access import Actor
from nhasan.domain.forms import Layout, cell_id
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.people import PROVINCE
from nhasan.interfaces.jobs.loading.rounds import enterer_of, explain
from nhasan.organisations import queries as organisations

SENT = ("approved", "submitted", "returned")
RETURN_NOTE = "Số hộ nghèo tăng nhiều so với các xã bên cạnh. Mời xã xem lại ô này."


def load_illustrative(load: Load, people: Mapping[str, Actor]) -> None:
    """Open each illustrative round and bring every commune to its planned state."""
    facts = load.json("illustrative.json")
    enterers = enterer_of(load, people)
    present = {held.identifier for held in work.rounds(load.actor)}
    communes = {commune["unit"]: commune for commune in facts["communes"]}
    for planned in facts["rounds"]:
        if planned["id"] in present:
            continue
        held = _open(load, people["tinh-quan-ly"], planned)
        for unit, state in planned["plan"].items():
            commune = communes[unit]
            given = collection.assign(
                actor=people["tinh-quan-ly"], round_id=held.pk, unit=unit, level="commune",
                code=commune["code"], at=load.at,
            )
            if state != "not_started":
                rng = random.Random(f"{facts['seed']}|{planned['id']}|{unit}")  # noqa: S311
                at = _moment(load, int(planned["due_offset_days"]), rng)
                _bring(at, people, enterers[unit], given.pk, commune, state, rng)
        load.tell(f"{planned['title']}: {len(planned['plan'])} xã, phường (số liệu minh hoạ)")


def load_province_rounds(load: Load, people: Mapping[str, Actor]) -> None:
    """Open the illustrative rounds in which a province owes one workbook for all its communes."""
    present = {held.identifier for held in work.rounds(load.actor)}
    for planned in load.json("illustrative.json")["province_rounds"]:
        if planned["id"] in present:
            continue
        held = _open(load, people["bo-chi-tieu"], planned)
        for unit in planned["units"]:
            body = organisations.unit_by_code(unit)
            area = areas.jurisdictions(
                load.actor, on=held.map_day, unit=body.pk if body else None,
            )[0]
            collection.assign(
                actor=people["bo-chi-tieu"], round_id=held.pk, unit=unit, level=area.level,
                code=area.code, at=load.at,
            )
        load.tell(f"{planned['title']}: {len(planned['units'])} đơn vị (số liệu minh hoạ)")


def _open(load: Load, manager: Actor, planned: Mapping[str, Any]) -> Any:
    due = load.today + timedelta(days=int(planned["due_offset_days"]))
    return collection.open_round(
        actor=manager, identifier=planned["id"], form=planned["form"],
        version=str(planned.get("form_version", "1")), receiver=planned.get("receiver", PROVINCE),
        title_vi=planned["title"], period=planned["period"],
        map_day=date.fromisoformat(planned["reference_date"]),
        opens=min(load.today, due) - timedelta(days=30), due=due, closes=None,
        illustrative=True, at=load.at,
    )


def _moment(load: Load, due_offset: int, rng: random.Random) -> datetime:
    """Return when a commune sent its report: mostly before the due day, some after."""
    if due_offset >= 0:
        return load.at
    return load.at + timedelta(days=min(0, due_offset + rng.choice((-9, -5, -3, -2, -1, 0, 4))))


def _bring(at: datetime, people: Mapping[str, Actor], enterer: Actor, pk: int,
           commune: Mapping[str, Any], state: str, rng: random.Random) -> None:
    row = work.assignment(enterer, pk)
    layout = work.layout_of(row)
    typed = figures(layout, commune, rng)
    if state == "in_progress":
        typed = dict(list(typed.items())[: max(4, len(typed) // 3)])
    saved = collection.save_cells(
        actor=enterer, assignment=pk, channel="screen", at=at,
        changes=[collection.Change(cell, text) for cell, text in typed.items()],
    )
    if state not in SENT:
        return
    explain(actor=enterer, assignment=pk, findings=saved.findings, at=at)
    sent = collection.submit(actor=enterer, assignment=pk, submission=uuid4(), at=at)
    if state == "approved":
        collection.approve(actor=people["tinh-duyet"], submission=sent.pk, at=at)
    if state == "returned":
        odd = next(cell for cell in typed if cell.endswith("/ho_ngheo") and typed[cell] != "0")
        collection.send_back(
            actor=people["tinh-duyet"], submission=sent.pk, reasons={odd: RETURN_NOTE}, note="",
            at=at,
        )


def figures(layout: Layout, commune: Mapping[str, Any], rng: random.Random) -> dict[str, str]:
    """Return illustrative answers of one commune: cell → text."""
    typed: dict[str, str] = {}
    for table in layout.tables:
        columns = [column.id for column in table.columns if not column.computed]
        for row in table.rows:
            if row.computed or row.heading:
                continue
            values = _row(commune, row.id, rng)
            for column in columns:
                typed[cell_id(table.id, row.id, column)] = str(values[column])
    return typed


def _row(commune: Mapping[str, Any], group: str, rng: random.Random) -> dict[str, int]:
    share = commune["mix"].get(group, 0) * rng.uniform(0.985, 1.015)
    people = round(commune["population"] * share)
    households = max(1, round(people / 4.1)) if people else 0
    poor = min(households, round(households * commune["poor_rate"] * rng.uniform(0.6, 1.4)))
    near = min(
        households - poor,
        round(households * commune["near_poor_rate"] * rng.uniform(0.6, 1.4)),
    )
    return {"dan_so": people, "so_ho": households, "ho_ngheo": poor, "ho_can_ngheo": near}

