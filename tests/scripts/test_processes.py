"""No program that we start outlives us."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from scripts import entry, processes

# A parent that starts a child of its own and waits, as npm and granian do.
_NESTED = [
    "sh",
    "-c",
    'sleep 300 & echo $! > "$0"; wait',
]


def _is_alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _until(condition: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False


def _number(path: Path) -> int:
    assert _until(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())


def test_stop_ends_what_the_child_started_too(tmp_path: Path) -> None:
    child = processes.start([*_NESTED, str(tmp_path / "number")])
    grandchild = _number(tmp_path / "number")
    processes.stop(child)
    assert child.poll() is not None
    assert _until(lambda: not _is_alive(grandchild))


def test_stop_makes_an_end_of_one_that_does_not_listen(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    script = f"trap '' TERM; echo $$ > '{ready}'; while :; do sleep 1; done"
    child = processes.start(["sh", "-c", script])
    _number(ready)
    began = time.monotonic()
    processes.stop(child)
    assert child.returncode == -signal.SIGKILL
    assert time.monotonic() - began < processes.GRACE_SECONDS + 3


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(tmp_path: Path, ending: int) -> None:
    launcher = _launcher(tmp_path)
    child = _number(tmp_path / "number")
    launcher.send_signal(ending)
    assert launcher.wait(10) == 130
    assert _until(lambda: not _is_alive(child))


def test_ctrl_c_is_heard_though_a_shell_had_it_ignored(tmp_path: Path) -> None:
    """A shell without job control starts what it puts in the background with SIGINT ignored."""
    launcher = _launcher(tmp_path, ignoring=True)
    child = _number(tmp_path / "number")
    launcher.send_signal(signal.SIGINT)
    assert launcher.wait(10) == 130
    assert _until(lambda: not _is_alive(child))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_child_ends_though_the_launcher_is_killed(tmp_path: Path) -> None:
    launcher = _launcher(tmp_path)
    child = _number(tmp_path / "number")
    launcher.kill()
    launcher.wait(10)
    assert _until(lambda: not _is_alive(child))


def _launcher(folder: Path, *, ignoring: bool = False) -> "subprocess.Popen[bytes]":
    program = textwrap.dedent(
        """
        import sys
        from scripts import entry, processes

        command = ["sh", "-c", 'echo $$ > "$0"; exec sleep 300', sys.argv[1]]
        sys.exit(entry.answer(lambda: processes.run(command)))
        """
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder / "number")],
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if ignoring else None,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )


def test_a_failure_is_said_with_the_last_lines(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise processes.FailedError("Không làm được", ["dòng một", "dòng hai"])

    assert entry.answer(fail) == 1
    said = capfd.readouterr().err
    assert said.index("dòng hai") < said.index("Không làm được")


def test_lines_are_heard_as_they_come_and_kept(tmp_path: Path) -> None:
    heard: list[str] = []
    log = tmp_path / "log"
    code = processes.run(
        ["sh", "-c", "echo một; echo hai >&2; exit 3"], log=log, said=heard.append
    )
    assert code == 3
    assert sorted(heard) == ["hai", "một"]
    assert processes.last_lines(log, 1) == [heard[-1]]
