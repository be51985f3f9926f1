"""What `make demo` and `make demo-reset` promise, as far as no database is needed."""

import re
import socket
from pathlib import Path

import pytest

from scripts import demo, places, postgres, processes, progress


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NHASAN_VAR", str(tmp_path))
    monkeypatch.delenv("NHASAN_DATABASE_URL", raising=False)
    return tmp_path


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("reuse", [0, 1])
def test_a_taken_port_gives_way_to_the_next_free_one(address: str, reuse: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        other.bind((address, 0))
        other.listen()
        taken = other.getsockname()[1]
        assert taken < postgres.free_port(taken) < taken + 200


def test_a_port_is_free_again_as_soon_as_its_server_has_gone() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        client.connect(("127.0.0.1", port))
        answering, _ = server.accept()
        answering.close()  # the server says goodbye first, so its end of the line lingers
        client.recv(1)
    assert postgres.free_port(port) == port


def test_reset_deletes_what_is_ours_and_nothing_else(var: Path) -> None:
    kept = [var / "note.txt", var / "secret.key", var / "mine" / "file"]
    for path in [var / name for name in demo.DATABASE_FILES] + kept:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    release = var / "releases" / "BDT" / "1.0.0"
    release.mkdir(parents=True)
    (release / "part.parquet").write_text("x")
    (release / "part.parquet").chmod(0o400)
    release.chmod(0o500)
    demo.reset(progress.Progress("thử"))
    assert not [name for name in (*demo.DATABASE_FILES, *demo.OURS) if (var / name).exists()]
    assert all(path.exists() for path in kept)


def test_reset_follows_no_link_out_of_the_folder(var: Path, tmp_path_factory: object) -> None:
    elsewhere = var.parent / f"{var.name}-elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("x")
    (var / "releases").symlink_to(elsewhere)
    demo.reset(progress.Progress("thử"))
    assert not (var / "releases").exists()
    assert (elsewhere / "precious").exists()


def test_reset_of_a_server_asks_for_the_name_of_the_database(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NHASAN_DATABASE_URL", "postgres://u:secret@db.example:5433/thong_ke")
    with pytest.raises(processes.FailedError, match="CONFIRM=thong_ke") as refused:
        demo.reset(progress.Progress("thử"))
    assert "secret" not in str(refused.value)


def test_a_second_demonstration_is_refused_with_the_address_of_the_first(var: Path) -> None:
    with demo.only_one() as lock:
        lock.write_text("http://127.0.0.1:8001/")
        with pytest.raises(processes.FailedError, match="8001"), demo.only_one():
            pass
    with demo.only_one():
        pass


def test_the_settings_write_nowhere_that_reset_does_not_know() -> None:
    settings = places.ROOT / "src" / "nhasan" / "project" / "settings.py"
    named = set(re.findall(r'\bVAR / "([^"]+)"', settings.read_text(encoding="utf-8")))
    assert named
    given = {"boundaries"}  # put there by the installation itself: only read
    assert named <= {*demo.OURS, *demo.DATABASE_FILES, "secret.key", *given}


def test_a_loaded_database_is_known_again_and_another_one_is_not(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = var / "data"
    data.mkdir()
    (data / "areas.csv").write_text("01")
    monkeypatch.setenv("NHASAN_DATA", str(data))
    database = var / demo.DATABASE_FILES[0]
    database.write_text("x")
    known = demo.sources()
    assert demo.sources() == known
    monkeypatch.setenv("NHASAN_PORT", "8123")
    assert demo.sources() == known, "the port is no matter of what is loaded"
    (data / "areas.csv").write_text("02")
    assert demo.sources() != known
    (data / "areas.csv").write_text("01")
    monkeypatch.setenv("NHASAN_FOCAL_DEPARTMENT", "Sở Nội vụ")
    assert demo.sources() != known
    monkeypatch.delenv("NHASAN_FOCAL_DEPARTMENT")
    assert demo.sources() == known
    database.rename(var / "old")
    database.write_text("x")
    assert demo.sources() != known, "another file has to be loaded anew"
