"""A PostgreSQL server of our own for as long as it is needed, then gone without a trace."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from scripts import entry, machine, processes

_USER = "nhasan"
_DATABASE = "nhasan"
_START_SECONDS = 60.0
_NEEDED = (
    "Thiếu PostgreSQL: hãy cài bằng lệnh  apt-get install postgresql  (quyền quản trị) "
    "rồi chạy lại."
)
_MEMORY = Path("/dev/shm")
_MEMORY_NEEDED = 8 * 1024**3
# Nothing in a temporary cluster is worth a disk's wait; a benchmark says `durable` instead.
_CARELESS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "checkpoint_timeout=1h",
)
_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "shared_buffers=256MB",
    "max_connections=60",
    "max_wal_size=2GB",
    "timezone=UTC",
)


def free_port(first: int = 0) -> int:
    """Return a free port of the loopback address: the first one from here on, or any."""
    for port in range(first, first + 200) if first else [0]:
        with socket.socket() as probe, contextlib.suppress(OSError):
            # Connections that just ended keep a port for a minute; a listener is another matter.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise processes.FailedError(f"Không có cổng nào còn trống từ {first} trở đi.")


def _folder(account: tuple[int, int] | None, *, durable: bool) -> Path:
    """Make a folder that the server's account can reach, whatever TMPDIR says.

    In memory where there is enough: tests empty some hundred tables time and again, and each
    emptied table is a file made and a file removed.
    """
    candidates = [tempfile.gettempdir(), "/tmp", "/var/tmp"]
    if not durable and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MEMORY_NEEDED:
        candidates.insert(0, str(_MEMORY))
    parent = next((place for place in candidates if _open_to_all(Path(place))), candidates[0])
    folder = Path(tempfile.mkdtemp(prefix="nhasan-pg-", dir=parent))
    if account:
        os.chown(folder, *account)
    return folder


def _open_to_all(folder: Path) -> bool:
    return all(step.exists() and step.stat().st_mode & 0o001 for step in [folder, *folder.parents])


@contextlib.contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a temporary cluster and give its address; end and erase it afterwards."""
    programs = machine.postgres()
    if programs is None:
        machine.install_packages(["postgresql"], needed=_NEEDED)
        programs = machine.postgres()
    if programs is None:
        raise processes.FailedError(_NEEDED)
    account = machine.server_account()
    folder = _folder(account, durable=durable)
    try:
        password = secrets.token_urlsafe(16)
        _initialise(programs, folder, password, account)
        with _server(programs, folder, password, account, durable=durable) as port:
            yield f"postgresql://{_USER}:{password}@127.0.0.1:{port}/{_DATABASE}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(
    programs: Path, folder: Path, password: str, account: tuple[int, int] | None
) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if account:
        os.chown(secret, *account)
    command = [
        str(programs / "initdb"),
        f"--pgdata={folder / 'data'}",
        f"--username={_USER}",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    _run(command, folder, account, "Không tạo được cơ sở dữ liệu PostgreSQL tạm")
    secret.unlink()


def _run(command: list[str], folder: Path, account: tuple[int, int] | None, what: str) -> None:
    log = folder / "server.log"
    if processes.run(command, cwd=folder, log=log, account=account):
        raise processes.FailedError(what, processes.last_lines(log))


@contextlib.contextmanager
def _server(
    programs: Path,
    folder: Path,
    password: str,
    account: tuple[int, int] | None,
    *,
    durable: bool,
) -> Iterator[int]:
    port = free_port()
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    settings = [*_SETTINGS, f"unix_socket_directories={folder}", *(() if durable else _CARELESS)]
    for setting in settings:
        command += ["-c", setting]
    with (folder / "server.log").open("ab") as log:
        # SIGINT is PostgreSQL's word for "stop now, and properly".
        server = processes.start(
            command, cwd=folder, output=log, account=account, ending=signal.SIGINT
        )
    try:
        _create_database(programs, folder, port, password)
        yield port
    finally:
        processes.stop(server, ending=signal.SIGINT)


def _create_database(programs: Path, folder: Path, port: int, password: str) -> None:
    command = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", _USER]
    env = {**os.environ, "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "5"}
    deadline = time.monotonic() + _START_SECONDS
    log = folder / "server.log"
    while processes.run([*command, _DATABASE], env=env, log=log):
        if time.monotonic() > deadline:
            raise processes.FailedError(
                "PostgreSQL tạm không khởi động được", processes.last_lines(log)
            )
        time.sleep(0.2)


def _work() -> int:
    with cluster() as url:
        return processes.run(sys.argv[1:], env={**os.environ, "NHASAN_DATABASE_URL": url})


def main() -> int:
    """Run a command beside a temporary cluster whose address it finds in its environment."""
    return entry.answer(_work)


if __name__ == "__main__":
    sys.exit(main())
