"""The temporary server: there when asked for, closed to strangers, and gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from scripts import machine, postgres, processes


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder for temporary files that no other test, at work at this moment, fills too."""
    with tempfile.TemporaryDirectory(prefix="nhasan-places-") as folder:
        Path(folder).chmod(0o755)  # the server may run under an account of its own
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setattr(postgres, "_MEMORY", Path(folder))
        yield Path(folder)


def test_a_cluster_lives_as_long_as_it_is_needed(place: Path) -> None:
    with postgres.cluster() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE ô (tên text)")
            connection.execute("INSERT INTO ô VALUES ('Đắk Lắk')")
            row = connection.execute("SELECT tên, current_setting('fsync') FROM ô").fetchone()
        assert row == ("Đắk Lắk", "off")
        parts = urlsplit(url)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(str(parts.password), "wrong"))
        assert len(list(place.iterdir())) == 1
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
    assert not list(place.iterdir())


def test_a_cluster_is_erased_though_its_user_fails(place: Path) -> None:
    with pytest.raises(ZeroDivisionError), postgres.cluster(durable=True):
        1 / 0  # noqa: B018
    assert not list(place.iterdir())


def test_what_is_missing_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "postgres", lambda: None)
    monkeypatch.setenv("PATH", os.devnull)
    wanted = pytest.raises(processes.FailedError, match="apt-get install postgresql")
    with wanted as refused, postgres.cluster():
        pass
    assert "\n" not in str(refused.value)
