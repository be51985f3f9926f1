"""The temporary server: there when asked for, closed to strangers, and gone afterwards."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from scripts import machine, postgres, processes


def _clusters() -> set[str]:
    places = {tempfile.gettempdir(), "/tmp", "/var/tmp"}
    return {str(path) for place in places for path in Path(place).glob("nhasan-pg-*")}


def test_a_cluster_lives_as_long_as_it_is_needed() -> None:
    before = _clusters()
    with postgres.cluster() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE ô (tên text)")
            connection.execute("INSERT INTO ô VALUES ('Đắk Lắk')")
            row = connection.execute("SELECT tên, current_setting('fsync') FROM ô").fetchone()
        assert row == ("Đắk Lắk", "off")
        parts = urlsplit(url)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(str(parts.password), "wrong"))
        assert len(_clusters() - before) == 1
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
    assert not _clusters() - before


def test_a_cluster_is_erased_though_its_user_fails() -> None:
    before = _clusters()
    with pytest.raises(ZeroDivisionError), postgres.cluster(durable=True):
        1 / 0  # noqa: B018
    assert not _clusters() - before


def test_what_is_missing_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "postgres", lambda: None)
    monkeypatch.setenv("PATH", os.devnull)
    wanted = pytest.raises(processes.FailedError, match="apt-get install postgresql")
    with wanted as refused, postgres.cluster():
        pass
    assert "\n" not in str(refused.value)
