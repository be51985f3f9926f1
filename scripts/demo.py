"""Bring up the demonstration: from an empty checkout to an address and accounts to sign in with.

``python3 -m scripts.demo`` starts it and stays until Ctrl-C; ``… reset`` starts over.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scripts import (
    entry,
    frontend,
    install,
    places,
    postgres,
    processes,
    progress,
    stamps,
    translations,
)

USUAL_PORT = 8000
ANSWER_SECONDS = 60.0
# What the house writes under var/; a house test holds this list to the settings.
LOADED = "demo.made-of"
ACCOUNTS = "demo.accounts"
OURS = ("releases", "runs", "working", "store", "static", "log", LOADED, ACCOUNTS)
DATABASE_FILES = tuple(f"nhasan.sqlite3{end}" for end in ("", "-wal", "-shm", "-journal"))
# What changes how pages look, not what is loaded.
_NOT_LOADED = frozenset({"static", "templates", "locale", "__pycache__"})
_NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def database_name(url: str) -> str:
    """Return how to name a database to a person: without its password."""
    if not url:
        return f"SQLite, {places.var() / DATABASE_FILES[0]}"
    parts = urlsplit(url)
    host = f"{parts.hostname or 'localhost'}{f':{parts.port}' if parts.port else ''}"
    return f"PostgreSQL, {unquote(parts.path.lstrip('/'))} trên {host}"


@contextlib.contextmanager
def only_one() -> Iterator[Path]:
    """Hold the lock of the running demonstration; refuse when another holds it."""
    path = places.var() / "demo.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            file.seek(0)
            where = file.read().strip() or "(đang khởi động)"
            raise processes.FailedError(
                f"Bản minh hoạ đang chạy: {where}. Bấm Ctrl-C ở cửa sổ đang chạy nó để dừng."
            ) from held
        path.write_text("")
        yield path


def manage(command: str, *arguments: str) -> list[str]:
    """Return the command line of one of the house's own commands."""
    return [str(places.PYTHON), "-m", "django", command, *arguments]


def prepare(story: progress.Progress) -> None:
    """Make everything that the two processes need, leaving out what is already made."""
    install.ensure("runtime", story)
    frontend.ensure(story)
    translations.ensure(story)
    collect_static(story, places.environment())
    stamp = places.var() / LOADED
    kept = _database_file().exists() and (places.var() / ACCOUNTS).exists()
    if kept and stamps.read(stamp) == sources():
        story.say(f"           Số liệu minh hoạ đã có sẵn ({database_name(_database_url())}).")
        return
    stamp.unlink(missing_ok=True)
    _load(story)
    (places.var() / ACCOUNTS).write_text(_accounts(), encoding="utf-8")
    if not _database_url():
        stamps.write(stamp, sources())


def _load(story: progress.Progress) -> None:
    """Bring the database up to the present tables and the present demonstration."""
    log = install.log_file("database")
    with story.step(f"Chuẩn bị cơ sở dữ liệu ({database_name(_database_url())})"):
        migrate = manage("migrate", "--no-input", "--verbosity=1")
        code = processes.run(migrate, env=places.environment(), cwd=places.ROOT, log=log)
        install.require(code, "Không tạo được cơ sở dữ liệu", log)
    log = install.log_file("load")
    with story.step("Nạp số liệu minh hoạ"):
        code = processes.run(
            manage("load_demo"),
            env=places.environment(),
            cwd=places.ROOT,
            log=log,
            said=story.detail,
        )
        if code:  # its own words stand above already
            raise processes.FailedError(f"Không nạp được số liệu minh hoạ (đầy đủ ở {log})")


def _database_file() -> Path:
    return places.var() / DATABASE_FILES[0]


def sources() -> str:
    """Return what the stamp says when this very file of SQLite was loaded from these sources."""
    code = stamps.files_under(places.ROOT / "src" / "nhasan", without=_NOT_LOADED)
    data = stamps.files_under(Path(os.environ.get("NHASAN_DATA") or places.ROOT / "data"))
    settings = [
        f"{name}={value}"
        for name, value in sorted(os.environ.items())
        if name.startswith("NHASAN_") and name != "NHASAN_PORT"
    ]
    file = _database_file()
    which = str(file.stat().st_ino) if file.exists() else ""
    return stamps.digest([*code, *data], which, *settings)


def collect_static(story: progress.Progress, env: dict[str, str]) -> None:
    """Gather the files that pages link to, when they changed."""
    made_of = [
        file
        for folder in sorted((places.ROOT / "src").rglob("static"))
        for file in stamps.files_under(folder)
    ]
    wanted = stamps.digest(made_of, stamps.read(places.VENV / "installed"))
    stamp = Path(env["NHASAN_VAR"]) / "static" / ".made-of"
    if stamps.read(stamp) == wanted:
        return
    log = install.log_file("static")
    with story.step("Gom tệp giao diện"):
        collect = manage("collectstatic", "--no-input", "--clear", "--verbosity=0")
        code = processes.run(collect, env=env, cwd=places.ROOT, log=log)
        install.require(code, "Không gom được tệp giao diện", log)
    stamps.write(stamp, wanted)


def serve(story: progress.Progress, lock: Path) -> None:
    """Run web and pulse until one of them ends or we are stopped."""
    port = _port(story)
    address = f"http://127.0.0.1:{port}/"
    log = places.var() / "log"
    with story.step("Khởi động trang web và chương trình chạy nền"):
        running = {
            "Trang web": (_start_web(port), log / "web.log"),
            "Chương trình chạy nền": (
                _start(manage("pulse"), log / "pulse.log"), log / "pulse.log",
            ),
        }
        _await_answer(address, running)
    lock.write_text(address)
    story.say()
    story.say(f"Sẵn sàng sau {story.seconds} giây.  Địa chỉ:  {address}")
    story.say()
    story.say((places.var() / ACCOUNTS).read_text(encoding="utf-8"))
    story.say()
    story.say("Bấm Ctrl-C để dừng. Số liệu còn nguyên ở lần chạy sau;")
    story.say("muốn làm lại từ đầu thì chạy `make demo-reset`.")
    while True:
        _check_alive(running)
        time.sleep(0.5)


def _accounts() -> str:
    """Return the accounts to sign in with, as the house prints them."""
    said = subprocess.run(
        manage("demo_accounts"),
        env=places.environment(),
        cwd=places.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if said.returncode:
        raise processes.FailedError(
            "Không đọc được danh sách tài khoản minh hoạ", said.stderr.splitlines()[-20:]
        )
    return said.stdout.rstrip()


def _database_url() -> str:
    return os.environ.get("NHASAN_DATABASE_URL", "")


def _port(story: progress.Progress) -> int:
    wanted = os.environ.get("NHASAN_PORT") or str(USUAL_PORT)
    if not wanted.isdigit() or not 0 < int(wanted) < 65_000:
        raise processes.FailedError(f"NHASAN_PORT={wanted} không phải là một cổng.")
    port = postgres.free_port(int(wanted))
    if port != int(wanted):
        story.detail(f"Cổng {wanted} đã có chương trình khác dùng, chuyển sang cổng {port}.")
    return port


_Running = dict[str, tuple["subprocess.Popen[bytes]", Path]]


def _start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    log.write_bytes(b"")
    with log.open("ab") as file:
        return processes.start(command, env=places.environment(), cwd=places.ROOT, output=file)


def _start_web(port: int) -> "subprocess.Popen[bytes]":
    command = [
        *(str(places.PYTHON), "-m", "granian", "nhasan.project.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--respawn-failed-workers", "--no-ws"),
        *("--workers-kill-timeout", "2"),
        *("--blocking-threads", "4", "--backpressure", "64"),
    ]
    return _start(command, places.var() / "log" / "web.log")


def _check_alive(running: _Running) -> None:
    for name, (process, log) in running.items():
        if process.poll() is not None:
            raise processes.FailedError(
                f"{name} đã dừng (mã {process.returncode}); nhật ký ở {log}",
                processes.last_lines(log),
            )


def _await_answer(address: str, running: _Running) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        _check_alive(running)
        try:
            with _NO_PROXY.open(address, timeout=10) as answer:
                answer.read()
                return
        except urllib.error.HTTPError as refused:
            _, log = running["Trang web"]
            raise processes.FailedError(
                f"{address} trả lời mã lỗi {refused.code}", processes.last_lines(log)
            ) from refused
        except OSError:
            time.sleep(0.2)
    raise processes.FailedError(f"{address} không trả lời sau {ANSWER_SECONDS:.0f} giây")


def reset(story: progress.Progress) -> None:
    """Delete the demonstration's database and files, and nothing else."""
    url = _database_url()
    if url:
        _empty_postgres(url)
        story.say(f"Đã xoá mọi bảng: {database_name(url)}")
    for name in (*(() if url else DATABASE_FILES), *OURS):
        _remove(places.var() / name)
    story.say(f"Đã xoá số liệu minh hoạ trong {places.var()}.")
    story.say("Chạy `make demo` để nạp lại từ đầu.")


def _remove(path: Path) -> None:
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
        return
    # Releases are kept read-only; only their own folder's permission stands in the way.
    for folder, _, _ in os.walk(path):
        Path(folder).chmod(0o700)
    shutil.rmtree(path)


def _empty_postgres(url: str) -> None:
    name = unquote(urlsplit(url).path.lstrip("/"))
    if os.environ.get("CONFIRM") != name:
        raise processes.FailedError(
            f"Lệnh này xoá mọi bảng của {database_name(url)}. "
            f"Nếu đúng ý, chạy:  make demo-reset CONFIRM={name}"
        )
    install.ensure("runtime", progress.Progress("Nhà Sàn · làm lại từ đầu"))
    statement = (
        "import os, psycopg\n"
        "with psycopg.connect(os.environ['NHASAN_DATABASE_URL']) as connection:\n"
        "    connection.execute('DROP SCHEMA public CASCADE')\n"
        "    connection.execute('CREATE SCHEMA public')\n"
    )
    log = install.log_file("reset")
    code = processes.run(
        [str(places.PYTHON), "-c", statement], env=places.environment(), log=log
    )
    install.require(code, "Không xoá được các bảng", log)


def _work() -> int:
    with only_one() as lock:
        if sys.argv[1:] == ["reset"]:
            reset(progress.Progress("Nhà Sàn · làm lại từ đầu"))
            return 0
        story = progress.Progress("Nhà Sàn · bản minh hoạ")
        prepare(story)
        serve(story, lock)
    return 0


def main() -> int:
    """Start the demonstration, or start over."""
    farewell = "Đã dừng. Số liệu vẫn còn trong máy."
    return entry.answer(_work, when_stopped=0, farewell=farewell)


if __name__ == "__main__":
    sys.exit(main())
