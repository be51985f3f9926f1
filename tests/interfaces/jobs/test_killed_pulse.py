"""A pulse killed without a word, again and again: nothing is told twice, nothing is left out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.mail_server import MailServer, mail_server

ROOT = Path(__file__).resolve().parents[3]
UNITS = 40
_SEED = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from nhasan.collection.models import Assignment
from nhasan.organisations.models import DayOff, OrganisationUnit, RoleAssignment, User
from tests import factories
now = timezone.now()
today = timezone.localtime(now).date()
for offset in range(-3, 8):  # every day is worked, whatever day the test runs on
    DayOff.objects.create(day=today + timedelta(days=offset), works=True, name="x")
factories.units(); factories.country(); factories.indicators(); factories.publish()
held = factories.round_of(opens=today - timedelta(days=60), due=today - timedelta(days=2))
units = [OrganisationUnit(code=f"U{n}", name=f"Đơn vị {n}", short_name="", kind="commune",
                          path=f"/77/{n}/") for n in range(%(units)d)]
for n, unit in enumerate(OrganisationUnit.objects.bulk_create(units)):
    user = User.objects.create(username=f"u{n}", name=f"Người {n}", unit=unit, created_at=now,
                               email=f"u{n}@example.vn", password="!")
    RoleAssignment.objects.create(user=user, role="enterer", unit=unit, valid_from="2020-01-01")
    Assignment.objects.create(round=held, unit=unit, receiver=held.receiver,
                              area_level="commune", area_code=str(n), due=held.due)
"""
# What a killed pulse held comes free by itself after some minutes; the test does not wait.
_MINUTES_LATER = (
    "UPDATE organisations_steplease SET until = '2000-01-01 00:00:00'",
    "UPDATE organisations_mailmessage SET leased_until = '2000-01-01 00:00:00'"
    " WHERE state = 'sending'",
)


class House:
    """A house in a folder of its own, with its pulse as a process."""

    def __init__(self, folder: Path, port: int) -> None:
        self.file = folder / "nhasan.sqlite3"
        kept = {n: v for n, v in os.environ.items() if not n.startswith("NHASAN_")}
        self.environment = {
            **kept, "NHASAN_VAR": str(folder), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "nhasan.project.settings",
            "NHASAN_MAIL_HOST": "127.0.0.1", "NHASAN_MAIL_PORT": str(port),
            "NHASAN_MAIL_TLS": "no", "NHASAN_MAIL_HOURS": "0-24",
        }
        self.run("-m", "django", "migrate", "-v0")
        self.run("-c", _SEED % {"units": UNITS})

    def run(self, *words: str) -> None:
        subprocess.run([sys.executable, *words], env=self.environment, cwd=ROOT, check=True)

    def pulse(self) -> subprocess.Popen[bytes]:
        for statement in _MINUTES_LATER:
            self.sql(statement)
        return subprocess.Popen(
            [sys.executable, "-m", "django", "pulse"], env=self.environment, cwd=ROOT)

    def sql(self, statement: str) -> list[Any]:
        with closing(connect(self.file, timeout=30)) as database, database:
            return database.execute(statement).fetchall()

    def count(self, table: str, where: str = "1") -> int:
        [[number]] = self.sql(f"SELECT count(*) FROM organisations_{table} WHERE {where}")
        return int(number)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        running.pause = 0.05
        yield running


def _until(reached: Callable[[], bool], pulse: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if reached():
            return
        assert pulse.poll() is None, "the pulse ended by itself"
        time.sleep(0.05)
    pytest.fail("the pulse did not come so far in a minute")


@pytest.mark.sqlite_only
def test_a_killed_pulse_tells_everybody_once(tmp_path: Path, server: MailServer) -> None:
    house = House(tmp_path, server.port)
    # Killed after the notices, in the middle of the letters' way (twice), and then left alone.
    goals: tuple[Callable[[], bool], ...] = (
        lambda: house.count("notification") > 0,
        lambda: len(server.taken) > 7,
        lambda: len(server.taken) > 19,
    )
    for goal in goals:
        pulse = house.pulse()
        _until(goal, pulse)
        pulse.send_signal(signal.SIGKILL)
        pulse.wait()
    pulse = house.pulse()
    _until(lambda: house.count("mailmessage", "state = 'sent'") == UNITS, pulse)
    pulse.terminate()
    assert pulse.wait(timeout=30) == 0
    told = house.sql("SELECT unit_id, count(*) FROM organisations_notification"
                     " WHERE kind = 'overdue' GROUP BY unit_id")
    assert [number for _, number in told] == [1] * UNITS
    assert house.count("mailmessage") == UNITS
    assert house.count("mailitem") == UNITS
    arrived = Counter(str(letter["Message-ID"]) for letter in server.taken)
    assert len(arrived) == UNITS
    # Taken by the server and not yet noted when the pulse was killed: once a kill, same id.
    assert sum(arrived.values()) - UNITS <= len(goals)
    assert {str(letter["To"]) for letter in server.taken} == {
        f"u{n}@example.vn" for n in range(UNITS)}
    assert date.fromisoformat(house.sql("SELECT min(day) FROM organisations_mailmessage")[0][0])
